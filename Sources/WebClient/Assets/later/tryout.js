import { button, fill, h } from "../lib/dom.js";
import { explain, t } from "../lib/i18n.js";
import { command, community } from "../model/app.js";
import { field, toastError } from "../view/parts.js";
import { percent, table } from "./moderation.js";

/** Checks a pack, and runs it over stored history before anybody is touched by it. */
export function tryOut() {
  const pack = h("textarea", { rows: 10, spellcheck: false, class: "code" });
  const result = h("div", { role: "status", class: "stack" });
  const check = () =>
    command("rules.check", { pack: pack.value }).then((answer) => {
      const words = answer.ok ? t("pack_ok", { n: answer.rules, m: answer.examples }) : t("pack_bad");
      const errors = answer.errors.map((/** @type {string} */ line) => h("pre", null, line));
      fill(result, h("p", { class: answer.ok ? "" : "error" }, words), errors);
    }, toastError);
  const backtest = async () => {
    const bar = h("progress", { "aria-label": t("backtest") });
    const words = h("p", { class: "hint" });
    const off = community.on("signal", (event) => {
      if (event.event !== "rules.backtest_progress") return;
      Object.assign(bar, { max: Math.max(1, event.total), value: event.done });
      words.textContent = t("backtest_progress", { n: event.done, m: event.total });
    });
    fill(result, bar, words);
    run.disabled = true;
    try {
      fill(result, backtestView(await command("rules.backtest", { pack: pack.value || undefined })));
    } catch (error) {
      fill(result, h("p", { class: "error" }, explain(/** @type {any} */ (error))));
    }
    off();
    run.disabled = false;
  };
  const run = button(t("backtest"), backtest, "primary");
  return h(
    "section",
    null,
    h("h3", null, t("try_pack")),
    field(t("pack"), pack, t("pack_hint")),
    h(
      "div",
      { class: "actions start" },
      button(t("check_pack"), check),
      run,
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
