/** Live events, one by one: what the page knows changes first, then what it shows. */

import { key } from "./store.js";

export class News {
  constructor(page) {
    this.page = page;
    this.store = page.store;
    const { modals } = page;
    this.handlers = {
      message: (event) => this.#message(event, true),
      message_changed: (event) => this.#message(event, false),
      message_deleted: (event) => this.#deleted(event),
      reaction: (event) => this.#reaction(event),
      status: (event) => this.#status(event),
      prompts: (event) => this.#prompts(event),
      view_opened: ({ view }) => modals.open(view),
      view_pushed: ({ view }) => modals.push(view),
      view_updated: ({ view }) => modals.update(view),
      view_closed: ({ view }) => modals.close(view.id),
      home: ({ view }) => this.#home(view),
      connected: ({ connected }) => this.#connected(connected),
    };
  }

  on(event) {
    this.handlers[event.type]?.(event);
  }

  #message({ channel, message }, isNew) {
    for (const { thread, message: changed } of this.store.put(channel, message)) {
      const pane = this.page.panes(channel).find((one) => one.thread === thread);
      pane?.put(changed);
    }
    const mine = message.user === this.store.me.id;
    if (isNew && !mine && channel !== this.page.channel?.id) this.page.count(channel);
  }

  #deleted({ channel, ts }) {
    this.store.drop(channel, ts);
    for (const pane of this.page.panes(channel)) pane.log.drop(ts);
  }

  #reaction({ channel, ts, reactions }) {
    const known = this.store.find(channel, ts);
    if (known) this.#message({ channel, message: { ...known, reactions } }, false);
  }

  #status(event) {
    this.store.setStatus(event);
    for (const pane of this.page.panes(event.channel)) pane.drawStatus();
  }

  #prompts(event) {
    this.store.prompts.set(key(event.channel, event.thread_ts), event);
    for (const pane of this.page.panes(event.channel)) pane.drawPrompts();
  }

  #home(view) {
    this.store.home = view;
    this.page.conversation?.home?.draw(view);
  }

  #connected(connected) {
    this.store.connected = connected;
    this.page.sidebar.draw();
    document.body.classList.toggle("bot-away", !connected);
  }
}
