import { fill, h, icon, iconButton } from "../lib/dom.js";
import { currentLanguage, explain, t } from "../lib/i18n.js";
import { command, community } from "../model/app.js";
import { avatar, toastError } from "../view/parts.js";
import { showProfile } from "../view/profile.js";
import { join } from "../view/rooms.js";
import { router } from "../view/router.js";

const kinds = ["rooms", "threads", "questions", "topics", "peers", "experts"];

/** What may be worth a look, with the reason for each, and what rises now. Opening and dismissing teach the ranker. */
export function discoverPage() {
  const lists = h("div", { class: "stack" }, h("p", { class: "hint" }, t("loading")));
  const rising = h("div");
  /** @param {Record<string, any[]>} found */
  const draw = (found) => {
    const sections = kinds.filter((kind) => found[kind]?.length > 0).map((kind) =>
      h(
        "section",
        null,
        h("h3", null, t(/** @type {any} */ (`recommend_${kind}`))),
        h("ul", { class: "cards" }, found[kind].map((item) => card(item))),
      )
    );
    fill(lists, sections.length > 0 ? sections : h("p", { class: "hint" }, t("nothing_recommended")));
    const shown = kinds.flatMap((kind) => found[kind] ?? []).map((item) => item.impression).filter(Boolean);
    for (const impression of new Set(shown)) {
      command("recommend.feedback", { impression, action: "shown" }).catch(() => {});
    }
  };
  command("recommend.get", { kinds, limit: 6 }).then(
    (answer) => draw(byKind(answer)),
    (error) =>
      fill(lists, h("p", { class: "hint" }, error.code === "unknown_command" ? t("no_figures") : explain(error))),
  );
  const off = community.on(
    "recommendations",
    () => lists.isConnected ? draw(community.recommendations.kinds ?? {}) : off(),
  );
  command("activity.trends", { window: "day" }).then(
    (answer) =>
      fill(
        rising,
        (answer.trends ?? []).length > 0 &&
          h(
            "section",
            null,
            h("h3", null, t("trends")),
            h("ol", { class: "plain-list" }, answer.trends.slice(0, 10).map(trendRow)),
          ),
      ),
    () => {},
  );
  return h(
    "div",
    { class: "page" },
    h(
      "header",
      { class: "room-head" },
      h("a", { class: "icon-button back", href: "#/", "aria-label": t("back") }, icon("back")),
      h("h2", null, t("discover")),
    ),
    h("div", { class: "page-body" }, rising, lists),
  );
}

/** The answer's items by kind, whether it sends them by kind or in one list. @param {any} answer @returns {Record<string, any[]>} */
function byKind(answer) {
  if (answer.kinds) return answer.kinds;
  /** @type {Record<string, any[]>} */
  const found = {};
  for (const item of answer.items ?? []) (found[`${item.kind}s`] ??= []).push(item);
  return found;
}

/** @param {any} trend */
function trendRow(trend) {
  const name = trend.title ?? trend.topic ?? trend.name ?? "";
  const path = trend.room && trend.thread
    ? `#/room/${trend.room}/thread/${trend.thread}`
    : trend.room
    ? `#/room/${trend.room}`
    : undefined;
  return h("li", null, path ? h("a", { href: path }, name) : h("bdi", null, name));
}

/** @param {any} item */
function card(item) {
  const reason = item.reason?.[currentLanguage()] ?? item.reason?.en ?? "";
  /** @param {string} action */
  const tell = (action) =>
    item.impression && command("recommend.feedback", { impression: item.impression, action }).catch(toastError);
  const element = h(
    "li",
    { class: "card" },
    h(
      "button",
      {
        type: "button",
        class: "bare card-title",
        on: {
          click: () => {
            tell("opened");
            open(item);
          },
        },
      },
      sign(item),
      h("bdi", null, title(item)),
    ),
    h("p", { class: "hint" }, reason),
    h(
      "div",
      { class: "actions start" },
      item.kind === "room" &&
        h("button", { type: "button", on: { click: () => tell("joined") && join({ room: item.room }) } }, t("join")),
      (item.kind === "thread" || item.kind === "question") && item.thread &&
        h("button", {
          type: "button",
          on: {
            click: () =>
              command("thread.follow", { room: item.room, thread: item.thread }).then(() => tell("joined"), toastError),
          },
        }, t("follow_thread")),
      iconButton("close", t("dismiss"), () => {
        tell("dismissed");
        element.remove();
      }),
    ),
  );
  return element;
}

/** @param {any} item */
function title(item) {
  if (item.member) return community.memberName(item.member);
  const room = community.room(item.room);
  return item.title || item.topic || item.text || (room ? community.roomTitle(room) : item.name ?? "");
}

/** @param {any} item */
function sign(item) {
  if (item.member) return avatar(item.member, community.memberName(item.member), community.presence.get(item.member));
  return icon(
    item.kind === "thread" ? "thread" : item.kind === "question" ? "question" : item.kind === "topic" ? "star" : "hash",
  );
}

/** @param {any} item */
function open(item) {
  if (item.member) showProfile(item.member);
  else if (item.thread) router.go(`room/${item.room}/thread/${item.thread}`);
  else if (item.question) router.go(`qa/${item.room}/${item.qa ?? ""}`);
  else if (item.room) router.go(`room/${item.room}`);
}
