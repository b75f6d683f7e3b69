/**
 * The children of an element, each kept by a key, drawn anew only when what it shows has changed, and moved as little
 * as possible: what has the focus keeps it, and a busy list stays cheap.
 */
export class KeyedList {
  /** @type {Map<string, {node: HTMLElement, look: string}>} */
  #kept = new Map();
  /** @type {HTMLElement[]} */
  #nodes = [];
  /** @type {Set<string>} */
  #keys = new Set();

  /** @param {HTMLElement} parent */
  constructor(parent) {
    this.parent = parent;
  }

  /** @param {string} key */
  node(key) {
    return this.#kept.get(key)?.node;
  }

  clear() {
    this.#kept.clear();
    this.parent.replaceChildren();
  }

  begin() {
    this.#nodes = [];
    this.#keys = new Set();
  }

  /**
   * The next child.
   *
   * @param {string} key
   * @param {string} look All that its drawing depends on.
   * @param {() => HTMLElement} make
   */
  add(key, look, make) {
    this.#keys.add(key);
    const kept = this.#kept.get(key);
    if (kept?.look === look) return void this.#nodes.push(kept.node);
    const node = make();
    if (kept) keepFocus(kept.node, node);
    this.#kept.set(key, { node, look });
    this.#nodes.push(node);
  }

  /** Makes the parent hold exactly what was added. */
  end() {
    for (const key of this.#kept.keys()) if (!this.#keys.has(key)) this.#kept.delete(key);
    const wanted = new Set(this.#nodes);
    const { parent } = this;
    for (const child of [...parent.children]) if (!wanted.has(/** @type {HTMLElement} */ (child))) child.remove();
    let at = parent.firstChild;
    for (const node of this.#nodes) {
      if (node === at) at = at.nextSibling;
      else parent.insertBefore(node, at);
    }
  }
}

/** Gives the focus to what stands in the place of what had it. @param {HTMLElement} old @param {HTMLElement} fresh */
function keepFocus(old, fresh) {
  const active = /** @type {HTMLElement | null} */ (document.activeElement);
  if (!active || !old.contains(active)) return;
  const label = active.dataset.focus;
  queueMicrotask(() => {
    const target = /** @type {HTMLElement | null} */ (label ? fresh.querySelector(`[data-focus="${label}"]`) : null);
    (target ?? fresh).focus({ preventScroll: true });
  });
}
