import { h, icon } from "../lib/dom.js";
import { currentLanguage, t } from "../lib/i18n.js";
import { ago, shortTime } from "../lib/time.js";
import { community } from "../model/app.js";
import { plain } from "../view/markdown.js";
import { avatar, nameView, roleBadge } from "../view/parts.js";
import { marked } from "../view/search.js";

/** An item in the list. @param {any} item @param {boolean} isSelected @param {() => void} select */
export function itemRow(item, isSelected, select) {
  const room = community.room(item.room);
  const other = item.claimed && item.claimed.by !== community.me?.id;
  return h(
    "div",
    { role: "option", class: "review-row", "aria-selected": String(isSelected), on: { click: select } },
    h(
      "div",
      { class: "head" },
      h("span", { class: `badge kind-${item.kind}` }, t(/** @type {any} */ (`kind_${item.kind}`))),
      item.subject && h("span", { class: "badge" }, t(/** @type {any} */ (`subject_${item.subject}`))),
      h("strong", { class: "clip" }, h("bdi", null, item.member.name ?? "")),
      h("time", null, ago(item.created_at)),
    ),
    h("p", { class: "clip", dir: "auto" }, item.text.slice(0, 120)),
    h(
      "div",
      { class: "hint head" },
      room && h("span", { class: "clip" }, community.roomTitle(room)),
      item.reports > 0 && h("span", null, t("n_reports", { n: item.reports })),
      item.verdict?.score > 0 && h("span", { class: "count" }, Number(item.verdict.score).toFixed(1)),
      other && h("span", { class: "claim" }, icon("hand"), nameView(item.claimed.by)),
    ),
  );
}

/**
 * An item with all that a moderator decides it by.
 *
 * @param {any} item
 * @param {any} around What `review.get` answers, once it has.
 * @param {any} actions
 */
export function itemView(item, around, actions) {
  return [
    authorView(item),
    item.expires_at && h("p", { class: "hint" }, t("expires", { time: shortTime(item.expires_at) })),
    around?.parent && parentView(around.parent),
    h(
      "div",
      { class: "review-text text plain", dir: "auto" },
      marked({ text: item.text, spans: fromBytes(item.text, spansOf(item)) }),
    ),
    whyView(item),
    item.decision && decisionView(item.decision),
    actions,
    around && reportsView(around.reports),
    around && sanctionsView(around.sanctions),
    around && contextView(item, around),
  ];
}

/** @param {any} item */
function authorView(item) {
  const { member } = item;
  const room = community.room(item.room);
  // The community's moderators are told; those of single rooms are not.
  const standing = member.trust !== undefined &&
    { trust: member.trust, strikes: Number(member.strikes).toFixed(1), n: member.posts };
  return h(
    "header",
    { class: "review-author" },
    avatar(member.id, member.name ?? "?"),
    h(
      "div",
      null,
      h("strong", null, h("bdi", null, member.name ?? "")),
      " ",
      roleBadge(member.role),
      standing && h("p", { class: "hint" }, t("standing", standing)),
    ),
    h("span", { class: "hint" }, room && [community.roomTitle(room), " · "], shortTime(item.created_at)),
  );
}

/** What an appeal objects to. @param {any} parent */
function parentView(parent) {
  return h(
    "section",
    null,
    h("h3", null, t("appeal_against")),
    h("blockquote", { class: "text plain", dir: "auto" }, parent.text),
    parent.decision && decisionView(parent.decision),
  );
}

/** @param {any} decision */
function decisionView(decision) {
  const action = t(/** @type {any} */ (`action_${decision.action}`));
  const name = community.memberName(decision.by);
  return h("p", { class: "hint" }, t("decision_was", { action, name }), decision.reason && `: ${decision.reason}`);
}

/** Where rules matched, in bytes of the text as UTF-8. @param {any} item @returns {[number, number][]} */
export function spansOf(item) {
  return (item?.verdict?.reasons ?? []).flatMap((/** @type {any} */ reason) =>
    reason.spans ?? (reason.span ? [reason.span] : [])
  );
}

