import { h, icon } from "../lib/dom.js";
import { t } from "../lib/i18n.js";
import { community } from "../model/app.js";
import { cloudView, shareOf } from "./poll.js";
import { qrView } from "./qr.js";

/** @typedef {import("../model/live.js").LiveRoom} LiveRoom */

/** Questions that stand below the stage. */
const shownQuestions = 5;

/** Large and without controls, for the screen in the hall. @param {LiveRoom} live */
export function projectorView(live) {
  const now = live.onStage("now");
  const next = live.onStage("next");
  const waiting = live.ordered("votes").filter((question) => question.state === "open").slice(0, shownQuestions);
  const poll = live.openPolls[0];
  return [
    hallHead(live),
    now && h("section", { class: "hall-now" }, h("h2", null, t("on_stage")), h("p", { dir: "auto" }, now.text)),
    next && h("p", { class: "hall-next" }, h("span", { class: "badge" }, t("next_up")), " ", h("bdi", null, next.text)),
    poll && pollBoard(poll),
    waiting.length > 0 &&
    h(
      "ol",
      { class: "hall-questions" },
      waiting.map((question) =>
        h(
          "li",
          null,
          h("span", { class: "vote-count" }, icon("up"), question.votes),
          h("p", { dir: "auto" }, question.text),
        )
      ),
    ),
    !now && !poll && waiting.length === 0 && h("p", { class: "hall-empty" }, t("no_questions")),
  ];
}

/** What it is, and the way in for phones. @param {LiveRoom} live */
function hallHead(live) {
  const room = community.room(live.room);
  const title = room ? community.roomTitle(room) : "";
  const address = `${location.origin}/#/qa/${live.room}/${live.session?.seq ?? 0}`;
  return h(
    "header",
    { class: "hall-head" },
    h(
      "div",
      null,
      h("h1", { dir: "auto" }, live.session?.title ?? (title || t("live_qa"))),
      h("p", null, t("join_at"), " ", h("strong", null, location.host), " ", icon("hash"), title),
    ),
    qrView(address, `${t("join_at")} ${address}`),
  );
}

/** @param {import("../model/live.js").Poll} poll */
function pollBoard(poll) {
  const hidden = poll.results_hidden && !poll.closed;
  return h(
    "section",
    { class: "hall-poll" },
    h("h2", { dir: "auto" }, poll.question),
    poll.kind === "text" && !hidden ? cloudView(poll.words ?? []) : h(
      "ul",
      { class: "poll-options" },
      poll.options.map((option, index) => {
        const share = poll.counts && !hidden ? shareOf(poll, poll.counts[index]) : 0;
        const bar = h("span", { class: "poll-bar" });
        bar.style.inlineSize = `${share * 100}%`;
        return h(
          "li",
          { class: "poll-option" },
          bar,
          h("bdi", { class: "poll-text" }, option),
          !hidden && h("span", { class: "poll-share" }, `${Math.round(share * 100)} %`),
        );
      }),
    ),
    h(
      "p",
      { class: "hint" },
      [t("n_voters", { n: poll.voters }), hidden && t("results_later")].filter(Boolean).join(" · "),
    ),
  );
}
