import { People } from "./people.js";
import { Quoted } from "./quoted.js";
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
/** What this client knows of the community, kept by the events of the socket. */
export class Community extends People {
  /** @type {{epoch: string, seq: number}} */
  meCursor = { epoch: "", seq: 0 };
  /** @type {Map<number, Room>} */
  rooms = new Map();
  /** Messages outside the windows. */
  quoted = new Quoted(this);
  #timelines = new Timelines(this);
  /** Rooms whose hole is being filled, with what arrived meanwhile. @type {Map<number, any[]>} */
  #filling = new Map();

  // MARK: Session

  /** Where to resume from. */
  cursors() {
    if (!this.me) return [];
    const rooms = [...this.rooms.values()].filter((room) => room.role)
      .map((room) => ({ room: room.id, epoch: room.epoch, seq: room.seq }));
    return [...rooms, { stream: "me", ...this.meCursor }];
  }

  /** Takes in the answer to `session.open`. @param {any} opened */
  open(opened) {
    const isOther = this.me !== null && this.me.id !== opened.member.id;
    if (isOther) this.forget();
    this.me = opened.member;
    this.members.set(opened.member.id, opened.member);
    const replays = new Map(
      opened.resumed.filter((/** @type {any} */ r) => r.room).map((/** @type {any} */ r) => [r.room, r]),
    );
    const known = new Set(opened.rooms.map((/** @type {any} */ room) => room.id));
    for (const id of [...this.rooms.keys()]) if (!known.has(id)) this.#dropRoom(id);
    for (const entry of opened.rooms) this.#resumeRoom(entry, replays.get(entry.id));
    const me = opened.resumed.find((/** @type {any} */ r) => r.stream === "me");
    if (!me || me.reset) this.meCursor = opened.me;
    this.presence.set(opened.member.id, "online");
    this.quoted.forget();
    this.want([...this.rooms.values()].flatMap((room) => room.with ?? []));
    this.tell("me");
    this.tell("rooms");
  }

