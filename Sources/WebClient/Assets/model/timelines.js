import { Timeline } from "./timeline.js";

/** Rooms and threads whose messages stay in memory. */
const kept = 8;

/** The windows of messages in memory; the one that was used longest ago goes first, unless a view shows it. */
export class Timelines {
  /** @type {Map<string, Timeline>} */
  #all = new Map();

  /** @param {import("./community.js").Community} community */
  constructor(community) {
    this.community = community;
  }

  /** @param {number} room @param {number} [thread] */
  get(room, thread) {
    const key = `${room}/${thread ?? ""}`;
    let timeline = this.#all.get(key);
    if (!timeline) {
      timeline = new Timeline(this.community, room, thread);
      this.#evict();
    } else {
      this.#all.delete(key);
    }
    // The last in the map is the one that was used last.
    this.#all.set(key, timeline);
    return timeline;
  }

  #evict() {
    for (const [key, timeline] of this.#all) {
      if (this.#all.size < kept) return;
      if (!timeline.isWatched) this.#all.delete(key);
    }
  }

  /** A room's own messages, if they are in memory. @param {number} room */
  known(room) {
    return this.#all.get(`${room}/`);
  }

  /** @param {number} room */
  of(room) {
    return [...this.#all.values()].filter((timeline) => timeline.roomId === room);
  }

  /** @param {number} room */
  drop(room) {
    for (const timeline of this.of(room)) this.#all.delete(timeline.key);
  }

  clear() {
    this.#all.clear();
  }
}
