/** What is ticked: radio_buttons and checkboxes. */

import { h, uniqueId } from "../dom.js";
import { mrkdwn } from "../mrkdwn.js";
import { withEmoji } from "../emoji.js";
import { changed, hooks } from "./act.js";

export function radioButtons(part, slot) {
  const { form, names } = slot.scene;
  const start = form.start(slot.block.block_id, part, {
    selected_option: part.initial_option ?? null,
  });
  const name = uniqueId("radio");
  const rows = part.options.map((option) => {
    const checked = option.value === start.selected_option?.value;
    const tick = h("input", { type: "radio", name, value: option.value, checked });
    tick.addEventListener("change", () => changed(part, slot, { selected_option: option }));
    return labelled(tick, option, names);
  });
  return group("radiogroup", part, slot, rows);
}

export function checkboxes(part, slot) {
  const { form, names } = slot.scene;
  const initial = { selected_options: part.initial_options ?? [] };
  const start = form.start(slot.block.block_id, part, initial).selected_options;
  const ticks = part.options.map((option) =>
    h("input", {
      type: "checkbox",
      value: option.value,
      checked: start.some(({ value }) => value === option.value),
    }),
  );
  const told = () =>
    changed(part, slot, { selected_options: part.options.filter((_, at) => ticks[at].checked) });
  for (const tick of ticks) tick.addEventListener("change", told);
  return group(
    "group",
    part,
    slot,
    ticks.map((tick, at) => labelled(tick, part.options[at], names)),
  );
}

function group(role, part, slot, rows) {
  return h("div", { ...hooks(part, slot), class: "choices", role, "aria-label": slot.label }, rows);
}

function labelled(tick, option, names) {
  const text = (object) =>
    object.type === "mrkdwn" ? mrkdwn(object.text, names) : withEmoji(object.text);
  const detail = option.description && h("span", { class: "detail" }, text(option.description));
  return h("label", { class: "choice" }, tick, h("span", {}, text(option.text), detail));
}
