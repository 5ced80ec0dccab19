/** Files and link previews under a message. */

import { h } from "./dom.js";
import { icon } from "./icons.js";
import { isWeb, link, mrkdwn } from "./mrkdwn.js";
import { renderBlocks } from "./blocks/index.js";

/** A picture is shown; anything else is a card to download. */
export function file(one) {
  const url = addressOf(one);
  return one.mimetype?.startsWith("image/") ? picture(one, url) : card(one, url);
}

/** An attachment: an unfurled link with blocks, or the older title-and-text kind. */
export function attachment(one, scene) {
  const title = one.title && h("div", { class: "attachment-title" }, titleOf(one));
  const text = one.text && h("div", { class: "text" }, mrkdwn(one.text, scene.names));
  const blocks = one.blocks?.length ? renderBlocks(one.blocks, scene) : undefined;
  const bare = title || text || blocks ? undefined : (one.fallback ?? "");
  const footer = one.footer && h("div", { class: "hint" }, one.footer);
  return h("div", { class: "attachment" }, one.pretext, title, text, blocks, bare, footer);
}

function picture(one, url) {
  const size = { width: one.original_w, height: one.original_h };
  return h(
    "figure",
    { class: "file-picture", "data-file": one.id },
    h("figcaption", {}, one.title ?? one.name),
    h(
      "a",
      { href: url, target: "_blank", rel: "noopener" },
      h("img", { ...size, src: url, alt: altOf(one) }),
    ),
  );
}

function card(one, url) {
  const detail = [one.pretty_type ?? one.filetype?.toUpperCase(), sizeOf(one.size)]
    .filter(Boolean)
    .join(" · ");
  return h(
    "a",
    {
      class: "file-card",
      href: url,
      download: one.name,
      "data-file": one.id,
    },
    icon("file"),
    h("span", {}, h("strong", {}, one.title ?? one.name), h("span", { class: "detail" }, detail)),
    h("span", { class: "visually-hidden" }, "Download"),
    icon("download"),
  );
}

/** The file's address here, whatever host its own address names. */
function addressOf(one) {
  const given = new URL(one.url_private ?? `/files/${one.id}/${one.name}`, location.href);
  return given.pathname + given.search;
}

function altOf(one) {
  return one.alt_txt || one.title || one.name;
}

function titleOf(one) {
  return isWeb(one.title_link ?? "") ? link(one.title_link, one.title) : one.title;
}

function sizeOf(bytes) {
  if (bytes === undefined) return undefined;
  if (bytes < 1000) return `${bytes} bytes`;
  return bytes < 1e6 ? `${Math.round(bytes / 1000)} kB` : `${(bytes / 1e6).toFixed(1)} MB`;
}
