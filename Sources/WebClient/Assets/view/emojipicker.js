import { fill, h } from "../lib/dom.js";
import { emojis, favourites, findEmoji } from "../lib/emoji.js";
import { t } from "../lib/i18n.js";

/** A small panel of emoji with a search. @param {HTMLElement} anchor @param {(emoji: string) => void} take */
export function pickEmoji(anchor, take) {
  document.querySelector(".emoji-picker")?.remove();
  const grid = h("div", { class: "emoji-grid" });
  /** @param {{emoji: string, name: string}[]} entries */
  const draw = (entries) =>
    fill(
      grid,
      entries.map((entry) =>
        h("button", {
          type: "button",
          "aria-label": entry.name,
          title: `:${entry.name}:`,
          on: {
            click: () => {
              close();
              take(entry.emoji);
            },
          },
        }, entry.emoji)
      ),
    );
  const usual = favourites.map((emoji) => emojis.find((entry) => entry.emoji === emoji) ?? { emoji, name: emoji });
  const everything = [...usual, ...emojis.filter((entry) => !favourites.includes(entry.emoji))];
  const search = h("input", {
    type: "search",
    "aria-label": t("find_emoji"),
    placeholder: t("find_emoji"),
    on: {
      input: () => draw(search.value ? findEmoji(search.value, 80) : everything),
      keydown: (/** @type {KeyboardEvent} */ event) => {
        if (event.key === "Enter" && !event.isComposing) {
          event.preventDefault();
          grid.querySelector("button")?.click();
        }
      },
    },
  });
  const panel = h("div", { class: "emoji-picker", role: "dialog", "aria-label": t("emoji") }, search, grid);
  const close = () => {
    panel.remove();
    document.removeEventListener("pointerdown", outside, true);
    if (anchor.isConnected) anchor.focus();
  };
  /** @param {Event} event */
  const outside = (event) => {
    if (!panel.contains(/** @type {Node} */ (event.target))) close();
  };
  panel.addEventListener("keydown", (/** @type {KeyboardEvent} */ event) => {
    event.stopPropagation();
    if (event.key === "Escape") close();
    const buttons = [...grid.querySelectorAll("button")];
    const index = buttons.indexOf(/** @type {any} */ (document.activeElement));
    const step =
      /** @type {Record<string, number>} */ ({ ArrowRight: 1, ArrowLeft: -1, ArrowDown: 8, ArrowUp: -8 })[event.key];
    if (!step || index < 0 && event.key !== "ArrowDown") return;
    event.preventDefault();
    (index < 0 ? buttons[0] : buttons[Math.max(0, Math.min(buttons.length - 1, index + step))])?.focus();
  });
  document.body.append(panel);
  draw(everything);
  const place = anchor.getBoundingClientRect();
  const size = panel.getBoundingClientRect();
  panel.style.left = `${Math.max(8, Math.min(place.right - size.width, innerWidth - size.width - 8))}px`;
  const above = place.top - size.height - 6;
  const below = Math.min(place.bottom + 6, innerHeight - size.height - 8);
  panel.style.top = `${above > 2 ? above : below}px`;
  document.addEventListener("pointerdown", outside, true);
  search.focus();
}
