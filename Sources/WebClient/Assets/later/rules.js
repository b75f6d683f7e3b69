import { fill, h } from "../lib/dom.js";
import { currentLanguage, explain, t } from "../lib/i18n.js";
import { command } from "../model/app.js";
import { toast, toastError } from "../view/parts.js";
import { percent, table } from "./moderation.js";
import { tryOut } from "./tryout.js";

/** @type {Record<string, (rule: any) => boolean>} */
const filters = {
  all: () => true,
  hit: (rule) => rule.hits > 0,
  observed: (rule) => !rule.enforced,
};

/** The rules in force with what they did, and a place to try others. */
export function rulesPage() {
  const list = h("div", null, t("loading"));
  const about = h("p", { class: "hint" });
  const words = h("input", { type: "search", "aria-label": t("filter"), placeholder: t("filter") });
  const which = h(
    "select",
    { "aria-label": t("filter") },
    Object.keys(filters).map((name) => h("option", { value: name }, t(/** @type {any} */ (`rules_${name}`)))),
  );
  /** @type {any[]} */
  let rules = [];
  const draw = () => {
    const wanted = words.value.toLowerCase();
    const shown = rules.filter((rule) =>
      filters[which.value](rule) && `${rule.id} ${rule.en} ${rule.zh}`.toLowerCase().includes(wanted)
    ).sort((a, b) => (b.hits ?? 0) - (a.hits ?? 0));
    fill(list, rulesTable(shown));
  };
  const load = () =>
    command("rules.get").then((answer) => {
      rules = answer.rules;
      about.textContent = `${t("n_rules", { n: rules.length })} · ${t("version")} ${answer.version.slice(0, 12)}`;
      draw();
    }, (error) => fill(list, h("p", { class: "error" }, explain(error))));
  const reload = () => command("rules.reload").then(() => load().then(() => toast(t("saved"))), toastError);
  words.addEventListener("input", draw);
  which.addEventListener("change", draw);
  load();
  return h(
    "div",
    { class: "page-body" },
    h(
      "section",
      null,
      h(
        "div",
        { class: "table-tools" },
        words,
        which,
        about,
        h("button", { type: "button", on: { click: reload } }, t("reload_rules")),
      ),
      list,
    ),
    tryOut(),
  );
}

/** @param {any[]} rules */
function rulesTable(rules) {
  const heads = ["rule", "score_head", "mode", "hits", "kind_held", "blocked", "confirmed", "overturned", "precision"];
  return table(
    t("tab_rules"),
    heads.map((head) => t(/** @type {any} */ (head))),
    rules.map((rule) => [
      [h("code", null, rule.id), h("p", { class: "hint" }, rule[currentLanguage()])],
      rule.score,
      h(
        "span",
        { class: rule.enforced ? "badge mode-on" : "badge mode-off" },
        t(rule.enforced ? "enforced" : "observed"),
      ),
      rule.hits ?? 0,
      rule.held ?? 0,
      rule.blocked ?? 0,
      rule.confirmed ?? 0,
      rule.overturned ?? 0,
      precision(rule),
    ]),
  );
}

/** @param {any} rule */
function precision(rule) {
  const decided = (rule.confirmed ?? 0) + (rule.overturned ?? 0);
  return decided === 0 ? "–" : percent(rule.confirmed / decided);
}
