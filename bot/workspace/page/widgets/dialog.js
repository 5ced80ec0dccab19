/** Modal dialogs of the browser's own kind: focus stays inside, Esc closes, the page rests. */

import { fragment, h, uniqueId } from "../dom.js";
import { icon } from "../icons.js";

/**
 * A dialog titled `title`, shown at once. `onClose()` runs when the person closes it by Esc or the
 * cross, before it goes; removing it by `leave()` runs nothing.
 */
export function dialog(title, { onClose, kind = "" }, ...content) {
  const heading = h("h2", { id: uniqueId("dialog") }, title);
  const cross = h(
    "button",
    { class: "icon-button", type: "button", "aria-label": "Close" },
    icon("close"),
  );
  const box = h(
    "dialog",
    { class: `dialog ${kind}`, "aria-labelledby": heading.id },
    h("header", { class: "dialog-head" }, heading, cross),
    ...content,
  );
  const opener = document.activeElement;
  const closed = (event) => {
    event.preventDefault();
    onClose();
  };
  cross.addEventListener("click", closed);
  box.addEventListener("cancel", closed);
  document.body.append(box);
  box.showModal();
  return { box, title: heading, leave: () => leave(box, opener) };
}

/** Ask before an action, by Slack's confirm object; resolves to true or false. */
export function confirmed(confirm) {
  return new Promise((resolve) => {
    const settle = (answer) => {
      shown.leave();
      resolve(answer);
    };
    const button = (text, kind, answer) =>
      h("button", { type: "button", class: `button ${kind}`, onclick: () => settle(answer) }, text);
    const yes = button(confirm.confirm?.text ?? "Yes", confirm.style ?? "primary", true);
    const no = button(confirm.deny?.text ?? "Cancel", "", false);
    const shown = dialog(
      confirm.title?.text ?? "Are you sure?",
      { onClose: () => settle(false), kind: "dialog-small" },
      h("div", { class: "dialog-body" }, fragment(confirm.text?.text ?? "")),
      h("footer", { class: "dialog-foot" }, no, yes),
    );
    no.focus();
  });
}

function leave(box, opener) {
  box.close();
  box.remove();
  if (opener?.isConnected) opener.focus();
}
