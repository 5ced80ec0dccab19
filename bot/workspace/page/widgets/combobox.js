/**
 * A field to choose from a list by typing: static lists are filtered here, external ones by whoever
 * answers `find(query)`. One choice, or several shown as removable tags.
 */

import { h, uniqueId } from "../dom.js";
import { floating, onceOutside, showBeside } from "./floating.js";
import { moved } from "./menu.js";

const TYPING_PAUSE = 200; // milliseconds without a key before an external list is asked

export class Combobox {
  #options = [];
  #active = -1;
  #stop = null;
  #asked = 0;
  #timer = 0;

  /**
   * `find(query)` gives (a promise of) [{text, detail?, value, group?}]; `onPick(option)` hears
   * each choice; `shown` is the text of the present choice; `wait` tells that find() is far away.
   */
  constructor({ label, placeholder, find, onPick, shown = "", wait = false, props = {}, id }) {
    this.find = find;
    this.onPick = onPick;
    this.shown = shown;
    this.wait = wait;
    const list = uniqueId("options");
    this.input = h("input", {
      id,
      type: "text",
      class: "combobox-input",
      role: "combobox",
      "aria-label": label,
      "aria-controls": list,
      "aria-expanded": "false",
      "aria-autocomplete": "list",
      autocomplete: "off",
      placeholder,
      value: shown,
      ...props,
    });
    this.list = floating({ id: list, class: "menu options", role: "listbox", "aria-label": label });
    this.element = h("span", { class: "combobox" }, this.input, this.list);
    this.#listen();
  }

  #listen() {
    this.input.addEventListener("click", () => this.#open());
    this.input.addEventListener("input", () => this.#typed());
    this.input.addEventListener("keydown", (event) => this.#onKey(event));
    this.input.addEventListener("blur", () => this.#close());
  }

  #open() {
    if (this.#stop) return;
    this.input.select();
    this.#stop = onceOutside(this.element, () => this.#close());
    this.input.setAttribute("aria-expanded", "true");
    this.#ask("");
  }

  #typed() {
    if (!this.#stop) this.#open();
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#ask(this.input.value), this.wait ? TYPING_PAUSE : 0);
  }

  /** Ask for options; an answer that comes after a later question is thrown away. */
  async #ask(query) {
    this.#asked += 1;
    const mine = this.#asked;
    if (this.wait) this.#say("Loading…");
    const options = await Promise.resolve(this.find(query)).catch((error) => error);
    if (mine !== this.#asked || !this.#stop) return;
    if (options instanceof Error) this.#say(options.message);
    else this.#fill(options);
  }

  #fill(options) {
    this.#options = options;
    this.#active = -1;
    if (options.length === 0) return this.#say("Nothing found");
    this.list.replaceChildren(...grouped(options, (option) => this.#row(option)));
    return this.#show();
  }

  #say(text) {
    this.#options = [];
    this.list.replaceChildren(h("div", { class: "menu-note", role: "status" }, text));
    this.#show();
  }

  #show() {
    if (this.list.matches(":popover-open")) this.list.hidePopover();
    showBeside(this.list, this.input, { wide: true });
  }

  #row(option) {
    const props = {
      id: uniqueId("option"),
      class: "menu-item",
      role: "option",
      "data-value": option.value,
    };
    const detail = option.detail && h("span", { class: "detail" }, option.detail);
    const chosen = String(option.text === this.shown);
    const row = h("div", { ...props, "aria-selected": chosen }, option.text, detail);
    // Not click: the field would lose the focus, and with it the list, before the click came.
    row.addEventListener("pointerdown", (event) => event.preventDefault());
    row.addEventListener("click", () => this.#pick(option));
    return row;
  }

  #pick(option) {
    this.shown = option.text;
    this.#close();
    this.onPick(option);
  }

  #close() {
    if (!this.#stop) return;
    this.#stop();
    this.#stop = null;
    clearTimeout(this.#timer);
    if (this.list.matches(":popover-open")) this.list.hidePopover();
    this.input.value = this.shown;
    this.input.setAttribute("aria-expanded", "false");
    this.input.removeAttribute("aria-activedescendant");
  }

  #onKey(event) {
    if (event.isComposing) return;
    if (!this.#stop) return this.#onClosedKey(event);
    const target = moved(event.key, this.#active, this.#options.length);
    if (event.key === "Enter" && this.#active >= 0) this.#pick(this.#options[this.#active]);
    else if (event.key === "Escape") this.#close();
    else if (target !== undefined && event.key.startsWith("Arrow")) this.#activate(target);
    else if (event.key !== "Enter") return undefined;
    event.preventDefault();
    event.stopPropagation();
    return undefined;
  }

  #onClosedKey(event) {
    if (event.key !== "ArrowDown" && event.key !== "Enter") return;
    event.preventDefault();
    this.#open();
  }

  #activate(index) {
    const rows = this.list.querySelectorAll("[role=option]");
    rows[this.#active]?.classList.remove("active");
    this.#active = index;
    rows[index].classList.add("active");
    rows[index].scrollIntoView({ block: "nearest" });
    this.input.setAttribute("aria-activedescendant", rows[index].id);
  }
}

/** Rows with a heading before each group. */
function grouped(options, row) {
  return options.flatMap((option, index) => {
    const heading = option.group && option.group !== options[index - 1]?.group;
    return heading
      ? [h("div", { class: "menu-group", role: "presentation" }, option.group), row(option)]
      : [row(option)];
  });
}

/** The options whose words hold `query`, whatever the case. */
export function matching(options, query) {
  const wanted = query.trim().toLowerCase();
  return options.filter(({ text, detail = "" }) =>
    `${text} ${detail}`.toLowerCase().includes(wanted),
  );
}
