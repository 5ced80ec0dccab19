/** What is typed: text, number, date and time inputs. */

import { h } from "../dom.js";
import { changed, hooks } from "./act.js";

const UNNAMED = { datepicker: "Date", timepicker: "Time", datetimepicker: "Date and time" };
const KINDS = { email_text_input: "email", url_text_input: "url" };

export function textField(part, slot) {
  const start = slot.scene.form.start(slot.block.block_id, part, {
    value: part.initial_value ?? null,
  });
  const props = {
    ...common(part, slot),
    value: start.value ?? "",
    minlength: part.min_length,
    maxlength: part.max_length,
  };
  const node = part.multiline
    ? h("textarea", { ...props, rows: "6", spellcheck: "false" })
    : h("input", { ...props, type: KINDS[part.type] ?? "text" });
  return typed(node, part, slot);
}

export function numberField(part, slot) {
  const start = slot.scene.form.start(slot.block.block_id, part, {
    value: part.initial_value ?? null,
  });
  const node = h("input", {
    ...common(part, slot),
    type: "number",
    step: part.is_decimal_allowed ? "any" : "1",
    min: part.min_value,
    max: part.max_value,
    value: start.value ?? "",
  });
  return typed(node, part, slot);
}

export function dateField(part, slot) {
  return picker(part, slot, "date", "selected_date", part.initial_date);
}

export function timeField(part, slot) {
  return picker(part, slot, "time", "selected_time", part.initial_time);
}

/** Slack's value is a Unix time in seconds; the browser's is local time to the minute. */
export function dateTimeField(part, slot) {
  const { form } = slot.scene;
  const start = form.start(slot.block.block_id, part, {
    selected_date_time: part.initial_date_time ?? null,
  });
  const shown = start.selected_date_time ? localMinute(start.selected_date_time) : "";
  const node = h("input", { ...common(part, slot), type: "datetime-local", value: shown });
  const seconds = () => (node.value ? Math.floor(new Date(node.value).getTime() / 1000) : null);
  node.addEventListener("change", () => changed(part, slot, { selected_date_time: seconds() }));
  return node;
}

function picker(part, slot, type, name, initial) {
  const start = slot.scene.form.start(slot.block.block_id, part, { [name]: initial ?? null });
  const node = h("input", { ...common(part, slot), type, value: start[name] ?? "" });
  node.addEventListener("change", () => changed(part, slot, { [name]: node.value || null }));
  return node;
}

function common(part, slot) {
  return {
    ...hooks(part, slot),
    id: slot.fieldId,
    class: "field",
    placeholder: part.placeholder?.text,
    "aria-label": slot.fieldId ? undefined : (part.placeholder?.text ?? UNNAMED[part.type]),
    "data-focus-on-load": part.focus_on_load,
  };
}

/** Slack sends text on Enter, or on every character where the element asks for it. */
function typed(node, part, slot) {
  const triggers = part.dispatch_action_config?.trigger_actions_on ?? ["on_enter_pressed"];
  const entry = () => ({ value: node.value || null });
  const told = { ...slot, live: slot.live && triggers.includes("on_character_entered") };
  node.addEventListener("input", () => changed(part, told, entry()));
  node.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || event.isComposing || part.multiline || !slot.live) return;
    if (triggers.includes("on_enter_pressed")) changed(part, slot, entry());
    event.preventDefault();
  });
  return node;
}

function localMinute(seconds) {
  const date = new Date(seconds * 1000 - new Date(seconds * 1000).getTimezoneOffset() * 60_000);
  return date.toISOString().slice(0, 16);
}
