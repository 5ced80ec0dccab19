/** Boxes that float over everything (the top layer) beside what they belong to. */

import { h } from "../dom.js";

const GAP = 4; // pixels between the anchor and the box, and between the box and the window

/** A popover box; it must stand near its anchor in the document so that a dialog keeps it alive. */
export function floating(props, ...children) {
  return h("div", { ...props, popover: "manual" }, ...children);
}

/**
 * Show `box` under `anchor`, or over it when there is more room there, and keep it there while the
 * page scrolls. `end` aligns the right edges; `wide` makes it at least as wide as the anchor.
 */
export function showBeside(box, anchor, look = {}) {
  box.showPopover();
  place(box, anchor, look);
  const stop = new AbortController();
  const follow = (event) => {
    if (!box.isConnected || !box.matches(":popover-open")) stop.abort();
    else if (event.target !== box) place(box, anchor, look);
  };
  document.addEventListener("scroll", follow, { capture: true, signal: stop.signal });
  addEventListener("resize", follow, { signal: stop.signal });
}

function place(box, anchor, { end = false, wide = false }) {
  const at = anchor.getBoundingClientRect();
  const below = innerHeight - at.bottom - 2 * GAP;
  const above = at.top - 2 * GAP;
  if (wide) box.style.minWidth = `${at.width}px`;
  box.style.maxHeight = "";
  const over = box.offsetHeight > below && above > below;
  box.style.maxHeight = `${over ? above : below}px`;
  const left = end ? at.right - box.offsetWidth : at.left;
  box.style.left = `${Math.max(GAP, Math.min(left, innerWidth - box.offsetWidth - GAP))}px`;
  box.style.top = `${over ? at.top - GAP - box.offsetHeight : at.bottom + GAP}px`;
}

/** Call `leave` once, when the person presses or goes to anything outside `wrapper`. */
export function onceOutside(wrapper, leave) {
  const stop = new AbortController();
  const outside = (event) => {
    if (wrapper.contains(event.target)) return;
    stop.abort();
    leave();
  };
  for (const kind of ["pointerdown", "focusin"]) {
    document.addEventListener(kind, outside, { capture: true, signal: stop.signal });
  }
  return () => stop.abort();
}
