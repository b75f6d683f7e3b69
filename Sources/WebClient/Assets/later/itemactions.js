import { h, icon } from "../lib/dom.js";
import { t } from "../lib/i18n.js";
import { community } from "../model/app.js";

/**
 * What can be done with an item, each with its key.
 *
 * @param {any} item
 * @param {any} hand What each does; whether the item is claimed here, and the field for the reason.
 */
export function itemActions(item, hand) {
  /** @param {string} key @param {any} label @param {() => void} run @param {string} [className] */
  const button = (key, label, run, className = "") =>
    h("button", { type: "button", class: className, on: { click: run } }, t(label), " ", h("kbd", null, key));
  if (item.state !== "open") {
    const mayUndo = item.state === "decided" && item.kind !== "appeal";
    return h("div", { class: "actions start" }, mayUndo && button("u", "undo", hand.undo));
  }
  const isOthers = item.claimed && item.claimed.by !== community.me?.id;
  return h(
    "div",
    { class: "review-actions stack" },
    isOthers &&
      h("p", { class: "claim" }, icon("hand"), t("claimed_by", { name: community.memberName(item.claimed.by) })),
    hand.reason,
    h(
      "div",
      { class: "actions start" },
      button("a", "action_approve", () => hand.decide("approve"), "primary"),
      button("r", "action_reject", () => hand.decide("reject")),
      item.kind !== "appeal" && [
        button("d", "action_remove", () => hand.decide("remove"), "danger"),
        button("x", "action_redact", hand.redact),
        button("b", "sanction", hand.sanction),
      ],
      button("c", hand.isClaimed ? "release" : "claim", hand.claim),
      button("h", "history", hand.history),
    ),
  );
}
