import { fill, h, icon, onceAFrame } from "../lib/dom.js";
import { explain, t } from "../lib/i18n.js";
import { addKeys } from "../lib/keymap.js";
import { Bin } from "../lib/store.js";
import { clock, dayKey } from "../lib/time.js";
import { community, outbox } from "../model/app.js";
import { announce } from "./announcer.js";
import { plain } from "./markdown.js";
import { dayLine, entryRow, messageRow, toolbar, unreadLine } from "./message.js";

/**
 * @typedef {import("../model/timeline.js").Message} Message
 *
 * @typedef {object} LogActions What a row can ask for.
 * @property {number} room
 * @property {(seq: number) => Message | undefined} lookUp
 * @property {(member: number) => void} profile
 * @property {(seq: number) => void} jump
 * @property {(message: Message, emoji: string) => void} react
 * @property {(message: Message, anchor: HTMLElement) => void} pickReaction
 * @property {(message: Message) => void} reply
 * @property {(message: Message) => void} thread
 * @property {(message: Message) => void} edit
 * @property {(message: Message, anchor: HTMLElement) => void} more
 * @property {(message: Message) => void} remove
 * @property {(message: Message) => void} pin
 * @property {(entry: import("../model/outbox.js").Entry) => void} rewrite
 */

/** Messages of one author closer than this stand under one name, in milliseconds. */
const groupTime = 5 * 60_000;
/** Distance from an end at which more is fetched, in pixels. */
const reach = 900;
/** So close to the bottom counts as at the bottom. */
const nearBottom = 48;

/**
 * The messages of a room or thread. Rows are kept by message and redrawn only when theirs has changed; what is being
 * read stays where it is on screen, whatever comes or goes above it.
 */
export class LogView extends HTMLElement {
  /** @type {any} */
  scroller;
  /** @type {any} */
  list;
  /** @type {any} */
  status;
  /** @type {any} */
  jump;
  /** @type {any} */
  unread;
  /** @type {import("../model/timeline.js").Timeline | null} */
  #timeline = null;
  /** @type {LogActions | null} */
  #actions = null;
  /** @type {Map<string, {row: HTMLElement, look: string}>} */
  #rows = new Map();
  #bin = new Bin();
  #session = new Bin();
  /** Follows the newest message. */
  #stick = true;
  /** The last message that was read when the log was opened: the line stands below it. */
  #unreadAfter = Infinity;
  /** @type {number | null} */
  #target = null;
  /** @type {number} The row that the keyboard is on. */
  #focused = 0;
  /** What was last announced or on screen, so that only news are. */
  #announced = 0;
  #sync = onceAFrame(() => this.#draw());

