/** Blocks of text: section, header, context, divider, image, markdown and rich_text. */

import { h } from "../dom.js";
import { withEmoji } from "../emoji.js";
import { mrkdwn } from "../mrkdwn.js";
import { element } from "./elements.js";
import { markdown } from "./markdown.js";
import { image } from "./picture.js";

/** A text object: mrkdwn is formatted, plain_text is not (but has emoji). */
export function textObject(text, names) {
  if (text.type === "mrkdwn") return mrkdwn(text.text, names);
  return text.emoji === false ? text.text : withEmoji(text.text);
}

export function section(block, scene) {
  const accessory = block.accessory && element(block.accessory, { block, scene, live: true });
  return h(
    "div",
    { class: accessory ? "section with-accessory" : "section" },
    h("div", { class: "section-body" }, sectionText(block, scene), fields(block, scene)),
    accessory && h("div", { class: "accessory" }, accessory),
  );
}

export function header(block) {
  return h("h2", { class: "header-block" }, textObject(block.text));
}

export function divider() {
  return h("hr", { class: "divider" });
}

export function context(block, scene) {
  const parts = block.elements.map((part) =>
    part.type === "image"
      ? image(part, "context-image")
      : h("span", {}, textObject(part, scene.names)),
  );
  return h("div", { class: "context" }, parts);
}

export function imageBlock(block) {
  const title = block.title && h("figcaption", {}, textObject(block.title));
  return h("figure", { class: "image-block" }, title, image(block, "block-image"));
}

export function markdownBlock(block) {
  return h("div", { class: "markdown" }, markdown(block.text));
}

function sectionText(block, scene) {
  return block.text && h("div", { class: "text" }, textObject(block.text, scene.names));
}

function fields(block, scene) {
  if (!block.fields) return undefined;
  const cells = block.fields.map((field) =>
    h("div", { class: "text" }, textObject(field, scene.names)),
  );
  return h("div", { class: "fields" }, cells);
}
