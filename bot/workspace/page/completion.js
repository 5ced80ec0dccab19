/** Suggestions over a text field: people after "@", commands after a leading "/". */

import { h, uniqueId } from "./dom.js";
import { moved } from "./widgets/menu.js";

export class Completion {
  #rows = [];
  #items = [];
  #active = 0;

  /** `suggest(textBeforeCaret)` gives {from, items: [{text, label, detail}]} or undefined. */
  constructor(field, suggest) {
    this.field = field;
    this.suggest = suggest;
    this.element = h("div", {
      class: "completion",
      role: "listbox",
      id: uniqueId("list"),
      hidden: true,
    });
    this.element.setAttribute("aria-label", "Suggestions");
    field.setAttribute("aria-controls", this.element.id);
    field.setAttribute("aria-autocomplete", "list");
    field.addEventListener("input", () => this.#look());
    field.addEventListener("click", () => this.#look());
    field.addEventListener("blur", () => this.close());
  }

  /** Whether the key was for the list; the field's own listener asks first. */
  takes(event) {
    if (this.element.hidden) return false;
    const target =
      event.key.startsWith("Arrow") && moved(event.key, this.#active, this.#items.length);
    if (typeof target === "number") this.#activate(target);
    else if (event.key === "Enter" || event.key === "Tab") this.#pick(this.#active);
    else if (event.key === "Escape") this.close();
    else return false;
    event.preventDefault();
    event.stopPropagation();
    return true;
  }

  close() {
    this.element.hidden = true;
    this.field.removeAttribute("aria-activedescendant");
  }

  #look() {
    const before = this.field.value.slice(0, this.field.selectionStart);
    const found = this.suggest(before);
    if (!found || found.items.length === 0) return this.close();
    this.from = found.from;
    this.#items = found.items;
    this.#rows = found.items.map((item, index) => this.#row(item, index));
    this.element.replaceChildren(...this.#rows);
    this.element.hidden = false;
    return this.#activate(0);
  }

  #row({ label, detail }, index) {
    const row = h(
      "div",
      { class: "menu-item", role: "option", id: uniqueId("suggestion") },
      h("strong", {}, label),
      detail && h("span", { class: "detail" }, detail),
    );
    row.addEventListener("pointerdown", (event) => event.preventDefault());
    row.addEventListener("click", () => this.#pick(index));
    return row;
  }

  #activate(index) {
    this.#active = index;
    this.#rows.forEach((row, at) => {
      row.classList.toggle("active", at === index);
      row.setAttribute("aria-selected", String(at === index));
    });
    this.#rows[index].scrollIntoView({ block: "nearest" });
    this.field.setAttribute("aria-activedescendant", this.#rows[index].id);
  }

  #pick(index) {
    const { text } = this.#items[index];
    this.field.setRangeText(`${text} `, this.from, this.field.selectionStart, "end");
    this.close();
    this.field.dispatchEvent(new Event("input", { bubbles: true }));
  }
}
