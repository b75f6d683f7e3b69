/** Tells views that something has changed. Listeners ask the model what it is now; nothing travels but the topic. */
export class Topics {
  /** @type {Map<string, Set<(detail: any) => void>>} */
  #listeners = new Map();

  /**
   * @param {string} topics One or more, separated by spaces.
   * @param {(detail: any) => void} listener
   * @returns {() => void} Ends the listening.
   */
  on(topics, listener) {
    const names = topics.split(" ");
    for (const name of names) {
      if (!this.#listeners.has(name)) this.#listeners.set(name, new Set());
      this.#listeners.get(name)?.add(listener);
    }
    return () => {
      for (const name of names) this.#listeners.get(name)?.delete(listener);
    };
  }

  /**
   * @param {string} topic
   * @param {any} [detail]
   */
  tell(topic, detail) {
    for (const listener of [...(this.#listeners.get(topic) ?? [])]) listener(detail);
  }
}

/** What an element that has left the page must undo. */
export class Bin {
  /** @type {(() => void)[]} */
  #undo = [];

  /** @param {...(() => void)} undo */
  add(...undo) {
    this.#undo.push(...undo);
  }

  empty() {
    for (const undo of this.#undo.splice(0)) undo();
  }
}
