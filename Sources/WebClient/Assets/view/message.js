import { h, icon, iconButton } from "../lib/dom.js";
import { explain, t } from "../lib/i18n.js";
import { clock, dayName, fullTime, shortTime } from "../lib/time.js";
import { community, outbox } from "../model/app.js";
import { attachmentView } from "./attachments.js";
import { componentsView, invokedView } from "./bots.js";
import { formatted, plain } from "./markdown.js";
import { avatar, roleBadge } from "./parts.js";

/** @typedef {import("../model/timeline.js").Message} Message */

/** Names that a message calls. @param {Message} message */
export function mentionsOf(message) {
  const me = community.me;
  const names = (message.mentions ?? []).map((id) => community.memberName(id)).filter((name) => name !== "…");
  const mine = me && message.mentions?.includes(me.id) ? [me.name] : [];
  if (!message.mentions_room) return { names, mine };
  return { names: [...names, "room"], mine: [...mine, "room"] };
}

/** @param {Message} message */
export function callsMe(message) {
  return Boolean(message.mentions_room || message.mentions?.includes(community.me?.id ?? 0)) &&
    message.by !== community.me?.id;
}

/**
 * A row of the log.
 *
 * @param {Message} message
 * @param {object} look
 * @param {boolean} look.compact The row above is by the same author, shortly before.
 * @param {boolean} look.inThread
 * @param {import("./log.js").LogActions} actions
 */
export function messageRow(message, look, actions) {
  const name = community.memberName(message.by);
  const member = community.members.get(message.by);
  const calls = callsMe(message) ? " calls-me" : "";
  const row = h("article", {
    class: `message${look.compact ? " compact" : ""}${calls}`,
    tabIndex: -1,
    "aria-label": label(message, name),
    data: { seq: String(message.seq) },
  });
  row.append(
    h(
      "div",
      { class: "gutter" },
      look.compact ? h("time", { dateTime: new Date(message.at).toISOString() }, clock(message.at)) : h("button", {
        type: "button",
        class: "bare",
        tabIndex: -1,
        "aria-label": t("profile_of", { name }),
        on: { click: () => actions.profile(message.by) },
      }, avatar(message.by, name, community.presence.get(message.by))),
    ),
    h(
      "div",
      { class: "body" },
      !look.compact && head(message, name, member?.role, actions),
      message.bot?.invoked && invokedView(message.bot.invoked),
      message.reply_to && replyLine(message, actions),
      (message.text || message.deleted || !message.attachments) && text(message),
      message.attachments && !message.deleted && message.attachments.map(attachmentView),
      message.bot?.components?.length > 0 && !message.deleted &&
        componentsView(message.bot?.components, { room: actions.room, message: message.seq, thread: message.thread }),
      foot(message, look, actions),
    ),
  );
  return row;
}

/** What a screen reader says of the row. @param {Message} message @param {string} name */
function label(message, name) {
  return `${name}, ${shortTime(message.at)}: ${message.deleted ? t("deleted") : plain(message)}`.slice(0, 600);
}

/** @param {Message} message @param {string} name @param {string | undefined} role @param {import("./log.js").LogActions} actions */
function head(message, name, role, actions) {
  return h(
    "div",
    { class: "head" },
    h(
      "button",
      { type: "button", class: "bare name", tabIndex: -1, on: { click: () => actions.profile(message.by) } },
      h("bdi", null, name),
    ),
    roleBadge(role),
    h("time", { dateTime: new Date(message.at).toISOString(), title: fullTime(message.at) }, clock(message.at)),
  );
}

/** @param {Message} message */
function text(message) {
  if (message.deleted) return h("div", { class: "text deleted" }, t("deleted"));
  return h(
    "div",
    { class: `text${message.tree ? "" : " plain"}${isJumbo(message) ? " jumbo" : ""}`, dir: "auto" },
    formatted(message, mentionsOf(message)),
    message.edited_at && h("span", { class: "edited", title: fullTime(message.edited_at) }, ` ${t("edited")}`),
  );
}

/** One to three emoji and nothing else stand large. @param {Message} message */
function isJumbo(message) {
  return !message.tree && message.text.length <= 24 &&
    /^(\p{Extended_Pictographic}[\u{FE0F}\u{1F3FB}-\u{1F3FF}]*(\u{200D}\p{Extended_Pictographic}\u{FE0F}?)*\s*){1,3}$/u
      .test(message.text);
}

/** @param {Message} message @param {import("./log.js").LogActions} actions */
function replyLine(message, actions) {
  const target = actions.lookUp(Number(message.reply_to));
  const name = target ? community.memberName(target.by) : "";
  const words = target ? target.deleted ? t("deleted") : plain(target) : t("earlier_message");
  return h(
    "button",
    {
      type: "button",
      class: "bare reply-line",
      tabIndex: -1,
      on: { click: () => actions.jump(Number(message.reply_to)) },
    },
    icon("reply"),
    name && h("bdi", { class: "name" }, name),
    h("span", { class: "clip" }, words.slice(0, 160)),
  );
}

