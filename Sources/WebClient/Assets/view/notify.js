import { t } from "../lib/i18n.js";
import { storage } from "../lib/storage.js";
import { shortTime } from "../lib/time.js";
import { community } from "../model/app.js";
import { callsMe } from "./message.js";
import { plain } from "./markdown.js";
import { toast } from "./parts.js";
import { router } from "./router.js";

/** Whether the member wants notices and the browser shows them. */
export function noticesAreOn() {
  return "Notification" in globalThis && Notification.permission === "granted" && storage.get("notices") === true;
}

/** @param {boolean} wanted @returns {Promise<boolean>} What holds now. */
export async function setNotices(wanted) {
  if (!("Notification" in globalThis)) return false;
  const allowed = !wanted || await Notification.requestPermission() === "granted";
  storage.set("notices", wanted && allowed);
  return noticesAreOn();
}

/** Tells of messages that call the member while the page is out of sight. */
export function installNotices() {
  community.on("posted", (event) => {
    const room = community.room(event.room);
    if (!room || event.seq <= room.countedSeq || event.by === community.me?.id) return;
    if (!callsMe(event) && room.kind !== "direct") return;
    if (!document.hidden && document.hasFocus() || !noticesAreOn()) return;
    const title = `${community.memberName(event.by)} · ${community.roomTitle(room)}`;
    notify(
      title,
      plain(event).slice(0, 200),
      room.id,
      `room/${room.id}${event.thread ? `/thread/${event.thread}` : ""}/at/${event.seq}`,
    );
  });
  community.on("mine", tellSanction);
  community.on("mine", tellWebhook);
  community.on("rooms", () => {
    const rooms = [...community.rooms.values()];
    const loud = rooms.reduce((sum, room) => sum + (room.kind === "direct" ? room.unread : room.mentions), 0);
    const place = router.place.room ? community.room(router.place.room) : undefined;
    const mark = loud > 0 ? `(${loud}) ` : rooms.some((room) => room.unread > 0) ? "• " : "";
    const title = mark + (place ? community.roomTitle(place) : t("title"));
    // Setting it costs a message to the browser's frame each time.
    if (document.title !== title) document.title = title;
  });
}

/** Tells a member what was imposed on them or lifted, with the reason, until they have read it. @param {any} event */
function tellSanction(event) {
  if (event.event !== "me.sanctioned" && event.event !== "me.pardoned") return;
  const kind = t(/** @type {any} */ (`sanction_${event.kind}`));
  const room = event.room ? community.room(event.room) : undefined;
  const until = event.until ? t("closes_at", { time: shortTime(event.until) }) : "";
  const what = event.event === "me.pardoned" ? t("lifted") : event.reason;
  const words = [kind, room && community.roomTitle(room), until, what].filter(Boolean).join(" · ");
  toast(words, { label: t("ok"), run: () => {}, seconds: 60 });
}

/** A webhook of one's own was switched off, and nothing goes out through it any more. @param {any} event */
function tellWebhook(event) {
  if (event.event !== "me.webhook_disabled") return;
  const words = t("webhook_disabled", { name: event.name, why: t(/** @type {any} */ (`webhook_${event.reason}`)) });
  toast(words, { label: t("open"), run: () => router.go("programs"), seconds: 60 });
}

/** @param {string} title @param {string} body @param {number} room @param {string} path Where a click leads. */
function notify(title, body, room, path) {
  let notice;
  try {
    notice = new Notification(title, { body, tag: `room-${room}` });
  } catch {
    // Android's browsers show notices for installed pages only; the title still counts.
    return;
  }
  notice.onclick = () => {
    focus();
    notice.close();
    router.go(path);
  };
}
