/** The middle of the page: a channel, or the app with its Messages and Home tabs. */

import { h } from "./dom.js";
import { HomeTab } from "./home.js";
import { icon } from "./icons.js";
import { Pane } from "./pane.js";
import { moved } from "./widgets/menu.js";

export class Conversation {
  constructor(app, channel) {
    this.app = app;
    this.channel = channel;
    this.isApp = channel.kind === "im";
    const name = app.channelName(channel);
    this.pane = new Pane(app, {
      channel: channel.id,
      label: { log: `Messages in ${name}`, composer: `Message ${name}` },
      empty: this.#greeting(name),
    });
    this.element = this.isApp ? this.#withTabs(name) : this.#plain(name);
  }

  /** Show one of the app's tabs, "messages" or "home", and let the app know. */
  openTab(tab) {
    this.tab = tab;
    for (const [name, { button, panel }] of Object.entries(this.tabs)) {
      button.setAttribute("aria-selected", String(name === tab));
      button.tabIndex = name === tab ? 0 : -1;
      panel.hidden = name !== tab;
    }
    this.app.openedTab(tab);
  }

  leave() {
    this.pane.leave();
  }

  #plain(name) {
    const topic = h("span", { class: "topic" }, this.channel.topic);
    return [this.#head(name, topic), h("div", { class: "pane" }, this.pane.parts)];
  }

  #withTabs(name) {
    this.home = new HomeTab(this.app);
    this.tabs = {
      messages: this.#tab("messages", "Messages", this.pane.parts),
      home: this.#tab("home", "Home", this.home.element),
    };
    const { home, messages } = this.tabs;
    const list = h(
      "div",
      { class: "tabs", role: "tablist", "aria-label": name },
      home.button,
      messages.button,
    );
    list.addEventListener("keydown", (event) => this.#onTabKey(event, ["home", "messages"]));
    return [this.#head(name, list), home.panel, messages.panel];
  }

  #tab(name, label, content) {
    const ids = { id: `tab-${name}`, "aria-controls": `panel-${name}` };
    const open = () => this.openTab(name);
    const button = h(
      "button",
      { ...ids, class: "tab", type: "button", role: "tab", onclick: open },
      label,
    );
    const props = {
      id: `panel-${name}`,
      class: "pane",
      role: "tabpanel",
      "aria-labelledby": `tab-${name}`,
    };
    return { button, panel: h("div", { ...props, hidden: true }, content) };
  }

  #onTabKey(event, names) {
    const key = event.key.replace("ArrowLeft", "ArrowUp").replace("ArrowRight", "ArrowDown");
    const target = moved(key, names.indexOf(this.tab), names.length);
    if (target === undefined) return;
    event.preventDefault();
    this.openTab(names[target]);
    this.tabs[names[target]].button.focus();
  }

  #head(name, ...rest) {
    const label = "Channels and apps";
    const open = () => this.app.showSidebar(true);
    const drawer = h(
      "button",
      { class: "icon-button drawer", type: "button", "aria-label": label, onclick: open },
      icon("menu"),
    );
    const mark = h("span", { class: "head-mark" }, icon(this.isApp ? "app" : "hash"));
    return h(
      "header",
      { class: "head" },
      drawer,
      h("h1", {}, mark, name.replace(/^[#@]/, "")),
      ...rest,
    );
  }

  #greeting(name) {
    const { bot } = this.app.store;
    const words = this.isApp
      ? `Ask ${bot.real_name || bot.name} anything about your experiments; nobody else reads along.`
      : `This is the start of ${name}. Mention @${bot.name} to ask a question.`;
    return [h("strong", {}, name), h("p", {}, words)];
  }
}
