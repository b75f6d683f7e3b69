import { fill, h } from "../lib/dom.js";
import { explain, t } from "../lib/i18n.js";
import { community } from "../model/app.js";

/** What stands above the first message of a log: where the room begins, or why there is nothing. */
export class LogStatus {
  element = h("div", { class: "log-status" });

  /** @param {() => void} retry */
  constructor(retry) {
    this.retry = retry;
  }

  /** @param {import("../model/timeline.js").Timeline} timeline */
  draw(timeline) {
    const state = stateOf(timeline);
    const key = `${state} ${document.documentElement.lang} ${timeline.key}`;
    if (this.element.dataset.key === key) return;
    this.element.dataset.key = key;
    fill(this.element, this.#words(state, timeline));
  }

  /** @param {string} state @param {import("../model/timeline.js").Timeline} timeline */
  #words(state, timeline) {
    const isThread = timeline.thread !== undefined;
    if (state === "error") {
      const retry = h("button", { type: "button", on: { click: this.retry } }, t("retry"));
      return [h("p", null, explain(timeline.error)), retry];
    }
    if (state === "loading") return h("p", { class: "hint" }, t("loading"));
    if (state !== "empty" && (state !== "start" || isThread)) return null;
    const room = community.room(timeline.roomId);
    const words = isThread ? "thread_empty" : state === "empty" ? "room_empty" : "room_start";
    return [h("h2", null, room ? community.roomTitle(room) : ""), h("p", { class: "hint" }, t(words))];
  }
}

/** @param {import("../model/timeline.js").Timeline} timeline */
function stateOf(timeline) {
  if (timeline.error) return "error";
  if (timeline.isEmpty) return "loading";
  if (timeline.items.length === 0) return "empty";
  return timeline.atStart ? "start" : "";
}
