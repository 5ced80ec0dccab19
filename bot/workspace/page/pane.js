/** A conversation one can write in: its log, who is at work, suggested prompts and the composer. */

import { avatar } from "./avatar.js";
import { Composer } from "./composer.js";
import { h } from "./dom.js";
import { MessageLog } from "./log.js";
import { messageElement } from "./message.js";
import { key } from "./store.js";

const NEXT_LOADING_MESSAGE = 2500; // milliseconds

export class Pane {
  #timer = 0;

  /** `app` is the page; without `thread` this is the channel itself. */
  constructor(app, { channel, thread, label, empty = "" }) {
    this.app = app;
    this.channel = channel;
    this.thread = thread;
    this.log = new MessageLog(label.log, (message, follows) =>
      messageElement(message, { app, pane: this, follows }),
    );
    this.empty = h("div", { class: "empty", hidden: true }, empty);
    this.status = h("div", { class: "statuses", role: "status" });
    this.log.after.append(this.status);
    this.prompts = h("div", { class: "prompts" });
    this.composer = new Composer({
      label: label.composer,
      store: app.store,
      draft: app.drafts.get(this.key),
      onSend: (text) => app.send(this, text),
      commands: !thread,
    });
    this.parts = [this.empty, this.log.element, this.prompts, this.composer.element];
    this.drawStatus();
    this.drawPrompts();
  }

  get key() {
    return key(this.channel, this.thread);
  }

  show() {
    const messages = this.app.store.messages(this.channel, this.thread);
    this.empty.hidden = messages.length > 0;
    this.log.show(messages);
  }

  put(message) {
    this.empty.hidden = true;
    this.log.put(message);
  }

  /** The lines "tracktalk is reading …": this thread's own, or all of the channel's threads. */
  drawStatus() {
    clearInterval(this.#timer);
    const all = this.app.store.statusesIn(this.channel);
    const mine = this.thread ? all.filter(({ thread_ts }) => thread_ts === this.thread) : all;
    this.status.replaceChildren(...mine.map((status) => this.#statusLine(status)));
  }

  drawPrompts() {
    const { title, prompts = [] } = this.app.store.prompts.get(this.key) ?? {};
    const buttons = prompts.map(({ title: label, message }) =>
      h(
        "button",
        { class: "prompt", type: "button", title: message, onclick: () => this.#prompted(message) },
        label,
      ),
    );
    this.prompts.hidden = buttons.length === 0;
    this.prompts.replaceChildren(title ? h("span", { class: "hint" }, title) : "", ...buttons);
  }

  /** Keep what was typed for the next time this conversation is shown. */
  leave() {
    clearInterval(this.#timer);
    this.app.drafts.set(this.key, this.composer.draft);
  }

  #prompted(message) {
    this.composer.focus();
    return this.app.send(this, message);
  }

  #statusLine({ thread_ts, status, loading_messages = [] }) {
    const { bot } = this.app.store;
    const texts = loading_messages.length > 0 ? loading_messages : [`${bot.name} ${status}`];
    const words = h("span", { class: "status-words" }, texts[0]);
    this.#takeTurns(words, texts);
    const face = avatar({ ...bot, id: bot.user_id, is_bot: true });
    if (this.thread) return h("div", { class: "status" }, face, words);
    const open = () => this.app.openThread(thread_ts);
    return h(
      "button",
      { class: "status", type: "button", onclick: open, "data-thread": thread_ts },
      face,
      words,
    );
  }

  #takeTurns(words, texts) {
    if (texts.length < 2) return;
    let turn = 0;
    this.#timer = setInterval(() => {
      turn = (turn + 1) % texts.length;
      words.textContent = texts[turn];
    }, NEXT_LOADING_MESSAGE);
  }
}
