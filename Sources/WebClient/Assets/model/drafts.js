import { storage } from "../lib/storage.js";

/** Texts that were begun, by member, room and thread. They survive a reload, and storage that is full or forbidden. */
export class Drafts {
  #member = 0;
  /** Keys of drafts by room. @type {Map<number, Set<string>>} */
  #rooms = new Map();

  /** @param {import("../lib/store.js").Topics} topics */
  constructor(topics) {
    this.topics = topics;
  }

  /** Takes up the drafts of another member. @param {number} member */
  of(member) {
    this.#member = member;
    this.#rooms.clear();
    for (const key of storage.keys(`draft.${member}.`)) this.#note(Number(key.split(".")[2]), key);
  }

  /** @param {number} room @param {string} key */
  #note(room, key) {
    if (!this.#rooms.has(room)) this.#rooms.set(room, new Set());
    this.#rooms.get(room)?.add(key);
  }

  /** @param {number} room @param {number} [thread] */
  #key(room, thread) {
    return `draft.${this.#member}.${room}.${thread ?? ""}`;
  }

  /** @param {number} room @param {number} [thread] @returns {{text: string, reply_to?: number}} */
  get(room, thread) {
    return storage.get(this.#key(room, thread)) ?? { text: "" };
  }

  /** @param {number} room @param {number | undefined} thread @param {{text: string, reply_to?: number}} draft */
  set(room, thread, draft) {
    const had = this.has(room);
    const key = this.#key(room, thread);
    if (draft.text.trim() === "" && !draft.reply_to) {
      storage.remove(key);
      this.#rooms.get(room)?.delete(key);
    } else {
      this.#note(room, key);
      if (!storage.set(key, draft)) this.topics.tell("storage");
    }
    if (had !== this.has(room)) this.topics.tell("rooms");
  }

  /** Whether a room, or one of its threads, has one. @param {number} room */
  has(room) {
    return (this.#rooms.get(room)?.size ?? 0) > 0;
  }
}
