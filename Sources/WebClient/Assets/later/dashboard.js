import { fill, h } from "../lib/dom.js";
import { explain, t } from "../lib/i18n.js";
import { pageHead } from "../view/parts.js";
import { communityPart, leadersPart, waitingPart } from "./dashcommunity.js";
import { messagesPart, moderationPart, nowPart, trendsPart } from "./dashlive.js";

/**
 * How the community does, for moderators and operators: each part asks for its own figures and says so when this server
 * has none.
 */
export function dashboardPage() {
  /** @type {[import("../lib/i18n.js").TextKey, () => Promise<any>, string?][]} */
  const parts = [
    ["now", nowPart, "whole"],
    ["messages", messagesPart],
    ["community_health", communityPart],
    ["trends", trendsPart],
    ["leaders", leadersPart],
    ["unanswered", waitingPart],
    ["moderation", moderationPart],
  ];
  return h(
    "div",
    { class: "page" },
    pageHead(t("dashboard"), t("dashboard_hint")),
    h("div", { class: "page-body dashboard" }, parts.map(([title, part, name]) => section(title, part, name))),
  );
}

/** @param {import("../lib/i18n.js").TextKey} title @param {() => Promise<any>} part @param {string} [name] */
function section(title, part, name = "") {
  const body = h("div", { class: "part" }, h("p", { class: "hint" }, t("loading")));
  part().then(
    (view) => fill(body, view),
    (error) =>
      fill(body, h("p", { class: "hint" }, error.code === "unknown_command" ? t("no_figures") : explain(error))),
  );
  return h("section", { class: name }, h("h2", null, t(title)), body);
}

/** One figure with what it is. @param {import("../lib/i18n.js").TextKey} label @param {string | number} value @param {string} [mood] */
export function tile(label, value, mood = "") {
  return h(
    "div",
    { class: `tile ${mood}` },
    h("span", { class: "value" }, value),
    h("span", { class: "hint" }, t(label)),
  );
}
