/** A button with a menu: arrow keys move, Enter picks, Esc closes and gives the focus back. */

import { h } from "../dom.js";
import { floating, onceOutside, showBeside } from "./floating.js";

/**
 * `button` gets the menu; `items()` is asked on every opening for [{label, detail?, props?, pick,
 * danger?}]. Returns a wrapper holding the button.
 */
export function withMenu(button, label, items) {
  const wrapper = h("span", { class: "menu-wrapper" }, button);
  button.setAttribute("aria-haspopup", "menu");
  button.setAttribute("aria-expanded", "false");
  let menu = null;
  const close = (refocus) => {
    menu?.leave();
    menu = null;
    button.setAttribute("aria-expanded", "false");
    if (refocus) button.focus();
  };
  const open = () => {
    menu = opened(wrapper, button, label, items(), close);
    button.setAttribute("aria-expanded", "true");
  };
  button.addEventListener("click", () => (menu ? close(true) : open()));
  button.addEventListener("keydown", (event) => {
    if (event.key !== "ArrowDown" || menu) return;
    event.preventDefault();
    open();
  });
  return wrapper;
}

function opened(wrapper, button, label, items, close) {
  const rows = items.map((item) => row(item, close));
  const box = floating({ class: "menu", role: "menu", "aria-label": label }, rows);
  box.addEventListener("keydown", (event) => onKey(event, rows, close));
  wrapper.append(box);
  showBeside(box, button, { end: true });
  rows[0]?.focus();
  const stop = onceOutside(wrapper, () => close(false));
  return {
    leave: () => {
      stop();
      box.remove();
    },
  };
}

function row(item, close) {
  const pick = () => {
    close(true);
    item.pick();
  };
  return h(
    "button",
    {
      ...item.props,
      class: item.danger ? "menu-item danger" : "menu-item",
      type: "button",
      role: "menuitem",
      tabindex: "-1",
      onclick: pick,
    },
    item.label,
    item.detail && h("span", { class: "detail" }, item.detail),
  );
}

function onKey(event, rows, close) {
  const at = rows.indexOf(document.activeElement);
  const target = moved(event.key, at, rows.length);
  if (target !== undefined) rows[target].focus();
  else if (event.key === "Escape") close(true);
  else if (event.key === "Tab") return close(false);
  else return undefined;
  event.preventDefault();
  event.stopPropagation();
  return undefined;
}

/** The index a key moves to in a list of `length`, or undefined for any other key. */
export function moved(key, at, length) {
  if (length === 0) return undefined;
  if (key === "ArrowDown") return (at + 1) % length;
  if (key === "ArrowUp") return (at - 1 + length) % length;
  if (key === "Home") return 0;
  return key === "End" ? length - 1 : undefined;
}
