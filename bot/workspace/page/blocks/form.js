/** What is filled in on one message or view, in the shape of Slack's `state.values`. */

const VALUE_KEYS = [
  "value",
  "selected_option",
  "selected_date",
  "selected_time",
  "selected_date_time",
];
const CHOSEN_KEYS = ["selected_user", "selected_channel", "selected_conversation"];
const LIST_KEYS = [
  "selected_options",
  "selected_users",
  "selected_channels",
  "selected_conversations",
];

export class Form {
  #values = {};
  #touched = new Set();
  #kept;

  /** `previous` is the form of what this one replaces: what was chosen or typed there stays. */
  constructor(previous) {
    this.#kept = previous?.touched ?? new Map();
    this.pressed = previous?.pressed ?? new Map(); // action_id of feedback_buttons -> value
  }

  /** What a person put into an element. */
  set(block_id, element, entry) {
    this.#touched.add(place(block_id, element.action_id));
    this.#put(block_id, element, entry);
  }

  get(block_id, action_id) {
    return this.#values[block_id]?.[action_id];
  }

  /** The entry an element starts with: what a person put there before, else what it says. */
  start(block_id, element, initial) {
    const kept = this.#kept.get(place(block_id, element.action_id));
    if (kept?.type === element.type) this.set(block_id, element, kept);
    else this.#put(block_id, element, initial);
    return this.get(block_id, element.action_id);
  }

  /** The entries a person put in, by place. */
  get touched() {
    const entry = (name) => this.get(...JSON.parse(name));
    return new Map([...this.#touched].map((name) => [name, entry(name)]));
  }

  get state() {
    return { values: this.#values };
  }

  #put(block_id, element, entry) {
    this.#values[block_id] ??= {};
    this.#values[block_id][element.action_id] = { ...entry, type: element.type };
  }
}

function place(block_id, action_id) {
  return JSON.stringify([block_id, action_id]);
}

/** Whether an entry holds nothing a person chose or typed. */
export function isEmpty(entry) {
  if (!entry) return true;
  const list = LIST_KEYS.find((name) => name in entry);
  if (list) return entry[list].length === 0;
  return [...VALUE_KEYS, ...CHOSEN_KEYS].every((name) =>
    [undefined, null, ""].includes(entry[name]),
  );
}
