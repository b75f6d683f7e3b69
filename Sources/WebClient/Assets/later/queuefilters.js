import { fill, h, iconButton } from "../lib/dom.js";
import { t } from "../lib/i18n.js";
import { community } from "../model/app.js";
import { showHelp } from "../view/help.js";
import { raidDialog } from "./raid.js";

const kinds = ["held", "held_edit", "report", "flag", "redact", "check", "sample", "sanction", "appeal"];

/** Which items are shown, and in what order. */
export class QueueFilters {
  element = h("div", { class: "review-filters" });
  value = { kind: "", room: "", state: "open", sort: "urgency" };

  /** @param {() => void} changed */
  constructor(changed) {
    this.changed = changed;
    this.draw();
  }

  draw() {
    const rooms = [...community.rooms.values()].filter((room) => room.kind !== "direct");
    fill(
      this.element,
      this.#choice("kind", t("kind"), [["", t("all_kinds")], ...kinds.map((kind) => pair(kind, `kind_${kind}`))]),
      this.#choice("room", t("rooms"), [
        ["", t("all_rooms")],
        ...rooms.map((room) => /** @type {[string, string]} */ ([String(room.id), community.roomTitle(room)])),
      ]),
      this.#choice("state", t("state"), ["open", "decided", "expired"].map((state) => pair(state, `state_${state}`))),
      this.#choice(
        "sort",
        t("order"),
        ["urgency", "oldest", "newest", "weight"].map((order) => pair(order, `order_${order}`)),
      ),
      iconButton("flag", t("raid_mode"), raidDialog),
      iconButton("question", t("keys"), showHelp),
    );
  }

  /** @param {"kind" | "room" | "state" | "sort"} name @param {string} label @param {[string, string][]} options */
  #choice(name, label, options) {
    const element = h(
      "select",
      { "aria-label": label },
      options.map(([value, text]) => h("option", { value, selected: value === this.value[name] }, text)),
    );
    element.addEventListener("change", () => {
      this.value[name] = element.value;
      this.changed();
    });
    return element;
  }
}

/** @param {string} value @param {string} key @returns {[string, string]} */
function pair(value, key) {
  return [value, t(/** @type {any} */ (key))];
}
