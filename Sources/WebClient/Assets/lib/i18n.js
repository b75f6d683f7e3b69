import { texts } from "../text/texts.js";
import { storage } from "./storage.js";

/** @typedef {keyof typeof texts} TextKey */

/** @returns {"en" | "zh"} */
function preferred() {
  const chosen = storage.get("language");
  if (chosen === "en" || chosen === "zh") return chosen;
  const first = globalThis.navigator?.language ?? "en";
  return first.toLowerCase().startsWith("zh") ? "zh" : "en";
}

let language = preferred();

/** The language as the page's `lang` carries it. */
export function languageTag() {
  return language === "zh" ? "zh-Hans" : "en";
}

export function currentLanguage() {
  return language;
}

/** @param {"en" | "zh"} chosen */
export function setLanguage(chosen) {
  language = chosen;
  storage.set("language", chosen);
}

/**
 * The sentence for `key` in the member's language; `{name}` gives way to `values.name`, and `{n|one|many}` to one of
 * two words by the number `values.n`.
 *
 * @param {TextKey} key
 * @param {Record<string, string | number>} [values]
 */
export function t(key, values = {}) {
  // A newer server may name what this client has no words for.
  const pattern = (texts[key] ?? [key, key])[language === "zh" ? 1 : 0];
  return pattern.replace(/\{(\w+)(?:\|([^|}]*)\|([^}]*))?\}/g, (_, name, one, many) => {
    const value = values[name] ?? "";
    if (one === undefined) return String(value);
    return Number(value) === 1 ? one : many;
  });
}

/**
 * What a refusal says: our own sentence for its code, or the server's where that says more.
 *
 * @param {{code?: string, message?: string, retry_after_ms?: number}} error
 */
export function explain(error) {
  const key = /** @type {TextKey} */ (`error_${error.code}`);
  const seconds = Math.ceil((error.retry_after_ms ?? 0) / 1000);
  if (key in texts) {
    const sentence = t(key, { s: seconds });
    return language === "en" && error.message && detailed.has(error.code ?? "") ? error.message : sentence;
  }
  return error.message ?? t("error_internal");
}

/** Codes whose English sentence from the server says more than the code. */
const detailed = new Set(["malformed", "conflict", "forbidden", "archived", "rejected", "muted", "not_found"]);
