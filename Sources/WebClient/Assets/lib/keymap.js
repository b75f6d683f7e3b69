/**
 * Every key of the client in one table, which `?` shows. A part of the page adds its rows while it is there.
 *
 * @typedef {object} Row
 * @property {string} keys Such as `Mod+K`, `Shift+?`, `j`; `Mod` is Ctrl, or Cmd on a Mac. Alternatives are split by " / ".
 * @property {import("./i18n.js").TextKey} label
 * @property {string} scope Where it works: "everywhere", "log", "composer", "queue" …
 * @property {(event: KeyboardEvent) => boolean | void} run False lets the key go on.
 * @property {boolean} [whileTyping] Also when a field has the focus.
 */

/** @type {Row[]} */
const rows = [];
const isMac = /mac|iphone|ipad/i.test(globalThis.navigator?.platform ?? "");

/** @param {KeyboardEvent} event */
function name(event) {
  const parts = [];
  if (event.ctrlKey || event.metaKey) parts.push("Mod");
  if (event.altKey) parts.push("Alt");
  // The letter or sign says by itself whether Shift was down; keys with names do not.
  if (event.shiftKey && (event.key.length > 1 || parts.length > 0)) parts.push("Shift");
  parts.push(event.key.length === 1 && parts.length > 0 ? event.key.toUpperCase() : event.key);
  return parts.join("+");
}

/** Whether a key belongs to an input method that is composing; Safari ends the composition before the key. @param {KeyboardEvent} event */
export function isComposing(event) {
  return event.isComposing || event.keyCode === 229;
}

/** @param {EventTarget | null} target */
function isTyping(target) {
  return target instanceof HTMLElement && (target.isContentEditable || target.matches("input, textarea, select"));
}

/**
 * @param {Row[]} added
 * @returns {() => void} Takes them away.
 */
export function addKeys(added) {
  rows.push(...added);
  return () => {
    for (const row of added) {
      const index = rows.indexOf(row);
      if (index >= 0) rows.splice(index, 1);
    }
  };
}

/** The rows in force, for the help. */
export function allKeys() {
  return [...rows];
}

/** As the help shows it. @param {string} keys */
export function keyLabel(keys) {
  return keys.replaceAll("Mod", isMac ? "⌘" : "Ctrl").replaceAll("ArrowUp", "↑").replaceAll("ArrowDown", "↓");
}

/** @param {KeyboardEvent} event */
export function handleKey(event) {
  if (event.defaultPrevented || isComposing(event)) return;
  const pressed = name(event);
  const typing = isTyping(event.target);
  const inDialog = document.querySelector("dialog[open]") !== null;
  for (const row of [...rows].reverse()) {
    if (typing && !row.whileTyping || inDialog && row.scope !== "dialog") continue;
    if (!row.keys.split(" / ").includes(pressed)) continue;
    if (row.run(event) === false) continue;
    event.preventDefault();
    return;
  }
}
