import { fill, h } from "../lib/dom.js";
import { currentLanguage, explain, t } from "../lib/i18n.js";
import { shortTime } from "../lib/time.js";
import { command, community } from "../model/app.js";
import { field, toast, toastError } from "../view/parts.js";

/**
 * A table of figures.
 *
 * @param {string} caption
 * @param {string[]} heads
 * @param {any[][]} rows
 */
export function table(caption, heads, rows) {
  return h(
    "div",
    { class: "table-box", tabIndex: 0, role: "region", "aria-label": caption },
    h(
      "table",
      null,
      h("caption", { class: "visually-hidden" }, caption),
      h("thead", null, h("tr", null, heads.map((head) => h("th", { scope: "col" }, head)))),
      h(
        "tbody",
        null,
        rows.map((row) =>
          h("tr", null, row.map((cell, index) => index === 0 ? h("th", { scope: "row" }, cell) : h("td", null, cell)))
        ),
      ),
    ),
  );
}

/** @param {number | undefined} share */
export function percent(share) {
  return share === undefined ? "–" : `${Math.round(share * 1000) / 10} %`;
}

/** The rules in force with what they did, and a place to try others. */
export function rulesPage() {
  const list = h("div", null, t("loading"));
  const pack = h("textarea", { rows: 10, spellcheck: false, class: "code" });
  const result = h("div", { role: "status", class: "stack" });
  const draw = () =>
    command("rules.get").then((answer) =>
      fill(
        list,
        h("p", { class: "hint" }, `${t("version")} ${answer.version}`),
        table(
          t("tab_rules"),
          [
            t("rule"),
            t("score_head"),
            t("mode"),
            t("hits"),
            t("kind_held"),
            t("blocked"),
            t("confirmed"),
            t("overturned"),
            t("precision"),
          ],
          answer.rules.map((/** @type {any} */ rule) => [
            [h("code", null, rule.id), h("p", { class: "hint" }, rule[currentLanguage()])],
            rule.score,
            t(rule.enforced ? "enforced" : "observed"),
            rule.hits ?? 0,
            rule.held ?? 0,
            rule.blocked ?? 0,
            rule.confirmed ?? 0,
            rule.overturned ?? 0,
            precision(rule),
          ]),
        ),
      ), (error) => fill(list, h("p", { class: "error" }, explain(error))));
  const check = () =>
    command("rules.check", { pack: pack.value }).then(
      (answer) =>
        fill(
          result,
          h(
            "p",
            { class: answer.ok ? "" : "error" },
            answer.ok ? t("pack_ok", { n: answer.rules, m: answer.examples }) : t("pack_bad"),
          ),
          answer.errors.map((/** @type {string} */ line) => h("pre", null, line)),
        ),
      toastError,
    );
  const reload = () => command("rules.reload").then(() => draw().then(() => toast(t("saved"))), toastError);
  const backtest = async () => {
    // The server works through its history in one answer; how long that takes nobody knows, and the bar says so.
    const bar = h("progress", { "aria-label": t("backtest") });
    fill(result, bar);
    try {
      const answer = await command("rules.backtest", { pack: pack.value || undefined });
      fill(result, backtestView(answer));
    } catch (error) {
      fill(result, h("p", { class: "error" }, explain(/** @type {any} */ (error))));
    }
  };
  draw();
  return h(
    "div",
    { class: "page-body" },
    h(
      "section",
      null,
      h("div", { class: "actions start" }, h("button", { type: "button", on: { click: reload } }, t("reload_rules"))),
      list,
    ),
    h(
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
    ),
  );
}

/** @param {any} rule */
function precision(rule) {
  const decided = (rule.confirmed ?? 0) + (rule.overturned ?? 0);
  return decided === 0 ? "–" : percent(rule.confirmed / decided);
}

