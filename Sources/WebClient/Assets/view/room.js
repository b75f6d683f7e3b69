import { fill, h, icon, iconButton, onceAFrame, readingPause } from "../lib/dom.js";
import { t } from "../lib/i18n.js";
import { Bin } from "../lib/store.js";
import { command, community } from "../model/app.js";
import { forgetCommands } from "./bots.js";
import "./composer.js";
import { LiveStrip } from "./livestrip.js";
import "./log.js";
import { afterRegret, menu, toastError } from "./parts.js";
import { logActions } from "./roomactions.js";
import { showMembers, showPins } from "./roomdialogs.js";
import { inviteDialog, join, roomSettings } from "./rooms.js";
import { forgetRoster, roster } from "./roster.js";
import { router } from "./router.js";
import { searchPane } from "./search.js";

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
  afterRegret(
    t("leaving", { room: community.roomTitle(room) }),
    () => command("room.leave", { room: room.id }).catch(toastError),
  );
}

customElements.define("ly-room", RoomView);
