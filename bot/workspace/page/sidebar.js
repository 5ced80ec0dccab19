/** Channels, the app, and who one is: the way from place to place. */

import { avatar } from "./avatar.js";
import { h } from "./dom.js";
import { icon } from "./icons.js";
import { nextTheme, theme } from "./theme.js";

export class Sidebar {
  constructor(app, root) {
    this.app = app;
    this.root = root;
  }

  draw() {
    const { store } = this.app;
    const channels = store.names.channels().map((channel) => this.#row(channel));
    const apps = store.appChannel ? [this.#row(store.appChannel)] : [];
    this.root.replaceChildren(
      this.#head(store),
      h("div", { class: "places" }, group("Channels", channels), group("Apps", apps)),
      this.#foot(store),
    );
  }

  #head(store) {
    const close = () => this.app.showSidebar(false);
    const cross = {
      class: "icon-button drawer",
      type: "button",
      "aria-label": "Close",
      onclick: close,
    };
    const jump = {
      class: "icon-button",
      type: "button",
      "aria-label": "Jump to (Ctrl+K)",
      title: "Jump to (Ctrl+K)",
    };
    const open = () => this.app.openSwitcher();
    return h(
      "div",
      { class: "team" },
      h("strong", {}, store.team.name),
      h("button", { ...jump, onclick: open }, icon("search")),
      h("button", cross, icon("close")),
    );
  }

  #row(channel) {
    const here = channel.id === this.app.channel?.id;
    const unread = this.app.store.unread.get(channel.id) ?? 0;
    const name = this.app.channelName(channel);
    return h(
      "li",
      {},
      h(
        "a",
        {
          class: unread ? "place unread" : "place",
          href: this.app.address(channel.id),
          "data-channel": channel.id,
          "aria-current": here && "page",
          onclick: (event) => this.#go(event, channel.id),
        },
        channel.kind === "im" ? this.#presence() : icon("hash"),
        h("span", { class: "place-name" }, name.slice(1)),
        unread > 0 &&
          h("span", { class: "count", "aria-label": `${unread} unread` }, String(unread)),
      ),
    );
  }

  #presence() {
    const { connected } = this.app.store;
    const title = connected ? "Connected" : "Not connected";
    return h("span", {
      class: connected ? "presence on" : "presence",
      title,
      role: "img",
      "aria-label": title,
    });
  }

  #go(event, channel) {
    if (event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    this.app.openChannel(channel);
  }

  #foot(store) {
    const people = [...store.users.values()].filter((user) => !user.is_bot);
    const options = people.map(({ id, name, real_name }) => {
      const selected = id === store.me.id;
      return h("option", { value: id, selected }, real_name || name);
    });
    const choice = h("select", { class: "who", "aria-label": "You are" }, options);
    choice.addEventListener("change", () => this.app.become(choice.value));
    return h("div", { class: "me" }, avatar(store.me), choice, themeButton());
  }
}

function group(title, rows) {
  const id = `places-${title.toLowerCase()}`;
  return [h("h2", { id }, title), h("ul", { "aria-labelledby": id }, rows)];
}

function themeButton() {
  const button = h("button", { class: "icon-button", type: "button" }, icon("theme"));
  const name = (now) => {
    button.title = `Theme: ${now}`;
    button.setAttribute("aria-label", `Theme: ${now}. Change`);
  };
  button.addEventListener("click", () => name(nextTheme()));
  name(theme());
  return button;
}
