import { Rooms } from "./rooms.js";

/** @typedef {import("./rooms.js").Room} Room */

/** What this client knows of the community, kept by the events of the socket. */
export class Community extends Rooms {
  /** @type {{epoch: string, seq: number}} */
  meCursor = { epoch: "", seq: 0 };
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
    if (!follows) { for (const timeline of this.timelines.of(entry.id)) timeline.reset(); }
    if (follows) { for (const timeline of this.timelines.of(entry.id)) timeline.retry(); }
  }

  /** Forgets everything, as another member signs in. */
  forget() {
    this.me = null;
    this.rooms.clear();
    this.members.clear();
    this.presence.clear();
    this.timelines.clear();
    this.#filling.clear();
  }

  /** @param {number} id */
  #dropRoom(id) {
    this.rooms.delete(id);
    this.timelines.drop(id);
    this.tell("room-gone", id);
    this.tell("rooms");
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
        this.stoppedTyping(event);
        if (counts && !event.thread) {
          if (by) this.haveRead(room, event.seq);
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
    for (const timeline of this.timelines.of(room.id)) timeline.apply(event);
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
        this.types(event);
        break;
      case "presence":
        for (const { member, state } of event.members) this.presence.set(member, state);
        this.tell("presence");
        break;
      case "read": {
        const room = this.rooms.get(event.room);
        if (room) this.haveRead(room, event.read_seq);
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
}
