import { People } from "./people.js";
import { Timelines } from "./timelines.js";

/**
 * @typedef {object} Room
 * @property {number} id
 * @property {string} name
 * @property {string} title
 * @property {"public" | "private" | "direct"} kind
 * @property {string} topic
 * @property {string} epoch
 * @property {number} seq The newest event that has been applied.
 * @property {number} read_seq
 * @property {number} unread
 * @property {number} mentions
 * @property {string} [role] Absent for a room one is not in.
 * @property {number} slow_mode_s
 * @property {boolean} archived
 * @property {boolean} members_only_post
 * @property {number} members
 * @property {number[]} [with] The others of a direct room.
 * @property {number} countedSeq Up to here `unread` is as the server counted it.
 * @property {number} lastAt
 */

const ranks = ["guest", "bot", "member", "mentor", "moderator", "admin", "owner"];

/** The rooms one knows, what one may do in them, and how far one has read. */
export class Rooms extends People {
  /** @type {Map<number, Room>} */
  rooms = new Map();
  timelines = new Timelines(/** @type {any} */ (this));

  /** @param {string} role @param {Room} [room] */
  hasRank(role, room) {
    const own = room?.role ?? this.me?.role ?? "guest";
    const best = Math.max(ranks.indexOf(own), ranks.indexOf(this.me?.role ?? "guest"));
    return best >= ranks.indexOf(role);
  }

  /** Whether one may write at the top level of a room. @param {Room} room */
  canPost(room) {
    return Boolean(room.role) && !room.archived && (!room.members_only_post || this.hasRank("moderator", room));
  }

  /** @param {number} id */
  room(id) {
    return this.rooms.get(id);
  }

  /** @param {Room} room */
  roomTitle(room) {
    if (room.kind !== "direct") return room.title || room.name;
    const others = (room.with ?? []).map((id) => this.memberName(id));
    return others.length > 0 ? others.join(", ") : this.me?.name ?? "";
  }

  /** @param {number} room @param {number} [thread] */
  timeline(room, thread) {
    return this.timelines.get(room, thread);
  }

  /** Asks for one room's entry again. @param {number} id */
  async refreshRoom(id) {
    const answer = await this.command("room.list", { after: id - 1, limit: 1 }).catch(() => null);
    const entry = answer?.rooms?.[0];
    if (entry?.id === id && entry.role) this.addRoom(entry);
  }

  /** @param {any} entry */
  addRoom(entry) {
    const old = this.rooms.get(entry.id);
    this.rooms.set(entry.id, { ...entry, seq: old?.seq ?? entry.seq, countedSeq: entry.seq, lastAt: old?.lastAt ?? 0 });
    this.want(entry.with ?? []);
    this.tell("rooms");
  }

  /** Says how far one has read: here at once, to the server not more than twice a second. @param {Room} room @param {number} seq */
  markRead(room, seq) {
    if (seq <= room.read_seq && room.unread === 0) return;
    this.haveRead(room, seq);
    if (this.#marking.has(room.id)) return;
    this.#marking.add(room.id);
    setTimeout(() => this.#sendMark(room.id), 500);
  }

  /** Rooms whose read position will be sent. @type {Set<number>} */
  #marking = new Set();

  /** @param {number} id */
  #sendMark(id) {
    this.#marking.delete(id);
    const room = this.rooms.get(id);
    if (!room?.role) return;
    const seq = room.read_seq;
    this.command("read.mark", { room: id, seq }).then((answer) => {
      if (answer.unread === undefined || room.seq > seq) return;
      room.unread = answer.unread;
      this.tell("rooms");
    }, () => {});
  }

  /** @param {Room} room @param {number} seq */
  haveRead(room, seq) {
    room.read_seq = Math.max(room.read_seq, seq);
    const timeline = this.timelines.known(room.id);
    const later = timeline?.atEnd ? timeline.items.filter((m) => m.seq > seq && m.by !== this.me?.id).length : 0;
    room.unread = later;
    room.mentions = 0;
    this.tell("rooms");
  }
}
