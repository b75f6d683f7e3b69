import { h, icon, iconButton } from "../lib/dom.js";
import { t } from "../lib/i18n.js";
import { shortTime } from "../lib/time.js";
import { command, community } from "../model/app.js";
import { avatar, dialog, field, formDialog, menu, nameView, toast, toastError } from "../view/parts.js";

/**
 * @typedef {import("../model/live.js").LiveRoom} LiveRoom
 * @typedef {import("../model/live.js").Question} Question
 */

/** All that a question's drawing depends on. @param {Question} question @param {LiveRoom} live */
export function questionLook(question, live) {
  const { answers, ...rest } = question;
  const author = question.by && community.members.get(question.by)?.name;
  const given = answers.map((answer) => [answer.seq, answer.accepted]);
  return JSON.stringify([rest, given, author, live.isHosting, live.session?.state, document.documentElement.lang]);
}

/** One question with its votes, its answers, and for hosts what can be done with it. @param {Question} question @param {LiveRoom} live */
export function questionView(question, live) {
  return h(
    "li",
    {
      class: `question ${question.state}${question.slot ? ` ${question.slot}` : ""}`,
      data: { question: String(question.seq) },
      tabIndex: -1,
    },
    votesView(question, live),
    h(
      "div",
      { class: "question-body" },
      h("p", { class: "question-text", dir: "auto" }, question.text),
      aboutView(question),
      question.answers.map((answer) => answerView(answer, question)),
      question.thread &&
        h(
          "a",
          { class: "thread-link", href: `#/room/${live.room}/thread/${question.thread}` },
          icon("thread"),
          t("open_thread"),
        ),
      live.isHosting && hostActions(question, live),
    ),
    live.isHosting || question.own
      ? iconButton("more", t("more"), (event) => menu(event.currentTarget, items(question, live)))
      : null,
  );
}

/** @param {Question} question @param {LiveRoom} live */
function votesView(question, live) {
  const open = (question.state === "open" || question.state === "live") && live.session?.state === "open";
  const mayVote = open && Boolean(community.room(live.room)?.role);
  /** @param {1 | -1} value @param {string} sign @param {import("../lib/i18n.js").TextKey} label */
  const button = (value, sign, label) =>
    h("button", {
      type: "button",
      class: question.mine === value ? "vote-button mine" : "vote-button",
      disabled: !mayVote,
      data: { focus: label },
      "aria-pressed": String(question.mine === value),
      "aria-label": t(label, { n: question.votes }),
      on: { click: () => live.vote(question, question.mine === value ? 0 : value).catch(toastError) },
    }, icon(/** @type {any} */ (sign)));
  return h(
    "div",
    { class: question.mine === 1 ? "vote mine" : "vote" },
    button(1, "up", "vote_count"),
    h("span", { class: "vote-count" }, question.votes),
    live.session?.downvotes && button(-1, "down", "vote_against"),
  );
}

/** @param {Question} question */
function aboutView(question) {
  const states = question.state === "open" ? null : h(
    "span",
    { class: `badge state-${question.state}` },
    t(/** @type {any} */ (question.slot === "next" ? "next_up" : `question_${question.state}`)),
  );
  return h(
    "p",
    { class: "hint question-about" },
    question.by && [avatar(question.by, community.memberName(question.by)), nameView(question.by)],
    !question.by && t("anonymous"),
    question.own && h("span", { class: "badge" }, t("yours")),
    h("span", null, shortTime(question.at)),
    states,
  );
}

/** @param {any} answer @param {Question} question */
function answerView(answer, question) {
  const accepted = answer.accepted || answer.seq === question.accepted;
  return h(
    "blockquote",
    { class: accepted ? "answer accepted" : "answer", dir: "auto" },
    h(
      "p",
      { class: "hint" },
      icon(accepted ? "check" : "reply"),
      nameView(answer.by),
      answer.mentor && [" · ", t("role_mentor")],
    ),
    answer.text ?? t("answered_aloud"),
  );
}

