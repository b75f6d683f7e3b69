/**
 * @typedef {object} Message
 * @property {number} seq
 * @property {number} at
 * @property {number} by
 * @property {string} text
 * @property {any[]} [tree] The text's Markdown, as the server read it.
 * @property {number} [thread]
 * @property {number} [reply_to]
 * @property {number[]} [mentions]
 * @property {boolean} [mentions_room]
 * @property {number} [edited_at]
 * @property {boolean} [deleted]
 * @property {{emoji: string, count: number, mine?: boolean}[]} [reactions]
 * @property {boolean} [pinned]
 * @property {{count: number, last_seq: number, title?: string, closed?: boolean}} [replies]
 * @property {any[]} [attachments]
 * @property {any} [bot] What a bot put under its message, and who made it say it.
 * @property {number} version Counts changes, so that a view knows what to draw anew.
 */

/** Messages fetched at once. */
const pageSize = 50;
/** Messages kept at once; the far end goes when more are fetched. */
const windowSize = 200;

/**
 * A window of a room's or a thread's messages, in order and without holes.
 *
 * A room's window holds no replies; they count on their roots. While the window does not reach the present, new
 * messages do not enter it.
 */
export class Timeline {
  /** @type {Message[]} */
  items = [];
  atStart = false;
  atEnd = false;
  /** Nothing has been fetched yet, or it no longer holds. */
  isEmpty = true;
  /** Views that show it. */
  watchers = 0;
  /** @type {any} Why the last fetch failed. */
  error = null;
  /** @type {Map<number, Message>} */
  #bySeq = new Map();
  /** @type {Promise<void> | null} */
  #fetching = null;
  /** Counts windows, so that an answer for an older one is dropped. */
  #generation = 0;

  /**
   * @param {import("./community.js").Community} community
   * @param {number} roomId
   * @param {number} [thread]
   */
  constructor(community, roomId, thread) {
    this.community = community;
    this.roomId = roomId;
    this.thread = thread;
    this.key = `${roomId}/${thread ?? ""}`;
  }

  get isWatched() {
    return this.watchers > 0;
  }

  get isFetching() {
    return this.#fetching !== null;
  }

  get newest() {
    return this.items[this.items.length - 1];
  }

  /** @param {number} seq */
  message(seq) {
    return this.#bySeq.get(seq);
  }

  /** The window no longer holds; a view that shows it asks anew. */
  reset() {
    this.#begin();
    this.#tell();
  }

  /** After a connection came back: what could not be fetched may be asked again. */
  retry() {
    if (this.error) {
      this.error = null;
      this.#tell();
    }
  }

