/**
 * What the page knows: people, channels and the messages it has read, kept up to date by live
 * events. It draws nothing.
 */

export class Store {
  team = { name: "" };
  me = null;
  users = new Map();
  channels = new Map();
  bot = null;
  commands = [];
  shortcuts = [];
  connected = false;
  home = null;
  unread = new Map(); // channel id -> how many messages came unseen
  statuses = new Map(); // "channel/thread" -> {status, loading_messages}
  prompts = new Map(); // "channel/thread" -> {title, prompts}
  #reads = new Set(); // of lists of changes, one for each answer on its way
  #messages = new Map(); // "channel/thread" -> Map of ts -> message

  /** Take over an answer of GET /person/state. */
  load(state) {
    this.team = state.team;
    this.me = state.me;
    this.users = new Map(state.users.map((user) => [user.id, user]));
    this.channels = new Map(state.channels.map((channel) => [channel.id, channel]));
    this.bot = state.bot;
    this.commands = state.commands;
    this.shortcuts = state.shortcuts;
    this.connected = state.connected;
  }

  /** The resolver that mrkdwn and rich text ask for names. */
  names = {
    users: () => this.users.values(),
    channels: () => [...this.channels.values()].filter(({ kind }) => kind === "channel"),
    user: (id) => {
      const user = this.users.get(id);
      return user && { ...user, is_me: id === this.me.id };
    },
    channel: (id) => this.channels.get(id),
  };

  /** The app's direct channel with the person, if there is one. */
  get appChannel() {
    return [...this.channels.values()].find((channel) => channel.kind === "im");
  }

  /** Who is at work in the threads of a channel: [{thread_ts, status, loading_messages}]. */
  statusesIn(channel) {
    return [...this.statuses.values()].filter((status) => status.channel === channel);
  }

  /**
   * Take over an answer of GET /person/messages. What happens while it is on its way is applied
   * once more on top of it: the answer may be older.
   */
  async read(channel, thread, request) {
    const meanwhile = [];
    this.#reads.add(meanwhile);
    try {
      this.#keep(channel, thread, await request);
    } finally {
      this.#reads.delete(meanwhile);
    }
    for (const change of meanwhile) change();
  }

  /** A status event; an empty status ends it. */
  setStatus(event) {
    const place = key(event.channel, event.thread_ts);
    this.#change(() =>
      event.status ? this.statuses.set(place, event) : this.statuses.delete(place),
    );
  }

  /** Oldest first; empty when the conversation was never read. */
  messages(channel, thread) {
    const known = this.#messages.get(key(channel, thread)) ?? new Map();
    return [...known.values()].sort((one, other) => (one.ts < other.ts ? -1 : 1));
  }

  /** A live message, or an edit of one. Returns the messages that changed, with their pane. */
  put(channel, message) {
    return this.#change(() => this.#put(channel, message));
  }

  drop(channel, ts) {
    this.#change(() => {
      for (const [place, messages] of this.#messages) {
        if (place.startsWith(`${channel}/`)) messages.delete(ts);
      }
    });
  }

  find(channel, ts) {
    const places = [...this.#messages].filter(([place]) => place.startsWith(`${channel}/`));
    return places.map(([, messages]) => messages.get(ts)).find(Boolean);
  }

  #change(change) {
    for (const meanwhile of this.#reads) meanwhile.push(change);
    return change();
  }

  #keep(channel, thread, { messages, statuses, prompts, title }) {
    const place = key(channel, thread);
    this.#messages.set(place, new Map(messages.map((message) => [message.ts, message])));
    this.prompts.set(place, { title, prompts });
    for (const old of this.statusesIn(channel)) this.statuses.delete(key(channel, old.thread_ts));
    for (const [thread_ts, status] of Object.entries(statuses)) {
      this.statuses.set(key(channel, thread_ts), { channel, thread_ts, ...status });
    }
  }

  #put(channel, message) {
    if (!isReply(message)) return this.#putParent(channel, message);
    this.#set(channel, message.thread_ts, message);
    const changed = [{ thread: message.thread_ts, message }];
    if (message.subtype === "thread_broadcast") changed.push(...this.#putParent(channel, message));
    return changed;
  }

  #putParent(channel, message) {
    this.#set(channel, undefined, message);
    this.#set(channel, message.ts, message);
    return [{ message }, { thread: message.ts, message }];
  }

  #set(channel, thread, message) {
    this.#messages.get(key(channel, thread))?.set(message.ts, message);
  }
}

/** The name of a pane: a channel, or one thread of it. */
export function key(channel, thread) {
  return `${channel}/${thread ?? ""}`;
}

export function isReply(message) {
  return Boolean(message.thread_ts) && message.thread_ts !== message.ts;
}
