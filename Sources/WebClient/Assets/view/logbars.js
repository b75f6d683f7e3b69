import { fill, h, icon } from "../lib/dom.js";
import { t } from "../lib/i18n.js";
import { clock } from "../lib/time.js";
import { community } from "../model/app.js";

/**
 * What floats over a log: the bar that leads to the first unread message, and the button that leads to the present.
 */
export class LogBars {
  /** The last message that was read when the log was opened: the line stands below it. */
  unreadAfter = Infinity;
  /** How many were unread then. */
  #count = 0;

  /**
   * @param {HTMLElement} scroller
   * @param {{toPresent: () => void, toFirstUnread: () => void, dismiss: () => void}} ways
   */
  constructor(scroller, ways) {
    this.scroller = scroller;
    this.ways = ways;
    this.jump = h("button", { type: "button", class: "jump", hidden: true, on: { click: ways.toPresent } });
    this.unread = h("div", { class: "unread-bar", hidden: true });
  }

  /** @param {number} after @param {number} count */
  begin(after, count) {
    this.unreadAfter = count > 0 ? after : Infinity;
    this.#count = count;
    fill(this.unread);
  }

  /**
   * @param {import("../model/timeline.js").Timeline} timeline
   * @param {boolean} isAtBottom
   * @param {HTMLElement | undefined} line The line above the first unread message.
   */
  draw(timeline, isAtBottom, line) {
    const away = !timeline.isEmpty && !isAtBottom;
    this.#drawJump(timeline, away);
    const isAbove = this.#count > 0 &&
      (!line || line.getBoundingClientRect().bottom < this.scroller.getBoundingClientRect().top);
    this.unread.hidden = !isAbove || !away && this.#count < 3;
    if (!this.unread.hidden && !this.unread.firstChild) this.#drawUnread(timeline);
  }

  /** @param {import("../model/timeline.js").Timeline} timeline @param {boolean} away */
  #drawJump(timeline, away) {
    this.jump.hidden = !away;
    if (!away) return;
    const waiting = timeline.thread === undefined ? community.room(timeline.roomId)?.unread ?? 0 : 0;
    const words = waiting > 0 ? t("n_new_messages", { n: waiting }) : t("to_present");
    if (this.jump.dataset.words === words) return;
    this.jump.dataset.words = words;
    fill(this.jump, icon("down"), words);
  }

  /** @param {import("../model/timeline.js").Timeline} timeline */
  #drawUnread(timeline) {
    const first = timeline.items.find((message) => message.seq > this.unreadAfter);
    const time = first ? clock(first.at) : "";
    /** @param {any[]} content @param {() => void} run */
    const button = (content, run) => h("button", { type: "button", class: "link", on: { click: run } }, content);
    fill(
      this.unread,
      button([icon("up"), t("unread_since", { n: this.#count, time })], this.ways.toFirstUnread),
      button([t("mark_read")], this.ways.dismiss),
    );
  }
}
