import { fill, h, icon, iconButton, onceAFrame, readingPause } from "../lib/dom.js";
import { t } from "../lib/i18n.js";
import { Bin } from "../lib/store.js";
import { community, drafts, socket, topics } from "../model/app.js";
import { avatar, presenceName, roomSign } from "./parts.js";
import { browseRooms, createRoom, openDirect } from "./rooms.js";
import { router } from "./router.js";
import { openSwitcher } from "./switcher.js";

/** Rooms with what is unread in them, and the ways to everything else. */
export class Sidebar extends HTMLElement {
  /** @type {any} */
  bar;
  /** @type {any} */
  list;
  /** @type {any} */
  own;
  #bin = new Bin();
  #draw = onceAFrame(() => this.draw(), readingPause);

  connectedCallback() {
    this.className = "sidebar";
    this.bar = h("div", { class: "sidebar-head" });
    this.list = h("nav", { "aria-label": t("rooms") });
    this.own = h("div", { class: "sidebar-foot" });
    this.append(this.bar, this.list, this.own);
    this.#bin.add(
      community.on("rooms members presence me", () => this.#draw()),
      topics.on("connection opened language", () => this.#draw()),
      router.on("place", () => this.#draw()),
    );
    this.draw();
  }

  disconnectedCallback() {
    this.#bin.empty();
  }

  /** All that the drawing depends on: a busy room tells of every message, and most change nothing here. */
  #signature() {
    const me = community.me;
    const rooms = this.rooms().map((room) => {
      const others = (room.with ?? []).map((id) => `${community.memberName(id)} ${community.presence.get(id)}`);
      return [room.id, room.title, room.unread, room.mentions, drafts.has(room.id), ...others].join();
    });
    const { page, room } = router.place;
    const own = [me?.id, me?.role, me && community.presence.get(me.id), socket.hello?.community];
    return [page, room, document.documentElement.lang, ...own, ...rooms].join("|");
  }

  #drawn = "";

  draw() {
    const signature = this.#signature();
    if (signature === this.#drawn) return;
    this.#drawn = signature;
    this.#drawHead();
    const focused = /** @type {HTMLElement | null} */ (document.activeElement)?.dataset?.key;
    const rooms = [...this.rooms()];
    fill(
      this.list,
      this.#pages(),
      this.#section(t("rooms"), rooms.filter((room) => room.kind !== "direct"), [
        iconButton("search", t("browse_rooms"), browseRooms, "small"),
        iconButton("plus", t("create_room"), createRoom, "small"),
      ]),
      this.#section(t("direct_messages"), rooms.filter((room) => room.kind === "direct"), [
        iconButton("plus", t("new_direct"), openDirect, "small"),
      ]),
    );
    if (focused) /** @type {HTMLElement | null} */ (this.list.querySelector(`[data-key="${focused}"]`))?.focus();
    this.#drawOwn();
  }

  /** In the order they stand in. */
  rooms() {
    const all = [...community.rooms.values()].filter((room) => room.role && !room.archived);
    const order = collator();
    return all.sort((a, b) =>
      Number(a.kind === "direct") - Number(b.kind === "direct") ||
      (a.kind === "direct"
        ? b.seq - a.seq && b.lastAt - a.lastAt || b.id - a.id
        : order.compare(community.roomTitle(a), community.roomTitle(b)))
    );
  }

  #drawHead() {
    fill(
      this.bar,
      h("h1", null, socket.hello?.community ?? "Lyceum"),
      iconButton("search", t("quick_switch"), openSwitcher),
    );
  }

  #pages() {
    const page = router.place.page;
    /** @param {string} path @param {any} sign @param {string} label */
    const entry = (path, sign, label) =>
      h(
        "li",
        null,
        h(
          "a",
          { href: `#/${path}`, class: "room", data: { key: path }, "aria-current": page === path ? "page" : undefined },
          icon(sign),
          h("span", { class: "clip" }, label),
        ),
      );
    return h(
      "ul",
      { class: "pages" },
      entry("threads", "thread", t("threads")),
      entry("discover", "star", t("discover")),
      community.hasRank("moderator") && entry("review", "hand", t("review_queue")),
      community.hasRank("moderator") && entry("dashboard", "chart", t("dashboard")),
    );
  }

  /** @param {string} title @param {import("../model/community.js").Room[]} rooms @param {any[]} buttons */
  #section(title, rooms, buttons) {
    return h(
      "section",
      null,
      h("header", null, h("h2", null, title), buttons),
      h("ul", null, rooms.map((room) => h("li", null, this.#room(room)))),
    );
  }

  /** @param {import("../model/community.js").Room} room */
  #room(room) {
    const title = community.roomTitle(room);
    const isHere = router.place.room === room.id;
    const words = [
      title,
      room.unread > 0 && t("n_unread", { n: room.unread }),
      room.mentions > 0 && t("n_mentions", { n: room.mentions }),
    ];
    const isLoud = room.mentions > 0 || room.kind === "direct" && room.unread > 0;
    return h(
      "a",
      {
        href: `#/room/${room.id}`,
        class: room.unread > 0 ? "room has-unread" : "room",
        data: { key: `room-${room.id}` },
        "aria-current": isHere ? "page" : undefined,
        "aria-label": words.filter(Boolean).join(", "),
      },
      roomSign(room),
      h("bdi", { class: "clip" }, title),
      drafts.has(room.id) && !isHere && icon("edit"),
      room.unread > 0 &&
        h(
          "span",
          { class: isLoud ? "count loud" : "count" },
          isLoud && room.mentions > 0 ? `@${short(room.mentions)}` : short(room.unread),
        ),
    );
  }

  #drawOwn() {
    const me = community.me;
    if (!me) return fill(this.own);
    const state = community.presence.get(me.id) ?? "online";
    fill(
      this.own,
      h(
        "a",
        { href: "#/settings", class: "me", "aria-label": `${me.name}, ${presenceName(state)}, ${t("settings")}` },
        avatar(me.id, me.name, state),
        h("span", { class: "clip" }, h("bdi", null, me.name), h("small", null, presenceName(state))),
        icon("cog"),
      ),
    );
  }
}

/** @type {Map<string, Intl.Collator>} */
const collators = new Map();

/** Making one is slow, and the list is drawn often. */
function collator() {
  const { lang } = document.documentElement;
  const known = collators.get(lang) ?? new Intl.Collator(lang);
  collators.set(lang, known);
  return known;
}

/** @param {number} count */
function short(count) {
  return count > 999 ? "999+" : String(count);
}

customElements.define("ly-sidebar", Sidebar);