  #begin() {
    this.items = [];
    this.#bySeq.clear();
    this.atStart = false;
    this.atEnd = false;
    this.isEmpty = true;
    this.error = null;
    this.#fetching = null;
    this.#generation += 1;
  }

  /** The newest messages. */
  loadLatest() {
    this.#begin();
    return this.#fetch({}, (page) => {
      this.#insert(page.messages);
      this.atStart = !page.next;
      this.atEnd = true;
    });
  }

  /** A window round `seq`. @param {number} seq */
  loadAround(seq) {
    this.#begin();
    return this.#fetch({ before: seq + 1, limit: 30 }, async (page, generation) => {
      const later = await this.#ask({ after: seq });
      if (generation !== this.#generation) return;
      this.#insert([...page.messages, ...later.messages]);
      this.atStart = !page.next;
      this.atEnd = !later.next;
    });
  }

  loadOlder() {
    const first = this.items[0];
    if (!first || this.atStart || this.#fetching) return;
    return this.#fetch({ before: first.seq }, (page) => {
      this.#insert(page.messages);
      this.atStart = !page.next;
      if (this.items.length > windowSize) this.#cut(this.items.splice(windowSize), false);
    });
  }

  loadNewer() {
    const last = this.newest;
    if (!last || this.atEnd || this.#fetching) return;
    return this.#fetch({ after: last.seq }, (page) => {
      this.#insert(page.messages);
      this.atEnd = !page.next;
      if (this.items.length > windowSize) this.#cut(this.items.splice(0, this.items.length - windowSize), true);
    });
  }

  /** @param {Message[]} gone @param {boolean} atTop */
  #cut(gone, atTop) {
    for (const message of gone) this.#bySeq.delete(message.seq);
    if (atTop) this.atStart = false;
    else this.atEnd = false;
  }

  /** @param {any} fields */
  #ask(fields) {
    return this.community.command("history.get", {
      room: this.roomId,
      thread: this.thread,
      limit: pageSize,
      fold: true,
      ...fields,
    });
  }

  /** @param {any} fields @param {(page: any, generation: number) => void | Promise<void>} take */
  #fetch(fields, take) {
    const generation = this.#generation;
    const fetching = (async () => {
      try {
        const page = await this.#ask(fields);
        // A newer window has begun meanwhile: this answer is of another one.
        if (generation !== this.#generation) return;
        await take(page, generation);
        this.isEmpty = false;
        this.error = null;
      } catch (error) {
        if (generation === this.#generation) this.error = error;
      } finally {
        if (generation === this.#generation) this.#fetching = null;
        this.#tell();
      }
    })();
    this.#fetching = fetching;
    return fetching;
  }

  /** @param {any[]} messages */
  #insert(messages) {
    for (const message of messages) {
      const known = this.#bySeq.get(message.seq);
      if (known) {
        Object.assign(known, message, { version: known.version + 1 });
        continue;
      }
      const added = { version: 0, ...message };
      this.#bySeq.set(added.seq, added);
      this.items.push(added);
    }
    this.items.sort((a, b) => a.seq - b.seq);
    this.community.want(messages.map((message) => message.by));
  }

  // MARK: Events

  /** Applies one event of the room. @param {any} event */
  apply(event) {
    if (event.event === "message.posted") return this.#posted(event);
    const message = this.#bySeq.get(event.message ?? event.thread);
    if (!message) return;
    switch (event.event) {
      case "message.edited":
        if (event.superseded) return;
        Object.assign(message, {
          text: event.text,
          tree: event.tree,
          mentions: event.mentions,
          mentions_room: event.mentions_room,
          bot: event.bot,
          edited_at: event.at,
        });
        break;
      case "message.restored":
        Object.assign(message, {
          text: event.text,
          tree: event.tree,
          mentions: event.mentions,
          edited_at: event.edited_at,
          deleted: false,
        });
        break;
      case "message.deleted":
        Object.assign(message, { text: "", tree: undefined, deleted: true, edited_at: undefined, reactions: [] });
        break;
      case "reaction.added":
        this.#react(message, event, 1);
        break;
      case "reaction.removed":
        this.#react(message, event, -1);
        break;
      case "message.pinned":
        message.pinned = true;
        break;
      case "message.unpinned":
        message.pinned = false;
        break;
      case "thread.updated":
        message.replies = { count: 0, last_seq: 0, ...message.replies, title: event.title, closed: event.closed };
        break;
      default:
        return;
    }
    message.version += 1;
    this.#tell();
  }

  /** @param {any} event */
  #posted(event) {
    if (event.thread && this.thread === undefined) return this.#replied(event);
    if (this.thread !== undefined && event.thread !== this.thread) return;
    if (this.isEmpty || !this.atEnd || this.#bySeq.has(event.seq)) return;
    this.#insert([event]);
    // A view at the end keeps the newest; cutting in steps keeps the work per message small.
    if (this.items.length > windowSize + pageSize) this.#cut(this.items.splice(0, 2 * pageSize), true);
    this.#tell();
  }

  /** @param {any} event */
  #replied(event) {
    const root = this.#bySeq.get(event.thread);
    if (!root) return;
    if (root.replies && root.replies.last_seq >= event.seq) return;
    root.replies = { ...root.replies, count: (root.replies?.count ?? 0) + 1, last_seq: event.seq };
    root.version += 1;
    this.#tell();
  }

  /** @param {Message} message @param {any} event @param {1 | -1} change */
  #react(message, event, change) {
    const mine = event.by === this.community.me?.id;
    const reactions = [...(message.reactions ?? [])];
    const index = reactions.findIndex((reaction) => reaction.emoji === event.emoji);
    if (index < 0) {
      if (change > 0) reactions.push({ emoji: event.emoji, count: 1, mine });
    } else {
      const old = reactions[index];
      // A page that was fetched while the event was on its way has counted one's own already.
      if (mine && old.mine === change > 0) return;
      const count = old.count + change;
      if (count <= 0) reactions.splice(index, 1);
      else reactions[index] = { emoji: old.emoji, count, mine: mine ? change > 0 : old.mine };
    }
    message.reactions = reactions;
  }

  #tell() {
    this.community.tell(`timeline:${this.key}`);
  }
}
