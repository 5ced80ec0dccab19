/**
 * Slack's mrkdwn as elements: *bold* _italic_ ~strike~ `code` ```block``` > quote, mentions,
 * links (http and https only) and emoji. Entities (&amp; &lt; &gt;) are read last, in text only.
 */

import { fragment, h } from "./dom.js";
import { emoji } from "./emoji.js";
import { dated } from "./time.js";

const EDGE = "[\\p{L}\\p{N}_]";
const styled = (mark) =>
  `(?<!${EDGE})${mark}(?=\\S)([^${mark}\\n]*[^${mark}\\s])${mark}(?!${EDGE})`;
const INLINE = new RegExp(
  [
    "`([^`\\n]+)`",
    "<([^<>\\n]+)>",
    styled("\\*"),
    styled("_"),
    styled("~"),
    ":([a-z0-9_+-]+(?:::skin-tone-\\d)?):",
    "(https?:\\/\\/[^\\s<>|]*[^\\s<>|.,;:!?)'\"])",
    "(\\n)",
  ].join("|"),
  "gu",
);
const BROADCASTS = new Set(["channel", "here", "everyone"]);

/** A fragment showing `text`; `names` resolves users and channels ({user(id), channel(id)}). */
export function mrkdwn(text, names) {
  const parts = text.split(/```\n?([\s\S]+?)```/);
  return fragment(parts.map((part, index) => (index % 2 ? codeBlock(part) : prose(part, names))));
}

/** An external link, or plain text when the address is neither http nor https. */
export function link(url, label) {
  if (!isWeb(url)) return h("span", {}, label);
  return h("a", { href: url, target: "_blank", rel: "noopener noreferrer" }, label);
}

export function isWeb(url) {
  return /^https?:\/\//i.test(url);
}

/** A user, channel or broadcast as a chip. */
export function chip(sign, name, mine = false) {
  return h("span", { class: mine ? "chip chip-mine" : "chip" }, `${sign}${name}`);
}

export function userChip(id, names) {
  const user = names.user(id);
  return chip("@", user?.name ?? id, user?.is_me);
}

export function channelChip(id, names, fallback) {
  return chip("#", names.channel(id)?.name ?? fallback ?? id);
}

/** Text as it reads: entities of Slack's escaping resolved. */
export function unescape(text) {
  return text.replaceAll("&lt;", "<").replaceAll("&gt;", ">").replaceAll("&amp;", "&");
}

function codeBlock(text) {
  return h("pre", { class: "code", tabindex: "0" }, unescape(text.replace(/\n$/, "")));
}

/** Lines outside code blocks: runs of quoted lines become one quote each. */
function prose(text, names) {
  const runs = [];
  for (const line of text.replace(/^\n|\n$/g, "").split("\n")) {
    const quoted = line.match(/^(?:&gt;|>) ?(.*)$/);
    const last = runs.at(-1);
    if (last && last.quoted === Boolean(quoted)) last.lines.push(quoted ? quoted[1] : line);
    else runs.push({ quoted: Boolean(quoted), lines: [quoted ? quoted[1] : line] });
  }
  return runs.map(({ quoted, lines }) => {
    const nodes = inline(lines.join("\n"), names);
    return quoted ? h("blockquote", {}, nodes) : nodes;
  });
}

function inline(text, names) {
  const nodes = [];
  let end = 0;
  for (const match of text.matchAll(INLINE)) {
    nodes.push(unescape(text.slice(end, match.index)), token(match, names));
    end = match.index + match[0].length;
  }
  return [...nodes, unescape(text.slice(end))];
}

function token([whole, code, angle, bold, italic, strike, short, url], names) {
  if (code) return h("code", {}, unescape(code));
  if (angle) return reference(angle, names);
  if (bold) return h("strong", {}, inline(bold, names));
  if (italic) return h("em", {}, inline(italic, names));
  if (strike) return h("s", {}, inline(strike, names));
  if (short) return emoji(short) ?? whole;
  if (url) return link(unescape(url), unescape(url));
  return h("br");
}

/** What stands between < and >: a mention, a date or a link. */
function reference(body, names) {
  const [target, label] = split(body);
  if (target.startsWith("@")) return userChip(target.slice(1), names);
  if (target.startsWith("#")) return channelChip(target.slice(1), names, label);
  if (target.startsWith("!")) return special(target.slice(1), label);
  return link(unescape(target), unescape(label ?? target.replace(/^mailto:/, "")));
}

function special(name, label) {
  if (BROADCASTS.has(name)) return chip("@", name, true);
  const [kind, seconds, format] = name.split("^");
  if (kind === "date") return h("time", {}, dated(seconds, format ?? label ?? ""));
  return label ?? name;
}

function split(body) {
  const bar = body.indexOf("|");
  return bar < 0 ? [body, undefined] : [body.slice(0, bar), body.slice(bar + 1)];
}
