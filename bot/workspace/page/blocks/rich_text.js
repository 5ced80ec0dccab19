/** Slack's rich_text: sections, lists, quotes and preformatted text, with their inline elements. */

import { h } from "../dom.js";
import { emoji } from "../emoji.js";
import { channelChip, chip, link, userChip } from "../mrkdwn.js";
import { dated } from "../time.js";

const STYLES = [
  ["code", "code"],
  ["strike", "s"],
  ["italic", "em"],
  ["bold", "strong"],
];

const BOXES = {
  rich_text_section: (part, names) => h("div", { class: "rich-section" }, inlines(part, names)),
  rich_text_quote: (part, names) => h("blockquote", {}, inlines(part, names)),
  rich_text_preformatted: (part, names) =>
    h("pre", { class: "code", tabindex: "0" }, inlines(part, names)),
  rich_text_list: list,
};

const INLINES = {
  text: (part) => part.text,
  link: (part) => link(part.url, part.text ?? part.url),
  user: (part, names) => userChip(part.user_id, names),
  channel: (part, names) => channelChip(part.channel_id, names),
  broadcast: (part) => chip("@", part.range, true),
  usergroup: (part) => chip("@", part.usergroup_id),
  emoji: (part) => emoji(part.name) ?? `:${part.name}:`,
  date: (part) => h("time", {}, dated(part.timestamp, part.format)),
  color: (part) => h("code", {}, part.value),
};

/** The elements of a rich_text block (or table cell), as nodes. */
export function richText(block, names) {
  return block.elements.map((part) => BOXES[part.type]?.(part, names));
}

/** The same without any form, as one line: what sorting, filtering and titles use. */
export function plainRichText(block) {
  const words = (part) => part.text ?? part.url ?? part.name ?? "";
  return block.elements.flatMap((part) => part.elements.map(words)).join("");
}

function list(part, names) {
  const items = part.elements.map((item) => h("li", {}, inlines(item, names)));
  const indent = `indent-${Math.min(part.indent ?? 0, 4)}`;
  if (part.style !== "ordered") return h("ul", { class: indent }, items);
  return h("ol", { class: indent, start: String((part.offset ?? 0) + 1) }, items);
}

function inlines(part, names) {
  return part.elements.map((piece) =>
    styled(INLINES[piece.type]?.(piece, names) ?? "", piece.style),
  );
}

function styled(node, style = {}) {
  return STYLES.reduce((inner, [name, tag]) => (style[name] ? h(tag, {}, inner) : inner), node);
}
