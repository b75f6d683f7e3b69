import { h } from "../lib/dom.js";

/** The one polite live region of the page: what screen readers hear of new messages, and of nothing else. */
let region = /** @type {HTMLElement | null} */ (null);

export function installAnnouncer() {
  region = h("div", { class: "visually-hidden", role: "status", "aria-live": "polite" });
  document.body.append(/** @type {HTMLElement} */ (region));
}

/** @param {string} text */
export function announce(text) {
  if (!region) return;
  const line = h("div", null, text);
  region.append(line);
  setTimeout(() => line.remove(), 3000);
}
