/** Cells of Slack's tables: what they show, how they sort and what a filter finds in them. */

import { fragment, h } from "../dom.js";
import { withEmoji } from "../emoji.js";
import { plainRichText, richText } from "./rich_text.js";

const WORDS = new Intl.Collator(undefined, { numeric: true, sensitivity: "base" });

/** The nodes a cell shows. */
export function shown(cell, names) {
  if (cell.type === "rich_text") return fragment(richText(cell, names));
  return fragment(withEmoji(cell.text));
}

/** A cell as plain words. */
export function words(cell) {
  return cell.type === "rich_text" ? plainRichText(cell) : cell.text;
}

export function isNumber(cell) {
  return cell.type === "raw_number";
}

/** Whether a column's body cells are numbers (a dash for a missing one does not change that). */
export function isNumeric(rows, column) {
  return rows.some((row) => isNumber(row[column]));
}

/**
 * Order of two cells, upwards or `down`: numbers by value, words as a reader would sort them. What
 * is missing among numbers (a dash) comes last either way.
 */
export function compare(one, other, down) {
  if (isNumber(one) !== isNumber(other)) return isNumber(one) ? -1 : 1;
  const up = isNumber(one) ? one.value - other.value : WORDS.compare(words(one), words(other));
  return down ? -up : up;
}

/** A table in a box of its own that scrolls, reachable by keyboard. */
export function scrollBox(label, table) {
  return h(
    "div",
    { class: "table-scroll", role: "region", "aria-label": label, tabindex: "0" },
    table,
  );
}
