import { h } from "../lib/dom.js";
import { t } from "../lib/i18n.js";
import { command, community } from "../model/app.js";
import { plain } from "./markdown.js";

/** Names kept; the oldest goes first. */
const most = 400;
/** @type {Map<string, Promise<string>>} */
const names = new Map();

/** What a thread is called: by its title, else by how its first message begins. @param {number} room @param {number} thread @returns {Promise<string>} */
export function threadName(room, thread) {
  const root = community.timeline(room).message(thread);
  if (root) return Promise.resolve(nameOf(root));
  const key = `${room}/${thread}`;
  const known = names.get(key);
  if (known) return known;
  const asked = command("history.get", { room, thread, after: 0, limit: 1, fold: true }).then(
    (page) => page.messages[0] ? nameOf(page.messages[0]) : t("thread"),
  );
  asked.catch(() => names.delete(key));
  names.set(key, asked);
  if (names.size > most) names.delete(names.keys().next().value ?? "");
  return asked;
}

/** @param {any} root */
function nameOf(root) {
  if (root.replies?.title) return root.replies.title;
  return root.deleted ? t("deleted") : plain(root).slice(0, 160) || t("thread");
}

/** A thread's name, which comes as soon as it is known. @param {number} room @param {number} thread @param {string} [title] */
export function threadNameView(room, thread, title) {
  const view = h("bdi", null, title || "…");
  if (!title) {
    threadName(room, thread).then(
      (name) => (view.textContent = name),
      () => (view.textContent = t("thread")),
    );
  }
  return view;
}