/** @param {Message} message @param {{inThread: boolean}} look @param {import("./log.js").LogActions} actions */
function foot(message, look, actions) {
  if (message.deleted && !message.replies?.count) return null;
  const parts = [];
  for (const reaction of message.deleted ? [] : message.reactions ?? []) {
    parts.push(h(
      "button",
      {
        type: "button",
        class: reaction.mine ? "reaction mine" : "reaction",
        "aria-pressed": String(Boolean(reaction.mine)),
        "aria-label": t("reaction_count", { emoji: reaction.emoji, n: reaction.count }),
        on: { click: () => actions.react(message, reaction.emoji) },
      },
      h("span", { class: "emoji" }, reaction.emoji),
      reaction.count,
    ));
  }
  if (!look.inThread && message.replies && (message.replies.count > 0 || message.replies.title)) {
    parts.push(h(
      "button",
      {
        type: "button",
        class: "thread-link",
        on: { click: () => actions.thread(message) },
      },
      icon("thread"),
      message.replies.title || t("replies", { n: message.replies.count }),
      message.replies.title && message.replies.count > 0 && h("span", { class: "count" }, message.replies.count),
      message.replies.closed && h("span", { class: "badge" }, t("closed")),
    ));
  }
  if (message.pinned) parts.push(h("span", { class: "note" }, icon("pin"), t("pinned")));
  const room = actions.room;
  if (outbox.justSent.has(`${room}/${message.seq}`)) {
    parts.push(h("span", { class: "note sent" }, icon("check"), t("state_sent")));
  }
  return parts.length > 0 ? h("div", { class: "foot" }, parts) : null;
}

/** The actions that appear on a row with the pointer or the focus. @param {Message} message @param {import("./log.js").LogActions} actions @param {boolean} inThread */
export function toolbar(message, actions, inThread) {
  const isMine = message.by === community.me?.id;
  if (message.deleted) return null;
  return h(
    "div",
    { class: "toolbar", role: "toolbar", "aria-label": t("message_actions") },
    iconButton("smile", t("react"), (event) => actions.pickReaction(message, event.currentTarget)),
    iconButton("reply", t("reply"), () => actions.reply(message)),
    !inThread && iconButton("thread", t("open_thread"), () => actions.thread(message)),
    isMine && iconButton("edit", t("edit"), () => actions.edit(message)),
    iconButton("more", t("more"), (event) => actions.more(message, event.currentTarget)),
  );
}

/** A line between days. @param {number} at */
export function dayLine(at) {
  return h("div", { class: "line day", role: "separator" }, h("span", null, dayName(at)));
}

export function unreadLine() {
  return h("div", { class: "line unread", role: "separator" }, h("span", null, t("new_messages")));
}

const stateIcons = /** @type {Record<string, any>} */ ({
  sending: "clock",
  sent: "check",
  held: "hand",
  rejected: "warn",
  failed: "warn",
});

/**
 * A message of one's own that is not in the room yet.
 *
 * @param {import("../model/outbox.js").Entry} entry
 * @param {import("./log.js").LogActions} actions
 */
export function entryRow(entry, actions) {
  const me = community.me;
  const state = t(/** @type {any} */ (`state_${entry.state}`));
  return h(
    "article",
    {
      class: `message pending ${entry.state}`,
      data: { nonce: entry.nonce },
      "aria-label": `${state}: ${entry.text}`.slice(0, 400),
    },
    h("div", { class: "gutter" }, avatar(me?.id ?? 0, me?.name ?? "")),
    h(
      "div",
      { class: "body" },
      h("div", { class: "head" }, h("bdi", { class: "name" }, me?.name ?? ""), h("time", null, clock(entry.at))),
      entry.text && h("div", { class: "text plain", dir: "auto" }, entry.text),
      entry.files?.map(attachmentView),
      h(
        "div",
        { class: "foot" },
        h("span", { class: `note ${entry.state}` }, icon(stateIcons[entry.state]), state),
        reason(entry),
        entry.state === "failed" &&
          h("button", { type: "button", class: "link", on: { click: () => outbox.retry(entry) } }, t("retry")),
        entry.state === "rejected" &&
          h("button", { type: "button", class: "link", on: { click: () => actions.rewrite(entry) } }, t("rewrite")),
        entry.state !== "sending" && entry.state !== "sent" &&
          h(
            "button",
            { type: "button", class: "link", on: { click: () => outbox.discard(entry) } },
            entry.state === "held" ? t("hide") : t("discard"),
          ),
      ),
    ),
  );
}

/** @param {import("../model/outbox.js").Entry} entry */
function reason(entry) {
  if (!entry.error || entry.state === "sending" || entry.state === "sent") return null;
  const words = entry.error.code === "held" ? "" : explain(entry.error);
  return h("span", { class: "why" }, words, reasonWords(entry.error.details));
}

/** What a verdict's reasons say to the author. @param {any} details */
function reasonWords(details) {
  const words = (details?.reasons ?? []).map((/** @type {any} */ r) =>
    r[document.documentElement.lang.startsWith("zh") ? "zh" : "en"]
  ).filter(Boolean);
  return words.length > 0 ? ` ${words.join(" · ")}` : "";
}
