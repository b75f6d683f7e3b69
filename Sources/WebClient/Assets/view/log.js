import { h, onceAFrame, readingPause } from "../lib/dom.js";
import { t } from "../lib/i18n.js";
import { addKeys } from "../lib/keymap.js";
import { Bin } from "../lib/store.js";
import { community } from "../model/app.js";
import { LogBars } from "./logbars.js";
import { LogKeys } from "./logkeys.js";
import { LogRows } from "./logrows.js";
import { LogSeen } from "./logseen.js";
import { LogStatus } from "./logstatus.js";

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

/** Distance from an end at which more is fetched, in pixels. */
const reach = 900;
/** So close to the bottom counts as at the bottom. */
const nearBottom = 48;
/** Between two announcements of new messages, in milliseconds. */
const announcePause = 2000;

/**
 * The messages of a room or thread. What is being read stays where it is on screen, whatever comes or goes above it;
 * who is at the end stays at the end.
 */
export class LogView extends HTMLElement {
  /** @type {any} */
  scroller;
  /** @type {any} */
  list;
  status = new LogStatus(() => this.#load());
  /** @type {LogBars} */
  bars = /** @type {any} */ (null);
  /** @type {LogRows} */
  rows = /** @type {any} */ (null);
  /** @type {import("../model/timeline.js").Timeline | null} */
  timeline = null;
  /** @type {LogActions | null} */
  actions = null;
  #bin = new Bin();
  #session = new Bin();
  /** Follows the newest message. */
  #stick = true;
  /** A message to come to once it is there. @type {number | null} */
  #target = null;
  /** Nothing had been fetched when it was last drawn. */
  #wasEmpty = true;
  #seen = new LogSeen();
  #sync = onceAFrame(() => this.#draw(), readingPause);
  #tellNews = onceAFrame(() => this.timeline && this.#seen.announce(this.timeline), announcePause);

  connectedCallback() {
    this.className = "log";
    const keys = new LogKeys(this);
    this.scroller = h("div", {
      class: "log-scroller",
      role: "log",
      "aria-live": "off",
      "aria-label": t("messages"),
      tabIndex: 0,
      on: {
        scroll: () => this.#scrolled(),
        keydown: (/** @type {KeyboardEvent} */ event) => keys.pressed(event),
        focusin: (/** @type {FocusEvent} */ event) => keys.focused(event),
        pointerover: (/** @type {PointerEvent} */ event) => keys.hovered(event),
        pointerleave: () => keys.showToolbar(null),
      },
    });
    this.list = h("div", { class: "log-list" });
    this.rows = new LogRows(this.list);
    this.scroller.append(this.status.element, this.list);
    this.bars = new LogBars(this.scroller, {
      toPresent: () => this.toPresent(),
      toFirstUnread: () => this.toFirstUnread(),
      dismiss: () => this.#dismissUnread(),
    });
    this.append(this.bars.unread, this.scroller, this.bars.jump);
    this.#bin.add(community.on("members presence sent outbox quoted", () => this.#sync()), addKeys(keys.rows()));
    this.#observe();
  }

  #observe() {
    const observer = new ResizeObserver(() => {
      if (this.#stick) this.#toBottom();
    });
    observer.observe(this.scroller);
    const seen = () => this.#looked();
    addEventListener("focus", seen);
    document.addEventListener("visibilitychange", seen);
    this.#bin.add(
      () => observer.disconnect(),
      () => removeEventListener("focus", seen),
      () => document.removeEventListener("visibilitychange", seen),
    );
  }

  disconnectedCallback() {
    this.#leave();
    this.#bin.empty();
  }

