import { h } from "../lib/dom.js";
import { t } from "../lib/i18n.js";
import { pageHead } from "../view/parts.js";
import { auditPage, classifierPage } from "./moderation.js";
import "./queue.js";
import { rulesPage } from "./rules.js";

/** @type {Record<string, () => any>} */
const parts = {
  queue: () => document.createElement("ly-review"),
  rules: rulesPage,
  classifier: classifierPage,
  audit: auditPage,
};

/** The moderators' pages. @param {string[]} rest */
export function reviewPage(rest) {
  const part = rest[0] in parts ? rest[0] : "queue";
  const tabs = Object.keys(parts).map((name) =>
    h("a", {
      href: name === "queue" ? "#/review" : `#/review/${name}`,
      class: "tab",
      "aria-current": name === part ? "page" : undefined,
    }, t(/** @type {any} */ (`tab_${name}`)))
  );
  return h(
    "div",
    { class: "page" },
    pageHead(t("review_queue"), "", h("nav", { class: "tabs", "aria-label": t("review_queue") }, tabs)),
    parts[part](),
  );
}
