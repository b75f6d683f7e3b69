import { storage } from "../lib/storage.js";

/**
 * @typedef {object} Entry A message on its way, or one that did not get through.
 * @property {string} nonce
 * @property {number} room
 * @property {number} [thread]
 * @property {number} [reply_to]
 * @property {string[]} [attachments]
 * @property {any[]} [files] What the attachments are, to be shown meanwhile.
 * @property {string} text
 * @property {number} at
 * @property {"sending" | "sent" | "held" | "rejected" | "failed"} state
 * @property {any} [error]
 * @property {number} [seq]
 * @property {number} [review]
 */

/** How long a message that got through is marked as sent, in milliseconds. */
const sentMark = 2500;
/** How long an answer is waited for before the author may try again, in milliseconds. */
const patience = 15_000;

/**
 * Sends messages at most once each: a message keeps its nonce over every retry, reload and new connection, and the
 * server posts a nonce once.
 */
export class Outbox {
  /** @type {Entry[]} */
  entries = [];
  /** Messages that have just got through, by room and `seq`. @type {Set<string>} */
  justSent = new Set();

  /** @param {import("./community.js").Community} community */
  constructor(community) {
    this.community = community;
    community.on("posted", (event) => this.#posted(event));
    community.on("mine", (event) => this.#decided(event));
  }

  /** Each entry has a key of its own, so that two tabs do not write over each other's. */
  get #prefix() {
    return `outbox.${this.community.me?.id}.`;
  }

  /** Takes up what an earlier page left, and sends what waits. */
  resume() {
    for (const key of storage.keys(this.#prefix)) {
      const entry = storage.get(key);
      if (entry && !this.entries.some((known) => known.nonce === entry.nonce)) this.entries.push(entry);
    }
    this.entries.sort((a, b) => a.at - b.at);
    for (const entry of this.entries) {
      if (entry.state === "sending" || entry.state === "failed" && entry.error?.code === "offline") this.#send(entry);
    }
  }

  forget() {
    this.entries = [];
  }

  /** @param {number} room @param {number} [thread] */
  of(room, thread) {
    return this.entries.filter((entry) => entry.room === room && entry.thread === thread);
  }

  /** @param {{room: number, thread?: number, reply_to?: number, text: string, attachments?: string[], files?: any[]}} message */
  post(message) {
    const entry = /** @type {Entry} */ ({ ...message, nonce: crypto.randomUUID(), at: Date.now(), state: "sending" });
    this.entries.push(entry);
    this.#send(entry);
    return entry;
  }

  /** Under the same nonce: if it got through after all, it is not posted again. @param {Entry} entry */
  retry(entry) {
    entry.state = "sending";
    this.#send(entry);
  }

  /** @param {Entry} entry */
  discard(entry) {
    this.entries = this.entries.filter((known) => known !== entry);
    storage.remove(`${this.#prefix}${entry.nonce}`);
    this.community.tell("outbox", entry);
  }

  /** @param {Entry} entry */
  async #send(entry) {
    this.#changed(entry);
    const { room, thread, reply_to, text, nonce, attachments } = entry;
    const late = setTimeout(() => this.#late(entry), patience);
    try {
      const ok = await this.community.command("message.post", { room, thread, reply_to, text, nonce, attachments });
      if (ok.verdict === "hold") this.#held(entry, ok);
      else this.#sent(entry, ok.seq);
    } catch (error) {
      this.#refused(entry, /** @type {any} */ (error));
    } finally {
      clearTimeout(late);
    }
    this.#changed(entry);
  }

  /** No answer yet. One that comes after all still counts, and another try posts no second message. @param {Entry} entry */
  #late(entry) {
    if (entry.state !== "sending") return;
    entry.state = "failed";
    entry.error = { code: "late" };
    this.#changed(entry);
  }

  /** @param {Entry} entry @param {any} ok */
  #held(entry, ok) {
    entry.state = "held";
    entry.review = ok.review;
    if (ok.reasons) entry.error = { code: "held", details: { reasons: ok.reasons } };
  }

  /** @param {Entry} entry @param {number} seq */
  #sent(entry, seq) {
    entry.state = "sent";
    entry.seq = seq;
    this.#markSent(entry.room, seq);
    // Its event has come already, or is in a page that was fetched: the entry has done its work. Otherwise the event
    // takes it away; a room whose present is not on screen shows it no longer than the mark.
    const room = this.community.room(entry.room);
    if (!room || room.seq >= seq) this.discard(entry);
  }

  /** @param {Entry} entry @param {any} error */
  #refused(entry, error) {
    const { code, message, retry_after_ms, details } = error;
    entry.error = { code, message, retry_after_ms, details };
    entry.state = code === "rejected" ? "rejected" : "failed";
    // Never lost: it stays here, and goes out with the next connection.
    if (code === "rate_limited" && retry_after_ms) setTimeout(() => this.#again(entry), retry_after_ms);
  }

  /** @param {Entry} entry */
  #again(entry) {
    if (this.entries.includes(entry) && entry.state === "failed") this.retry(entry);
  }

  /** The message itself has come. @param {any} event */
  #posted(event) {
    if (event.by !== this.community.me?.id) return;
    const here = this.of(event.room, event.thread);
    const entry = here.find((known) => known.seq === event.seq) ??
      here.find((known) => known.state === "sending" && known.text.trim() === event.text.trim());
    if (!entry) return;
    this.#markSent(event.room, event.seq);
    this.discard(entry);
  }

  /** What the member's own stream says of a held one: why it waits, and what a moderator decided. @param {any} event */
  #decided(event) {
    const entry = this.entries.find((known) => known.state === "held" && known.review === event.review);
    if (!entry || event.review === undefined) return;
    if (event.event === "me.held") {
      entry.error = { code: "held", details: { reasons: event.reasons } };
    } else if (event.action === "approve" || event.action === "redact") {
      return this.discard(entry);
    } else if (event.event === "me.decided") {
      entry.state = "rejected";
      entry.error = { code: "rejected", message: event.reason };
    }
    this.#changed(entry);
  }

  /** @param {number} room @param {number} seq */
  #markSent(room, seq) {
    const key = `${room}/${seq}`;
    this.justSent.add(key);
    setTimeout(() => {
      this.justSent.delete(key);
      this.community.tell("sent", room);
    }, sentMark);
  }

  /** @param {Entry} entry */
  #changed(entry) {
    // What has got through, or was discarded, is not kept.
    if (entry.state !== "sent" && this.entries.includes(entry)) {
      if (!storage.set(`${this.#prefix}${entry.nonce}`, entry)) this.community.tell("storage");
    } else {
      storage.remove(`${this.#prefix}${entry.nonce}`);
    }
    this.community.tell("outbox", entry);
  }
}
