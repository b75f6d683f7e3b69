import { fill, h } from "../lib/dom.js";
import { explain, t } from "../lib/i18n.js";
import { command, community } from "../model/app.js";
import { afterRegret, nameView, save, toastError } from "../view/parts.js";

/** What others and the recommender may know, and all that is kept about oneself: shown, taken along, erased. */
export function privacySection() {
  const body = h("div", { class: "stack" }, h("p", { class: "hint" }, t("loading")));
  const draw = () =>
    command("activity.me").then(
      (kept) => fill(body, options(kept), keptView(kept), ways(draw)),
      (error) => fill(body, h("p", { class: "hint" }, explain(error))),
    );
  draw();
  return h("section", null, h("h3", null, t("privacy")), body);
}

/** @param {any} kept */
function options(kept) {
  return [["recommendations", "privacy_recommendations"], ["discoverable", "privacy_discoverable"]].map(
    ([name, label]) => {
      const box = h("input", { type: "checkbox", checked: kept[name] });
      box.addEventListener("change", () =>
        command("privacy.set", { [name]: box.checked }).catch((error) => {
          box.checked = !box.checked;
          toastError(error);
        }));
      return h("label", { class: "check" }, box, t(/** @type {any} */ (label)));
    },
  );
}

/** @param {any} kept */
function keptView(kept) {
  const { portrait } = kept;
  /** @param {any} label @param {any[]} values */
  const row = (label, values) => values.length > 0 && h("div", null, h("dt", null, t(label)), h("dd", null, values));
  /** @param {any[]} entries @param {(name: string) => any} show */
  const chips = (entries, show) =>
    (entries ?? []).slice(0, 12).map((entry) =>
      h("span", { class: "token", title: entry.weight.toFixed(2) }, show(entry.name))
    );
  return h(
    "details",
    { class: "kept" },
    h("summary", null, t("what_is_kept")),
    h(
      "dl",
      null,
      row("points", [portrait.points, " · ", t("streak", { n: portrait.streakWeeks ?? 0 })]),
      row("topic", chips(portrait.topics, (name) => name)),
      row(
        "rooms",
        chips(portrait.rooms, (name) => {
          const room = community.room(Number(name));
          return room ? community.roomTitle(room) : `#${name}`;
        }),
      ),
      row("people", chips(portrait.partners, (name) => nameView(Number(name)))),
      row(
        "blocked_members",
        kept.blocked.map((/** @type {number} */ id) => h("span", { class: "token" }, nameView(id))),
      ),
    ),
  );
}

/** @param {() => void} changed */
function ways(changed) {
  const take = () =>
    command("activity.me", { export: true }).then(
      (all) => save("activity.json", JSON.stringify(all, null, 2)),
      toastError,
    );
  const erase = () => afterRegret(t("erasing"), () => command("activity.erase").then(changed, toastError));
  return h(
    "div",
    { class: "actions start" },
    h("button", { type: "button", on: { click: take } }, t("take_along")),
    h("button", { type: "button", class: "danger", on: { click: erase } }, t("erase_activity")),
  );
}
