/**
 * What bots answer to this member alone: kept for the page's life, and gone with it.
 *
 * @typedef {{invocation: number, bot: number, room: number, thread?: number, text: string, tree?: any[], components?: any[], at: number}} Aside
 */
export class Asides {
  /** @type {Aside[]} */
  #all = [];
  /** Where each invocation was made. @type {Map<number, number | undefined>} */
  #threads = new Map();

  /** @param {import("./community.js").Community} community */
  constructor(community) {
    this.community = community;
    community.on("mine", (event) => event.event === "bot.answered" && this.#answered(event));
  }

  /** @param {number} invocation @param {number} [thread] */
  expect(invocation, thread) {
    this.#threads.set(invocation, thread);
  }

  /** @param {number} room @param {number} [thread] */
  of(room, thread) {
    return this.#all.filter((aside) => aside.room === room && aside.thread === thread);
  }

  /** @param {Aside} aside */
  dismiss(aside) {
    this.#all = this.#all.filter((known) => known !== aside);
    this.community.tell("outbox");
  }

  /** @param {any} event */
  #answered(event) {
    const { invocation, bot, room, text, tree, components } = event;
    if (text === undefined) return this.community.tell("bot-state", event);
    const thread = this.#threads.get(invocation);
    this.#all.push({ invocation, bot, room, thread, text, tree, components, at: Date.now() });
    this.community.tell("outbox");
  }
}
