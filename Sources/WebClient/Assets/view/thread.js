import { fill, h, icon, iconButton, onceAFrame, readingPause } from "../lib/dom.js";
import { explain, t } from "../lib/i18n.js";
import { Bin } from "../lib/store.js";
import { shortTime } from "../lib/time.js";
import { command, community } from "../model/app.js";
import { field, formDialog, menu, pageHead, toast, toastError } from "./parts.js";
import { logActions } from "./roomactions.js";
import { router } from "./router.js";
import { threadNameView } from "./threadname.js";

/** A thread beside its room. */
export class ThreadPane extends HTMLElement {
  /** @type {any} */
  head;
  /** @type {any} */
  log;
  /** @type {any} */
  composer;
  #bin = new Bin();
  #session = new Bin();
  #room = 0;
  #thread = 0;
  #draw = onceAFrame(() => this.#drawHead(), readingPause);

  connectedCallback() {
    this.className = "pane thread-pane";
    this.setAttribute("role", "complementary");
    this.setAttribute("aria-label", t("thread"));
    this.head = h("header", { class: "room-head" });
    this.log = document.createElement("ly-log");
    this.composer = document.createElement("ly-composer");
    this.append(this.head, this.log, this.composer);
    /** @type {any} */ (this.composer).onSent = () => /** @type {any} */ (this.log).toPresent();
  }

  disconnectedCallback() {
    this.#bin.empty();
    this.#session.empty();
  }

  get root() {
    return community.timeline(this.#room, this.#thread).message(this.#thread) ??
      community.timeline(this.#room).message(this.#thread);
  }

  /** @param {import("../model/community.js").Room} room @param {number} thread @param {number} [at] */
  open(room, thread, at) {
    const log = /** @type {any} */ (this.log);
    const composer = /** @type {any} */ (this.composer);
    if (room.id === this.#room && thread === this.#thread) {
      if (at) log.toMessage(at);
      return;
    }
    this.#room = room.id;
    this.#thread = thread;
    this.#session.empty();
    const timeline = community.timeline(room.id, thread);
    this.#session.add(
      community.on(`timeline:${timeline.key}`, () => this.#draw()),
      community.on(`timeline:${room.id}/`, () => this.#draw()),
      community.on("rooms", () => this.#draw()),
    );
    log.show(timeline, logActions(room.id, thread, log, composer), { at });
    composer.open(room, thread, this.root?.replies?.closed);
    this.#drawHead();
  }

  focusComposer() {
    if (matchMedia("(hover: hover)").matches) /** @type {any} */ (this.composer).focus();
  }

  #drawHead() {
    const room = community.room(this.#room);
    if (!room) return;
    const title = this.root?.replies?.title || t("thread");
    const closed = Boolean(this.root?.replies?.closed);
    const composer = /** @type {any} */ (this.composer);
    if (composer.isClosed !== closed) composer.open(room, this.#thread, closed);
    const key = `${title} ${closed} ${community.roomTitle(room)} ${document.documentElement.lang}`;
    if (this.head.dataset.key === key) return;
    this.head.dataset.key = key;
    fill(
      this.head,
      h(
        "div",
        { class: "room-name" },
        h("h2", { class: "clip" }, h("bdi", null, title)),
        h("p", { class: "clip hint" }, community.roomTitle(room)),
      ),
      iconButton("more", t("more"), (event) => menu(event.currentTarget, this.#items(closed))),
      iconButton("close", t("close"), () => router.go(`room/${this.#room}`)),
    );
  }

  /** @param {boolean} closed */
  #items(closed) {
    const target = { room: this.#room, thread: this.#thread };
    const room = community.room(this.#room);
    const mayUpdate = this.root?.by === community.me?.id || Boolean(room && community.hasRank("moderator", room));
    return [
      {
        label: t("follow_thread"),
        icon: "bell",
        run: () => command("thread.follow", target).then(() => toast(t("following")), toastError),
      },
      {
        label: t("unfollow_thread"),
        icon: "close",
        run: () => command("thread.unfollow", target).then(() => toast(t("not_following")), toastError),
      },
      mayUpdate && { label: t("name_thread"), icon: "edit", run: () => this.#rename() },
      mayUpdate &&
      {
        label: t(closed ? "reopen_thread" : "close_thread"),
        icon: "lock",
        run: () => command("thread.update", { ...target, closed: !closed }).catch(toastError),
      },
    ];
  }

  #rename() {
    const title = h("input", { maxLength: 200, value: this.root?.replies?.title ?? "" });
    formDialog(
      t("name_thread"),
      t("save"),
      [field(t("room_title"), title)],
      () => command("thread.update", { room: this.#room, thread: this.#thread, title: title.value }),
    );
  }
}

customElements.define("ly-thread", ThreadPane);

/** The threads one follows, newest reply first. */
export function threadsPage() {
  const list = h("ul", { class: "choices" }, h("li", { class: "hint" }, t("loading")));
  command("thread.list").then(
    (answer) =>
      fill(
        list,
        answer.threads.map(threadRow),
        answer.threads.length === 0 &&
          h("li", { class: "empty" }, icon("thread"), h("p", { class: "hint" }, t("no_threads"))),
      ),
    (error) => fill(list, h("li", null, explain(error))),
  );
  return h(
    "div",
    { class: "page" },
    pageHead(t("threads"), t("threads_hint")),
    h("div", { class: "page-body" }, list),
  );
}

/** @param {any} thread */
function threadRow(thread) {
  const room = community.room(thread.room);
  return h(
    "li",
    null,
    h(
      "a",
      { class: thread.unread > 0 ? "hit has-unread" : "hit", href: `#/room/${thread.room}/thread/${thread.thread}` },
      h(
        "span",
        { class: "head" },
        h("strong", null, room ? community.roomTitle(room) : ""),
        h("time", null, shortTime(thread.last_at)),
        thread.unread > 0 && h("span", { class: "count" }, thread.unread),
      ),
      h(
        "span",
        { class: "text clip" },
        threadNameView(thread.room, thread.thread, thread.title),
      ),
      h("span", { class: "hint" }, t("replies", { n: thread.replies }), thread.closed && ` · ${t("closed")}`),
    ),
  );
}