  connectedCallback() {
    this.className = "log";
    this.scroller = h("div", {
      class: "log-scroller",
      role: "log",
      "aria-live": "off",
      "aria-label": t("messages"),
      tabIndex: 0,
      on: {
        scroll: () => this.#scrolled(),
        keydown: (/** @type {KeyboardEvent} */ event) => this.#keyed(event),
        focusin: (/** @type {FocusEvent} */ event) => this.#focusedRow(event),
        pointerover: (/** @type {PointerEvent} */ event) => this.#hovered(event),
        pointerleave: () => this.#showToolbar(null),
      },
    });
    this.list = h("div", { class: "log-list" });
    this.status = h("div", { class: "log-status" });
    this.scroller.append(this.status, this.list);
    this.jump = h("button", { type: "button", class: "jump", hidden: true, on: { click: () => this.toPresent() } });
    this.unread = h("div", { class: "unread-bar", hidden: true });
    this.append(this.unread, this.scroller, this.jump);
    this.#bin.add(
      community.on("members presence sent outbox", () => this.#sync()),
      addKeys(this.#keys()),
    );
    const observer = new ResizeObserver(() => {
      if (this.#stick) this.#toBottom();
    });
    observer.observe(this.scroller);
    this.#bin.add(() => observer.disconnect());
    const seen = () => this.#markRead();
    addEventListener("focus", seen);
    document.addEventListener("visibilitychange", seen);
    this.#bin.add(
      () => removeEventListener("focus", seen),
      () => document.removeEventListener("visibilitychange", seen),
    );
  }

  disconnectedCallback() {
    this.#leave();
    this.#bin.empty();
  }

  #leave() {
    if (this.#timeline) this.#timeline.watchers -= 1;
    this.#timeline = null;
    this.#session.empty();
    this.#rows.clear();
  }

  /**
   * @param {import("../model/timeline.js").Timeline} timeline
   * @param {LogActions} actions
   * @param {{at?: number}} [options]
   */
  show(timeline, actions, options = {}) {
    this.#leave();
    this.#timeline = timeline;
    this.#actions = actions;
    timeline.watchers += 1;
    this.list.replaceChildren();
    this.#focused = 0;
    const room = community.room(timeline.roomId);
    const hasUnread = timeline.thread === undefined && room && room.unread > 0 && room.role;
    this.#unreadAfter = hasUnread ? room.read_seq : Infinity;
    this.#target = options.at ?? (hasUnread ? room.read_seq : null);
    this.#stick = this.#target === null;
    this.#announced = room?.seq ?? 0;
    this.#session.add(community.on(`timeline:${timeline.key}`, () => this.#changed()));
    this.#unreadCount = hasUnread ? room.unread : 0;
    this.#load(options.at);
    this.#draw();
  }

  #unreadCount = 0;

  /** @param {number} [at] */
  #load(at) {
    const timeline = /** @type {import("../model/timeline.js").Timeline} */ (this.#timeline);
    const wanted = at ?? this.#target;
    if (wanted) {
      if (timeline.isEmpty || !this.#holds(wanted)) timeline.loadAround(wanted);
    } else if (timeline.isEmpty || !timeline.atEnd) {
      timeline.loadLatest();
    }
  }

  /** Whether the window reaches round `seq`. @param {number} seq */
  #holds(seq) {
    const items = this.#timeline?.items ?? [];
    if (items.length === 0) return Boolean(this.#timeline?.atEnd);
    return (items[0].seq <= seq || this.#timeline?.atStart) &&
      (items[items.length - 1].seq >= seq || this.#timeline?.atEnd);
  }

  #changed() {
    const timeline = this.#timeline;
    // A reset window is asked for anew, unless asking failed: the status offers that.
    if (timeline?.isEmpty && !timeline.isFetching && !timeline.error) this.#load();
    this.#sync();
  }

  // MARK: Drawing

  #draw() {
    const timeline = this.#timeline;
    const actions = this.#actions;
    if (!timeline || !actions || !this.isConnected) return;
    const anchor = this.#stick ? null : this.#anchor();
    const wanted = this.#wantedRows(timeline, actions);
    this.#place(wanted);
    this.#status(timeline);
    if (this.#target !== null) this.#toTarget();
    else if (this.#stick) this.#toBottom();
    else if (anchor) this.scroller.scrollTop += anchor.row.getBoundingClientRect().top - anchor.top;
    this.#news(timeline);
    this.#bars(timeline);
    this.#markRead();
    this.#fetchMore();
  }

  /** Rows in order, each with the key it is kept under. @param {import("../model/timeline.js").Timeline} timeline @param {LogActions} actions */
  #wantedRows(timeline, actions) {
    /** @type {HTMLElement[]} */
    const rows = [];
    /** @type {Set<string>} */
    const keys = new Set();
    /** @param {string} key @param {string} look @param {() => HTMLElement} make */
    const add = (key, look, make) => {
      keys.add(key);
      const kept = this.#rows.get(key);
      if (kept?.look === look) return rows.push(kept.row);
      const row = make();
      if (kept && kept.row.contains(document.activeElement) && kept.row === document.activeElement) {
        queueMicrotask(() => row.focus({ preventScroll: true }));
      }
      this.#rows.set(key, { row, look });
      rows.push(row);
    };
    let previous = /** @type {Message | null} */ (null);
    let lineDrawn = false;
    for (const message of timeline.items) {
      const newDay = previous === null || dayKey(previous.at) !== dayKey(message.at);
      if (newDay && (previous !== null || timeline.atStart)) {
        add(`day ${dayKey(message.at)}`, document.documentElement.lang, () => dayLine(message.at));
      }
      const isUnread = message.seq > this.#unreadAfter && !lineDrawn && message.by !== community.me?.id;
      if (isUnread) {
        lineDrawn = true;
        if (previous !== null || timeline.atStart) add("unread", document.documentElement.lang, unreadLine);
      }
      const compact = !newDay && !isUnread && previous !== null && previous.by === message.by && !message.reply_to &&
        !previous.deleted && message.at - previous.at < groupTime;
      add(
        String(message.seq),
        this.#look(message, compact, actions),
        () => messageRow(message, { compact, inThread: timeline.thread !== undefined }, actions),
      );
      previous = message;
    }
    if (timeline.atEnd) {
      for (const entry of outbox.of(timeline.roomId, timeline.thread)) {
        if (entry.seq && timeline.message(entry.seq)) continue;
        add(entry.nonce, `${entry.state} ${document.documentElement.lang}`, () => entryRow(entry, actions));
      }
    }
    for (const key of this.#rows.keys()) if (!keys.has(key)) this.#rows.delete(key);
    return rows;
  }

  /** All that a row's drawing depends on. @param {Message} message @param {boolean} compact @param {LogActions} actions */
  #look(message, compact, actions) {
    const author = community.members.get(message.by);
    const target = message.reply_to ? actions.lookUp(message.reply_to) : undefined;
    const called = (message.mentions ?? []).map((id) => community.members.get(id)?.name).join();
    const sent = outbox.justSent.has(`${actions.room}/${message.seq}`);
    const presence = compact ? "" : community.presence.get(message.by);
    return [
      message.version,
      compact,
      author?.name,
      author?.role,
      presence,
      called,
      target?.version,
      target && community.members.get(target.by)?.name,
      sent,
      document.documentElement.lang,
    ].join("|");
  }

  /** Makes the list hold exactly `rows`, moving as little as possible. @param {HTMLElement[]} rows */
  #place(rows) {
    const wanted = new Set(rows);
    for (const child of [...this.list.children]) if (!wanted.has(child)) child.remove();
    let at = this.list.firstChild;
    for (const row of rows) {
      if (row === at) at = at.nextSibling;
      else this.list.insertBefore(row, at);
    }
  }

  /** @param {import("../model/timeline.js").Timeline} timeline */
  #status(timeline) {
    const state = timeline.error
      ? "error"
      : timeline.isEmpty
      ? "loading"
      : timeline.items.length === 0
      ? "empty"
      : timeline.atStart
      ? "start"
      : "";
    const key = `${state} ${document.documentElement.lang} ${timeline.key}`;
    if (this.status.dataset.key === key) return;
    this.status.dataset.key = key;
    if (state === "error") {
      fill(
        this.status,
        h("p", null, explain(timeline.error)),
        h("button", { type: "button", on: { click: () => this.#load() } }, t("retry")),
      );
    } else if (state === "loading") {
      fill(this.status, h("p", { class: "hint" }, t("loading")));
    } else if (state === "empty" || state === "start" && timeline.thread === undefined) {
      const room = community.room(timeline.roomId);
      fill(
        this.status,
        h("h2", null, room ? community.roomTitle(room) : ""),
        h(
          "p",
          { class: "hint" },
          timeline.thread === undefined ? t(state === "empty" ? "room_empty" : "room_start") : t("thread_empty"),
        ),
      );
    } else {
      fill(this.status);
    }
  }

  // MARK: Scrolling

  /** The first row on screen and where it is. */
  #anchor() {
    const top = this.scroller.getBoundingClientRect().top;
    for (const row of this.list.children) {
      const place = row.getBoundingClientRect();
      if (place.bottom > top + 1 && /** @type {HTMLElement} */ (row).dataset.seq) return { row, top: place.top };
    }
    return null;
  }

  #toBottom() {
    this.scroller.scrollTop = this.scroller.scrollHeight;
  }

  #toTarget() {
    const seq = /** @type {number} */ (this.#target);
    if (!this.#timeline || this.#timeline.isEmpty || this.#timeline.isFetching) return;
    this.#target = null;
    const line = this.#unreadAfter === seq ? this.#rows.get("unread")?.row : undefined;
    const row = line ?? this.#rows.get(String(seq))?.row;
    if (!row) {
      this.#stick = this.#timeline.atEnd;
      if (this.#stick) this.#toBottom();
      return;
    }
    const offset = row.getBoundingClientRect().top - this.scroller.getBoundingClientRect().top;
    const above = line ? 60 : (this.scroller.clientHeight - row.offsetHeight) / 2;
    this.scroller.scrollTop += offset - above;
    if (!line) this.#flash(row);
    this.#stick = this.#isAtBottom();
  }

  /** @param {HTMLElement} row */
  #flash(row) {
    row.classList.add("flash");
    setTimeout(() => row.classList.remove("flash"), 2000);
  }

  #isAtBottom() {
    const { scrollTop, scrollHeight, clientHeight } = this.scroller;
    return Boolean(this.#timeline?.atEnd) && scrollHeight - scrollTop - clientHeight < nearBottom;
  }

  #scrolled() {
    if (this.#target !== null) return;
    this.#stick = this.#isAtBottom();
    this.#fetchMore();
    if (this.#timeline) this.#bars(this.#timeline);
    this.#markRead();
  }

  #fetchMore() {
    const timeline = this.#timeline;
    if (!timeline || timeline.isEmpty || timeline.error || this.#target !== null) return;
    const { scrollTop, scrollHeight, clientHeight } = this.scroller;
    if (clientHeight === 0) return;
    if (scrollTop < reach) timeline.loadOlder();
    if (scrollHeight - scrollTop - clientHeight < reach) timeline.loadNewer();
  }

  /** The newest message, fetched if the window is elsewhere. */
  toPresent() {
    this.#target = null;
    this.#stick = true;
    if (this.#timeline?.atEnd) this.#draw();
    else this.#timeline?.loadLatest();
  }

  /** A message, fetched if it is outside the window. @param {number} seq */
  toMessage(seq) {
    this.#target = seq;
    this.#stick = false;
    if (this.#timeline?.message(seq)) this.#draw();
    else this.#timeline?.loadAround(seq);
  }

  /** What came in since one looked, for those who hear the page. @param {import("../model/timeline.js").Timeline} timeline */
  #news(timeline) {
    const news = timeline.atEnd
      ? timeline.items.filter((m) => m.seq > this.#announced && m.by !== community.me?.id && !m.deleted)
      : [];
    const newest = timeline.newest;
    if (newest) this.#announced = Math.max(this.#announced, newest.seq);
    if (news.length === 0) return;
    if (news.length > 2) announce(t("n_new_messages", { n: news.length }));
    else for (const message of news) announce(`${community.memberName(message.by)}: ${plain(message).slice(0, 200)}`);
  }

  /** The bar that leads to the first unread message, and the button that leads to the present. @param {import("../model/timeline.js").Timeline} timeline */
  #bars(timeline) {
    const away = !timeline.isEmpty && !this.#isAtBottom();
    const room = community.room(timeline.roomId);
    const waiting = timeline.thread === undefined ? room?.unread ?? 0 : 0;
    this.jump.hidden = !away;
    if (away) {
      const words = waiting > 0 ? t("n_new_messages", { n: waiting }) : t("to_present");
      if (this.jump.dataset.words !== words) {
        this.jump.dataset.words = words;
        fill(this.jump, icon("down"), words);
      }
    }
    const line = this.#rows.get("unread")?.row;
    const isAbove = this.#unreadCount > 0 &&
      (!line || line.getBoundingClientRect().bottom < this.scroller.getBoundingClientRect().top);
    this.unread.hidden = !isAbove || !away && this.#unreadCount < 3;
    if (!this.unread.hidden && !this.unread.firstChild) {
      const first = timeline.items.find((m) => m.seq > this.#unreadAfter);
      fill(
        this.unread,
        h(
          "button",
          { type: "button", class: "link", on: { click: () => this.toFirstUnread() } },
          icon("up"),
          t("unread_since", { n: this.#unreadCount, time: first ? clock(first.at) : "" }),
        ),
        h("button", { type: "button", class: "link", on: { click: () => this.#dismissUnread() } }, t("mark_read")),
      );
    }
  }

  toFirstUnread() {
    if (this.#unreadAfter === Infinity) return;
    this.toMessage(this.#unreadAfter);
  }

  #dismissUnread() {
    this.#unreadCount = 0;
    this.#unreadAfter = Infinity;
    this.toPresent();
    this.#sync();
  }

  #markRead() {
    const timeline = this.#timeline;
    const newest = timeline?.newest;
    if (!timeline || !newest || document.hidden || !document.hasFocus() || !this.#isAtBottom()) return;
    const room = community.room(timeline.roomId);
    if (!room?.role) return;
    if (timeline.thread === undefined) {
      if (room.unread > 0 || room.mentions > 0) community.markRead(room, newest.seq);
    } else if (this.#threadRead !== newest.seq) {
      this.#threadRead = newest.seq;
      community.command("read.mark", { room: room.id, seq: newest.seq, thread: timeline.thread }).catch(() => {});
      community.tell("threads");
    }
  }

  #threadRead = 0;

  // MARK: Keyboard and pointer

  /** @returns {import("../lib/keymap.js").Row[]} */
  #keys() {
    const here = () => this.#messageOf(document.activeElement) ?? null;
    /** @param {(message: Message, actions: LogActions, row: HTMLElement) => void} run */
    const on = (run) => () => {
      const message = here();
      if (!message || !this.#actions) return false;
      run(message, this.#actions, /** @type {HTMLElement} */ (document.activeElement));
    };
    return [
      { keys: "j / ArrowDown", label: "key_next", scope: "log", run: () => this.#move(1) },
      { keys: "k / ArrowUp", label: "key_previous", scope: "log", run: () => this.#move(-1) },
      { keys: "r", label: "reply", scope: "log", run: on((m, a) => a.reply(m)) },
      {
        keys: "t",
        label: "open_thread",
        scope: "log",
        run: on((m, a) => this.#timeline?.thread === undefined && a.thread(m)),
      },
      { keys: "e", label: "edit", scope: "log", run: on((m, a) => m.by === community.me?.id && a.edit(m)) },
      { keys: "+", label: "react", scope: "log", run: on((m, a, row) => a.pickReaction(m, row)) },
      { keys: "p", label: "key_pin", scope: "log", run: on((m, a) => a.pin(m)) },
      { keys: "Delete", label: "delete", scope: "log", run: on((m, a) => a.remove(m)) },
      { keys: "m", label: "more", scope: "log", run: on((m, a, row) => a.more(m, row)) },
      { keys: "n", label: "key_first_unread", scope: "log", run: () => this.toFirstUnread() },
      { keys: "End", label: "to_present", scope: "log", run: () => this.toPresent() },
    ];
  }

  /** @param {Element | null} element */
  #messageOf(element) {
    const row = /** @type {HTMLElement | null} */ (element?.closest?.("article[data-seq]") ?? null);
    return row && this.contains(row) ? this.#timeline?.message(Number(row.dataset.seq)) : undefined;
  }

  /** Moves the focus among the rows; from outside it comes to the newest. @param {1 | -1} step */
  #move(step) {
    const active = document.activeElement;
    if (active !== document.body && !this.contains(active)) return false;
    const rows = /** @type {HTMLElement[]} */ ([...this.list.querySelectorAll("article[data-seq]")]);
    if (rows.length === 0) return false;
    const index = rows.findIndex((row) => row.contains(active));
    const next = index < 0 ? rows[rows.length - 1] : rows[Math.min(rows.length - 1, Math.max(0, index + step))];
    next.focus({ preventScroll: true });
    next.scrollIntoView({ block: "nearest" });
  }

  /** @param {KeyboardEvent} event */
  #keyed(event) {
    if (event.key !== "Enter" || !(event.target instanceof HTMLElement) || event.target.tagName !== "ARTICLE") return;
    const message = this.#messageOf(event.target);
    if (message && this.#timeline?.thread === undefined) this.#actions?.thread(message);
  }

  /** One row can be reached by Tab: the one the keyboard was last on. @param {FocusEvent} event */
  #focusedRow(event) {
    const row = /** @type {HTMLElement} */ (event.target).closest?.("article");
    if (!row) return;
    for (const other of this.list.querySelectorAll('article[tabindex="0"]')) other.tabIndex = -1;
    row.tabIndex = 0;
    this.#showToolbar(row);
  }

  /** @param {PointerEvent} event */
  #hovered(event) {
    if (event.pointerType === "touch") return;
    const row = /** @type {HTMLElement} */ (event.target).closest?.("article");
    if (row) this.#showToolbar(row);
  }

  /** @param {HTMLElement | null} row */
  #showToolbar(row) {
    const shown = this.list.querySelector(".toolbar");
    if (row && shown?.parentElement === row) return;
    if (shown && !shown.contains(document.activeElement)) shown.remove();
    const message = this.#messageOf(row);
    if (!row || !message || !this.#actions || !community.room(this.#actions.room)?.role) return;
    const bar = toolbar(message, this.#actions, this.#timeline?.thread !== undefined);
    if (bar) row.append(bar);
  }
}

customElements.define("ly-log", LogView);
