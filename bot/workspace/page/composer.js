/** Where a person writes: Enter sends, Shift+Enter breaks the line, @ and / offer suggestions. */

import { Completion } from "./completion.js";
import { h } from "./dom.js";
import { icon } from "./icons.js";
import { pieces } from "./typed.js";

export class Composer {
  /** `onSend(text)` resolves to true when the text was taken; only then is the field emptied. */
  constructor({ label, store, onSend, draft = "", commands = true }) {
    this.store = store;
    this.onSend = onSend;
    this.commands = commands;
    this.field = h("textarea", { class: "composer-field", rows: "1", "aria-label": label });
    this.field.placeholder = label;
    this.mirror = h("div", { class: "composer-mirror", "aria-hidden": "true" });
    this.completion = new Completion(this.field, (before) => this.#suggest(before));
    this.send = this.#button("send", "Send message", () => this.#send());
    this.element = this.#frame();
    this.#listen();
    this.write(draft);
  }

  get draft() {
    return this.field.value;
  }

  /** Put `text` into the field, ready to be sent or changed. */
  write(text) {
    this.field.value = text;
    this.#paint();
  }

  focus() {
    this.field.focus();
  }

  #frame() {
    const at = this.#button("at", `Mention @${this.store.bot.name}`, () =>
      this.#insert(`@${this.store.bot.name} `),
    );
    const slash = this.#button("slash", "Slash commands", () => this.#insert("/"));
    return h(
      "div",
      { class: "composer" },
      this.completion.element,
      h("div", { class: "composer-text" }, this.mirror, this.field),
      h(
        "div",
        { class: "composer-tools" },
        at,
        this.commands && slash,
        h("span", { class: "spring" }),
        this.send,
      ),
    );
  }

  #button(name, label, onclick) {
    return h(
      "button",
      { class: "icon-button", type: "button", title: label, "aria-label": label, onclick },
      icon(name),
    );
  }

  #listen() {
    this.field.addEventListener("input", () => this.#paint());
    this.field.addEventListener("scroll", () => this.#follow());
    this.field.addEventListener("keydown", (event) => {
      if (event.isComposing || this.completion.takes(event)) return;
      if (event.key !== "Enter" || event.shiftKey) return;
      event.preventDefault();
      this.#send();
    });
  }

  /** Text at the caret, as if typed; a command only makes sense at the very start. */
  #insert(text) {
    if (text === "/" && this.field.value !== "") return this.focus();
    this.focus();
    this.field.setRangeText(text, this.field.selectionStart, this.field.selectionEnd, "end");
    this.field.dispatchEvent(new Event("input", { bubbles: true }));
    return undefined;
  }

  async #send() {
    const text = this.field.value.trim();
    if (text === "") return;
    this.write("");
    const taken = await this.onSend(text);
    if (!taken && this.field.value === "") this.write(text);
  }

  /** The mirror behind the field holds its text, mentions painted, and sets its height. */
  #paint() {
    const parts = pieces(this.field.value, this.store.names);
    const nodes = parts.map(({ text, mention }) => (mention ? h("mark", {}, text) : text));
    this.mirror.replaceChildren(...nodes, "\u200b");
    this.send.classList.toggle("ready", this.field.value.trim() !== "");
    this.#follow();
  }

  #follow() {
    this.mirror.scrollTop = this.field.scrollTop;
  }

  #suggest(before) {
    const command = this.commands && before.match(/^\/[\w-]*$/);
    if (command) return { from: 0, items: this.#commandItems(command[0]) };
    const mention = before.match(/(?:^|[\s(])@([\w.-]*)$/);
    if (!mention) return undefined;
    return {
      from: before.length - mention[1].length - 1,
      items: this.#peopleItems(mention[1].toLowerCase()),
    };
  }

  #commandItems(start) {
    return this.store.commands
      .filter(({ command }) => command.startsWith(start))
      .map(({ command, description, usage_hint }) => ({
        text: command,
        label: command,
        detail: [usage_hint, description].filter(Boolean).join(" — "),
      }));
  }

  /** The app first: it is whom one comes here to ask. */
  #peopleItems(start) {
    return [...this.store.names.users()]
      .filter(({ name, real_name }) =>
        [name, real_name].some((it) => it.toLowerCase().startsWith(start)),
      )
      .sort((one, other) => Number(other.is_bot) - Number(one.is_bot))
      .slice(0, 8)
      .map(({ name, real_name }) => ({ text: `@${name}`, label: `@${name}`, detail: real_name }));
  }
}
