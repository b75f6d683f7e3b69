import { community } from "../model/app.js";
import { toolbar } from "./message.js";

/**
 * @typedef {import("../model/timeline.js").Message} Message
 * @typedef {import("./log.js").LogActions} LogActions
 */

/**
 * The keyboard and the pointer on a log's rows. The focus roves: one row can be reached by Tab, the one that the
 * keyboard was last on, and the keys move it.
 */
export class LogKeys {
  /** @param {import("./log.js").LogView} log */
  constructor(log) {
    this.log = log;
  }

  /** @returns {import("../lib/keymap.js").Row[]} */
  rows() {
    const { log } = this;
    /** @param {(message: Message, actions: LogActions, row: HTMLElement) => void} run */
    const on = (run) => () => {
      const row = /** @type {HTMLElement} */ (document.activeElement);
      const message = this.#messageOf(row);
      if (!message || !log.actions) return false;
      run(message, log.actions, row);
    };
    const scope = "log";
    return [
      { keys: "j / ArrowDown", label: "key_next", scope, run: () => this.#move(1) },
      { keys: "k / ArrowUp", label: "key_previous", scope, run: () => this.#move(-1) },
      { keys: "r", label: "reply", scope, run: on((m, a) => a.reply(m)) },
      { keys: "t", label: "open_thread", scope, run: on((m, a) => !log.isThread && a.thread(m)) },
      { keys: "e", label: "edit", scope, run: on((m, a) => m.by === community.me?.id && a.edit(m)) },
      { keys: "+", label: "react", scope, run: on((m, a, row) => a.pickReaction(m, row)) },
      { keys: "p", label: "key_pin", scope, run: on((m, a) => a.pin(m)) },
      { keys: "Delete", label: "delete", scope, run: on((m, a) => a.remove(m)) },
      { keys: "m", label: "more", scope, run: on((m, a, row) => a.more(m, row)) },
      { keys: "n", label: "key_first_unread", scope, run: () => log.toFirstUnread() },
      { keys: "End", label: "to_present", scope, run: () => log.toPresent() },
    ];
  }

  /** @param {Element | null} element */
  #messageOf(element) {
    const row = rowOf(element);
    return row && this.log.contains(row) ? this.log.timeline?.message(Number(row.dataset.seq)) : undefined;
  }

  /** Moves the focus among the rows; from outside it comes to the newest. @param {1 | -1} step */
  #move(step) {
    const active = document.activeElement;
    if (active !== document.body && !this.log.contains(active)) return false;
    const rows = /** @type {HTMLElement[]} */ ([...this.log.list.querySelectorAll("article[data-seq]")]);
    if (rows.length === 0) return false;
    const index = rows.findIndex((row) => row.contains(active));
    const next = index < 0 ? rows[rows.length - 1] : rows[Math.min(rows.length - 1, Math.max(0, index + step))];
    next.focus({ preventScroll: true });
    next.scrollIntoView({ block: "nearest" });
  }

  /** @param {KeyboardEvent} event */
  pressed(event) {
    if (event.key !== "Enter" || !(event.target instanceof HTMLElement) || event.target.tagName !== "ARTICLE") return;
    const message = this.#messageOf(event.target);
    if (message && !this.log.isThread) this.log.actions?.thread(message);
  }

  /** @param {FocusEvent} event */
  focused(event) {
    const row = rowOf(event.target);
    if (!row) return;
    for (const other of this.log.list.querySelectorAll('article[tabindex="0"]')) other.tabIndex = -1;
    row.tabIndex = 0;
    this.showToolbar(row);
  }

  /** @param {PointerEvent} event */
  hovered(event) {
    if (event.pointerType === "touch") return;
    const row = rowOf(event.target);
    if (row) this.showToolbar(row);
  }

  /** @param {HTMLElement | null} row */
  showToolbar(row) {
    const { log } = this;
    const shown = log.list.querySelector(".toolbar");
    if (row && shown?.parentElement === row) return;
    if (shown && !shown.contains(document.activeElement)) shown.remove();
    const message = this.#messageOf(row);
    if (!row || !message || !log.actions || !community.room(log.actions.room)?.role) return;
    const bar = toolbar(message, log.actions, log.isThread);
    if (bar) row.append(bar);
  }
}

/** @param {EventTarget | null} target @returns {HTMLElement | null} */
function rowOf(target) {
  return target instanceof Element ? target.closest("article[data-seq]") : null;
}
