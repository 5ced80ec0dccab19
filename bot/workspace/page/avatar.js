/** A face for everybody: the app's drawing, or initials on one of eight colours. */

import { h } from "./dom.js";
import { icon } from "./icons.js";

const COLOURS = 8;

export function avatar({ id = "", name, real_name, is_bot }) {
  if (is_bot) return h("span", { class: "avatar avatar-app", "aria-hidden": "true" }, icon("app"));
  const colour = [...id].reduce((sum, letter) => sum + letter.codePointAt(0), 0) % COLOURS;
  return h(
    "span",
    { class: `avatar avatar-${colour}`, "aria-hidden": "true" },
    initials(real_name || name),
  );
}

function initials(name) {
  const words = name.split(/[\s._-]+/).filter(Boolean);
  const letters = words.length > 1 ? [words[0], words.at(-1)] : [words[0] ?? "?"];
  return letters.map((word) => [...word][0].toUpperCase()).join("");
}
