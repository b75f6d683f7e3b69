import { h } from "../lib/dom.js";
import { t } from "../lib/i18n.js";
import { command, community } from "../model/app.js";
import { plain } from "./markdown.js";

/** @typedef {{name: string, path: string, isQuestion: boolean}} Place What a thread is called, and where it is. */

/** Places kept; the oldest goes first. */
const most = 400;
/** @type {Map<string, Promise<Place>>} */
const places = new Map();

/**
 * A thread's name: its title, else how its first message begins. What a live question began is called by the question.
 *
 * @param {number} room @param {number} thread @returns {Promise<Place>}
 */
export function threadPlace(room, thread) {
  const root = community.timeline(room).message(thread);
  if (root) return Promise.resolve(placeOf(room, root));
  const key = `${room}/${thread}`;
  const known = places.get(key);
  if (known) return known;
  const asked = find(room, thread);
  asked.catch(() => places.delete(key));
  places.set(key, asked);
  if (places.size > most) places.delete(places.keys().next().value ?? "");
  return asked;
}

/** @param {number} room @param {number} thread */
async function find(room, thread) {
  const message = await community.quoted.find(room, thread);
  if (message) return placeOf(room, message);
  const { events: [event] } = await command("history.get", { room, after: thread - 1, limit: 1 });
  const isQuestion = event?.event === "question.asked";
  const path = isQuestion ? `qa/${room}/${event.qa}` : `room/${room}/thread/${thread}`;
  return { name: isQuestion && event.text || t("thread"), path, isQuestion };
}

/** @param {number} room @param {any} root @returns {Place} */
function placeOf(room, root) {
  const words = root.deleted ? t("deleted") : plain(root).slice(0, 160) || t("thread");
  return { name: root.replies?.title || words, path: `room/${room}/thread/${root.seq}`, isQuestion: false };
}

/** A thread's name, which comes as soon as it is known. @param {number} room @param {number} thread @param {string} [title] */
export function threadNameView(room, thread, title) {
  const view = h("bdi", null, title || "…");
  if (!title) {
    threadPlace(room, thread).then(({ name }) => (view.textContent = name), () => (view.textContent = t("thread")));
  }
  return view;
}

/** A link to a thread. @param {number} room @param {number} thread @param {string} [title] */
export function threadLink(room, thread, title) {
  const link = h("a", { class: "clip", href: `#/room/${room}/thread/${thread}` }, threadNameView(room, thread, title));
  threadPlace(room, thread).then(({ path }) => (link.href = `#/${path}`), () => {});
  return link;
}