/** What a host does most, at one press. @param {Question} question @param {LiveRoom} live */
function hostActions(question, live) {
  /** @param {import("../lib/i18n.js").TextKey} label @param {string} name @param {any} [more] @param {string} [className] */
  const button = (label, name, more, className = "") =>
    h("button", {
      type: "button",
      class: `small ${className}`,
      data: { focus: label },
      on: { click: () => step(live, question, name, more) },
    }, t(label));
  const { state, slot } = question;
  return h(
    "div",
    { class: "actions start host-actions" },
    (state === "submitted" || state === "held") && [
      button("action_approve", "approve", {}, "primary"),
      button("dismiss", "dismiss"),
    ],
    (state === "open" || slot === "next") &&
      button("put_on_stage", "live", { slot: "now" }, slot === "next" ? "primary" : ""),
    state === "open" && button("put_next", "live", { slot: "next" }),
    state === "live" && slot === "now" && button("answered_aloud", "answer", { spoken: true }, "primary"),
    (state === "answered" || state === "dismissed") && button("reopen", "reopen"),
  );
}

/** @param {LiveRoom} live @param {Question} question @param {string} name @param {any} [more] */
export function step(live, question, name, more = {}) {
  const target = { room: live.room, question: question.seq };
  const undo = () => command("question.undo", target).catch(toastError);
  return command(`question.${name}`, { ...target, ...more }).then((ok) => {
    if (name === "undo" || name === "withdraw") return;
    const state = t(/** @type {any} */ (`question_${ok.state ?? "answered"}`));
    toast(t("question_now", { state }), { label: t("undo"), run: undo });
  }, toastError);
}

/** @param {Question} question @param {LiveRoom} live */
function items(question, live) {
  /** @param {string} name @param {any} [more] */
  const act = (name, more) => () => step(live, question, name, more);
  const { state } = question;
  const isOpen = state === "open" || state === "live";
  const withdraw = { label: t("withdraw"), icon: "trash", danger: true, run: act("withdraw") };
  if (!live.isHosting) return [withdraw];
  const others = live.ordered("votes").filter((other) => other !== question && other.state === "open").slice(0, 30);
  return [
    isOpen && { label: t("answered_aloud"), icon: "check", run: act("answer", { spoken: true }) },
    isOpen && { label: t("type_answer"), icon: "edit", run: () => answerDialog(question, live) },
    state === "open" && others.length > 0 &&
    { label: t("merge_into"), icon: "link", run: () => mergeDialog(question, others, live) },
    isOpen && { label: t("carry"), icon: "thread", run: act("carry") },
    state === "live" && { label: t("reopen"), icon: "back", run: act("reopen") },
    { label: t("undo_step"), icon: "back", run: act("undo") },
    isOpen && { label: t("dismiss"), icon: "close", danger: true, run: act("dismiss") },
    question.own && withdraw,
  ];
}

/** @param {Question} question @param {LiveRoom} live */
export function answerDialog(question, live) {
  const text = h("textarea", { rows: 4, required: true, maxLength: 4000 });
  const nonce = crypto.randomUUID();
  const fields = [h("blockquote", { dir: "auto" }, question.text), field(t("type_answer"), text)];
  formDialog(t("type_answer"), t("send"), fields, async () => {
    const target = { room: live.room, question: question.seq };
    const ok = await command("question.answer", { ...target, text: text.value, nonce });
    if (ok.verdict === "hold") toast(t("state_held"));
  }, "");
}

/** @param {Question} question @param {Question[]} others @param {LiveRoom} live */
function mergeDialog(question, others, live) {
  dialog(t("merge_into"), (close) =>
    h(
      "ul",
      { class: "choices" },
      others.map((other) => {
        const run = () => step(live, question, "merge", { into: other.seq }).then(close);
        const votes = h("span", { class: "count" }, other.votes);
        return h(
          "li",
          null,
          h("button", { type: "button", class: "choice", on: { click: run } }, votes, h("bdi", null, other.text)),
        );
      }),
    ));
}
