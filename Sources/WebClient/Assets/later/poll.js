import { h, icon, iconButton } from "../lib/dom.js";
import { t } from "../lib/i18n.js";
import { shortTime } from "../lib/time.js";
import { command, community } from "../model/app.js";
import { pickedAfter } from "../model/live.js";
import { dialog, menu, nameView, toastError } from "../view/parts.js";

/**
 * @typedef {import("../model/live.js").LiveRoom} LiveRoom
 * @typedef {import("../model/live.js").Poll} Poll
 */

/** All that a poll's drawing depends on. @param {Poll} poll */
export function pollLook(poll) {
  return JSON.stringify([poll, document.documentElement.lang]);
}

/** A poll of any kind: to answer while it is open, to read once it is closed. @param {Poll} poll @param {LiveRoom} live */
export function pollView(poll, live) {
  return h(
    "section",
    { class: poll.closed ? "poll closed" : "poll" },
    h(
      "header",
      { class: "poll-head" },
      h("h3", { dir: "auto" }, poll.question),
      iconButton("more", t("more"), (event) => menu(event.currentTarget, items(poll, live)), "small"),
    ),
    h("p", { class: "hint" }, hintOf(poll)),
    poll.kind === "text" ? textView(poll, live) : optionsView(poll, live),
    footView(poll),
  );
}

/** @param {Poll} poll */
function hintOf(poll) {
  if (poll.closed) return t("poll_closed");
  return t(/** @type {any} */ (`poll_${poll.kind}`));
}

/** @param {Poll} poll */
function footView(poll) {
  const parts = [t("n_voters", { n: poll.voters })];
  if (poll.anonymous) parts.push(t("anonymous"));
  if (poll.results_hidden && !poll.closed) parts.push(t("results_later"));
  if (poll.closes_at && !poll.closed) parts.push(t("closes_at", { time: shortTime(poll.closes_at) }));
  return h("p", { class: "hint" }, parts.join(" · "));
}

/** @param {Poll} poll @param {LiveRoom} live */
function optionsView(poll, live) {
  const most = Math.max(1, ...poll.counts ?? []);
  return h(
    "ul",
    { class: "poll-options" },
    poll.options.map((option, index) => {
      const count = poll.counts?.[index];
      const share = count === undefined ? 0 : shareOf(poll, count);
      const bar = h("span", { class: "poll-bar" });
      bar.style.inlineSize = `${share * 100}%`;
      const isBest = poll.closed && count !== undefined &&
        (poll.ranking ? poll.ranking[0]?.includes(index) : count === most);
      const isRight = poll.closed && poll.quiz_answer === index;
      return h(
        "li",
        null,
        optionButton(poll, index, live, [
          bar,
          markOf(poll, index),
          h("bdi", { class: "poll-text" }, option),
          isRight && icon("check"),
          count !== undefined &&
          h("span", { class: isBest ? "poll-share best" : "poll-share" }, shareWords(poll, index, share)),
        ], isRight || isBest && poll.quiz_answer === undefined),
      );
    }),
  );
}

/** @param {Poll} poll @param {number} index @param {LiveRoom} live @param {any} content @param {boolean | undefined} isBest */
function optionButton(poll, index, live, content, isBest) {
  const isMine = poll.mine.includes(index);
  const mayVote = !poll.closed && Boolean(community.room(live.room)?.role);
  const pick = () => live.answerPoll(poll, { options: pickedAfter(poll, index) }).catch(toastError);
  return h("button", {
    type: "button",
    class: `poll-option${isMine ? " mine" : ""}${isBest ? " best" : ""}`,
    disabled: !mayVote,
    data: { focus: String(index) },
    "aria-pressed": String(isMine),
    on: { click: pick },
  }, content);
}

/** @param {Poll} poll @param {number} index */
function markOf(poll, index) {
  const place = poll.mine.indexOf(index);
  const mark = place < 0 ? "" : poll.kind === "ranked" ? place + 1 : icon("check");
  return h("span", { class: poll.kind === "multiple" ? "poll-mark square" : "poll-mark" }, mark);
}

/** @param {Poll} poll @param {number} count */
export function shareOf(poll, count) {
  const total = poll.kind === "multiple" || poll.kind === "ranked"
    ? poll.voters
    : (poll.counts ?? []).reduce((sum, known) => sum + known, 0);
  return total > 0 ? Math.min(1, count / total) : 0;
}

/** @param {Poll} poll @param {number} index @param {number} share */
function shareWords(poll, index, share) {
  const place = poll.ranking?.findIndex((tied) => tied.includes(index)) ?? -1;
  if (poll.kind === "ranked" && place >= 0 && poll.voters > 0) return t("place", { n: place + 1 });
  return `${Math.round(share * 100)} % · ${poll.counts?.[index]}`;
}

/** @param {Poll} poll @param {LiveRoom} live */
function textView(poll, live) {
  const input = h("input", {
    maxLength: 100,
    value: poll.text ?? "",
    "aria-label": t("your_answer"),
    placeholder: t("your_answer"),
    data: { focus: "answer" },
  });
  const submit = (/** @type {Event} */ event) => {
    event.preventDefault();
    live.answerPoll(poll, { text: input.value.trim() }).catch(toastError);
  };
  return [
    !poll.closed &&
    h("form", { class: "row", on: { submit } }, input, h("button", { type: "submit", class: "primary" }, t("send"))),
    cloudView(poll.words ?? []),
  ];
}

/** Words as large as they were often. @param {{text: string, count: number}[]} words */
export function cloudView(words) {
  const most = Math.max(1, ...words.map((word) => word.count));
  return h(
    "ul",
    { class: "cloud", "aria-label": t("words") },
    words.map(({ text, count }, index) => {
      const word = h(
        "li",
        { class: `tone-text-${index % 4}`, title: t("n_times", { n: count }) },
        h("bdi", null, text),
      );
      word.style.fontSize = `${1 + 1.4 * Math.sqrt(count / most)}em`;
      return word;
    }),
  );
}

/** @param {Poll} poll @param {LiveRoom} live */
function items(poll, live) {
  const target = { room: live.room, poll: poll.seq };
  const room = community.room(live.room);
  const mayEnd = poll.by === community.me?.id || Boolean(room && community.hasRank("moderator", room));
  const mayLook = !poll.anonymous && (!poll.results_hidden || poll.closed);
  return [
    poll.mine.length > 0 && !poll.closed &&
    { label: t("take_back"), icon: "back", run: () => live.answerPoll(poll, { options: [] }).catch(toastError) },
    mayLook && { label: t("who_voted"), icon: "people", run: () => votersDialog(poll, live) },
    mayEnd && !poll.closed &&
    { label: t("close_poll"), icon: "lock", run: () => command("poll.close", target).catch(toastError) },
    mayEnd &&
    { label: t("delete"), icon: "trash", danger: true, run: () => command("poll.delete", target).catch(toastError) },
  ];
}

/** @param {Poll} poll @param {LiveRoom} live */
function votersDialog(poll, live) {
  dialog(t("who_voted"), () => {
    const list = h("ul", { class: "plain-list" });
    command("poll.voters", { room: live.room, poll: poll.seq, limit: 200 }).then(({ voters }) => {
      for (const voter of voters) {
        const chosen = voter.text ?? voter.mine.map((/** @type {number} */ index) => poll.options[index]).join(", ");
        list.append(h("li", { class: "row" }, nameView(voter.member), h("span", { class: "hint" }, chosen)));
      }
    }, toastError);
    return list;
  });
}
