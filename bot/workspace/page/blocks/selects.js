/** What is chosen from lists: static, external, user and channel selects, single and multi. */

import { h } from "../dom.js";
import { withEmoji } from "../emoji.js";
import { icon } from "../icons.js";
import { Combobox, matching } from "../widgets/combobox.js";
import { changed, hooks } from "./act.js";

/** What Slack calls the choice of each kind of select; without one it is `option`. */
const NOUNS = { users: "user", channels: "channel", conversations: "conversation" };

export function select(part, slot, kind) {
  const noun = NOUNS[kind] ?? "option";
  const start = slot.scene.form.start(slot.block.block_id, part, {
    [`selected_${noun}`]: part[`initial_${noun}`] ?? null,
  })[`selected_${noun}`];
  const box = new Combobox({
    ...common(part, slot, kind),
    shown: start ? shownOf(start, slot.scene.names) : "",
    onPick: ({ slack }) => changed(part, slot, { [`selected_${noun}`]: slack }),
  });
  return h("span", { class: "select" }, box.element, icon("down"));
}

export function multiSelect(part, slot, kind) {
  const noun = `${NOUNS[kind] ?? "option"}s`;
  const { form, names } = slot.scene;
  const start = form.start(slot.block.block_id, part, {
    [`selected_${noun}`]: part[`initial_${noun}`] ?? [],
  });
  let chosen = start[`selected_${noun}`];
  const tags = h("span", { class: "tags" });
  const tell = (next) => {
    chosen = next;
    draw();
    changed(part, slot, { [`selected_${noun}`]: chosen });
  };
  const draw = () =>
    tags.replaceChildren(
      ...chosen.map((one) => tag(one, names, () => tell(chosen.filter((it) => it !== one)))),
    );
  const box = new Combobox({
    ...common(part, slot, kind),
    onPick: ({ slack }) => {
      box.shown = "";
      box.input.value = "";
      const full = chosen.length >= (part.max_selected_items ?? Infinity);
      if (!full && !chosen.some((one) => valueOf(one) === valueOf(slack))) tell([...chosen, slack]);
    },
  });
  draw();
  return h("span", { class: "select multi" }, tags, box.element);
}

function common(part, slot, kind) {
  const label = slot.label ?? part.placeholder?.text ?? "Choose";
  const find =
    kind === "external" ? asked(part, slot) : (query) => matching(listed(part, slot, kind), query);
  return {
    id: slot.fieldId,
    label,
    find,
    wait: kind === "external",
    placeholder: part.placeholder?.text ?? "Choose an option",
    props: { ...hooks(part, slot), "data-focus-on-load": part.focus_on_load },
  };
}

/** The app's own options for what was typed, once it is long enough (Slack: 3 unless told). */
function asked(part, slot) {
  const shortest = part.min_query_length ?? 3;
  return async (query) => {
    if (query.length < shortest) throw new Error(`Type ${shortest} letters or more`);
    return fromSlack(await slot.scene.options(part, slot.block.block_id, query));
  };
}

function listed(part, { scene }, kind) {
  if (kind === "static") return fromSlack(part);
  const people = [...scene.names.users()].map(({ id, name, real_name }) =>
    entry(id, `@${name}`, real_name),
  );
  const channels = [...scene.names.channels()].map(({ id, name }) => entry(id, `#${name}`));
  return { users: people, channels, conversations: [...channels, ...people] }[kind];
}

/** Slack's {options} or {option_groups} as a flat list the combobox shows. */
function fromSlack({ options, option_groups }) {
  const groups = option_groups ?? [{ options: options ?? [] }];
  return groups.flatMap((group) =>
    group.options.map((option) => ({
      text: withEmoji(option.text.text),
      detail: option.description?.text,
      value: option.value,
      group: group.label?.text,
      slack: option,
    })),
  );
}

function entry(id, text, detail) {
  return { text, detail, value: id, slack: id };
}

function valueOf(choice) {
  return choice.value ?? choice;
}

function shownOf(choice, names) {
  if (choice.text) return withEmoji(choice.text.text);
  const user = names.user(choice);
  return user ? `@${user.name}` : `#${names.channel(choice)?.name ?? choice}`;
}

function tag(choice, names, remove) {
  const text = shownOf(choice, names);
  const cross = {
    class: "icon-button",
    type: "button",
    "aria-label": `Remove ${text}`,
    onclick: remove,
  };
  return h("span", { class: "tag" }, text, h("button", cross, icon("close")));
}
