/** Pictures of this workspace. The page loads nothing from other hosts. */

import { h } from "../dom.js";
import { isWeb, link } from "../mrkdwn.js";

/** The picture; one that lives elsewhere is only named, with a link. */
export function image(part, kind) {
  const url = new URL(part.image_url ?? addressOf(part.slack_file), location.href);
  if (url.origin !== location.origin) {
    const label = `Picture: ${part.alt_text}`;
    return h("span", { class: "image-elsewhere" }, isWeb(url.href) ? link(url.href, label) : label);
  }
  return h("img", { class: kind, src: url.href, alt: part.alt_text });
}

/** Slack names a file of its own by address or by id. */
function addressOf(file) {
  return file.url ?? `/files/${encodeURIComponent(file.id)}`;
}
