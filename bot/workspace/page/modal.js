/** The app's modals: a stack of views, each a dialog over the one before, with Slack's rules. */

import { Form } from "./blocks/form.js";
import { missing, renderBlocks, showErrors } from "./blocks/index.js";
import { busy } from "./blocks/act.js";
import { fragment, h } from "./dom.js";
import { withEmoji } from "./emoji.js";
import { focusOf } from "./focus.js";
import { telling } from "./notice.js";
import { dialog } from "./widgets/dialog.js";

export class Modals {
  #stack = [];

  constructor(api, store) {
    this.api = api;
    this.store = store;
  }

  /** A first view; views that were open are gone, as views.open has it. */
  open(view) {
    this.clear();
    this.push(view);
  }

  push(view) {
    this.#stack.push(new Modal(this, view));
  }

  update(view) {
    this.#stack.find(({ id }) => id === view.id)?.draw(view);
  }

  /** The view is over, and with it all that lay on top of it. */
  close(id) {
    const at = this.#stack.findIndex((modal) => modal.id === id);
    if (at >= 0)
      this.#stack
        .splice(at)
        .reverse()
        .forEach((modal) => modal.leave());
  }

  clear() {
    this.#stack
      .splice(0)
      .reverse()
      .forEach((modal) => modal.leave());
  }
}

class Modal {
  constructor(modals, view) {
    this.modals = modals;
    this.id = view.id;
    this.form = new Form();
    this.body = h("div", { class: "dialog-body", tabindex: "-1" });
    this.foot = h("footer", { class: "dialog-foot" });
    const onsubmit = (event) => this.#onSubmit(event);
    const form = h(
      "form",
      { class: "dialog-form", novalidate: true, onsubmit },
      this.body,
      this.foot,
    );
    this.shown = dialog("", { onClose: () => this.#close(), kind: "modal" }, form);
    this.shown.box.dataset.viewId = view.id;
    this.draw(view);
    (this.body.querySelector("[data-focus-on-load], input, textarea, button") ?? this.body).focus();
  }

  draw(view) {
    this.view = view;
    const refocus = focusOf(this.body);
    this.form = new Form(this.form);
    this.shown.title.textContent = withEmoji(view.title.text);
    this.body.replaceChildren(renderBlocks(view.blocks, this.#scene()));
    this.foot.replaceChildren(this.#buttons());
    refocus(this.body);
  }

  leave() {
    this.shown.leave();
  }

  #scene() {
    const { api, store } = this.modals;
    const where = { view_id: this.id };
    return {
      names: store.names,
      form: this.form,
      send: (action) => telling(api.action(where, action, this.form.state)),
      options: (part, block_id, query) => api.options(where, part.action_id, block_id, query),
    };
  }

  #buttons() {
    const { close, submit } = this.view;
    const cancel = h(
      "button",
      { class: "button", type: "button" },
      close?.text ?? (submit ? "Cancel" : "Close"),
    );
    cancel.addEventListener("click", () => this.#close());
    this.submit = submit && h("button", { class: "button primary", type: "submit" }, submit.text);
    return fragment(cancel, this.submit);
  }

  #onSubmit(event) {
    event.preventDefault();
    if (!this.submit) return;
    const errors = missing(this.view.blocks, this.form);
    showErrors(this.body, errors);
    if (Object.keys(errors).length === 0) busy(this.submit, () => this.#send());
  }

  /** The app answers with errors, or the workspace says by live events what becomes of the view. */
  async #send() {
    const answer = await telling(this.modals.api.submit(this.id, this.form.state));
    if (answer?.response_action === "errors") showErrors(this.body, answer.errors);
  }

  #close() {
    this.modals.close(this.id);
    telling(this.modals.api.close(this.id));
  }
}