/** Offsets in bytes as offsets in the units that strings here are counted in. @param {string} text @param {[number, number][]} spans */
export function fromBytes(text, spans) {
  const bytes = new TextEncoder().encode(text);
  const decoder = new TextDecoder();
  const units = (/** @type {number} */ offset) => decoder.decode(bytes.subarray(0, offset)).length;
  return spans.map(([start, end]) => /** @type {[number, number]} */ ([units(start), units(end)]));
}

/** Why the item is here: rules with their reasons, labels with the tokens that weighed most. @param {any} item */
function whyView(item) {
  const reasons = item.verdict?.reasons ?? [];
  if (reasons.length === 0) return null;
  const score = item.verdict.score === undefined ? "" : t("score", { n: Number(item.verdict.score).toFixed(1) });
  return h(
    "section",
    { class: "why-list" },
    h("h3", null, t("why"), " ", h("span", { class: "hint" }, score)),
    h("ul", { class: "plain-list" }, reasons.map((/** @type {any} */ reason) => h("li", null, reasonView(reason)))),
  );
}

/** @param {any} reason */
function reasonView(reason) {
  const score = reason.score !== undefined && h("span", { class: "count" }, signed(reason.score));
  const observed = reason.observed && h("span", { class: "badge" }, t("observed"));
  if (reason.rule) return [score, h("code", null, reason.rule), " ", reason[currentLanguage()] ?? "", " ", observed];
  if (reason.classifier) {
    return [
      score,
      h("strong", null, reason.classifier),
      ` ${Math.round((reason.probability ?? 0) * 100)} % `,
      tokens(reason.tokens ?? []),
    ];
  }
  const words = Object.keys(reason).filter((key) => key !== "score" && typeof reason[key] !== "object")
    .map((key) => `${key} ${reason[key]}`);
  return [score, words.join(", ")];
}

/** Features with what each weighed. @param {[string, number][]} weighed */
export function tokens(weighed) {
  return h(
    "span",
    { class: "tokens" },
    weighed.slice(0, 12).map(([token, weight]) =>
      h("span", { class: weight > 0 ? "token for" : "token against" }, h("bdi", null, token), " ", signed(weight))
    ),
  );
}

/** @param {number} number */
function signed(number) {
  return `${number > 0 ? "+" : ""}${Number(number).toFixed(1)}`;
}

/** @param {any[]} reports */
function reportsView(reports) {
  if (reports.length === 0) return null;
  const rows = reports.map((report) =>
    h(
      "li",
      null,
      h("strong", null, nameView(report.by)),
      ` ${report.reason} `,
      report.accuracy !== undefined &&
        h("span", { class: "hint" }, t("accuracy", { p: Math.round(report.accuracy * 100) })),
    )
  );
  return h("section", null, h("h3", null, t("reports")), h("ul", { class: "plain-list" }, rows));
}

/** @param {any[]} sanctions */
function sanctionsView(sanctions) {
  const inForce = sanctions.filter((sanction) => !sanction.lifted_at);
  if (inForce.length === 0) return null;
  const rows = inForce.map((sanction) => {
    const kind = t(/** @type {any} */ (`sanction_${sanction.kind}`));
    return h("li", null, h("span", { class: "badge" }, kind), ` ${shortTime(sanction.at)} ${sanction.reason}`);
  });
  return h("section", null, h("h3", null, t("sanctions")), h("ul", { class: "plain-list" }, rows));
}

/** The messages before and after. @param {any} item @param {any} around */
function contextView(item, around) {
  if (around.context.length === 0) return null;
  const rows = around.context.map((/** @type {any} */ message) =>
    h(
      "li",
      { class: message.seq === item.seq ? "here" : "" },
      h("strong", null, nameView(message.by)),
      " ",
      h("time", { class: "hint" }, shortTime(message.at)),
      h("p", { dir: "auto", class: "text" }, message.deleted ? t("deleted") : plain(message).slice(0, 400)),
    )
  );
  return h("section", null, h("h3", null, t("context")), h("ol", { class: "plain-list context" }, rows));
}
