import { fill, h, icon } from "../lib/dom.js";
import { explain, t } from "../lib/i18n.js";
import { ago, shortTime } from "../lib/time.js";
import { command, community } from "../model/app.js";
import { allRooms } from "../view/rooms.js";
import { chartView } from "./charts.js";
import { percent, table } from "./moderation.js";

/**
 * How the community does, for moderators and operators: each part asks for its own figures and says so when this server
 * has none.
 */
export function dashboardPage() {
  const parts = [["now", nowPart], ["rooms", roomsPart], ["community_health", communityPart], ["trends", trendsPart], [
    "moderation",
    moderationPart,
  ]];
  return h(
    "div",
    { class: "page" },
    h(
      "header",
      { class: "room-head" },
      h("a", { class: "icon-button back", href: "#/", "aria-label": t("back") }, icon("back")),
      h("h2", null, t("dashboard")),
    ),
    h(
      "div",
      { class: "page-body dashboard" },
      parts.map(([title, part]) => {
        const body = h("div", { class: "part" }, h("p", { class: "hint" }, t("loading")));
        /** @type {any} */ (part)().then(
          (/** @type {any} */ view) => fill(body, view),
          (/** @type {any} */ error) =>
            fill(body, h("p", { class: "hint" }, error.code === "unknown_command" ? t("no_figures") : explain(error))),
        );
        return h("section", null, h("h2", null, t(/** @type {any} */ (title))), body);
      }),
    ),
  );
}

/** @param {import("../lib/i18n.js").TextKey} label @param {string | number} value */
function tile(label, value) {
  return h("div", { class: "tile" }, h("span", { class: "value" }, value), h("span", { class: "hint" }, t(label)));
}

/** The daemon's own pulse, from here: readiness and the round trip of a command. */
async function nowPart() {
  const trips = [];
  for (let index = 0; index < 5; index += 1) {
    const start = performance.now();
    await command("member.get", { members: [community.me?.id ?? 1] });
    trips.push(performance.now() - start);
  }
  const ready = await fetch("/readyz", { cache: "no-store" }).then((answer) => answer.json()).catch(() => ({
    ready: false,
    reasons: [],
  }));
  const online = [...community.presence.values()].filter((state) => state !== "offline").length;
  const queue = await command("review.list", { limit: 200, sort: "oldest" }).catch(() => null);
  return h(
    "div",
    { class: "tiles" },
    tile("ready", t(ready.ready ? "yes" : "no")),
    tile("latency", `${trips.sort((a, b) => a - b)[2].toFixed(1)} ms`),
    tile("online_here", online),
    queue && tile("queue_length", queue.next ? `${queue.items.length}+` : queue.items.length),
    queue && queue.items.length > 0 && tile("queue_age", ago(queue.items[0].created_at)),
    !ready.ready && h("p", { class: "error" }, ready.reasons.join("; ")),
  );
}

async function roomsPart() {
  const rooms = (await allRooms()).filter((room) => room.kind !== "direct").sort((a, b) => b.seq - a.seq).slice(0, 20);
  return chartView({
    title: t("events_by_room"),
    kind: "bar",
    labels: rooms.map((room) => room.title || room.name),
    series: [{ name: t("events"), values: rooms.map((room) => room.seq) }, {
      name: t("members"),
      values: rooms.map((room) => room.members),
    }],
  });
}

async function communityPart() {
  const found = await command("activity.community");
  const weeks = found.weeks ?? [];
  /** @param {string} name */
  const values = (name) => weeks.map((/** @type {any} */ week) => week[name] ?? 0);
  const labels = weeks.map((/** @type {any} */ week) => weekName(week.week));
  community.want(
    [...(found.leaders ?? []), ...(found.newcomers ?? [])].map((/** @type {any} */ entry) => entry.member),
  );
  const retention = Object.entries(found.retention ?? {}).slice(-8);
  return [
    h(
      "div",
      { class: "tiles" },
      tile("members", found.members ?? 0),
      found.growth !== undefined && tile("growth", percent(found.growth)),
      found.churned !== undefined && tile("churned", found.churned),
    ),
    chartView({
      title: t("active_members"),
      labels,
      series: [{ name: t("active"), values: values("active") }, { name: t("returning"), values: values("returning") }],
    }),
    chartView({
      title: t("growth"),
      kind: "bar",
      labels,
      series: [{ name: t("joined"), values: values("joined") }, { name: t("lapsed"), values: values("lapsed") }],
    }),
    retention.length > 0 &&
    chartView({
      title: t("retention"),
      labels: (/** @type {number[]} */ (retention[0][1])).map((_, index) => `+${index}`),
      series: retention.slice(-4).map(([week, row]) => ({
        name: weekName(Number(week)),
        values: /** @type {number[]} */ (row),
      })),
    }),
    h("h3", null, t("leaders")),
    table(
      t("leaders"),
      [t("name"), t("knowledge")],
      (found.leaders ?? []).map((
        /** @type {any} */ leader,
      ) => [community.memberName(leader.member), Number(leader.knowledge).toFixed(2)]),
    ),
    h("h3", null, t("unanswered")),
    h(
      "ul",
      { class: "plain-list" },
      (found.unanswered ?? []).slice(0, 20).map((/** @type {any} */ question) =>
        h(
          "li",
          null,
          h("a", { href: `#/room/${question.room}/thread/${question.thread}` }, question.title || t("thread")),
          ` ${community.memberName(question.asker)} `,
          h("span", { class: "hint" }, shortTime(question.since)),
        )
      ),
    ),
  ];
}

/** @param {number} week Since 1 January 1970. */
function weekName(week) {
  return new Date(week * 7 * 86_400_000).toLocaleDateString(document.documentElement.lang, {
    month: "numeric",
    day: "numeric",
  });
}

async function trendsPart() {
  const found = await command("activity.trends", { window: "day" });
  const trends = found.trends ?? [];
  return table(
    t("trends"),
    [t("topic"), t("heat"), t("people")],
    trends.map((
      /** @type {any} */ trend,
    ) => [
      trend.title ?? trend.topic ?? trend.name ?? "",
      Number(trend.score ?? trend.heat ?? 0).toFixed(2),
      trend.authors ?? "–",
    ]),
  );
}

async function moderationPart() {
  const { rules } = await command("rules.get");
  const busy = rules.filter((/** @type {any} */ rule) => rule.hits > 0).sort((
    /** @type {any} */ a,
    /** @type {any} */ b,
  ) => b.hits - a.hits).slice(0, 12);
  const stats = await command("classifier.stats");
  return [
    chartView({
      title: t("rule_hits"),
      kind: "bar",
      labels: busy.map((/** @type {any} */ rule) => rule.id),
      series: [{ name: t("hits"), values: busy.map((/** @type {any} */ rule) => rule.hits) }, {
        name: t("overturned"),
        values: busy.map((/** @type {any} */ rule) => rule.overturned ?? 0),
      }],
    }),
    table(
      t("classifier"),
      [t("label"), t("decisions"), t("precision"), t("recall")],
      stats.labels.map((
        /** @type {any} */ label,
      ) => [label.label, label.decisions, percent(label.precision), percent(label.recall)]),
    ),
  ];
}
