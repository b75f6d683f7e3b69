import { fill, h, icon, iconButton, onceAFrame, readingPause } from "../lib/dom.js";
import { explain, t } from "../lib/i18n.js";
import { addKeys } from "../lib/keymap.js";
import { KeyedList } from "../lib/keyed.js";
import { Bin } from "../lib/store.js";
import { shortTime } from "../lib/time.js";
import { command, community, topics } from "../model/app.js";
import { LiveRoom } from "../model/live.js";
import { dialog, menu, toastError } from "../view/parts.js";
import { router } from "../view/router.js";
import { AskForm } from "./askform.js";
import { pollLook, pollView } from "./poll.js";
import { projectorView } from "./projector.js";
import { closeDialog, exportSession, pollDialog, sessionDialog } from "./qadialogs.js";
import { qaKeys } from "./qakeys.js";
import { questionLook, questionView } from "./question.js";

const sorts = ["votes", "new", "old", "controversial"];

/** A room's live Q&A and polls, for participants, hosts, and the screen in the hall. @param {string[]} rest Room, session, and `projector`. */
export function qaPage(rest) {
  const page = /** @type {QAPage} */ (document.createElement("ly-qa"));
  page.live = new LiveRoom(command, Number(rest[0]), Number(rest[1]) || undefined);
  page.isProjector = rest.includes("projector");
  return page;
}

class QAPage extends HTMLElement {
  /** @type {LiveRoom} */
  live = /** @type {any} */ (null);
  isProjector = false;
  #head = h("header", { class: "room-head" });
  #body = h("div", { class: "page-body" });
  #stage = h("section", { class: "stage", "aria-label": t("on_stage") });
  #sorter = h("div", { class: "tabs", role: "group", "aria-label": t("order") });
  #questions = h("ol", { class: "questions" });
  #polls = h("div", { class: "polls" });
  #list = new KeyedList(this.#questions);
  #pollList = new KeyedList(this.#polls);
  /** @type {AskForm} */
  #ask = /** @type {any} */ (null);
  #sort = "votes";
  #bin = new Bin();
  #draw = onceAFrame(() => this.#drawAll(), readingPause);

