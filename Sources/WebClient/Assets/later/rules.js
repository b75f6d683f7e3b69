import { fill, h } from "../lib/dom.js";
import { currentLanguage, explain, t } from "../lib/i18n.js";
import { command } from "../model/app.js";
import { field, toast, toastError } from "../view/parts.js";
import { percent, table } from "./moderation.js";

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

/** Checks a pack, and runs it over stored history before anybody is touched by it. */
function tryOut() {
  const pack = h("textarea", { rows: 10, spellcheck: false, class: "code" });
  const result = h("div", { role: "status", class: "stack" });
  const check = () =>
    command("rules.check", { pack: pack.value }).then((answer) => {
      const words = answer.ok ? t("pack_ok", { n: answer.rules, m: answer.examples }) : t("pack_bad");
      const errors = answer.errors.map((/** @type {string} */ line) => h("pre", null, line));
      fill(result, h("p", { class: answer.ok ? "" : "error" }, words), errors);
    }, toastError);
  const backtest = async () => {
    // The server works through its history in one answer; how long that takes nobody knows, and the bar says so.
    fill(result, h("progress", { "aria-label": t("backtest") }));
    try {
      fill(result, backtestView(await command("rules.backtest", { pack: pack.value || undefined })));
    } catch (error) {
      fill(result, h("p", { class: "error" }, explain(/** @type {any} */ (error))));
    }
  };
  return h(
    "section",
    null,
    h("h3", null, t("try_pack")),
    field(t("pack"), pack, t("pack_hint")),
    h(
      "div",
      { class: "actions start" },
      h("button", { type: "button", on: { click: check } }, t("check_pack")),
      h("button", { type: "button", class: "primary", on: { click: backtest } }, t("backtest")),
    ),
    result,
  );
}

/** @param {any} answer */
function backtestView(answer) {
  const actions = Object.entries(answer.actions).map(([name, count]) => `${name} ${count}`).join(" · ");
  const rules = answer.rules.filter((/** @type {any} */ rule) => rule.hits > 0);
  const heads = ["rule", "hits", "new_hits", "confirmed", "overturned", "precision", "samples"];
  return [
    h("p", null, t("backtest_done", { n: answer.messages, m: answer.decided }), ` ${actions}`),
    table(
      t("backtest"),
      heads.map((head) => t(/** @type {any} */ (head))),
      rules.map((/** @type {any} */ rule) => [
        h("code", null, rule.id),
        rule.hits,
        rule.new,
        rule.confirmed,
        rule.overturned,
        percent(rule.precision),
        rule.samples.slice(0, 3).map((/** @type {any} */ sample) =>
          h("p", { class: "hint" }, sample.text.slice(0, 100))
        ),
      ]),
    ),
  ];
}
