import { Topics } from "../lib/store.js";

/**
 * @typedef {object} Item A recommendation.
 * @property {string} kind
 * @property {string} key
 * @property {number} [room]
 * @property {number} [thread]
 * @property {number} [member]
 * @property {string} [topic]
 * @property {string} impression
 * @property {{code: string, en: string, zh: string}} reason
 */

/** What the server recommends, by kind, kept by its pushes: they tell what differs from the lists that were answered. */
export class Recommendations extends Topics {
  /** @type {Map<string, Item[]>} */
  lists = new Map();
  isLoaded = false;

  /** @param {(name: string, fields?: any) => Promise<any>} command */
  constructor(command) {
    super();
    this.command = command;
  }

  async load() {
    const answer = await this.command("recommend.get", {});
    this.lists.clear();
    for (const item of answer.items) {
      const kind = `${item.kind}s`;
      this.lists.set(kind, [...this.lists.get(kind) ?? [], item]);
    }
    this.isLoaded = true;
    this.tell("changed");
  }

  /** Takes in a push. @param {any} push */
  apply(push) {
    if (!this.isLoaded) return;
    for (const [kind, change] of Object.entries(push.kinds)) {
      const items = new Map((this.lists.get(kind) ?? []).map((item) => [item.key, item]));
      for (const { item } of change.add) items.set(item.key, item);
      const listed = change.order.map((/** @type {string} */ key) => items.get(key)).filter(Boolean);
      this.lists.set(kind, listed);
    }
    this.tell("changed");
  }

  /** What became of an item; one that is dismissed goes at once. @param {Item} item @param {string} action */
  feedback(item, action) {
    if (action === "dismissed") {
      for (const [kind, items] of this.lists) this.lists.set(kind, items.filter((known) => known.key !== item.key));
      this.tell("changed");
    }
    return this.command("recommend.feedback", { impression: item.impression, action });
  }

  forget() {
    this.lists.clear();
    this.isLoaded = false;
  }
}
