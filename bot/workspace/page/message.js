/** One message as an article: who, when, what, and what can be done with it. */

import { Form } from "./blocks/form.js";
import { renderBlocks } from "./blocks/index.js";
import { avatar } from "./avatar.js";
import { h } from "./dom.js";
import { emoji } from "./emoji.js";
import { attachment, file } from "./files.js";
import { icon } from "./icons.js";
import { mrkdwn } from "./mrkdwn.js";
import { telling } from "./notice.js";
import { clock, longTime, shortClock } from "./time.js";
import { withMenu } from "./widgets/menu.js";

const QUICK_REACTIONS = [
  "+1",
  "-1",
  "eyes",
  "tada",
  "heart",
  "rocket",
  "white_check_mark",
  "thinking_face",
];

/**
 * `app` is the page ({api, store, openThread(ts), copyLink(ts)}), `pane` is {channel, thread};
 * `follows` says that the message before is by the same author, so the name is left out.
 */
export function messageElement(message, { app, pane, follows }) {
  const author = authorOf(message, app.store);
  const kinds = ["message", follows && "follows", message.is_ephemeral && "ephemeral"].filter(
    Boolean,
  );
  return h(
    "article",
    {
      class: kinds.join(" "),
      "data-ts": message.ts,
      tabindex: "-1",
      "aria-label": labelOf(message, author),
    },
    follows ? h("span", { class: "side-time" }, shortClock(message.ts)) : avatar(author),
    h(
      "div",
      { class: "message-body" },
      message.is_ephemeral && h("div", { class: "only-you" }, icon("eye"), "Only visible to you"),
      !follows && byline(message, author),
      content(message, app, pane),
      reactions(message, app, pane),
      !pane.thread && repliesBar(message, app),
    ),
    !message.is_ephemeral && toolbar(message, app, pane),
  );
}

/** {name, is_bot, id} of whoever wrote the message. */
export function authorOf(message, store) {
  const user = store.users.get(message.user ?? (message.bot_id ? store.bot.user_id : undefined));
  if (user) return { ...user, name: message.username ?? user.name, is_bot: user.is_bot };
  return {
    id: message.user ?? message.bot_id,
    name: message.username ?? "someone",
    is_bot: Boolean(message.bot_id),
  };
}

function labelOf(message, author) {
  return `${author.real_name || author.name}, ${clock(message.ts)}`;
}

function byline(message, author) {
  return h(
    "div",
    { class: "byline" },
    h("strong", { class: "author" }, author.is_bot ? author.name : author.real_name || author.name),
    author.is_bot && h("span", { class: "badge" }, "App"),
    h("time", { title: longTime(message.ts) }, clock(message.ts)),
  );
}

/** Blocks are the message; its text is only for notifications then, as in Slack. */
function content(message, app, pane) {
  const scene = sceneOf(message, app, pane);
  const edited = message.edited && h("span", { class: "edited" }, " (edited)");
  const blocks = message.blocks?.length ? renderBlocks(message.blocks, scene) : undefined;
  const text =
    message.text && h("div", { class: "text" }, mrkdwn(message.text, scene.names), edited);
  return [
    blocks ? [blocks, edited] : text,
    (message.files ?? []).map(file),
    (message.attachments ?? []).map((one) => attachment(one, scene)),
  ];
}

function sceneOf(message, app, pane) {
  const form = new Form(app.forms.get(message.ts));
  app.forms.set(message.ts, form);
  const where = { channel: pane.channel, message_ts: message.ts };
  return {
    names: app.store.names,
    form,
    send: (action) => telling(app.api.action(where, action, form.state)),
    options: (part, block_id, query) => app.api.options(where, part.action_id, block_id, query),
  };
}

function reactions(message, app, pane) {
  if (!message.reactions?.length) return undefined;
  const mine = (users) => String(users.includes(app.store.me.id));
  const pills = message.reactions.map(({ name, count, users }) =>
    h(
      "button",
      {
        class: "reaction",
        type: "button",
        "aria-pressed": mine(users),
        "aria-label": `${name}, ${count}`,
        title: users.map((id) => app.store.users.get(id)?.name ?? id).join(", "),
        onclick: () => telling(app.api.react(pane.channel, message.ts, name)),
      },
      emoji(name) ?? `:${name}:`,
      h("span", {}, String(count)),
    ),
  );
  return h("div", { class: "reactions" }, pills);
}

function repliesBar(message, app) {
  if (!message.reply_count) return undefined;
  const count = message.reply_count === 1 ? "1 reply" : `${message.reply_count} replies`;
  const faces = (message.reply_users ?? [])
    .slice(0, 3)
    .map((id) => avatar(app.store.users.get(id) ?? { id, name: id }));
  const last =
    message.latest_reply &&
    h("span", { class: "hint" }, `Last reply ${clock(message.latest_reply)}`);
  const open = () => app.openThread(message.ts);
  return h(
    "button",
    { class: "replies", type: "button", onclick: open },
    faces,
    h("b", {}, count),
    last,
  );
}

function toolbar(message, app, pane) {
  const tool = (name, label, onclick) =>
    h(
      "button",
      { class: "icon-button", type: "button", title: label, "aria-label": label, onclick },
      icon(name),
    );
  const react = withMenu(tool("smile", "Add reaction"), "Reactions", () =>
    reactionItems(message, app, pane),
  );
  react.classList.add("reaction-menu");
  const reply = !pane.thread && tool("reply", "Reply in thread", () => app.openThread(message.ts));
  const more = withMenu(tool("more", "More message actions"), "Message actions", () =>
    moreItems(message, app, pane),
  );
  return h(
    "div",
    { class: "toolbar", role: "toolbar", "aria-label": "Message" },
    react,
    reply,
    more,
  );
}

function reactionItems(message, app, pane) {
  return QUICK_REACTIONS.map((name) => ({
    label: emoji(name),
    props: { "aria-label": name, title: `:${name}:` },
    pick: () => telling(app.api.react(pane.channel, message.ts, name)),
  }));
}

/** The app's shortcuts first, then what the page itself can do. */
function moreItems(message, app, pane) {
  const ours = app.store.shortcuts.filter(({ type }) => type !== "global");
  const shortcuts = ours.map(({ callback_id, name }) => ({
    label: name,
    detail: app.store.bot.name,
    props: { "data-shortcut": callback_id },
    pick: () => telling(app.api.shortcut(callback_id, pane.channel, message.ts)),
  }));
  const link = { label: "Copy link", pick: () => app.copyLink(pane.channel, message) };
  const text = {
    label: "Copy text",
    pick: () => telling(navigator.clipboard.writeText(message.text ?? "")),
  };
  return [...shortcuts, link, text];
}
