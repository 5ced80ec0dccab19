/**
 * A conversation as a live log: days, authors in groups, the newest last. It stays at its end
 * while the reader is there, and keeps the reader's place otherwise.
 */

import { h } from "./dom.js";
import { focusOf } from "./focus.js";
import { icon } from "./icons.js";
import { dayName, sameDay } from "./time.js";

const SHOWN = 150; // messages drawn at first; earlier ones on request
const NEAR = 60; // pixels from the end that count as being there
const GROUP_SECONDS = 300;

export class MessageLog {
  #messages = [];
  #nodes = new Map();
  #from = 0;
  #pin = "end"; // what stays in sight: "end", "bottom" (further down a long answer) or "place"
  #placed = -1; // where the log itself last scrolled to

  /** `draw(message, follows)` makes the element of one message. */
  constructor(label, draw) {
    this.draw = draw;
    this.list = h("div", { class: "log", role: "log", "aria-label": label });
    this.earlier = h(
      "button",
      { class: "quiet-button earlier", type: "button" },
      "Show earlier messages",
    );
    this.earlier.addEventListener("click", () => this.#showEarlier());
    this.jump = h(
      "button",
      { class: "jump", type: "button", hidden: true },
      "New messages",
      icon("down"),
    );
    this.jump.addEventListener("click", () => this.toEnd());
    this.after = h("div", { class: "log-after" });
    this.inner = h("div", { class: "log-inner" }, this.earlier, this.list, this.after);
    this.scroller = h("div", { class: "log-scroll" }, this.inner);
    this.element = h("div", { class: "log-frame" }, this.scroller, this.jump);
    this.#watch();
  }

  show(messages) {
    this.#messages = messages;
    this.#from = Math.max(0, messages.length - SHOWN);
    this.#redraw();
    this.toEnd();
  }

  /** A new message, or a changed one in its old place. */
  put(message) {
    const at = this.#messages.findIndex(({ ts }) => ts === message.ts);
    if (at >= 0) return this.#replace(at, message);
    const last = this.#messages.at(-1);
    this.#messages.push(message);
    if (last && last.ts > message.ts) {
      this.#messages.sort((one, other) => (one.ts < other.ts ? -1 : 1));
      return this.#redraw();
    }
    this.list.append(...this.#parts(this.#messages.length - 1));
    this.jump.hidden = this.#pin !== "place";
    if (this.#pin === "bottom") this.#pin = "end";
    return this.#settle();
  }

  drop(ts) {
    this.#messages = this.#messages.filter((message) => message.ts !== ts);
    this.#redraw();
  }

  /** Bring one message into view and put the focus on it. */
  reveal(ts) {
    const node = this.#nodes.get(ts);
    node?.scrollIntoView({ block: "center" });
    node?.focus({ preventScroll: true });
  }

  toEnd() {
    this.#pin = "end";
    this.jump.hidden = true;
    this.#settle();
  }

  #redraw() {
    this.#nodes.clear();
    const parts = [];
    for (let at = this.#from; at < this.#messages.length; at += 1) parts.push(...this.#parts(at));
    this.list.replaceChildren(...parts);
    this.earlier.hidden = this.#from === 0;
    this.#settle();
  }

  #showEarlier() {
    const before = this.scroller.scrollHeight - this.scroller.scrollTop;
    this.#from = Math.max(0, this.#from - SHOWN);
    this.#pin = "place";
    this.#redraw();
    this.scroller.scrollTop = this.scroller.scrollHeight - before;
  }

  /** The element of the message at `at`, with its day's divider when it is the day's first. */
  #parts(at) {
    const message = this.#messages[at];
    const before = at > this.#from ? this.#messages[at - 1] : undefined;
    const newDay = !before || !sameDay(before.ts, message.ts);
    const node = this.draw(message, !newDay && follows(before, message));
    this.#nodes.set(message.ts, node);
    const day = h("div", { class: "day", role: "separator" }, h("span", {}, dayName(message.ts)));
    return newDay ? [day, node] : [node];
  }

  /** The focus stays on the same control of a message that is drawn anew. */
  #replace(at, message) {
    this.#messages[at] = message;
    const old = this.#nodes.get(message.ts);
    if (!old) return;
    const refocus = focusOf(old);
    const node = this.#parts(at).at(-1);
    old.replaceWith(node);
    refocus(node);
    this.#settle();
  }

  #watch() {
    this.scroller.addEventListener("scroll", () => this.#scrolled());
    const grown = new ResizeObserver(() => this.#settle());
    grown.observe(this.inner);
    grown.observe(this.scroller);
    this.list.addEventListener("keydown", (event) => this.#onKey(event));
    this.list.addEventListener("focusin", ({ target }) => this.#rove(target.closest("article")));
  }

  /** Where the reader went; a scroll of our own says nothing, and may be overtaken by a picture. */
  #scrolled() {
    const { scrollTop } = this.scroller;
    if (Math.abs(scrollTop - this.#placed) < 2) return;
    if (scrollTop >= this.#bottom() - NEAR) this.#pin = "bottom";
    else this.#pin = Math.abs(scrollTop - this.#end()) < NEAR ? "end" : "place";
    if (this.#pin !== "place") this.jump.hidden = true;
  }

  #settle() {
    const pinned = this.#pin !== "place";
    this.scroller.classList.toggle("at-end", pinned);
    if (pinned) {
      this.scroller.scrollTop = this.#pin === "bottom" ? this.#bottom() : this.#end();
      this.#placed = this.scroller.scrollTop;
    }
    if (!this.list.querySelector("article[tabindex='0']"))
      this.#rove(this.list.querySelector("article:last-of-type"));
  }

  #bottom() {
    return this.scroller.scrollHeight - this.scroller.clientHeight;
  }

  /** The end, but never past the head of the last message: a long answer is read from its top. */
  #end() {
    const last = this.#nodes.get(this.#messages.at(-1)?.ts);
    return last ? Math.min(this.#bottom(), last.offsetTop - 8) : this.#bottom();
  }

  /** One tab stop for all messages; arrow keys move between them. */
  #rove(article) {
    for (const old of this.list.querySelectorAll("article[tabindex='0']")) old.tabIndex = -1;
    if (article) article.tabIndex = 0;
  }

  #onKey(event) {
    if (!event.target.matches("article")) return;
    const articles = [...this.list.querySelectorAll("article")];
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    const target = step && articles[articles.indexOf(event.target) + step];
    if (!target) return;
    event.preventDefault();
    target.focus();
  }
}

/** Whether `message` goes on under the name of the one before. */
function follows(before, message) {
  const same = before.user === message.user && before.username === message.username;
  const soon = Number(message.ts) - Number(before.ts) < GROUP_SECONDS;
  return same && soon && !before.is_ephemeral === !message.is_ephemeral && !before.reply_count;
}
