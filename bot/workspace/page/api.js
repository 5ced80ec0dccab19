/** What a person does, sent to the workspace's /person/ addresses; every failure is an ApiError. */

const SAID = {
  operation_timeout: "The app did not answer in time. Is it running?",
  unknown_command: "There is no such command.",
};

/** `code` is the workspace's own word for what went wrong. */
export class ApiError extends Error {
  constructor(code) {
    super(SAID[code] ?? code);
    this.code = code;
  }
}

export class Api {
  constructor(user) {
    this.user = user;
  }

  state() {
    return this.#get("state");
  }

  /**
   * {messages, statuses, prompts, title} of a channel, or with `thread` of the parent and its
   * replies; oldest first.
   */
  messages(channel, thread) {
    return this.#get("messages", { channel, thread_ts: thread });
  }

  async home() {
    return (await this.#get("home")).view;
  }

  say(channel, text, thread) {
    return this.#post("message", { channel, text, thread_ts: thread });
  }

  command(channel, command, text) {
    return this.#post("command", { channel, command, text });
  }

  /** `where` is {channel, message_ts} or {view_id}. */
  action(where, action, state) {
    return this.#post("action", { ...where, action, state });
  }

  options(where, action_id, block_id, value) {
    return this.#post("options", { ...where, action_id, block_id, value });
  }

  submit(view_id, state) {
    return this.#post("submit", { view_id, state });
  }

  close(view_id) {
    return this.#post("close", { view_id });
  }

  shortcut(callback_id, channel, message_ts) {
    return this.#post("shortcut", { callback_id, channel, message_ts });
  }

  openHome(tab) {
    return this.#post("home", { tab });
  }

  react(channel, ts, name) {
    return this.#post("react", { channel, ts, name });
  }

  #get(path, query = {}) {
    const given = Object.entries({ user: this.user, ...query }).filter(([, value]) => value);
    return answer(fetch(`/person/${path}?${new URLSearchParams(given)}`));
  }

  #post(path, body) {
    return answer(
      fetch(`/person/${path}`, {
        method: "POST",
        headers: { "content-type": "application/json" },
        body: JSON.stringify({ user: this.user, ...body }),
      }),
    );
  }
}

async function answer(request) {
  const response = await request.catch(() => {
    throw new ApiError("The workspace does not answer. Is it still running?");
  });
  const body = await response.json().catch(() => ({}));
  if (response.ok && body.ok !== false) return body;
  throw new ApiError(body.error ?? `The workspace answered ${response.status}.`);
}
