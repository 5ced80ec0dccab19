/** The thread beside its channel (over it on narrow windows). */

import { h } from "./dom.js";
import { icon } from "./icons.js";
import { Pane } from "./pane.js";

export class Thread {
  constructor(app, channel, ts) {
    this.app = app;
    this.ts = ts;
    const name = app.channelName(channel);
    this.pane = new Pane(app, {
      channel: channel.id,
      thread: ts,
      label: { log: `Thread in ${name}`, composer: "Reply…" },
      empty: "Nothing is left of this thread.",
    });
    const close = h(
      "button",
      { class: "icon-button", type: "button", "aria-label": "Close thread" },
      icon("close"),
    );
    close.addEventListener("click", () => app.closeThread());
    const head = h(
      "header",
      { class: "head" },
      h("h2", {}, "Thread"),
      h("span", { class: "topic" }, name),
      close,
    );
    this.element = [head, h("div", { class: "pane" }, this.pane.parts)];
  }

  leave() {
    this.pane.leave();
  }
}
