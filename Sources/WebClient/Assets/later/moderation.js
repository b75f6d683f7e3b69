import { fill, h } from "../lib/dom.js";
import { explain, t } from "../lib/i18n.js";
import { shortTime } from "../lib/time.js";
import { command, community } from "../model/app.js";
import { field, toastError } from "../view/parts.js";
import { tokens } from "./item.js";

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
              tokens([...(label.for ?? []), ...(label.against ?? [])]),
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
        ["#", t("time"), t("who"), t("what"), t("about"), t("details"), t("hash")],
        rows.map((
          row,
        ) => [
          row.number,
          shortTime(row.at),
          row.actor > 0 ? community.memberName(row.actor) : t("system"),
          row.action,
          row.member ? community.memberName(row.member) : "",
          h("span", { class: "hint" }, detailsOf(row)),
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

/** @param {any} row */
function detailsOf(row) {
  const room = community.room(row.room);
  const parts = room ? [community.roomTitle(room)] : [];
  for (const [name, value] of Object.entries(row.details ?? {})) {
    parts.push(`${name} ${typeof value === "object" ? JSON.stringify(value) : value}`);
  }
  return parts.join(" · ").slice(0, 300);
}