  #leave() {
    if (this.timeline) this.timeline.watchers -= 1;
    this.timeline = null;
    this.#session.empty();
    this.rows.clear();
  }

  get isThread() {
    return this.timeline?.thread !== undefined;
  }

  /**
   * @param {import("../model/timeline.js").Timeline} timeline
   * @param {LogActions} actions
   * @param {{at?: number}} [options]
   */
  show(timeline, actions, options = {}) {
    this.#leave();
    this.timeline = timeline;
    this.actions = actions;
    timeline.watchers += 1;
    const room = community.room(timeline.roomId);
    const unread = !this.isThread && room?.role ? room.unread : 0;
    this.bars.begin(room?.read_seq ?? 0, unread);
    this.#target = options.at ?? (unread > 0 ? room?.read_seq ?? null : null);
    this.#stick = this.#target === null;
    this.#seen.begin(room?.seq ?? 0);
    this.#session.add(community.on(`timeline:${timeline.key}`, () => this.#changed()));
    this.#load(options.at);
    this.#draw();
  }

  /** @param {number} [at] */
  #load(at) {
    const timeline = /** @type {import("../model/timeline.js").Timeline} */ (this.timeline);
    const wanted = at ?? this.#target;
    if (wanted) {
      if (timeline.isEmpty || !this.#holds(wanted)) timeline.loadAround(wanted);
    } else if (timeline.isEmpty || !timeline.atEnd) {
      timeline.loadLatest();
    }
  }

  /** Whether the window reaches round `seq`. @param {number} seq */
  #holds(seq) {
    const items = this.timeline?.items ?? [];
    if (items.length === 0) return Boolean(this.timeline?.atEnd);
    return (items[0].seq <= seq || this.timeline?.atStart) &&
      (items[items.length - 1].seq >= seq || this.timeline?.atEnd);
  }

  #changed() {
    const timeline = this.timeline;
    // A reset window is asked for anew, unless asking failed: the status offers that.
    if (timeline?.isEmpty && !timeline.isFetching && !timeline.error) this.#load();
    // What one waits for comes at once, what others write as fast as one reads.
    if (this.#wasEmpty || this.#target !== null) this.#draw();
    else this.#sync();
  }

  // MARK: Drawing

  #draw() {
    const { timeline, actions } = this;
    if (!timeline || !actions || !this.isConnected) return;
    this.#wasEmpty = timeline.isEmpty;
    const anchor = this.#stick ? null : this.#anchor();
    this.rows.draw(timeline, actions, this.bars.unreadAfter);
    this.status.draw(timeline);
    if (this.#target !== null) this.#toTarget();
    else if (this.#stick) this.#toBottom();
    else if (anchor) this.scroller.scrollTop += anchor.row.getBoundingClientRect().top - anchor.top;
    this.#tellNews();
    this.#moved();
  }

  /** After the log was drawn or scrolled. */
  #moved() {
    const { timeline } = this;
    if (!timeline) return;
    this.bars.draw(timeline, this.#isAtBottom(), this.rows.row("unread"));
    this.#looked();
    this.#fetchMore();
  }

  // MARK: Scrolling

  /** The first row on screen and where it is. */
  #anchor() {
    const top = this.scroller.getBoundingClientRect().top;
    for (const row of this.list.children) {
      const place = row.getBoundingClientRect();
      if (place.bottom > top + 1 && row.dataset.seq) return { row, top: place.top };
    }
    return null;
  }

  #toBottom() {
    this.scroller.scrollTop = this.scroller.scrollHeight;
  }

  #toTarget() {
    const seq = /** @type {number} */ (this.#target);
    if (!this.timeline || this.timeline.isEmpty || this.timeline.isFetching) return;
    this.#target = null;
    const line = this.bars.unreadAfter === seq ? this.rows.row("unread") : undefined;
    const row = line ?? this.rows.row(seq);
    if (!row) {
      this.#stick = this.timeline.atEnd;
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
    return Boolean(this.timeline?.atEnd) && scrollHeight - scrollTop - clientHeight < nearBottom;
  }

  #scrolled() {
    if (this.#target !== null) return;
    this.#stick = this.#isAtBottom();
    this.#moved();
  }

  /** Who is at the end of a page that they look at has read it. */
  #looked() {
    if (this.timeline && !document.hidden && document.hasFocus() && this.#isAtBottom()) this.#seen.read(this.timeline);
  }

  #fetchMore() {
    const timeline = this.timeline;
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
    if (this.timeline?.atEnd) this.#draw();
    else this.timeline?.loadLatest();
  }

  /** A message, fetched if it is outside the window. @param {number} seq */
  toMessage(seq) {
    this.#target = seq;
    this.#stick = false;
    if (this.timeline?.message(seq)) this.#draw();
    else this.timeline?.loadAround(seq);
  }

  toFirstUnread() {
    if (this.bars.unreadAfter !== Infinity) this.toMessage(this.bars.unreadAfter);
  }

  #dismissUnread() {
    this.bars.begin(0, 0);
    this.toPresent();
    this.#sync();
  }
}

customElements.define("ly-log", LogView);
