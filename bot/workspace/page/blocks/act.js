/** Telling the app: one block_actions payload for one thing a person did to an element. */

import { confirmed } from "../widgets/dialog.js";

/** Attributes every interactive element carries, for tests and for finding the focus again. */
export function hooks(part, slot) {
  return { "data-action-id": part.action_id, "data-block-id": slot.block.block_id };
}

/** Send an action (`entry` has the value as Slack names it) after the element's confirm, if any. */
export async function act(part, slot, entry) {
  if (part.confirm && !(await confirmed(part.confirm))) return;
  const { type, action_id } = part;
  await slot.scene.send({ type, action_id, block_id: slot.block.block_id, ...entry });
}

/** Note a new value in the form, and tell the app when the element stands in a live slot. */
export async function changed(part, slot, entry) {
  slot.scene.form.set(slot.block.block_id, part, entry);
  if (slot.live) await act(part, slot, entry);
}

/** Run `work` while the control shows that it is busy; it takes no second press meanwhile. */
export async function busy(control, work) {
  if (control.getAttribute("aria-busy") === "true") return;
  control.setAttribute("aria-busy", "true");
  try {
    await work();
  } finally {
    control.removeAttribute("aria-busy");
  }
}
