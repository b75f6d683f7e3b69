import { Timeline } from "./timeline.js";

/** Windows whose messages stay in memory. */
const most = 8;

/** The windows of rooms and threads, those that were used last; one that is on screen stays. */
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

  /** The room's own window, if there is one. @param {number} room */
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

  forget() {
    this.#all.clear();
  }

  #evict() {
    for (const [key, timeline] of this.#all) {
      if (this.#all.size < most) return;
      if (!timeline.isWatched) this.#all.delete(key);
    }
  }
}
