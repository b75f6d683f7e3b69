import { Refused } from "./http.js";

/** How long the server may take to let one in before it counts as gone, in milliseconds. */
const patience = 15_000;

/**
 * One connection to the daemon that comes back by itself.
 *
 * States: `connecting`, `online`, `offline` (waiting to try again), `signed-out`, `ended` (do not come back).
 */
export class Socket {
  /** @type {WebSocket | null} */
  #socket = null;
  #nextId = 1;
  /** @type {Map<number, {resolve: (ok: any) => void, reject: (error: Refused) => void}>} */
  #waiting = new Map();
  #attempt = 0;
  /** Counts connections, so that what comes late for one that was given up is dropped. */
  #tries = 0;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #retry;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #watchdog;
  #heartbeat = 25_000;
  #lastHeard = 0;
  state = "offline";
  /** What `hello` announced. @type {any} */
  hello = null;
  /** When the next try begins, for the banner. */
  retryAt = 0;

  /**
   * @param {object} part
   * @param {() => Promise<string>} part.takeTicket
   * @param {() => any[]} part.cursors Where to resume from.
   * @param {(opened: any) => void} part.opened
   * @param {(event: any) => void} part.received
   * @param {(state: string) => void} part.changed
   */
  constructor(part) {
    this.part = part;
    addEventListener("online", () => this.retryNow());
    document.addEventListener("visibilitychange", () => {
      if (!document.hidden) this.retryNow();
    });
  }

  connect() {
    clearTimeout(this.#retry);
    this.#drop("offline");
    this.#set("connecting");
    const number = this.#tries;
    this.#watchdog = setTimeout(() => this.#closed(1006), patience);
    this.#open(number).catch((error) => {
      if (number === this.#tries) this.#failed(error);
    });
  }

  /** Does not wait for the next try, if one is due. */
  retryNow() {
    if (this.state === "offline") this.connect();
  }

  close() {
    this.#set("signed-out");
    this.#drop("offline");
  }

  /**
   * @param {string} name
   * @param {Record<string, any>} [fields]
   * @returns {Promise<any>} The answer's `ok`.
   */
  command(name, fields = {}) {
    const socket = this.#socket;
    if (!socket || socket.readyState !== WebSocket.OPEN || this.state !== "online" && name !== "session.open") {
      return Promise.reject(new Refused({ code: "offline", retryable: true }));
    }
    const id = this.#nextId++;
    return new Promise((resolve, reject) => {
      this.#waiting.set(id, { resolve, reject });
      socket.send(JSON.stringify({ id, do: name, ...fields }));
    });
  }

  /** @param {number} number */
  async #open(number) {
    const ticket = await this.part.takeTicket();
    if (number !== this.#tries) return;
    const scheme = location.protocol === "https:" ? "wss" : "ws";
    const socket = new WebSocket(`${scheme}://${location.host}/v1/socket`, "lyceum.v1.json");
    this.#socket = socket;
    socket.onmessage = (message) => {
      if (this.#socket === socket) this.#receive(message.data, ticket);
    };
    socket.onclose = (close) => {
      if (this.#socket === socket) this.#closed(close.code);
    };
  }

  /** @param {string} text @param {string} ticket */
  #receive(text, ticket) {
    this.#lastHeard = Date.now();
    const frame = parsed(text);
    // What speaks another language is not the server.
    if (!frame) return this.#closed(1006);
    if (frame.re !== undefined) return this.#answer(frame);
    if (frame.event !== "hello") return this.part.received(frame);
    this.hello = frame;
    this.#heartbeat = frame.heartbeat_ms ?? this.#heartbeat;
    const number = this.#tries;
    this.command("session.open", { ticket, resume: this.part.cursors() }).then(
      (opened) => {
        this.#attempt = 0;
        this.#set("online");
        this.part.opened(opened);
        this.#watch();
      },
      (error) => {
        if (number === this.#tries) this.#failed(error);
      },
    );
  }

  /** @param {any} frame */
  #answer(frame) {
    const waiting = this.#waiting.get(frame.re);
    if (!waiting) return;
    this.#waiting.delete(frame.re);
    if (!frame.error) return waiting.resolve(frame.ok);
    waiting.reject(new Refused(frame.error));
    if (frame.error.code === "unauthenticated" && this.state === "online") this.connect();
  }

  /** A connection that has gone silent is gone: the server says something at every heartbeat. */
  #watch() {
    clearTimeout(this.#watchdog);
    this.#watchdog = setTimeout(() => {
      if (Date.now() - this.#lastHeard > this.#heartbeat * 2) this.#closed(1006);
      else this.#watch();
    }, this.#heartbeat / 2);
  }

  /** @param {any} error */
  #failed(error) {
    if (error.code === "unauthenticated") {
      this.#drop("unauthenticated");
      return this.#set("signed-out");
    }
    this.#closed(1006);
  }

  /** @param {number} code */
  #closed(code) {
    this.#drop("offline");
    if (this.state === "signed-out") return;
    if (code >= 4200 && code < 4300) return this.#set("ended");
    if (code >= 4100 && code < 4200) return this.#set("signed-out");
    const wait = Math.min(15_000, 400 * 2 ** this.#attempt) * (0.5 + Math.random() / 2);
    this.#attempt += 1;
    this.retryAt = Date.now() + wait;
    clearTimeout(this.#retry);
    this.#retry = setTimeout(() => this.connect(), wait);
    this.#set("offline");
  }

  /** @param {string} code What those that wait for an answer are told. */
  #drop(code) {
    clearTimeout(this.#watchdog);
    this.#tries += 1;
    const socket = this.#socket;
    this.#socket = null;
    if (socket) {
      socket.onclose = null;
      socket.close();
    }
    const waiting = [...this.#waiting.values()];
    this.#waiting.clear();
    for (const { reject } of waiting) reject(new Refused({ code, retryable: true }));
  }

  /** @param {string} state */
  #set(state) {
    if (this.state === state) return;
    this.state = state;
    this.part.changed(state);
  }
}

/** @param {string} text @returns {any} */
function parsed(text) {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