  connectedCallback() {
    const { live } = this;
    this.className = this.isProjector ? "page projector" : "page";
    document.querySelector(".app")?.classList.toggle("projecting", this.isProjector);
    this.#ask = new AskForm(live);
    this.append(this.#head, this.#body);
    this.#bin.add(
      community.on("live", (event) => live.apply(event)),
      live.on("changed", () => this.#draw()),
      community.on("members rooms", () => this.#draw()),
      topics.on("opened", () => live.load()),
      addKeys(qaKeys(live, this.#questions, () => this.#ask.focus())),
      () => document.querySelector(".app")?.classList.remove("projecting"),
      () => live.close(),
    );
    live.load();
    this.#drawAll();
  }

  disconnectedCallback() {
    this.#bin.empty();
  }

  get #room() {
    return community.room(this.live.room);
  }

  // MARK: Drawing

  #drawAll() {
    if (!this.isConnected) return;
    const { live } = this;
    this.#drawHead();
    if (!live.isLoaded) {
      const words = live.error ? explain(live.error) : t("loading");
      return fill(this.#body, h("p", { class: "empty hint" }, words));
    }
    if (this.isProjector) return fill(this.#body, h("div", { class: "hall" }, projectorView(live)));
    this.#drawStage();
    this.#drawSorter();
    this.#drawQuestions();
    this.#drawPolls();
    this.#ask.draw();
    this.#arrange();
  }

  /** Puts the parts in place once, so that what is being written stays. */
  #arrange() {
    const hasPolls = this.live.polls.size > 0;
    if (this.#body.firstElementChild?.className !== "qa") {
      const main = h("div", { class: "qa-main" }, this.#stage, this.#ask.element, this.#sorter, this.#questions);
      fill(this.#body, h("div", { class: "qa" }, main, this.#polls));
    }
    this.#polls.hidden = !hasPolls;
  }

  #drawHead() {
    const { session } = this.live;
    const path = `qa/${this.live.room}/${session?.seq ?? 0}`;
    const key = JSON.stringify([session, this.#room?.title, this.live.isHosting, document.documentElement.lang]);
    if (this.#head.dataset.key === key) return;
    this.#head.dataset.key = key;
    const back = this.isProjector ? `#/${path}` : `#/room/${this.live.room}`;
    const leave = h("a", { class: "icon-button back back-always", href: back, "aria-label": t("back") }, icon("back"));
    if (this.isProjector) return fill(this.#head, leave);
    fill(
      this.#head,
      leave,
      h(
        "div",
        { class: "room-name" },
        h("h2", { class: "clip" }, h("bdi", null, session?.title ?? t("live_qa"))),
        h("p", { class: "clip hint" }, this.#about()),
      ),
      session &&
        h("span", { class: `badge session-${session.state}` }, t(/** @type {any} */ (`session_${session.state}`))),
      session && h("a", { class: "button wide-only", href: `#/${path}/projector` }, t("projector")),
      iconButton("more", t("more"), (event) => menu(event.currentTarget, this.#items())),
    );
  }

  #about() {
    const { session } = this.live;
    const parts = [this.#room ? community.roomTitle(this.#room) : ""];
    if (session?.state === "scheduled" && session.starts_at) {
      parts.push(t("starts", { time: shortTime(session.starts_at) }));
    }
    if (session?.state === "open" && session.ends_at) parts.push(t("closes_at", { time: shortTime(session.ends_at) }));
    return parts.join(" · ");
  }

  #items() {
    const { live } = this;
    const { session, room } = live;
    const mayOpen = Boolean(this.#room && community.hasRank("mentor", this.#room));
    const qa = session?.seq ?? 0;
    const isLive = session && session.state !== "closed";
    return [
      session && { label: t("projector"), icon: "chart", run: () => router.go(`qa/${room}/${qa}/projector`) },
      this.#room?.role && { label: t("open_poll"), icon: "chart", run: () => pollDialog(room) },
      mayOpen &&
      { label: t("open_session"), icon: "plus", run: () => sessionDialog(room, null, (seq) => this.#show(seq)) },
      live.sessions.length > 1 && { label: t("other_sessions"), icon: "clock", run: () => this.#choose() },
      live.isHosting && isLive &&
      { label: t("session_settings"), icon: "cog", run: () => sessionDialog(room, session, () => {}) },
      live.isHosting && isLive && { label: t("close_session"), icon: "lock", run: () => closeDialog(room, qa) },
      live.isHosting && session?.state === "closed" &&
      {
        label: t("reopen"),
        icon: "back",
        run: () => command("qa.reopen", { room, qa }).then(() => live.load(), toastError),
      },
      live.isHosting &&
      { label: t("export_as", { format: "CSV" }), icon: "down", run: () => exportSession(room, qa, "csv") },
      live.isHosting &&
      { label: t("export_as", { format: "Markdown" }), icon: "down", run: () => exportSession(room, qa, "markdown") },
    ];
  }

  /** @param {number} qa */
  #show(qa) {
    router.go(`qa/${this.live.room}/${qa}`);
  }

  #choose() {
    dialog(t("other_sessions"), (close) =>
      h(
        "ul",
        { class: "choices" },
        this.live.sessions.map((session) => {
          const run = () => {
            close();
            this.#show(session.seq);
          };
          const state = h("span", { class: "hint" }, t(/** @type {any} */ (`session_${session.state}`)));
          return h(
            "li",
            null,
            h("button", { type: "button", class: "choice", on: { click: run } }, h("bdi", null, session.title), state),
          );
        }),
      ));
  }

  /** What is being answered now, and what comes next. */
  #drawStage() {
    const now = this.live.onStage("now");
    const next = this.live.onStage("next");
    this.#stage.hidden = !now && !next;
    fill(
      this.#stage,
      now && [h("p", { class: "hint" }, t("on_stage")), h("p", { class: "stage-text", dir: "auto" }, now.text)],
      next && h("p", { class: "stage-next", dir: "auto" }, h("span", { class: "badge" }, t("next_up")), " ", next.text),
    );
  }

  #drawSorter() {
    this.#sorter.hidden = this.live.questions.size < 2;
    fill(
      this.#sorter,
      sorts.map((sort) =>
        h("button", {
          type: "button",
          class: "tab",
          "aria-pressed": String(sort === this.#sort),
          on: {
            click: () => {
              this.#sort = sort;
              this.#drawAll();
            },
          },
        }, t(/** @type {any} */ (`sort_${sort}`)))
      ),
    );
  }

  #drawQuestions() {
    const { live } = this;
    this.#list.begin();
    const order = ["submitted", "held", "live", "open", "answered", "carried", "dismissed"];
    const groups = live.ordered(this.#sort).sort((a, b) => groupOf(a, order) - groupOf(b, order));
    for (const question of groups) {
      this.#list.add(String(question.seq), questionLook(question, live), () => questionView(question, live));
    }
    if (groups.length === 0) this.#list.add("none", String(live.session?.seq), () => this.#nothing());
    this.#list.end();
    if (!this.#questions.querySelector('[tabindex="0"]')) {
      const first = this.#questions.querySelector("li.question");
      if (first) first.tabIndex = 0;
    }
  }

  /** What stands in the place of questions. */
  #nothing() {
    const { session, room } = this.live;
    const mayOpen = !session && this.#room && community.hasRank("mentor", this.#room);
    const open = () => sessionDialog(room, null, (seq) => this.#show(seq));
    return h(
      "li",
      { class: "empty" },
      icon("ask"),
      h("p", { class: "hint" }, t(session ? "no_questions" : "no_session")),
      mayOpen && h("button", { type: "button", class: "primary", on: { click: open } }, t("open_session")),
    );
  }

  #drawPolls() {
    this.#pollList.begin();
    const polls = [...this.live.polls.values()].sort((a, b) => Number(a.closed) - Number(b.closed) || b.seq - a.seq);
    for (const poll of polls) this.#pollList.add(String(poll.seq), pollLook(poll), () => pollView(poll, this.live));
    this.#pollList.end();
  }
}

/** @param {import("../model/live.js").Question} question @param {string[]} order */
function groupOf(question, order) {
  // Answered and dismissed ones stand below those that wait; on stage above.
  return order.indexOf(question.slot === "next" ? "live" : question.state);
}

customElements.define("ly-qa", QAPage);
