/** What is pressed: button, feedback_buttons, icon_button and overflow menus. */

import { h } from "../dom.js";
import { withEmoji } from "../emoji.js";
import { icon } from "../icons.js";
import { isWeb } from "../mrkdwn.js";
import { withMenu } from "../widgets/menu.js";
import { act, busy, hooks } from "./act.js";

export function button(part, slot) {
  const kind = part.style === "danger" || part.style === "primary" ? part.style : "";
  const label = withEmoji(part.text.text);
  const props = {
    ...hooks(part, slot),
    class: `button ${kind}`,
    "aria-label": part.accessibility_label,
  };
  const send = () => act(part, slot, { text: part.text, value: part.value });
  if (part.url && isWeb(part.url)) {
    const link = { href: part.url, target: "_blank", rel: "noopener noreferrer" };
    return h("a", { ...props, ...link, onclick: send }, label);
  }
  const node = h("button", { ...props, type: "button" }, label);
  node.addEventListener("click", () => busy(node, send));
  return node;
}

/** 👍 and 👎: the one pressed stays marked. */
export function feedbackButtons(part, slot) {
  const nodes = [
    feedbackButton(part, slot, part.positive_button, "thumbsup"),
    feedbackButton(part, slot, part.negative_button, "thumbsdown"),
  ];
  const mark = () => {
    const value = slot.scene.form.pressed.get(part.action_id);
    for (const node of nodes)
      node.setAttribute("aria-pressed", String(node.dataset.value === value));
  };
  mark();
  const props = { class: "feedback", role: "group", "aria-label": "Feedback", onclick: mark };
  return h("span", props, nodes);
}

function feedbackButton(part, slot, side, drawing) {
  const node = h(
    "button",
    {
      ...hooks(part, slot),
      class: "icon-button",
      type: "button",
      title: side.text.text,
      "aria-label": side.accessibility_label ?? side.text.text,
      "data-value": side.value,
    },
    icon(drawing),
  );
  node.addEventListener("click", () => {
    slot.scene.form.pressed.set(part.action_id, side.value);
    busy(node, () => act(part, slot, { text: side.text, value: side.value }));
  });
  return node;
}

export function iconButton(part, slot) {
  const label = part.accessibility_label ?? part.text.text;
  const props = { ...hooks(part, slot), class: "icon-button", type: "button", "aria-label": label };
  const node = h(
    "button",
    { ...props, title: part.text.text },
    icon(part.icon === "trash" ? "trash" : "more"),
  );
  node.addEventListener("click", () => busy(node, () => act(part, slot, { value: part.value })));
  return node;
}

export function overflow(part, slot) {
  const props = {
    ...hooks(part, slot),
    class: "button overflow",
    type: "button",
    "aria-label": "More actions",
  };
  return withMenu(h("button", props, icon("more")), "More actions", () =>
    part.options.map((option) => ({
      label: withEmoji(option.text.text),
      detail: option.description?.text,
      props: { "data-value": option.value },
      pick: () => picked(part, slot, option),
    })),
  );
}

function picked(part, slot, option) {
  if (option.url && isWeb(option.url)) window.open(option.url, "_blank", "noopener,noreferrer");
  return act(part, slot, { selected_option: option });
}
