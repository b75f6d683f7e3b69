import { fill, h, icon } from "../lib/dom.js";
import { t } from "../lib/i18n.js";
import { ago, clock, dayOfMonth } from "../lib/time.js";
import { command, community } from "../model/app.js";
import { allRooms } from "../view/rooms.js";
import { threadLink } from "../view/threadname.js";
import { chartView } from "./charts.js";
import { tile } from "./dashboard.js";
import { percent, table } from "./moderation.js";

/** Between two looks at the pulse, in milliseconds. */
const pulsePause = 3000;
/** Pulses kept on the chart. */
const pulses = 60;
/** How long the server's counts are believed, in milliseconds: counting a month takes it some work. */
const countsLifetime = 30_000;

/** @type {{at: number, answer: Promise<any>}} */
let counted = { at: -Infinity, answer: Promise.resolve() };

/** What the server counted, asked once for all parts of the page. */
function counts() {
  const now = performance.now();
  if (now - counted.at > countsLifetime) {
    counted = {
      at: now,
      answer: command("community.pulse", { utc_offset_min: -new Date().getTimezoneOffset() }),
    };
  }
  return counted.answer;
}

/** The daemon's own pulse: readiness, the round trip of a command, what commits and verdicts take, the queue; while one looks. */
export async function nowPart() {
  counted.at = -Infinity;
  const tiles = h("div", { class: "tiles" });
  const chart = h("div");
  /** @type {number[]} */
  const trips = [];
  const look = async () => {
    trips.push(await roundTrip());
    if (trips.length > pulses) trips.shift();
    const [ready, found] = await Promise.all([readiness(), counts().catch(() => null)]);
    fill(tiles, pulseTiles(ready, found, trips));
    // One point is no course of things.
    if (trips.length < 2) return;
    fill(
      chart,
      chartView({
        title: t("latency_chart"),
        labels: trips.map((_, index) => `${(index - trips.length + 1) * pulsePause / 1000} s`),
        series: [{ name: t("latency"), values: trips }],
        show: milliseconds,
        isLow: true,
      }),
    );
  };
  await look();
  const timer = setInterval(() => {
    if (!tiles.isConnected) clearInterval(timer);
    else if (!document.hidden && !chart.querySelector("details[open]")) look().catch(() => {});
  }, pulsePause);
  return [tiles, chart];
}

/** @param {number} value */
function milliseconds(value) {
  return `${value.toFixed(1)} ms`;
}

/** In milliseconds. */
async function roundTrip() {
  const start = performance.now();
  await command("member.get", { members: [community.me?.id ?? 1] });
  return performance.now() - start;
}

function readiness() {
  return fetch("/readyz", { cache: "no-store" }).then((answer) => answer.json()).catch(() => ({
    ready: false,
    reasons: [],
  }));
}

/** @param {any} ready @param {any} found @param {number[]} trips */
function pulseTiles(ready, found, trips) {
  const online = [...community.presence.values()].filter((state) => state !== "offline").length;
  const { queue, latency = {} } = found ?? {};
  return [
    tile("ready", t(ready.ready ? "yes" : "no"), ready.ready ? "good" : "bad"),
    tile("latency", milliseconds(trips[trips.length - 1])),
    latency.commit_p99_ms && tile("commit_time", milliseconds(latency.commit_p99_ms)),
    latency.verdict_p99_ms && tile("verdict_time", milliseconds(latency.verdict_p99_ms)),
    tile("online_here", online),
    queue && tile("queue_length", queue.open),
    queue && tile("queue_age", queue.oldest_at ? ago(queue.oldest_at) : "–"),
    !ready.ready && h("p", { class: "error" }, ready.reasons.join("; ")),
  ];
}

/** Messages of the last day by the hour, of the last month by the day, and the busiest rooms. */
export async function messagesPart() {
  const [found, rooms] = await Promise.all([counts(), allRooms()]);
  const names = new Map(rooms.map((room) => [room.id, room.title || room.name]));
  const busiest = found.rooms.slice(0, 8);
  /** @param {import("../lib/i18n.js").TextKey} title @param {any[]} spans @param {string[]} labels */
  const chart = (title, spans, labels) =>
    chartView({
      title: t(title),
      kind: "bar",
      labels,
      series: [
        { name: t("messages"), values: spans.map((span) => span.messages) },
        { name: t("authors"), values: spans.map((span) => span.members) },
      ],
    });
  return [
    chart("messages_by_hour", found.hours, found.hours.map((/** @type {any} */ hour) => clock(hour.at))),
    chart("messages_by_day", found.days, found.days.map((/** @type {any} */ day) => dayOfMonth(day.at))),
    busiest.length > 0 &&
    chart("messages_by_room", busiest, busiest.map((/** @type {any} */ one) => names.get(one.room) ?? `#${one.room}`)),
  ];
}

/** What rises today. */
export async function trendsPart() {
  const { trends } = await command("activity.trends", { window: "day", limit: 10 });
  if (trends.length === 0) return h("p", { class: "hint" }, t("none"));
  return table(
    t("trends"),
    [t("topic"), t("heat"), t("people")],
    trends.map((/** @type {any} */ trend) => [
      trendName(trend),
      Number(trend.heat).toFixed(1),
      trend.authors ?? t("fewer_than_five"),
    ]),
  );
}

/** @param {any} trend */
function trendName(trend) {
  if (trend.kind === "topic") return [icon("chart"), " ", trend.topic];
  const room = community.room(trend.room);
  if (trend.kind === "room") {
    return h("a", { href: `#/room/${trend.room}` }, icon("hash"), " ", room ? community.roomTitle(room) : trend.title);
  }
  return [icon("thread"), " ", threadLink(trend.room, trend.thread, trend.title)];
}

/** What the rules and the classifier did. */
export async function moderationPart() {
  const { rules } = await command("rules.get");
  const busy = rules.filter((/** @type {any} */ rule) => rule.hits > 0).sort(
    (/** @type {any} */ a, /** @type {any} */ b) => b.hits - a.hits,
  ).slice(0, 8);
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
      stats.labels.map((/** @type {any} */ label) => [
        label.label,
        label.decisions,
        percent(label.precision),
        percent(label.recall),
      ]),
    ),
  ];
}
