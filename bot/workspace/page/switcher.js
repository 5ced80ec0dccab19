/** Ctrl+K: jump to a channel by typing a part of its name. */

import { h } from "./dom.js";
import { Combobox, matching } from "./widgets/combobox.js";
import { dialog } from "./widgets/dialog.js";

export function openSwitcher(app) {
  const places = [...app.store.channels.values()].map((channel) => ({
    text: app.channelName(channel),
    detail: channel.topic,
    value: channel.id,
  }));
  const close = () => shown.leave();
  const box = new Combobox({
    label: "Jump to",
    placeholder: "Channel or app",
    find: (query) => matching(places, query),
    onPick: ({ value }) => {
      close();
      app.openChannel(value);
    },
  });
  const shown = dialog(
    "Jump to",
    { onClose: close, kind: "dialog-small" },
    h("div", { class: "dialog-body" }, box.element),
  );
  box.input.focus();
  box.input.click();
}
