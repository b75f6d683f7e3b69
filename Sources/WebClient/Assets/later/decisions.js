import { t } from "../lib/i18n.js";
import { command } from "../model/app.js";
import { toast, toastError } from "../view/parts.js";

/** How long a decision waits in which it can be taken back without a trace, in seconds. */
const undoSeconds = 5;

/**
 * What a moderator decides: shown at once and sent after five seconds in which it can be taken back; after that the
 * server undoes it, exactly.
 */
export class Decisions {
  /** Not sent yet. @type {Map<number, {timer: any, send: () => Promise<void>}>} */
  #pending = new Map();
  /** Sent, newest last. @type {number[]} */
  #sent = [];

  /** @param {{decided: (item: any) => void, returned: (id: number) => void}} queue Told what became of an item. */
  constructor(queue) {
    this.queue = queue;
  }

  /** Whether an item's decision waits. @param {number} id */
  waits(id) {
    return this.#pending.has(id);
  }

  /** Whether an item was decided here. @param {number} id */
  has(id) {
    return this.#sent.includes(id) || this.waits(id);
  }

  /** @param {any} item @param {string} action @param {any} [more] */
  decide(item, action, more = {}) {
    const send = async () => {
      this.#pending.delete(item.id);
      const name = item.kind === "appeal" ? "appeal.decide" : "review.decide";
      try {
        await command(name, { item: item.id, action, version: item.version, reason: "", ...more });
        this.#sent.push(item.id);
        this.queue.decided(item);
      } catch (error) {
        toastError(error);
        this.queue.returned(item.id);
      }
    };
    this.#pending.set(item.id, { timer: setTimeout(send, undoSeconds * 1000), send });
    toast(t("decided", { action: t(/** @type {any} */ (`action_${action}`)) }), {
      label: `${t("undo")} (u)`,
      run: () => this.undo(item.id),
      seconds: undoSeconds,
    });
  }

  /** Takes the last decision back, or that of one item. @param {number} [id] */
  async undo(id = [...this.#pending.keys()].pop() ?? this.#sent[this.#sent.length - 1]) {
    if (!id) return;
    if (!this.cancel(id)) {
      try {
        await command("review.undo", { item: id });
      } catch (error) {
        return toastError(error);
      }
      this.#sent = this.#sent.filter((known) => known !== id);
      toast(t("undone"));
    }
    this.queue.returned(id);
  }

  /** Drops a decision that has not been sent. @param {number} id */
  cancel(id) {
    clearTimeout(this.#pending.get(id)?.timer);
    return this.#pending.delete(id);
  }

  /** Sends at once what waits: leaving the page is no way to take a decision back. */
  flush() {
    for (const { timer, send } of [...this.#pending.values()]) {
      clearTimeout(timer);
      send();
    }
  }
}
