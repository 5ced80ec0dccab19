/** Short notices at the top of the page, read out by screen readers, gone after a while. */

import { h } from "./dom.js";
import { icon } from "./icons.js";

const SHOWN_FOR = 8000; // milliseconds

export function notice(text, kind = "info") {
  const close = h(
    "button",
    { class: "icon-button", type: "button", "aria-label": "Dismiss" },
    icon("close"),
  );
  const box = h("div", { class: `notice notice-${kind}` }, h("span", {}, text), close);
  close.addEventListener("click", () => box.remove());
  const place = document.getElementById("notices");
  place.append(box);
  onTop(place);
  setTimeout(() => box.remove(), SHOWN_FOR);
}

/** Shown last is shown on top: over a dialog that was opened before, too. */
function onTop(place) {
  if (place.matches(":popover-open")) place.hidePopover();
  place.showPopover();
}

/** Do it, and tell the person when it fails. Returns undefined then. */
export async function telling(work) {
  try {
    return await work;
  } catch (error) {
    notice(error.message, "error");
    return undefined;
  }
}
