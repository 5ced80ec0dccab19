/**
 * Block Kit as elements. A `scene` is where blocks stand: {names, form, send(action),
 * options(element, block_id, query)}; it differs between messages, modals and the App Home.
 */

import { h, uniqueId } from "../dom.js";
import { dataVisualization } from "../chart/figure.js";
import { dataTable } from "./data_table.js";
import { element, unknown } from "./elements.js";
import { isEmpty } from "./form.js";
import { richText } from "./rich_text.js";
import { plainTable } from "./table.js";
import {
  context,
  divider,
  header,
  imageBlock,
  markdownBlock,
  section,
  textObject,
} from "./text.js";

const BLOCKS = {
  actions: row("actions"),
  context,
  context_actions: row("context-actions"),
  data_table: dataTable,
  data_visualization: dataVisualization,
  divider,
  header,
  image: imageBlock,
  input,
  markdown: markdownBlock,
  rich_text: (block, { names }) => h("div", { class: "text rich-text" }, richText(block, names)),
  section,
  table: plainTable,
};

/** One element holding all blocks, in order; a type the page cannot draw is named. */
export function renderBlocks(blocks, scene) {
  return h(
    "div",
    { class: "blocks" },
    blocks.map((block) => renderBlock(block, scene)),
  );
}

function renderBlock(block, scene) {
  const make = BLOCKS[block.type];
  const node = make ? make(block, scene) : unknown(block.type);
  if (block.block_id) node.dataset.blockId = block.block_id;
  node.classList.add("block");
  return node;
}

function row(kind) {
  return (block, scene) =>
    h(
      "div",
      { class: kind },
      block.elements.map((part) => element(part, { block, scene, live: true })),
    );
}

/** An input with its label, hint and a place for an error. */
function input(block, scene) {
  const fieldId = uniqueId("field");
  const label = block.label.text;
  const slot = { block, scene, live: block.dispatch_action === true, label, fieldId };
  const optional = block.optional && h("span", { class: "optional" }, " (optional)");
  return h(
    "div",
    { class: "input-block" },
    h("label", { class: "input-label", for: fieldId }, textObject(block.label), optional),
    element(block.element, slot),
    block.hint && h("div", { class: "hint" }, textObject(block.hint)),
    h("div", { class: "input-error", role: "alert" }),
  );
}

/** Errors of a form before it is sent, as Slack gives them: {block_id: sentence}. */
export function missing(blocks, form) {
  const errors = {};
  for (const block of blocks.filter(({ type }) => type === "input")) {
    const problem = problemOf(block, form.get(block.block_id, block.element.action_id));
    if (problem) errors[block.block_id] = problem;
  }
  return errors;
}

function problemOf({ optional, element: part }, entry) {
  if (isEmpty(entry)) return optional ? undefined : "Please complete this required field.";
  if (part.min_length && entry.value.length < part.min_length) {
    return `Please enter at least ${part.min_length} characters.`;
  }
  return part.type === "number_input" ? numberProblem(part, Number(entry.value)) : undefined;
}

function numberProblem(part, number) {
  if (Number.isNaN(number)) return "Please enter a number.";
  if (!part.is_decimal_allowed && !Number.isInteger(number)) return "Please enter a whole number.";
  if (number < Number(part.min_value ?? -Infinity))
    return `Please enter ${part.min_value} or more.`;
  return number > Number(part.max_value ?? Infinity)
    ? `Please enter ${part.max_value} or less.`
    : undefined;
}

/** Show `errors` beside their inputs, clear the others, and put the focus on the first. */
export function showErrors(root, errors) {
  for (const box of root.querySelectorAll(".input-block")) {
    const text = errors[box.dataset.blockId];
    box.querySelector(".input-error").textContent = text ?? "";
    box.querySelector(FIELDS)?.setAttribute("aria-invalid", String(Boolean(text)));
  }
  root.querySelector("[aria-invalid=true]")?.focus();
}

const FIELDS = "input, textarea";
