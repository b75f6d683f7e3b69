import { h } from "../lib/dom.js";
import { t } from "../lib/i18n.js";
import { dayOfMonth, shortTime } from "../lib/time.js";
import { command, community } from "../model/app.js";
import { avatar, nameView } from "../view/parts.js";
import { threadLink } from "../view/threadname.js";
import { chartView } from "./charts.js";
import { tile } from "./dashboard.js";
import { percent, table } from "./moderation.js";

/** Asked once for all parts of one page, and again for the next. @type {Promise<any> | null} */
let asked = null;

function health() {
  asked ??= command("activity.community");
  setTimeout(() => (asked = null), 1000);
  return asked;
}

/** How many come, come back and stay. */
export async function communityPart() {
  const found = await health();
  /** @param {string} name */
  const values = (name) => found.weeks.map((/** @type {any} */ week) => week[name]);
  const labels = found.weeks.map((/** @type {any} */ week) => weekName(week.week));
  return [
    h(
      "div",
      { class: "tiles" },
      tile("members", found.members),
      found.growth && tile("growth", percent(found.growth.rate)),
      tile("churned", found.churned),
    ),
    chartView({
      title: t("active_members"),
      kind: labels.length < 3 ? "bar" : "line",
      labels,
      series: [{ name: t("active"), values: values("active") }, { name: t("returning"), values: values("returning") }],
    }),
    chartView({
      title: t("growth"),
      kind: "bar",
      labels,
      series: [{ name: t("joined"), values: values("joined") }, { name: t("lapsed"), values: values("lapsed") }],
    }),
    h("h3", null, t("retention")),
    retention(found.retention.slice(-8)),
  ];
}

/** Of those who came in one week, how many were there in each week after it. @param {any[]} cohorts */
function retention(cohorts) {
  const longest = Math.max(1, ...cohorts.map((cohort) => cohort.active.length));
  const heads = [t("week_of"), ...Array.from({ length: longest }, (_, week) => `+${week}`)];
  return table(
    t("retention"),
    heads,
    cohorts.map((cohort) => [
      weekName(cohort.week),
      ...cohort.active.map((/** @type {number} */ count) => {
        const share = cohort.active[0] > 0 ? count / cohort.active[0] : 0;
        return h(
          "span",
          { class: `cell heat-${Math.round(share * 4)}` },
          percent(share),
          h("small", null, ` ${count}`),
        );
      }),
    ]),
  );
}

/** Who is asked and answers, who is new and who welcomed them. */
export async function leadersPart() {
  const found = await health();
  const most = Math.max(1e-9, ...found.leaders.map((/** @type {any} */ leader) => leader.knowledge));
  return [
    h(
      "ol",
      { class: "leaders" },
      found.leaders.slice(0, 8).map((/** @type {any} */ leader) =>
        h(
          "li",
          null,
          avatar(leader.member, community.memberName(leader.member)),
          nameView(leader.member),
          h("meter", { min: 0, max: most, value: leader.knowledge, "aria-label": t("knowledge") }),
          h("span", { class: "hint" }, leader.knowledge.toFixed(1)),
        )
      ),
    ),
    h("h3", null, t("newcomers")),
    table(
      t("newcomers"),
      [t("name"), t("welcomed_by")],
      found.newcomers.slice(0, 8).map((/** @type {any} */ newcomer) => [
        nameView(newcomer.member),
        newcomer.welcomed_by.length > 0 ? names(newcomer.welcomed_by) : "–",
      ]),
    ),
  ];
}

/** Questions that wait, with those who could answer. */
export async function waitingPart() {
  const found = await health();
  if (found.unanswered.length === 0) return h("p", { class: "hint" }, t("none"));
  return h(
    "ul",
    { class: "waiting" },
    found.unanswered.slice(0, 8).map((/** @type {any} */ question) =>
      h(
        "li",
        null,
        threadLink(question.room, question.thread),
        h(
          "p",
          { class: "hint" },
          nameView(question.asker),
          ` · ${shortTime(question.since)} · ${t("could_answer")} `,
          names(question.ask),
        ),
      )
    ),
  );
}

/** @param {number[]} members */
function names(members) {
  return members.map((member, index) => [index > 0 ? ", " : "", nameView(member)]);
}

/** @param {number} week Since 1 January 1970. */
function weekName(week) {
  return dayOfMonth(week * 7 * 86_400_000);
}
