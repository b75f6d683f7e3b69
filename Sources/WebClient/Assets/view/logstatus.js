import { fill, h } from "../lib/dom.js";
import { explain, t } from "../lib/i18n.js";
import { community } from "../model/app.js";

/** What stands above the first message of a log: where it begins, or why there is nothing. */
export class LogStatus {
  element = h("div", { class: "log-status" });

  /** @param {() => void} retry */
  constructor(retry) {
    this.retry = retry;
  }

  /** @param {import("../model/timeline.js").Timeline} timeline */
  draw(timeline) {
    const state = timeline.error
      ? "error"
      : timeline.isEmpty
      ? "loading"
      : timeline.items.length === 0
      ? "empty"
      : timeline.atStart
      ? "start"
      : "";
    const key = `${state} ${document.documentElement.lang} ${timeline.key}`;
    if (this.element.dataset.key === key) return;
    this.element.dataset.key = key;
    if (state === "error") {
      fill(
        this.element,
        h("p", null, explain(timeline.error)),
        h("button", { type: "button", on: { click: () => this.retry() } }, t("retry")),
      );
    } else if (state === "loading") {
      fill(this.element, h("p", { class: "hint" }, t("loading")));
    } else if (state === "empty" || state === "start" && timeline.thread === undefined) {
      const room = community.room(timeline.roomId);
      fill(
        this.element,
        h("h2", null, room ? community.roomTitle(room) : ""),
        h(
          "p",
          { class: "hint" },
          timeline.thread === undefined ? t(state === "empty" ? "room_empty" : "room_start") : t("thread_empty"),
        ),
      );
    } else {
      fill(this.element);
    }
  }
}
