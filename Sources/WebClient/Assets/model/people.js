import { Topics } from "../lib/store.js";

/** @typedef {{id: number, name: string, role: string}} Member */

/** How long a "typing" is believed, in milliseconds. */
const typingLifetime = 6000;

/** Who is in the community as far as this client has heard, who is there, and who types. */
export class People extends Topics {
  /** @type {Member | null} */
  me = null;
  /** @type {Map<number, Member>} */
  members = new Map();
  /** @type {Map<number, string>} */
  presence = new Map();
  /** @type {Set<number>} */
  #wanted = new Set();
  /** By room and thread, who types until when. @type {Map<string, Map<number, number>>} */
  #typing = new Map();

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
    if (isFirst) queueMicrotask(() => this.#fetchMembers());
  }

  async #fetchMembers() {
    const ids = [...this.#wanted];
    this.#wanted.clear();
    for (let from = 0; from < ids.length; from += 200) {
      const answer = await this.command("member.get", { members: ids.slice(from, from + 200) }).catch(() => null);
      for (const member of answer?.members ?? []) this.members.set(member.id, member);
    }
    this.tell("members");
  }

  /** Who types now, without oneself. @param {number} room @param {number} [thread] */
  typists(room, thread) {
    const now = Date.now();
    return [...(this.#typing.get(`${room}/${thread ?? ""}`) ?? new Map())]
      .filter(([member, until]) => until > now && member !== this.me?.id)
      .map(([member]) => member);
  }

  /** Somebody types. @param {any} event */
  types(event) {
    const key = `${event.room}/${event.thread ?? ""}`;
    if (!this.#typing.has(key)) this.#typing.set(key, new Map());
    this.#typing.get(key)?.set(event.member, Date.now() + typingLifetime);
    this.tell("typing", event);
    setTimeout(() => this.tell("typing", event), typingLifetime + 50);
  }

  /** What somebody typed has come. @param {any} event */
  stoppedTyping(event) {
    this.#typing.get(`${event.room}/${event.thread ?? ""}`)?.delete(event.by);
  }
}
