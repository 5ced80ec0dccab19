/** Slack's plain `table`: as it comes, with its columns' alignment and wrapping. */

import { h } from "../dom.js";
import { isNumber, scrollBox, shown, words } from "./cells.js";

export function plainTable(block, { names }) {
  const [head, ...body] = block.rows;
  const settings = block.column_settings ?? [];
  const row = (tag) => (cells) =>
    h(
      "tr",
      {},
      cells.map((cell, at) => cellOf(tag, cell, settings[at], names)),
    );
  const label = `Table: ${head.map(words).join(", ")}`;
  const table = h(
    "table",
    {},
    h("thead", {}, row("th")(head)),
    h("tbody", {}, body.map(row("td"))),
  );
  return h("div", { class: "table-block" }, scrollBox(label, table));
}

function cellOf(tag, cell, setting, names) {
  const align = setting?.align ?? (isNumber(cell) ? "right" : "left");
  const kind = setting?.is_wrapped ? `align-${align} wrapped` : `align-${align}`;
  return h(tag, { class: kind, scope: tag === "th" && "col" }, shown(cell, names));
}
