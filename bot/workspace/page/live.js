/** The live line: every event of the workspace once, in order, over a WebSocket that comes back. */

const FIRST_WAIT = 300; // milliseconds; doubled up to the longest
const LONGEST_WAIT = 5000;

export class Live {
  #user;
  #onEvent;
  #onLine;
  #wait = FIRST_WAIT;
  #socket = null;
  #left = false;

  /** `onEvent(event)` for each event; `onLine(up)` whenever the line comes or goes. */
  constructor(user, onEvent, onLine) {
    this.#user = user;
    this.#onEvent = onEvent;
    this.#onLine = onLine;
    // A page kept for the back button may not hold a socket: let go, and come back when shown.
    addEventListener("pagehide", () => this.#leave());
    addEventListener("pageshow", (event) => event.persisted && this.#comeBack());
  }

  /** Settles once the line is first up, so that what is asked for next is also heard. */
  open() {
    return new Promise((resolve) => this.#connect(resolve));
  }

  #connect(opened = () => {}) {
    const scheme = location.protocol === "https:" ? "wss" : "ws";
    const user = encodeURIComponent(this.#user);
    this.#socket = new WebSocket(`${scheme}://${location.host}/person/live?user=${user}`);
    this.#socket.onmessage = ({ data }) => this.#onEvent(JSON.parse(data));
    this.#socket.onopen = () => {
      this.#wait = FIRST_WAIT;
      this.#onLine(true);
      opened();
    };
    this.#socket.onclose = () => this.#lost(opened);
  }

  #lost(opened) {
    if (this.#left) return;
    this.#onLine(false);
    setTimeout(() => this.#left || this.#connect(opened), this.#wait);
    this.#wait = Math.min(this.#wait * 2, LONGEST_WAIT);
  }

  #leave() {
    this.#left = true;
    this.#socket?.close();
  }

  #comeBack() {
    this.#left = false;
    this.#connect();
  }
}
