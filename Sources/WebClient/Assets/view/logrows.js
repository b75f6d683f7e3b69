import { KeyedList } from "../lib/keyed.js";
import { dayKey } from "../lib/time.js";
import { asides, community, outbox } from "../model/app.js";
import { asideRow } from "./bots.js";
import { dayLine, entryRow, messageRow, unreadLine } from "./message.js";

/**
 * @typedef {import("../model/timeline.js").Message} Message
 * @typedef {import("../model/timeline.js").Timeline} Timeline
 * @typedef {import("./log.js").LogActions} LogActions
 */

/** Messages of one author closer than this stand under one name, in milliseconds. */
const groupTime = 5 * 60_000;

/** The rows of a log: its messages under their days, and what is on its way. */
export class LogRows {
  #list;

  /** @param {HTMLElement} list */
  constructor(list) {
    this.#list = new KeyedList(list);
  }

  clear() {
    this.#list.clear();
  }

  /** The row of a message by its `seq`, or the line called `unread`. @param {number | string} key */
  row(key) {
    return this.#list.node(String(key));
  }

  /** @param {Timeline} timeline @param {LogActions} actions @param {number} unreadAfter The last message that was read. */
  draw(timeline, actions, unreadAfter) {
    this.#list.begin();
    this.#addMessages(timeline, actions, unreadAfter);
    if (timeline.atEnd) {
      for (const entry of outbox.of(timeline.roomId, timeline.thread)) {
        if (entry.seq && timeline.message(entry.seq)) continue;
        const look = `${entry.state} ${document.documentElement.lang}`;
        this.#list.add(entry.nonce, look, () => entryRow(entry, actions));
      }
    }
    for (const aside of timeline.atEnd ? asides.of(timeline.roomId, timeline.thread) : []) {
      this.#list.add(`aside ${aside.invocation}`, document.documentElement.lang, () => asideRow(aside));
    }
    this.#list.end();
  }

  /** @param {Timeline} timeline @param {LogActions} actions @param {number} unreadAfter */
  #addMessages(timeline, actions, unreadAfter) {
    const language = document.documentElement.lang;
    const look = { compact: false, inThread: timeline.thread !== undefined };
    let previous = /** @type {Message | null} */ (null);
    let lineDrawn = false;
    for (const message of timeline.items) {
      const newDay = previous === null || dayKey(previous.at) !== dayKey(message.at);
      if (newDay && (previous !== null || timeline.atStart)) {
        this.#list.add(`day ${dayKey(message.at)}`, language, () => dayLine(message.at));
      }
      const isUnread = message.seq > unreadAfter && !lineDrawn && message.by !== community.me?.id;
      if (isUnread) {
        lineDrawn = true;
        if (previous !== null || timeline.atStart) this.#list.add("unread", language, unreadLine);
      }
      const compact = !newDay && !isUnread && previous !== null && previous.by === message.by && !message.reply_to &&
        !previous.deleted && message.at - previous.at < groupTime;
      const key = `${lookOf(message, compact, actions)}|${language}`;
      this.#list.add(String(message.seq), key, () => messageRow(message, { ...look, compact }, actions));
      previous = message;
    }
  }
}

/** All that a row's drawing depends on, but the language. @param {Message} message @param {boolean} compact @param {LogActions} actions */
function lookOf(message, compact, actions) {
  const author = community.members.get(message.by);
  const target = message.reply_to ? actions.lookUp(message.reply_to) : undefined;
  return [
    message.version,
    compact,
    author?.name,
    author?.role,
    compact ? "" : community.presence.get(message.by),
    message.mentions?.map((id) => community.members.get(id)?.name),
    target?.version,
    target && community.members.get(target.by)?.name,
    outbox.justSent.has(`${actions.room}/${message.seq}`),
  ].join("|");
}
