import { fill, h, icon, iconButton, onceAFrame, readingPause } from "../lib/dom.js";
import { explain, t } from "../lib/i18n.js";
import { Bin } from "../lib/store.js";
import { shortTime } from "../lib/time.js";
import { command, community, outbox } from "../model/app.js";
import { forgetCommands } from "./bots.js";
import "./composer.js";
import { pickEmoji } from "./emojipicker.js";
import { LiveStrip } from "./livestrip.js";
import "./log.js";
import { plain } from "./markdown.js";
import { avatar, copy, dialog, field, formDialog, menu, presenceName, roleBadge, toast, toastError } from "./parts.js";
import { showProfile } from "./profile.js";
import { inviteDialog, join, roomSettings } from "./rooms.js";
import { forgetRoster, roster } from "./roster.js";
import { router } from "./router.js";
import { searchPane } from "./search.js";

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
    lookUp: (seq) => timeline.message(seq) ?? community.timeline(room).message(seq),
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
  const timer = setTimeout(() => ask("message.delete", { seq: message.seq }), 5000);
  toast(t("deleting"), { label: t("undo"), run: () => clearTimeout(timer) });
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

/** A room: its head, its messages, its composer. */
export class RoomView extends HTMLElement {
  /** @type {any} */
  head;
  /** @type {any} */
  log;
  /** @type {any} */
  composer;
  #strip = new LiveStrip();
  #bin = new Bin();
  #id = 0;
  #draw = onceAFrame(() => this.#drawHead(), readingPause);

