/**
 * Interactive elements by their Slack type, inside any block. A `slot` says where one stands:
 * {block, scene, live, label}: `live` elements send a block_actions payload on every change.
 */

import { h } from "../dom.js";
import { button, feedbackButtons, iconButton, overflow } from "./buttons.js";
import { checkboxes, radioButtons } from "./choices.js";
import { dateField, dateTimeField, numberField, textField, timeField } from "./fields.js";
import { image } from "./picture.js";
import { multiSelect, select } from "./selects.js";

const ELEMENTS = {
  button,
  checkboxes,
  feedback_buttons: feedbackButtons,
  icon_button: iconButton,
  overflow,
  radio_buttons: radioButtons,
  image: (part) => image(part, "accessory-image"),
  plain_text_input: textField,
  email_text_input: textField,
  url_text_input: textField,
  number_input: numberField,
  datepicker: dateField,
  timepicker: timeField,
  datetimepicker: dateTimeField,
};
const SELECT = /^(multi_)?(static|external|users|channels|conversations)_select$/;

export function element(part, slot) {
  const select_type = part.type.match(SELECT);
  if (select_type) return (select_type[1] ? multiSelect : select)(part, slot, select_type[2]);
  const make = ELEMENTS[part.type];
  return make ? make(part, slot) : unknown(part.type);
}

/** A place-holder that says what is missing, rather than a hole. */
export function unknown(type) {
  return h("span", { class: "unknown" }, `“${type}” is not drawn here`);
}
