import { languageTag, t } from "./i18n.js";

/** @type {Map<string, Intl.DateTimeFormat>} */
const formats = new Map();

/** @param {string} name @param {Intl.DateTimeFormatOptions} options */
function format(name, options) {
  const key = `${languageTag()} ${name}`;
  let found = formats.get(key);
  if (!found) {
    found = new Intl.DateTimeFormat(languageTag(), options);
    formats.set(key, found);
  }
  return found;
}

/** Hours and minutes. @param {number} at Unix milliseconds. */
export function clock(at) {
  return format("clock", { hour: "2-digit", minute: "2-digit", hour12: false }).format(at);
}

/** Date and time in full. @param {number} at */
export function fullTime(at) {
  return format("full", { dateStyle: "full", timeStyle: "short" }).format(at);
}

/** A key that two moments of one day share. @param {number} at */
export function dayKey(at) {
  const date = new Date(at);
  return date.getFullYear() * 10000 + date.getMonth() * 100 + date.getDate();
}

/** Today, yesterday or the date. @param {number} at @param {number} [now] */
export function dayName(at, now = Date.now()) {
  if (dayKey(at) === dayKey(now)) return t("today");
  if (dayKey(at) === dayKey(now - 86_400_000)) return t("yesterday");
  return format("day", { weekday: "long", year: "numeric", month: "long", day: "numeric" }).format(at);
}

/** Month and day in numbers. @param {number} at */
export function dayOfMonth(at) {
  return format("month", { month: "numeric", day: "numeric" }).format(at);
}

/** Day and time, short. @param {number} at @param {number} [now] */
export function shortTime(at, now = Date.now()) {
  if (dayKey(at) === dayKey(now)) return clock(at);
  return format("short", { month: "short", day: "numeric", hour: "2-digit", minute: "2-digit", hour12: false }).format(
    at,
  );
}

/** How long ago, in one unit. @param {number} at @param {number} [now] */
export function ago(at, now = Date.now()) {
  const seconds = Math.max(0, Math.round((now - at) / 1000));
  if (seconds < 60) return t("seconds_ago", { n: seconds });
  if (seconds < 3600) return t("minutes_ago", { n: Math.floor(seconds / 60) });
  if (seconds < 86_400) return t("hours_ago", { n: Math.floor(seconds / 3600) });
  return t("days_ago", { n: Math.floor(seconds / 86_400) });
}