/** @param {any} answer */
function backtestView(answer) {
  const actions = Object.entries(answer.actions).map(([name, count]) => `${name} ${count}`).join(" · ");
  const rules = answer.rules.filter((/** @type {any} */ rule) => rule.hits > 0);
  return [
    h("p", null, t("backtest_done", { n: answer.messages, m: answer.decided }), ` ${actions}`),
    table(
      t("backtest"),
      [t("rule"), t("hits"), t("new_hits"), t("confirmed"), t("overturned"), t("precision"), t("samples")],
      rules.map((
        /** @type {any} */ rule,
      ) => [
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

/** What each label has learned, and why a text scores as it does. */
export function classifierPage() {
  const stats = h("div", null, t("loading"));
  const text = h("textarea", { rows: 3 });
  const result = h("div", { role: "status", class: "stack" });
  command("classifier.stats").then(
    (answer) =>
      fill(
        stats,
        h("p", { class: "hint" }, `${t("version")} ${answer.version}`),
        table(
          t("classifier"),
          [
            t("label"),
            t("learned_with"),
            t("learned_without"),
            t("features"),
            t("decisions"),
            t("precision"),
            t("recall"),
          ],
          answer.labels.map((
            /** @type {any} */ label,
          ) => [
            label.label,
            label.learned_with,
            label.learned_without,
            label.features,
            label.decisions,
            percent(label.precision),
            percent(label.recall),
          ]),
        ),
      ),
    (error) => fill(stats, h("p", { class: "error" }, explain(error))),
  );
  const ask = (/** @type {Event} */ event) => {
    event.preventDefault();
    command("classifier.explain", { text: text.value, limit: 12 }).then(
      (answer) =>
        fill(
          result,
          answer.labels.map((/** @type {any} */ label) =>
            h(
              "p",
              null,
              h("strong", null, label.label),
              ` ${percent(label.probability)} `,
              h(
                "span",
                { class: "tokens" },
                [...(label.for ?? []), ...(label.against ?? [])].map((
                  /** @type {[string, number]} */ [token, weight],
                ) =>
                  h(
                    "span",
                    { class: weight > 0 ? "token for" : "token against" },
                    h("bdi", null, token),
                    ` ${Number(weight).toFixed(1)}`,
                  )
                ),
              ),
            )
          ),
        ),
      toastError,
    );
  };
  return h(
    "div",
    { class: "page-body" },
    h("section", null, stats),
    h(
      "section",
      null,
      h("h3", null, t("explain_text")),
      h(
        "form",
        { on: { submit: ask } },
        field(t("text"), text),
        h("div", { class: "actions start" }, h("button", { type: "submit", class: "primary" }, t("explain"))),
      ),
      result,
    ),
  );
}

/** The hash-chained log of what moderators did. */
export function auditPage() {
  const list = h("div", null, t("loading"));
  const state = h("p", { role: "status" });
  let after = 0;
  /** @type {any[]} */
  const rows = [];
  const more = h("button", { type: "button", on: { click: () => load() } }, t("more"));
  const load = () =>
    command("audit.list", { after, limit: 200 }).then((answer) => {
      rows.unshift(...[...answer.rows].reverse());
      community.want(answer.rows.flatMap((/** @type {any} */ row) => [row.actor, row.member ?? 0]));
      after = answer.next ?? after;
      more.hidden = !answer.next;
      draw();
    }, (error) => fill(list, h("p", { class: "error" }, explain(error))));
  const draw = () =>
    fill(
      list,
      table(
        t("tab_audit"),
        ["#", t("time"), t("who"), t("what"), t("about"), t("hash")],
        rows.map((
          row,
        ) => [
          row.number,
          shortTime(row.at),
          row.actor > 0 ? community.memberName(row.actor) : t("system"),
          row.action,
          row.member ? community.memberName(row.member) : "",
          h("code", null, row.hash.slice(0, 12)),
        ]),
      ),
    );
  const off = community.on("members", () => list.isConnected ? draw() : off());
  const verify = () =>
    command("audit.verify").then((answer) => {
      state.className = answer.intact ? "" : "error";
      state.textContent = answer.intact
        ? t("audit_intact", { n: answer.rows })
        : t("audit_broken", { n: answer.row, problem: answer.problem });
    }, toastError);
  load();
  return h(
    "div",
    { class: "page-body" },
    h(
      "div",
      { class: "actions start" },
      h("button", { type: "button", class: "primary", on: { click: verify } }, t("verify")),
      more,
    ),
    state,
    list,
  );
}
