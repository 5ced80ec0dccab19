/** The keyboard's place, kept when a part of the page is drawn anew. */

/**
 * Where the focus is inside `node`, as a call that puts it on the same control of the node that
 * takes its place (or on that node itself). It does nothing when the focus was elsewhere.
 */
export function focusOf(node) {
  const focused = document.activeElement;
  if (!node.contains(focused)) return () => {};
  const { actionId, blockId, value } = focused.dataset;
  const caret = focused.selectionStart;
  return (next) => {
    const same = actionId && next.querySelector(selector(actionId, blockId, value));
    (same || next).focus({ preventScroll: true });
    if (same && typeof caret === "number") same.setSelectionRange(caret, caret);
  };
}

function selector(action, block, value) {
  const wanted = { "action-id": action, "block-id": block, value };
  const given = Object.entries(wanted).filter(([, text]) => text !== undefined);
  return given.map(([name, text]) => `[data-${name}="${CSS.escape(text)}"]`).join("");
}