  /** @param {any} entry @param {any} resumed */
  #resumeRoom(entry, resumed) {
    const old = this.rooms.get(entry.id);
    const follows = old && resumed?.replay !== undefined;
    // What is replayed is applied event by event from where we were.
    this.rooms.set(entry.id, {
      ...entry,
      seq: follows ? old.seq : entry.seq,
      countedSeq: entry.seq,
      lastAt: old?.lastAt ?? 0,
    });
    for (const timeline of this.#timelines.of(entry.id)) {
      if (follows) timeline.retry();
      else timeline.reset();
    }
  }

  /** Forgets everything, as another member signs in. @override */
  forget() {
    super.forget();
    this.rooms.clear();
    this.quoted.forget();
    this.#timelines.forget();
    this.#filling.clear();
  }

  /** @param {number} id */
  #dropRoom(id) {
    this.rooms.delete(id);
    this.#timelines.drop(id);
    this.tell("room-gone", id);
    this.tell("rooms");
  }

  // MARK: Rights

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

  // MARK: Looking

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
    return this.#timelines.get(room, thread);
  }

  // MARK: Events

  /** Takes in what the socket brings. @param {any} event */
  receive(event) {
    if (event.stream === "me") return this.#receiveMine(event);
    if (event.stream) return this.tell("stream", event);
    if (event.room !== undefined && event.seq !== undefined) return this.#receiveOrdered(event);
    this.#receiveSignal(event);
  }

  /** @param {any} event */
  #receiveOrdered(event) {
    const room = this.rooms.get(event.room);
    if (!room) return;
    const filling = this.#filling.get(room.id);
    if (filling) filling.push(event);
    else if (event.seq > room.seq + 1) this.#fill(room, [event]);
    else if (event.seq === room.seq + 1) this.#apply(room, event);
    // Anything older has been applied: it came twice.
  }

  /** Fetches what is missing between what was applied and what came. @param {Room} room @param {any[]} later */
  async #fill(room, later) {
    this.#filling.set(room.id, later);
    try {
      for (;;) {
        const page = await this.command("history.get", { room: room.id, after: room.seq, limit: 200 });
        for (const event of page.events) if (event.seq === room.seq + 1) this.#apply(room, event);
        if (!page.next) break;
      }
    } catch {
      // The next resume, or the next heartbeat, asks again.
    } finally {
      this.#filling.delete(room.id);
    }
    for (const event of later) if (event.seq === room.seq + 1) this.#apply(room, event);
  }

  /** @param {Room} room @param {any} event */
  #apply(room, event) {
    room.seq = event.seq;
    const counts = event.seq > room.countedSeq;
    const by = event.by === this.me?.id;
    switch (event.event) {
      case "message.posted":
        room.lastAt = event.at;
        this.heardPost(event);
        if (counts && !event.thread) {
          if (by) this.#haveRead(room, event.seq);
          else room.unread += 1;
        }
        if (counts && !by && (event.mentions_room || event.mentions?.includes(this.me?.id))) room.mentions += 1;
        this.tell("posted", event);
        break;
      case "room.updated":
        for (const name of ["title", "topic", "slow_mode_s", "members_only_post", "archived"]) {
          if (event[name] !== undefined) /** @type {any} */ (room)[name] = event[name];
        }
        break;
      case "member.joined":
        this.members.set(event.member.id, { ...this.members.get(event.member.id), ...event.member });
        if (counts) room.members += 1;
        this.tell("roster", room.id);
        break;
      case "member.left":
        if (counts) room.members -= 1;
        if (event.member === this.me?.id) return this.#dropRoom(room.id);
        this.tell("roster", room.id);
        break;
    }
    for (const timeline of this.#timelines.of(room.id)) timeline.apply(event);
    this.quoted.apply(event);
    if (event.event.startsWith("qa.") || event.event.startsWith("question.") || event.event.startsWith("poll.")) {
      this.tell("live", event);
    }
    this.tell("rooms");
  }

  /** @param {any} event */
  #receiveMine(event) {
    if (event.seq <= this.meCursor.seq) return;
    this.meCursor = { ...this.meCursor, seq: event.seq };
    switch (event.event) {
      case "me.room_added":
        if (!this.rooms.has(event.room)) this.refreshRoom(event.room);
        break;
      case "me.room_removed":
        this.#dropRoom(event.room);
        break;
      case "me.role_changed":
        this.#roleChanged(event);
        break;
    }
    this.tell("mine", event);
  }

  /** @param {any} event */
  #roleChanged(event) {
    const room = event.room ? this.rooms.get(event.room) : null;
    if (room) room.role = event.role;
    else if (this.me) this.me = { ...this.me, role: event.role };
    this.tell("me");
    this.tell("rooms");
  }

  /** @param {any} event */
  #receiveSignal(event) {
    switch (event.event) {
      case "heartbeat":
        for (const [id, head] of Object.entries(event.heads ?? {})) {
          const room = this.rooms.get(Number(id));
          if (room && Number(head) > room.seq && !this.#filling.has(room.id)) this.#fill(room, []);
        }
        break;
      case "typing":
        this.heardTyping(event);
        break;
      case "presence":
        for (const { member, state } of event.members) this.presence.set(member, state);
        this.tell("presence");
        break;
      case "read": {
        const room = this.rooms.get(event.room);
        if (room) this.#haveRead(room, event.read_seq);
        break;
      }
      case "recommendations":
        this.tell("recommendations", event);
        break;
      default:
        // A newer server says things that this client does not know; they are not for it.
        this.tell("signal", event);
    }
  }

  // MARK: Rooms

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
    this.#haveRead(room, seq);
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
  #haveRead(room, seq) {
    room.read_seq = Math.max(room.read_seq, seq);
    const timeline = this.#timelines.known(room.id);
    const later = timeline?.atEnd ? timeline.items.filter((m) => m.seq > seq && m.by !== this.me?.id).length : 0;
    room.unread = later;
    room.mentions = 0;
    this.tell("rooms");
  }
}
