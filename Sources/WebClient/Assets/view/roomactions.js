import { h } from "../lib/dom.js";
import { t } from "../lib/i18n.js";
import { shortTime } from "../lib/time.js";
import { command, community, outbox } from "../model/app.js";
import { pickEmoji } from "./emojipicker.js";
import { plain } from "./markdown.js";
import { afterRegret, copy, dialog, field, formDialog, menu, toast, toastError } from "./parts.js";
import { showProfile } from "./profile.js";
import { router } from "./router.js";

/** @typedef {import("../model/timeline.js").Message} Message */

/**
 * What rows of a log can ask for, in a room or one of its threads.
 *
 * @param {number} room
 * @param {number | undefined} thread
 * @param {any} log
 * @param {any} composer
 * @returns {import("./log.js").LogActions}
 */
export function logActions(room, thread, log, composer) {
  const timeline = community.timeline(room, thread);
  /** @param {string} name @param {any} fields */
  const ask = (name, fields) => command(name, { room, ...fields }).catch(toastError);
  const actions = /** @type {import("./log.js").LogActions} */ ({
    room,
    lookUp: (seq) =>
      timeline.message(seq) ?? community.timeline(room).message(seq) ?? community.quoted.message(room, seq, thread),
    profile: (member) => showProfile(member, community.room(room)),
    jump: (seq) => log.toMessage(seq),
    react: (message, emoji) => {
      const mine = message.reactions?.some((reaction) => reaction.emoji === emoji && reaction.mine);
      ask(mine ? "message.unreact" : "message.react", { seq: message.seq, emoji });
    },
    pickReaction: (message, anchor) => pickEmoji(anchor, (emoji) => actions.react(message, emoji)),
    reply: (message) => composer.replyTo(message),
    thread: (message) => router.go(`room/${room}/thread/${message.seq}`),
    edit: (message) => composer.edit(message),
    pin: (message) => ask(message.pinned ? "message.unpin" : "message.pin", { seq: message.seq }),
    remove: (message) => remove(message, ask),
    more: (message, anchor) => menu(anchor, moreItems(message, actions, thread)),
    rewrite: (entry) => {
      composer.rewrite(entry.text);
      outbox.discard(entry);
    },
  });
  return actions;
}

/** Deletes after five seconds in which it can be taken back. @param {Message} message @param {(name: string, fields: any) => Promise<any>} ask */
function remove(message, ask) {
  if (message.by !== community.me?.id && !community.hasRank("moderator")) return;
  afterRegret(t("deleting"), () => ask("message.delete", { seq: message.seq }));
}

/** @param {Message} message @param {import("./log.js").LogActions} actions @param {number | undefined} thread */
function moreItems(message, actions, thread) {
  const room = community.room(actions.room);
  const isMine = message.by === community.me?.id;
  const moderates = Boolean(room && community.hasRank("moderator", room));
  const link = `${location.origin}/#/room/${actions.room}${thread ? `/thread/${thread}` : ""}/at/${message.seq}`;
  return [
    !isMine && { label: t("reply"), icon: "reply", run: () => actions.reply(message) },
    thread === undefined && { label: t("open_thread"), icon: "thread", run: () => actions.thread(message) },
    Boolean(room && community.hasRank("mentor", room)) &&
    { label: t(message.pinned ? "unpin" : "pin"), icon: "pin", run: () => actions.pin(message) },
    { label: t("copy_link"), icon: "link", run: () => copy(link) },
    { label: t("copy_text"), icon: "edit", run: () => copy(message.text) },
    !isMine && { label: t("report"), icon: "flag", run: () => report(message, actions.room) },
    moderates && message.edited_at &&
    { label: t("revisions"), icon: "clock", run: () => revisions(message, actions.room) },
    (isMine || moderates) && { label: t("delete"), icon: "trash", danger: true, run: () => actions.remove(message) },
  ];
}

/** @param {Message} message @param {number} room */
function report(message, room) {
  const reason = h("textarea", { required: true, maxLength: 500, rows: 3 });
  const fields = [
    h("blockquote", null, plain(message).slice(0, 300)),
    field(t("report_reason"), reason, t("report_hint")),
  ];
  formDialog(t("report"), t("report"), fields, async () => {
    await command("message.report", { room, seq: message.seq, reason: reason.value });
    toast(t("reported"));
  });
}

/** @param {Message} message @param {number} room */
async function revisions(message, room) {
  try {
    const answer = await command("message.revisions", { room, seq: message.seq });
    dialog(
      t("revisions"),
      () =>
        h(
          "ol",
          { class: "plain-list" },
          answer.revisions.map((/** @type {any} */ revision) =>
            h(
              "li",
              null,
              h("time", null, shortTime(revision.at)),
              h("p", { class: "text plain", dir: "auto" }, revision.text),
            )
          ),
        ),
    );
  } catch (error) {
    toastError(error);
  }
}
