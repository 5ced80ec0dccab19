/**
 * Elements made from plain values. Text always becomes a text node and no markup is ever parsed,
 * so nothing that stands in a message can turn into an element.
 */

const SVG = "http://www.w3.org/2000/svg";

/** An HTML element: h("button", {class: "quiet", onclick: f}, "Text", otherElement). */
export function h(tag, props, ...children) {
  return fill(document.createElement(tag), props, children);
}

/** An SVG element, made the same way. */
export function svg(tag, props, ...children) {
  return fill(document.createElementNS(SVG, tag), props, children);
}

/** Children of one parent that have no element of their own. */
export function fragment(...children) {
  return fill(document.createDocumentFragment(), null, children);
}

/** A name no other element has, for aria-labelledby and its like. */
export function uniqueId(prefix) {
  counter += 1;
  return `${prefix}-${counter}`;
}
let counter = 0;

function fill(node, props, children) {
  for (const [name, value] of Object.entries(props ?? {})) assign(node, name, value);
  node.append(...children.flat(Infinity).filter(isContent));
  return node;
}

function isContent(child) {
  return child !== null && child !== undefined && child !== false && child !== "";
}

/** undefined, null and false leave the attribute out; say "false" where ARIA wants the word. */
function assign(node, name, value) {
  if (value === undefined || value === null || value === false) return;
  if (typeof value === "function") node.addEventListener(name.slice(2), value);
  else if (name === "value" || name === "checked") node[name] = value;
  else node.setAttribute(name, value === true ? "" : value);
}