  connectedCallback() {
    this.className = "room-view";
    this.head = h("header", { class: "room-head" });
    this.log = document.createElement("ly-log");
    this.composer = document.createElement("ly-composer");
    this.append(this.head, this.#strip.element, this.log, this.composer);
    const composer = /** @type {any} */ (this.composer);
    composer.onSent = () => /** @type {any} */ (this.log).toPresent();
    composer.onEditLast = () => this.#editLast();
    this.addEventListener("dragover", (event) => event.preventDefault());
    this.addEventListener("drop", (event) => {
      event.preventDefault();
      composer.addFiles([...(event.dataTransfer?.files ?? [])]);
    });
    this.#bin.add(
      community.on("rooms members presence", () => this.#draw()),
      community.on("live", (event) => this.#strip.changed(event)),
      () => this.#strip.close(),
      community.on("roster", (room) => {
        forgetRoster(room);
        forgetCommands(room);
      }),
    );
  }

  disconnectedCallback() {
    this.#bin.empty();
  }

  /** @param {import("../model/community.js").Room} room @param {number} [at] */
  open(room, at) {
    const isNew = room.id !== this.#id;
    this.#id = room.id;
    const log = /** @type {any} */ (this.log);
    const composer = /** @type {any} */ (this.composer);
    if (isNew) {
      log.show(community.timeline(room.id), logActions(room.id, undefined, log, composer), { at });
      composer.open(room);
      this.#strip.open(room.id);
      this.#drawHead();
      // So that `@` completes at once and presence is known.
      if (room.role && room.members <= 1000) roster(room.id).catch(() => {});
    } else if (at) {
      log.toMessage(at);
    }
  }

  focusComposer() {
    if (matchMedia("(hover: hover)").matches) /** @type {any} */ (this.composer).focus();
  }

  #editLast() {
    const items = community.timeline(this.#id).items;
    const own = items.findLast((message) => message.by === community.me?.id && !message.deleted);
    if (own) /** @type {any} */ (this.composer).edit(own);
  }

  #drawHead() {
    const room = community.room(this.#id);
    if (!room) return;
    const { title, topic, kind, role, members, archived } = room;
    const named = community.roomTitle(room);
    const key = [room.id, named, title, topic, kind, role, members, archived, document.documentElement.lang].join("|");
    if (this.head.dataset.key === key) return;
    this.head.dataset.key = key;
    const focused = /** @type {HTMLElement | null} */ (document.activeElement)?.getAttribute("aria-label");
    const isInside = this.head.contains(document.activeElement);
    fill(
      this.head,
      h("a", { class: "icon-button back", href: "#/", "aria-label": t("back") }, icon("back")),
      h(
        "div",
        { class: "room-name" },
        h("h2", { class: "clip" }, h("bdi", null, community.roomTitle(room))),
        room.topic && h("p", { class: "clip hint", title: room.topic }, h("bdi", null, room.topic)),
      ),
      !room.role &&
        h("button", { type: "button", class: "primary", on: { click: () => join({ room: room.id }) } }, t("join")),
      iconButton("ask", t("live_qa"), () => router.go(`qa/${room.id}`)),
      iconButton("star", t("discover"), openDiscover, "wide-only"),
      iconButton("search", t("search_room"), () => searchPane(room.id)),
      iconButton("pin", t("pinned_messages"), () => showPins(room), "wide-only"),
      room.kind !== "direct" &&
        iconButton("people", t("members_n", { n: room.members }), () => showMembers(room), "wide-only"),
      iconButton("more", t("more"), (event) => menu(event.currentTarget, roomItems(room))),
    );
    if (isInside && focused) {
      /** @type {HTMLElement | null} */ (this.head.querySelector(`[aria-label="${CSS.escape(focused)}"]`))?.focus();
    }
  }
}

function openDiscover() {
  import("../later/discover.js").then((module) => module.discoverPane(), toastError);
}

/** @param {import("../model/community.js").Room} room */
function roomItems(room) {
  return [
    { label: t("pinned_messages"), icon: "pin", run: () => showPins(room) },
    room.kind !== "direct" &&
    { label: t("members_n", { n: room.members }), icon: "people", run: () => showMembers(room) },
    room.kind !== "direct" && { label: t("invite"), icon: "link", run: () => inviteDialog(room) },
    community.hasRank("admin", room) && room.kind !== "direct" &&
    { label: t("room_settings"), icon: "cog", run: () => roomSettings(room) },
    room.role && { label: t("leave_room"), icon: "out", danger: true, run: () => leave(room) },
  ];
}

/** @param {import("../model/community.js").Room} room */
function leave(room) {
  const timer = setTimeout(() => command("room.leave", { room: room.id }).catch(toastError), 5000);
  toast(t("leaving", { room: community.roomTitle(room) }), { label: t("undo"), run: () => clearTimeout(timer) });
}

/** @param {import("../model/community.js").Room} room */
function showPins(room) {
  dialog(t("pinned_messages"), (close) => {
    const list = h("ol", { class: "plain-list" }, h("li", { class: "hint" }, t("loading")));
    command("room.pins", { room: room.id }).then((answer) => {
      community.want(answer.messages.map((/** @type {any} */ m) => m.by));
      const draw = () =>
        fill(
          list,
          answer.messages.length === 0 && h("li", { class: "hint" }, t("nothing_pinned")),
          answer.messages.map((/** @type {any} */ message) =>
            h(
              "li",
              null,
              h(
                "button",
                {
                  type: "button",
                  class: "hit",
                  on: {
                    click: () => {
                      close();
                      router.go(`room/${room.id}/at/${message.seq}`);
                    },
                  },
                },
                h(
                  "span",
                  { class: "head" },
                  h("strong", null, community.memberName(message.by)),
                  h("time", null, shortTime(message.at)),
                ),
                h("span", { class: "text" }, plain(message).slice(0, 400)),
              ),
            )
          ),
        );
      draw();
      const off = community.on("members", () => list.isConnected ? draw() : off());
    }, (error) => fill(list, h("li", null, explain(error))));
    return list;
  });
}

/** @param {import("../model/community.js").Room} room */
function showMembers(room) {
  dialog(t("members_n", { n: room.members }), (close) => {
    const list = h("ul", { class: "choices" }, h("li", { class: "hint" }, t("loading")));
    forgetRoster(room.id);
    roster(room.id).then((members) => {
      const order = ["online", "busy", "away", "offline"];
      const sorted = [...members].sort((a, b) =>
        order.indexOf(a.presence) - order.indexOf(b.presence) || a.name.localeCompare(b.name)
      );
      fill(
        list,
        sorted.map((member) =>
          h(
            "li",
            null,
            h(
              "button",
              {
                type: "button",
                class: "choice",
                on: {
                  click: () => {
                    close();
                    showProfile(member.id, room);
                  },
                },
              },
              avatar(member.id, member.name, member.presence),
              h("bdi", null, member.name),
              roleBadge(member.role),
              h("span", { class: "hint" }, presenceName(member.presence)),
            ),
          )
        ),
      );
    }, (error) => fill(list, h("li", null, explain(error))));
    return list;
  });
}

customElements.define("ly-room", RoomView);
