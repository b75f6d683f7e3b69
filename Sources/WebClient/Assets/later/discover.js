import { fill, h, icon, iconButton, onceAFrame } from "../lib/dom.js";
import { currentLanguage, explain, t } from "../lib/i18n.js";
import { Bin } from "../lib/store.js";
import { command, community, recommendations, topics } from "../model/app.js";
import { avatar, pageHead, toastError } from "../view/parts.js";
import { showProfile } from "../view/profile.js";
import { directWith, join } from "../view/rooms.js";
import { router } from "../view/router.js";
import { searchPane } from "../view/search.js";
import { closeSide, openSide, yieldSide } from "../view/sidepane.js";
import { threadLink, threadNameView, threadPlace } from "../view/threadname.js";

/** @typedef {import("../model/recommendations.js").Item} Item */

const kinds = ["threads", "questions", "topics", "rooms", "peers", "experts"];
/** Of each kind at once. */
const shownOfAKind = 6;
/** Between two looks at what rises, in milliseconds. */
const trendPause = 30_000;

/** What may be worth a look, as a page of its own. */
export function discoverPage() {
  return h(
    "div",
    { class: "page" },
    pageHead(t("discover"), t("discover_hint")),
    h("div", { class: "page-body" }, document.createElement("ly-discover")),
  );
}

/** The same beside a room. */
export function discoverPane() {
  openSide(h(
    "aside",
    { class: "pane discover-pane", "aria-label": t("discover") },
    h(
      "header",
      { class: "room-head" },
      h("div", { class: "room-name" }, h("h2", null, t("discover"))),
      iconButton("close", t("close"), closeSide),
    ),
    h("div", { class: "page-body" }, document.createElement("ly-discover")),
  ));
}

/** What rises, and what is recommended with the reason for each. Opening, following and dismissing teach the ranker. */
class Discover extends HTMLElement {
  /** @type {any} */
  rising;
  /** @type {any} */
  lists;
  #bin = new Bin();
  /** Impressions that were told as shown. @type {Set<string>} */
  #shown = new Set();
  #draw = onceAFrame(() => this.#drawLists());

