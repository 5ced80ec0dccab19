/** Slack's `data_table`: sorted by any column, filtered by words and paged, all in the page. */

import { h } from "../dom.js";
import { icon } from "../icons.js";
import { compare, isNumeric, scrollBox, shown, words } from "./cells.js";

const DEFAULT_PAGE = 5;
const LONG_CELL = 18; // letters that fit the narrowest column
const FILTER_FROM = 6; // rows: fewer are seen at a glance

export function dataTable(block, { names }) {
  return new DataTable(block, names).element;
}

class DataTable {
  #sort = { column: -1, down: false };
  #query = "";
  #page = 0;

  constructor(block, names) {
    [this.head, ...this.rows] = block.rows;
    this.block = block;
    this.names = names;
    this.size = block.page_size ?? DEFAULT_PAGE;
    this.numeric = this.head.map((_, column) => isNumeric(this.rows, column));
    this.body = h("tbody");
    this.headings = this.head.map((cell, column) => this.#heading(cell, column));
    this.count = h("span", { class: "table-count", role: "status" });
    this.pager = this.#makePager();
    this.element = this.#frame();
    this.#draw();
  }

  #frame() {
    const { caption } = this.block;
    const table = h(
      "table",
      {},
      h("caption", { class: "visually-hidden" }, caption),
      h("thead", {}, h("tr", {}, this.headings)),
      this.body,
    );
    return h(
      "div",
      { class: "data-table" },
      h(
        "div",
        { class: "table-head" },
        h("span", { class: "table-caption" }, caption),
        this.#filter(),
      ),
      scrollBox(caption, table),
      h("div", { class: "table-foot" }, this.count, this.pager.element),
    );
  }

  #filter() {
    if (this.rows.length < FILTER_FROM) return undefined;
    const field = h("input", {
      type: "search",
      class: "field table-filter",
      placeholder: "Filter",
      "aria-label": `Filter ${this.block.caption}`,
    });
    field.addEventListener("input", () => this.#filterBy(field.value));
    return field;
  }

  #filterBy(query) {
    this.#query = query.trim().toLowerCase();
    this.#page = 0;
    this.#draw();
  }

  #heading(cell, column) {
    const button = h("button", { type: "button", class: "sort" }, words(cell), icon("sort"));
    button.addEventListener("click", () => this.#sortBy(column));
    const kind = this.numeric[column] ? "align-right" : "align-left";
    return h("th", { scope: "col", class: kind, "aria-sort": "none" }, button);
  }

  /** First press upwards, second downwards, third as it came. */
  #sortBy(column) {
    const again = this.#sort.column === column;
    if (again && this.#sort.down) this.#sort = { column: -1, down: false };
    else this.#sort = { column, down: again };
    this.#page = 0;
    this.#draw();
  }

  #makePager() {
    const step = (by, name, label) => {
      const turn = () => {
        this.#page += by;
        this.#draw();
      };
      return h(
        "button",
        { class: "icon-button", type: "button", "aria-label": label, onclick: turn },
        icon(name),
      );
    };
    const back = step(-1, "left", "Previous rows");
    const on = step(1, "right", "Next rows");
    return { back, on, element: h("span", { class: "pager" }, back, on) };
  }

  /** Rows that are left by the filter, in the order asked for. */
  #visible() {
    const found = this.rows.filter((row) =>
      row.some((cell) => words(cell).toLowerCase().includes(this.#query)),
    );
    const { column, down } = this.#sort;
    if (column < 0) return found;
    return found.sort((one, other) => compare(one[column], other[column], down));
  }

  #draw() {
    const rows = this.#visible();
    const first = this.#page * this.size;
    const page = rows.slice(first, first + this.size);
    this.body.replaceChildren(...page.map((row) => this.#row(row)));
    this.headings.forEach((heading, column) =>
      heading.setAttribute("aria-sort", this.#sortName(column)),
    );
    this.count.textContent = this.#counted(first, page.length, rows.length);
    this.pager.back.disabled = this.#page === 0;
    this.pager.on.disabled = first + this.size >= rows.length;
    this.pager.element.hidden = rows.length <= this.size;
  }

  #row(row) {
    const header = this.block.row_header_column_index ?? 0;
    return h(
      "tr",
      {},
      row.map((cell, column) => {
        const kind = this.numeric[column] ? "align-right" : "align-left";
        const props = { class: kind, title: titleOf(cell) };
        return column === header
          ? h("th", { ...props, scope: "row" }, shown(cell, this.names))
          : h("td", props, shown(cell, this.names));
      }),
    );
  }

  #sortName(column) {
    if (column !== this.#sort.column) return "none";
    return this.#sort.down ? "descending" : "ascending";
  }

  #counted(first, shownRows, found) {
    const all = this.rows.length;
    if (found === 0) return `None of ${all} rows`;
    const range =
      shownRows === found
        ? rowCount(found)
        : `${first + 1}–${first + shownRows} of ${rowCount(found)}`;
    return found < all ? `${range} (of ${all} in all)` : range;
  }
}

function rowCount(rows) {
  return rows === 1 ? "1 row" : `${rows} rows`;
}

/** The whole of a cell that may be too long for its column. */
function titleOf(cell) {
  const text = words(cell);
  return text.length > LONG_CELL ? text : undefined;
}
