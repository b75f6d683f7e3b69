import { Topics } from "../lib/store.js";

/** @typedef {{id: number, name: string, role: string}} Member */

/** How long a "typing" is believed, in milliseconds. */
const typingLifetime = 6000;
/** Members asked for at once. */
const pageSize = 200;

/** Who is there: names, presence, and who is typing. */
export class People extends Topics {
  /** @type {Member | null} */
  me = null;
  /** @type {Map<number, Member>} */
  members = new Map();
  /** @type {Map<number, string>} */
  presence = new Map();
  /** By room and thread, who types until when. @type {Map<string, Map<number, number>>} */
  #typing = new Map();
  /** @type {Set<number>} */
  #wanted = new Set();

  /** @param {(name: string, fields?: any) => Promise<any>} command */
  constructor(command) {
    super();
    this.command = command;
  }

  /** The name, or nothing yet while it is being asked for. @param {number} id */
  memberName(id) {
    const member = this.members.get(id);
    if (!member) this.want([id]);
    return member?.name ?? "…";
  }

  /** Asks for members that are not known, all of one moment at once. @param {number[]} ids */
  want(ids) {
    const unknown = ids.filter((id) => id > 0 && !this.members.has(id) && !this.#wanted.has(id));
    if (unknown.length === 0) return;
    const isFirst = this.#wanted.size === 0;
    for (const id of unknown) this.#wanted.add(id);
    if (isFirst) queueMicrotask(() => this.#fetch());
  }

  async #fetch() {
    const ids = [...this.#wanted];
    this.#wanted.clear();
    for (let from = 0; from < ids.length; from += pageSize) {
      const answer = await this.command("member.get", { members: ids.slice(from, from + pageSize) }).catch(() => null);
      for (const member of answer?.members ?? []) this.members.set(member.id, member);
    }
    this.tell("members");
  }

  /** Who types now, without oneself. @param {number} room @param {number} [thread] */
  typists(room, thread) {
    const now = Date.now();
    return [...(this.#typing.get(place({ room, thread })) ?? new Map())]
      .filter(([member, until]) => until > now && member !== this.me?.id)
      .map(([member]) => member);
  }

  /** @param {any} event */
  heardTyping(event) {
    const key = place(event);
    if (!this.#typing.has(key)) this.#typing.set(key, new Map());
    this.#typing.get(key)?.set(event.member, Date.now() + typingLifetime);
    this.tell("typing", event);
    setTimeout(() => this.tell("typing", event), typingLifetime + 50);
  }

  /** Who has posted types no longer. @param {any} event */
  heardPost(event) {
    if (this.#typing.get(place(event))?.delete(event.by)) this.tell("typing", event);
  }

  forget() {
    this.me = null;
    this.members.clear();
    this.presence.clear();
  }
}

/** @param {{room: number, thread?: number}} where */
function place({ room, thread }) {
  return `${room}/${thread ?? ""}`;
}
