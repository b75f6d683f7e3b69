/**
 * Messages outside every window that one inside points to: what is replied to, and what a thread began with. Each is
 * asked for once.
 *
 * @typedef {import("./timeline.js").Message} Message
 */

/** Messages kept; the oldest goes first. */
const most = 400;

export class Quoted {
  /** @type {Map<string, {message?: Message, asked: Promise<Message | undefined>}>} */
  #found = new Map();

  /** @param {import("./community.js").Community} community */
  constructor(community) {
    this.community = community;
  }

  /** The message, if it has come; a view is told when it has. @param {number} room @param {number} seq @param {number} [thread] */
  message(room, seq, thread) {
    this.find(room, seq, thread);
    return this.#found.get(`${room}/${seq}`)?.message;
  }

  /**
   * @param {number} room
   * @param {number} seq
   * @param {number} [thread] Where it stands, unless at the top level.
   * @returns {Promise<Message | undefined>}
   */
  find(room, seq, thread) {
    const key = `${room}/${seq}`;
    const known = this.#found.get(key);
    if (known) return known.asked;
    const entry = { asked: this.#ask(key, { room, thread, after: seq - 1, limit: 1, fold: true }) };
    this.#found.set(key, entry);
    if (this.#found.size > most) this.#found.delete(this.#found.keys().next().value ?? "");
    return entry.asked;
  }

  /** @param {string} key @param {any} range @returns {Promise<Message | undefined>} */
  async #ask(key, range) {
    const answer = await this.community.command("history.get", range).catch(() => null);
    const message = answer?.messages[0]?.seq === range.after + 1 ? { version: 0, ...answer.messages[0] } : undefined;
    const entry = this.#found.get(key);
    if (entry && message) {
      entry.message = message;
      this.community.want([message.by]);
      this.community.tell("quoted");
    }
    return message;
  }

  /** What was changed is asked for anew when it is wanted: above all, what was removed is shown no longer. @param {any} event */
  apply(event) {
    if (event.message !== undefined && this.#found.delete(`${event.room}/${event.message}`)) {
      this.community.tell("quoted");
    }
  }

  forget() {
    this.#found.clear();
  }
}
