/** The page: one person in one workspace; where they are, and what they do there. */

import { Api } from "./api.js";
import { Conversation } from "./conversation.js";
import { Modals } from "./modal.js";
import { notice, telling } from "./notice.js";
import { Sidebar } from "./sidebar.js";
import { Store } from "./store.js";
import { openSwitcher } from "./switcher.js";
import { Thread } from "./thread.js";
import { commandIn, encoded } from "./typed.js";

export class Page {
  channel = null;
  conversation = null;
  thread = null;
  drafts = new Map(); // by pane
  forms = new Map(); // by message: what was chosen in it

  constructor(user) {
    this.api = new Api(user);
    this.store = new Store();
    this.modals = new Modals(this.api, this.store);
    this.main = document.getElementById("conversation");
    this.aside = document.getElementById("thread");
    this.sidebar = new Sidebar(this, document.getElementById("sidebar"));
  }

  // Places

  channelName(channel) {
    return channel.kind === "im" ? `@${this.store.bot.name}` : `#${channel.name}`;
  }

  /** The page's own address for a place. */
  address(channel, thread) {
    const query = new URLSearchParams({
      channel,
      ...(thread && { thread }),
      user: this.store.me.id,
    });
    return `/?${query}`;
  }

  /** Show a channel, and a thread of it; `tab` is for the app's own channel. */
  async openChannel(id, { thread, tab = "messages", quiet = false } = {}) {
    const channel = this.store.channels.get(id) ?? this.#firstChannel();
    this.showSidebar(false);
    if (!quiet) history.pushState(null, "", this.address(channel.id, thread));
    if (channel.id !== this.channel?.id) await this.#enter(channel, tab);
    else this.#openTab(tab);
    if (channel.id !== this.channel.id) return; // somewhere else in the meantime
    if (thread) await this.openThread(thread, { quiet: true });
    else this.#hideThread();
    this.#seen(channel.id);
    if (!thread && this.conversation.tab !== "home") this.conversation.pane.composer.focus();
  }

  async openThread(ts, { quiet = false } = {}) {
    if (!quiet) history.pushState(null, "", this.address(this.channel.id, ts));
    if (this.thread?.ts !== ts) await this.#enterThread(ts);
    if (this.thread?.ts === ts) this.thread.pane.composer.focus();
  }

  closeThread() {
    if (!this.thread) return;
    const { ts } = this.thread;
    this.#hideThread();
    history.pushState(null, "", this.address(this.channel.id));
    this.conversation.pane.log.reveal(ts);
  }

  showSidebar(open) {
    document.body.classList.toggle("sidebar-open", open);
    if (open) (this.sidebar.root.querySelector("[aria-current]") ?? this.sidebar.root).focus();
  }

  openSwitcher() {
    openSwitcher(this);
  }

  /** Look at the workspace as somebody else. */
  become(user) {
    const query = new URLSearchParams({
      ...(this.channel.kind !== "im" && { channel: this.channel.id }),
      user,
    });
    location.assign(`/?${query}`);
  }

  // What the person does

  /** Send a pane's text; true when it was taken. A new question to the app opens its thread. */
  async send(pane, text) {
    const called = commandIn(text);
    if (called) return this.#command(pane, called);
    const said = await telling(
      this.api.say(pane.channel, encoded(text, this.store.names), pane.thread),
    );
    if (!said) return false;
    this.store.prompts.delete(pane.key);
    pane.drawPrompts();
    pane.log.toEnd();
    if (this.store.channels.get(pane.channel).kind === "im" && !pane.thread)
      await this.openThread(said.ts);
    return true;
  }

  openedTab(tab) {
    telling(this.api.openHome(tab));
  }

  async copyLink(channel, message) {
    const address = this.address(channel, message.thread_ts ?? message.ts);
    const done = await telling(
      navigator.clipboard.writeText(location.origin + address).then(() => true),
    );
    if (done) notice("Link copied");
  }

  async #command(pane, { command, rest }) {
    if (pane.thread) {
      notice(`Slack runs no commands in threads: send ${command} in the channel.`, "error");
      return false;
    }
    await telling(this.api.command(pane.channel, command, rest).catch(notedAlready));
    return true;
  }

  // How a place is entered and left

  /** The panes that show a part of a channel now. */
  panes(channel) {
    if (channel !== this.channel?.id) return [];
    return [this.conversation.pane, this.thread?.pane].filter(Boolean);
  }

  /** Read again what is shown: the line was down and news may have been missed. */
  async reload() {
    await this.load();
    for (const pane of this.panes(this.channel?.id)) await this.#read(pane);
    if (this.conversation?.isApp) this.openedTab(this.conversation.tab);
  }

  async load() {
    this.store.load(await this.api.state());
    this.api.user = this.store.me.id;
    this.store.home = await this.api.home();
    this.sidebar.draw();
    document.body.classList.toggle("bot-away", !this.store.connected);
  }

  count(channel) {
    this.store.unread.set(channel, (this.store.unread.get(channel) ?? 0) + 1);
    this.#titled();
  }

  #openTab(tab) {
    if (this.conversation.isApp && this.conversation.tab !== tab) this.conversation.openTab(tab);
  }

  /** The tab is opened before its messages are read: who clicks another one meanwhile gets that. */
  async #enter(channel, tab) {
    this.#hideThread();
    this.conversation?.leave();
    this.channel = channel;
    this.conversation = new Conversation(this, channel);
    this.main.replaceChildren(...this.conversation.element);
    this.#openTab(tab);
    await this.#read(this.conversation.pane);
  }

  async #enterThread(ts) {
    this.#hideThread();
    this.thread = new Thread(this, this.channel, ts);
    this.aside.replaceChildren(...this.thread.element);
    this.aside.hidden = false;
    document.body.classList.add("thread-open");
    await this.#read(this.thread.pane);
  }

  #hideThread() {
    this.thread?.leave();
    this.thread = null;
    this.aside.hidden = true;
    this.aside.replaceChildren();
    document.body.classList.remove("thread-open");
  }

  async #read(pane) {
    const { channel, thread } = pane;
    await telling(this.store.read(channel, thread, this.api.messages(channel, thread)));
    pane.drawStatus();
    pane.drawPrompts();
    pane.show();
  }

  #firstChannel() {
    return this.store.names.channels()[0] ?? this.store.appChannel;
  }

  #seen(channel) {
    this.store.unread.delete(channel);
    this.#titled();
  }

  #titled() {
    const unread = [...this.store.unread.values()].reduce((sum, count) => sum + count, 0);
    const name = this.channel ? `${this.channelName(this.channel)} – ` : "";
    document.title = `${unread ? `(${unread}) ` : ""}${name}${this.store.team.name}`;
    this.sidebar.draw();
  }
}

/** The workspace itself says what is wrong with a command, in the channel, to this person alone. */
function notedAlready(error) {
  if (!["unknown_command", "operation_timeout"].includes(error.code)) throw error;
}
