/** The app's Home tab: the view the app has published for this person. */

import { Form } from "./blocks/form.js";
import { renderBlocks } from "./blocks/index.js";
import { h } from "./dom.js";
import { focusOf } from "./focus.js";
import { telling } from "./notice.js";

export class HomeTab {
  constructor(app) {
    this.app = app;
    this.form = new Form();
    this.body = h("div", { class: "home-body" });
    this.element = h("div", { class: "home", tabindex: "-1" }, this.body);
    this.draw(app.store.home);
  }

  draw(view) {
    const refocus = focusOf(this.body);
    this.form = new Form(this.form);
    const waiting = `${this.app.store.bot.name} has not shown anything here yet.`;
    this.body.replaceChildren(
      view ? renderBlocks(view.blocks, this.#scene(view)) : h("p", { class: "hint" }, waiting),
    );
    refocus(this.body);
  }

  #scene(view) {
    const { api, store } = this.app;
    const where = { view_id: view.id };
    const { form } = this;
    return {
      names: store.names,
      form,
      send: (action) => telling(api.action(where, action, form.state)),
      options: (part, block_id, query) => api.options(where, part.action_id, block_id, query),
    };
  }
}