  connectedCallback() {
    this.className = "discover";
    this.rising = h("section", { class: "rising", hidden: true });
    this.lists = h("div", { class: "lists" }, h("p", { class: "hint" }, t("loading")));
    this.append(this.rising, this.lists);
    const timer = setInterval(() => this.#trends(), trendPause);
    this.#bin.add(
      recommendations.on("changed", () => this.#draw()),
      community.on("members rooms", () => this.#draw()),
      topics.on("opened", () => this.#load()),
      () => clearInterval(timer),
    );
    this.#load();
  }

  disconnectedCallback() {
    this.#bin.empty();
  }

  #load() {
    recommendations.load().catch((error) => {
      const words = error.code === "unknown_command" ? t("no_figures") : explain(error);
      fill(this.lists, h("p", { class: "hint" }, words));
    });
    this.#trends();
  }

  #trends() {
    if (document.hidden) return;
    command("activity.trends", { window: "day", limit: 8 }).then(({ trends }) => {
      this.rising.hidden = trends.length === 0;
      fill(this.rising, h("h3", null, t("trends")), h("ol", { class: "trends" }, trends.map(trendRow)));
    }, () => {});
  }

  #drawn = "";

  #drawLists() {
    if (!recommendations.isLoaded) return;
    // What is a question and a thread at once stands among the questions.
    const questions = new Set((recommendations.lists.get("questions") ?? []).map((item) => item.key));
    const found = kinds.map((kind) => {
      const items = recommendations.lists.get(kind) ?? [];
      const once = kind === "threads" ? items.filter((item) => !questions.has(item.key)) : items;
      return { kind, items: once.slice(0, shownOfAKind) };
    }).filter(({ items }) => items.length > 0);
    const drawn = JSON.stringify([
      currentLanguage(),
      found.map(({ items }) =>
        items.map((item) => [item.key, item.reason.en, item.member && community.memberName(item.member)])
      ),
    ]);
    // Pushes mostly move what is there; a list under the pointer is not torn down for nothing.
    if (drawn === this.#drawn) return;
    this.#drawn = drawn;
    fill(
      this.lists,
      found.map(({ kind, items }) =>
        h(
          "section",
          null,
          h("h3", null, t(/** @type {any} */ (`recommend_${kind}`))),
          h("ul", { class: "cards" }, items.map(card)),
        )
      ),
      found.length === 0 && emptyView(),
    );
    for (const item of found.flatMap(({ items }) => items)) this.#tellShown(item);
  }

  /** @param {Item} item */
  #tellShown(item) {
    if (this.#shown.has(item.impression)) return;
    this.#shown.add(item.impression);
    recommendations.feedback(item, "shown").catch(() => {});
  }
}

customElements.define("ly-discover", Discover);

function emptyView() {
  return h("div", { class: "empty" }, icon("star"), h("p", { class: "hint" }, t("nothing_recommended")));
}

/** @param {any} trend */
function trendRow(trend) {
  const room = community.room(trend.room);
  const heat = h("span", { class: "hint" }, trend.authors ? t("n_people", { n: trend.authors }) : "");
  if (trend.kind === "topic") {
    const find = () => searchPane(router.place.room, trend.topic);
    return h(
      "li",
      null,
      icon("chart"),
      h("button", { type: "button", class: "link", on: { click: find } }, trend.topic),
      heat,
    );
  }
  if (trend.kind === "room") {
    return h(
      "li",
      null,
      icon("hash"),
      h("a", { href: `#/room/${trend.room}` }, room ? community.roomTitle(room) : trend.title),
      heat,
    );
  }
  return h("li", null, icon("thread"), threadLink(trend.room, trend.thread, trend.title), heat);
}

/** @param {Item} item */
function card(item) {
  /** @param {string} action */
  const tell = (action) => recommendations.feedback(item, action).catch(toastError);
  const run = () => {
    tell("opened");
    open(item);
  };
  return h(
    "li",
    { class: "card" },
    h(
      "div",
      { class: "card-head" },
      sign(item),
      h("button", { type: "button", class: "bare card-title", on: { click: run } }, title(item)),
      iconButton("close", t("dismiss"), () => tell("dismissed"), "small"),
    ),
    h("p", { class: "hint" }, item.reason[currentLanguage()]),
    action(item, tell),
  );
}

/** What one can do without opening it. @param {Item} item @param {(action: string) => void} tell */
function action(item, tell) {
  /** @param {import("../lib/i18n.js").TextKey} label @param {() => void} run */
  const button = (label, run) =>
    h("div", { class: "actions start" }, h("button", { type: "button", class: "small", on: { click: run } }, t(label)));
  if (item.member) return button("send_direct", () => (tell("opened"), directWith([Number(item.member)])));
  if (item.thread) {
    const { room, thread } = item;
    const follow = (/** @type {any} */ event) => {
      const pressed = event.currentTarget;
      command("thread.follow", { room, thread }).then(() => {
        tell("joined");
        pressed.disabled = true;
        pressed.textContent = t("following");
      }, toastError);
    };
    const view = button("follow_thread", /** @type {any} */ (follow));
    // A live question is voted on, not followed.
    threadPlace(Number(room), thread).then(({ isQuestion }) => (view.hidden = isQuestion), () => {});
    return view;
  }
  if (item.room) return button("join", () => (tell("joined"), join({ room: item.room })));
  return null;
}

/** @param {Item} item */
function title(item) {
  if (item.member) return h("bdi", null, community.memberName(item.member));
  if (item.thread) return threadNameView(Number(item.room), item.thread);
  if (item.topic) return h("bdi", null, item.topic);
  return roomName(Number(item.room));
}

/** A room one is not in is asked for. @param {number} id */
function roomName(id) {
  const known = community.room(id);
  const view = h("bdi", null, known ? community.roomTitle(known) : "…");
  if (!known) {
    command("room.list", { after: id - 1, limit: 1 }).then(
      ({ rooms }) => (view.textContent = rooms[0]?.title || rooms[0]?.name || t("rooms")),
      () => {},
    );
  }
  return view;
}

const signs =
  /** @type {Record<string, any>} */ ({ thread: "thread", question: "question", topic: "chart", room: "hash" });

/** @param {Item} item */
function sign(item) {
  if (item.member) return avatar(item.member, community.memberName(item.member), community.presence.get(item.member));
  return icon(signs[item.kind] ?? "star");
}

/** @param {Item} item */
function open(item) {
  if (item.topic) return searchPane(router.place.room, item.topic);
  yieldSide();
  if (item.member) showProfile(item.member);
  else if (item.thread) threadPlace(Number(item.room), item.thread).then(({ path }) => router.go(path), toastError);
  else router.go(`room/${item.room}`);
}
