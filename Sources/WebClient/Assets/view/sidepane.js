import { router } from "./router.js";

/** What stands beside a room: the search or the recommendations, one at a time. */
let open = /** @type {HTMLElement | null} */ (null);

/** @param {HTMLElement} pane */
export function openSide(pane) {
  closeSide();
  open = pane;
  const app = document.querySelector(".app");
  app?.append(pane);
  app?.classList.add("with-side");
}

export function closeSide() {
  open?.remove();
  open = null;
  document.querySelector(".app")?.classList.remove("with-side");
}

/** On a small screen the pane covers the room, and gives way once something in it was chosen. */
export function yieldSide() {
  if (matchMedia("(max-width: 1100px)").matches) closeSide();
}

router.on("place", () => {
  if (router.place.page !== "room") closeSide();
});
