import { h, onceAFrame } from "../lib/dom.js";
import { t } from "../lib/i18n.js";
import { table } from "./moderation.js";

/**
 * @typedef {object} Series
 * @property {string} name
 * @property {(number | null)[]} values
 *
 * @typedef {object} Chart
 * @property {string} title
 * @property {string[]} labels Below the horizontal axis.
 * @property {Series[]} series
 * @property {"line" | "bar"} [kind]
 * @property {(value: number) => string} [show]
 * @property {boolean} [isLow] Half as high.
 */

const colours = ["--accent", "--good", "--warn", "--danger"];

/** A chart on a canvas, and the same figures as a table for those who want or need it. @param {Chart} chart */
export function chartView(chart) {
  const canvas = h("canvas", { role: "img", "aria-label": summary(chart) });
  const show = chart.show ?? String;
  const figures = table(
    chart.title,
    ["", ...chart.series.map((series) => series.name)],
    chart.labels.map((label, index) => [label, ...chart.series.map((series) => format(series.values[index], show))]),
  );
  const legend = chart.series.length > 1 &&
    h(
      "ul",
      { class: "legend" },
      chart.series.map((series, index) => h("li", { class: `series-${index}` }, series.name)),
    );
  const element = h(
    "figure",
    { class: chart.isLow ? "chart low" : "chart" },
    h("figcaption", null, h("h3", null, chart.title), legend),
    canvas,
    h("details", null, h("summary", null, t("as_table")), figures),
  );
  const draw = onceAFrame(() => paint(canvas, chart));
  const observer = new ResizeObserver(() => canvas.isConnected ? draw() : observer.disconnect());
  observer.observe(canvas);
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", draw);
  return element;
}

/** @param {number | null | undefined} value @param {(value: number) => string} show */
function format(value, show) {
  return value === null || value === undefined ? "–" : show(value);
}

/** @param {Chart} chart */
function summary(chart) {
  const show = (/** @type {any} */ value) => (chart.show ?? String)(value);
  const parts = chart.series.map((series) => {
    const known = series.values.filter((value) => value !== null).map(show);
    return known.length > 0 ? `${series.name} ${known[0]} → ${known[known.length - 1]}` : series.name;
  });
  return `${chart.title}: ${parts.join("; ")}`;
}

/** The next round number that is at least `value`. @param {number} value */
export function roundUp(value) {
  if (value <= 0) return 1;
  const power = 10 ** Math.floor(Math.log10(value));
  const step = [1, 2, 2.5, 5, 10].find((candidate) => candidate * power >= value) ?? 10;
  return step * power;
}

/** @param {HTMLCanvasElement} canvas @param {Chart} chart */
function paint(canvas, chart) {
  const width = canvas.clientWidth;
  const height = canvas.clientHeight;
  const context = canvas.getContext("2d");
  if (!context || width === 0) return;
  const ratio = devicePixelRatio || 1;
  canvas.width = width * ratio;
  canvas.height = height * ratio;
  context.scale(ratio, ratio);
  const style = getComputedStyle(canvas);
  // Resolved by the browser: the variables hold one colour for each theme.
  const colour = (/** @type {string} */ name) => {
    canvas.style.color = `var(${name})`;
    return style.color;
  };
  const top = roundUp(Math.max(...chart.series.flatMap((series) => series.values.map((value) => value ?? 0)), 0));
  const show = chart.show ?? ((value) => String(Math.round(value * 100) / 100));
  context.font = `11px ${style.fontFamily}`;
  const left = Math.max(...[0, 0.5, 1].map((part) => context.measureText(show(top * part)).width)) + 10;
  const area = { left, top: 8, width: width - left - 8, height: height - 30 };
  const y = (/** @type {number} */ value) => area.top + area.height * (1 - value / top);
  context.fillStyle = colour("--muted");
  context.strokeStyle = colour("--line");
  for (const part of [0, 0.5, 1]) {
    const at = Math.round(y(top * part)) + 0.5;
    context.beginPath();
    context.moveTo(area.left, at);
    context.lineTo(area.left + area.width, at);
    context.stroke();
    context.textAlign = "right";
    context.fillText(show(top * part), area.left - 5, at + 4);
  }
  const count = Math.max(1, chart.labels.length);
  const x = (/** @type {number} */ index) =>
    chart.kind === "bar" || count === 1
      ? area.left + area.width * (index + 0.5) / count
      : area.left + area.width * index / (count - 1);
  labels(context, chart, x, area, height);
  chart.series.forEach((series, number) => {
    const paintColour = colour(colours[number % colours.length]);
    if (chart.kind === "bar") bars(context, chart, series, number, paintColour, x, y, area);
    else line(context, series, paintColour, x, y);
  });
}

/** @param {CanvasRenderingContext2D} context @param {Chart} chart @param {(index: number) => number} x @param {any} area @param {number} height */
function labels(context, chart, x, area, height) {
  context.textAlign = "center";
  const every = Math.max(1, Math.ceil(chart.labels.length / Math.max(1, Math.floor(area.width / 60))));
  chart.labels.forEach((label, index) => {
    if (index % every === 0) {
      context.fillText(
        label.length > 12 ? `${label.slice(0, 11)}…` : label,
        Math.max(area.left + 12, Math.min(x(index), area.left + area.width - 14)),
        height - 6,
      );
    }
  });
}

/** @param {CanvasRenderingContext2D} context @param {Chart} chart @param {Series} series @param {number} number @param {string} colour @param {(index: number) => number} x @param {(value: number) => number} y @param {any} area */
function bars(context, chart, series, number, colour, x, y, area) {
  context.fillStyle = colour;
  const slot = area.width / Math.max(1, chart.labels.length) * 0.7;
  const width = Math.min(48, slot / chart.series.length);
  series.values.forEach((value, index) => {
    if (value === null) return;
    const start = x(index) - width * chart.series.length / 2 + number * width;
    context.fillRect(start, y(value), Math.max(1, width - 2), y(0) - y(value));
  });
}

/** @param {CanvasRenderingContext2D} context @param {Series} series @param {string} colour @param {(index: number) => number} x @param {(value: number) => number} y */
function line(context, series, colour, x, y) {
  context.strokeStyle = colour;
  context.fillStyle = colour;
  context.lineWidth = 2;
  context.beginPath();
  let isDown = false;
  series.values.forEach((value, index) => {
    if (value === null) {
      isDown = false;
      return;
    }
    if (isDown) context.lineTo(x(index), y(value));
    else context.moveTo(x(index), y(value));
    isDown = true;
  });
  context.stroke();
  series.values.forEach((value, index) => {
    if (value === null) return;
    context.beginPath();
    context.arc(x(index), y(value), 2.5, 0, 7);
    context.fill();
  });
  context.lineWidth = 1;
}
