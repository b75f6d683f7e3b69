import { fill, h, icon } from "../lib/dom.js";
import { t } from "../lib/i18n.js";
import { ago } from "../lib/time.js";
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
/** Rooms whose messages are counted, and pages of each. */
const countedRooms = 12;
const countedPages = 5;
const hour = 3_600_000;

/** The daemon's own pulse, from here: readiness, the round trip of a command, and the queue; while one looks. */
export async function nowPart() {
  const tiles = h("div", { class: "tiles" });
  const chart = h("div");
  /** @type {number[]} */
  const trips = [];
  const look = async () => {
    trips.push(await roundTrip());
    if (trips.length > pulses) trips.shift();
    const [ready, queue] = await Promise.all([readiness(), openItems()]);
    fill(tiles, pulseTiles(ready, queue, trips));
    // One point is no course of things.
    if (trips.length < 2) return;
    fill(
      chart,
      chartView({
        title: t("latency_chart"),
        labels: trips.map((_, index) => `${(index - trips.length + 1) * pulsePause / 1000} s`),
        series: [{ name: t("latency"), values: trips }],
        show: (value) => `${value.toFixed(1)} ms`,
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

/** The oldest open items, or nothing for who may not see them. */
function openItems() {
  return command("review.list", { limit: 200, sort: "oldest" }).catch(() => null);
}

/** @param {any} ready @param {any} queue @param {number[]} trips */
function pulseTiles(ready, queue, trips) {
  const online = [...community.presence.values()].filter((state) => state !== "offline").length;
  return [
    tile("ready", t(ready.ready ? "yes" : "no"), ready.ready ? "good" : "bad"),
    tile("latency", `${trips[trips.length - 1].toFixed(1)} ms`),
    tile("online_here", online),
    queue && tile("queue_length", queue.next ? `${queue.items.length}+` : queue.items.length),
    queue && tile("queue_age", queue.items.length > 0 ? ago(queue.items[0].created_at) : "–"),
    !ready.ready && h("p", { class: "error" }, ready.reasons.join("; ")),
  ];
}

/** Messages of the last day by the hour, and the busiest rooms. */
export async function messagesPart() {
  const now = Date.now();
  const rooms = (await allRooms()).filter((room) => room.kind !== "direct").sort((a, b) => b.seq - a.seq)
    .slice(0, countedRooms);
  const counts = await Promise.all(rooms.map((room) => hourly(room, now)));
  const hours = Array.from({ length: 24 }, (_, index) => counts.reduce((sum, row) => sum + row[index], 0));
  const totals = counts.map((row) => row.reduce((sum, count) => sum + count, 0));
  const order = rooms.map((_, index) => index).sort((a, b) => totals[b] - totals[a]).slice(0, 8);
  return [
    chartView({
      title: t("messages_by_hour"),
      kind: "bar",
      labels: hours.map((_, index) => `${new Date(now - (23 - index) * hour).getHours()}:00`),
      series: [{ name: t("messages"), values: hours }],
    }),
    chartView({
      title: t("messages_by_room"),
      kind: "bar",
      labels: order.map((index) => rooms[index].title || rooms[index].name),
      series: [{ name: t("messages"), values: order.map((index) => totals[index]) }, {
        name: t("members"),
        values: order.map((index) => rooms[index].members),
      }],
    }),
  ];
}

/** A room's messages in each of the last 24 hours, oldest first. @param {any} room @param {number} now */
async function hourly(room, now) {
  const counts = Array(24).fill(0);
  let before;
  for (let page = 0; page < countedPages; page += 1) {
    const { events, next } = await command("history.get", { room: room.id, before, limit: 200 });
    for (const event of events) {
      const age = Math.floor((now - event.at) / hour);
      if (event.event === "message.posted" && age >= 0 && age < 24) counts[23 - age] += 1;
    }
    if (!next || events.length === 0 || now - events[0].at > 24 * hour) break;
    before = events[0].seq;
  }
  return counts;
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
