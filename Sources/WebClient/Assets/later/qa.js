import { fill, h, icon, iconButton, onceAFrame } from "../lib/dom.js";
import { explain, t } from "../lib/i18n.js";
import { addKeys } from "../lib/keymap.js";
import { Bin } from "../lib/store.js";
import { shortTime } from "../lib/time.js";
import { command, community, topics } from "../model/app.js";
import { dialog, field, menu, toast, toastError } from "../view/parts.js";
import { chartView } from "./charts.js";

/** A room's live Q&A and polls, for participants, hosts, and the screen in the hall. @param {string[]} rest Room, session, and `projector`. */
export function qaPage(rest) {
  const page = document.createElement("ly-qa");
  /** @type {any} */ (page).place = {
    room: Number(rest[0]),
    qa: Number(rest[1]) || 0,
    projector: rest.includes("projector"),
  };
  return page;
}

const sorts = ["votes", "new", "old", "controversial"];

class QAPage extends HTMLElement {
  /** @type {any} */
  head;
  /** @type {any} */
  body;
  place = { room: 0, qa: 0, projector: false };
  /** @type {any[]} */
  #sessions = [];
  /** @type {Map<number, any>} */
  #questions = new Map();
  /** @type {Map<number, any>} */
  #polls = new Map();
  #sort = "votes";
  /** @type {any} */
  #error = null;
  #selected = 0;
  #bin = new Bin();
  #draw = onceAFrame(() => this.#drawAll());

  connectedCallback() {
    this.className = this.place.projector ? "page projector" : "page";
    document.querySelector(".app")?.classList.toggle("projecting", this.place.projector);
    this.head = h("header", { class: "room-head" });
    this.body = h("div", { class: "page-body qa" });
    this.append(this.head, this.body);
    this.#bin.add(
      community.on("live", (event) => event.room === this.place.room && this.#received(event)),
      community.on("members rooms", () => this.#draw()),
      topics.on("opened", () => this.#load()),
      addKeys(this.#keys()),
    );
    this.#load();
  }

  disconnectedCallback() {
    document.querySelector(".app")?.classList.remove("projecting");
    this.#bin.empty();
  }

  get room() {
    return community.room(this.place.room);
  }

  get session() {
    return this.#sessions.find((session) => id(session) === this.place.qa) ??
      this.#sessions.find((session) => !session.closed && session.state !== "closed") ?? this.#sessions[0];
  }

  get isHost() {
    const me = community.me?.id;
    const session = this.session;
    return Boolean(
      session && (session.by === me || session.host === me || session.hosts?.includes(me)) ||
        this.room && community.hasRank("moderator", this.room),
    );
  }

  async #load() {
    try {
      const answer = await command("qa.list", {
        room: this.place.room,
        qa: this.place.qa || undefined,
        sort: this.#sort,
      });
      this.#sessions = answer.sessions ?? (answer.qa ? [answer.qa] : []);
      this.#questions = new Map(
        (answer.questions ?? []).map((/** @type {any} */ question) => [id(question), question]),
      );
      this.#polls = new Map((answer.polls ?? []).map((/** @type {any} */ poll) => [id(poll), poll]));
      community.want([...this.#questions.values()].map((question) => question.by ?? 0));
      this.#error = null;
    } catch (error) {
      this.#error = error;
    }
    this.#draw();
  }

  /** @param {any} event */
  #received(event) {
    const target = event.question ?? event.poll ?? event.qa;
    if (event.event === "question.tally" || event.event === "poll.tally") {
      const known = (event.question ? this.#questions : this.#polls).get(target);
      if (known) Object.assign(known, { ...event, seq: known.seq, event: undefined });
      return this.#draw();
    }
    // Anything rarer than a tally: ask what it is now.
    this.#load();
  }

  // MARK: Drawing

  #drawAll() {
    const session = this.session;
    this.#drawHead(session);
    if (this.#error) {
      return fill(
        this.body,
        h(
          "div",
          { class: "empty" },
          h("p", { class: "hint" }, this.#error.code === "unknown_command" ? t("no_qa") : explain(this.#error)),
        ),
      );
    }
    if (this.place.projector) return this.#drawProjector(session);
    const draft = /** @type {HTMLTextAreaElement | null} */ (this.body.querySelector("textarea"));
    const kept = {
      text: draft?.value ?? "",
      focused: draft === document.activeElement,
      similar: this.body.querySelector(".similar"),
    };
    fill(
      this.body,
      [...this.#polls.values()].map((poll) => this.#poll(poll)),
      session
        ? [this.#stage(), this.#askForm(session, kept.text), this.#sorter(), this.#list()]
        : h("div", { class: "empty" }, h("p", { class: "hint" }, t("no_session"))),
    );
    const field = this.body.querySelector("textarea");
    if (kept.focused) field?.focus();
  }

  /** @param {any} session */
  #drawHead(session) {
    const room = this.room;
    const path = `qa/${this.place.room}/${session ? id(session) : 0}`;
    fill(
      this.head,
      h("a", {
        class: this.place.projector ? "icon-button" : "icon-button back-always",
        href: this.place.projector ? `#/${path}` : `#/room/${this.place.room}`,
        "aria-label": t("back"),
      }, icon("back")),
      h(
        "div",
        { class: "room-name" },
        h("h2", { class: "clip" }, h("bdi", null, session?.title ?? t("live_qa"))),
        h("p", { class: "clip hint" }, room ? community.roomTitle(room) : ""),
      ),
      !this.place.projector && session &&
        h("a", { class: "button wide-only", href: `#/${path}/projector` }, t("projector")),
      !this.place.projector && this.isHost &&
        iconButton("more", t("more"), (event) => menu(event.currentTarget, this.#hostItems(session))),
    );
  }

  /** @param {any} session */
  #hostItems(session) {
    const target = { room: this.place.room, qa: session ? id(session) : undefined };
    /** @param {string} format */
    const exportAs = (format) =>
      command("qa.export", { ...target, format }).then(
        (answer) => save(`qa.${format}`, answer.text ?? answer.content ?? JSON.stringify(answer, null, 2)),
        toastError,
      );
    return [
      { label: t("open_session"), icon: "plus", run: () => this.#openSession() },
      { label: t("open_poll"), icon: "chart", run: () => this.#openPoll() },
      session && { label: t("close_session"), icon: "lock", run: () => command("qa.close", target).catch(toastError) },
      session && { label: t("export_as", { format: "CSV" }), icon: "down", run: () => exportAs("csv") },
      session && { label: t("export_as", { format: "Markdown" }), icon: "down", run: () => exportAs("markdown") },
    ];
  }

  /** What is being answered now, and what comes next. */
  #stage() {
    const live = [...this.#questions.values()].filter((question) => question.state === "live");
    if (live.length === 0) return null;
    return h(
      "section",
      { class: "stage", "aria-label": t("on_stage") },
      live.map((question) =>
        h(
          "div",
          null,
          h("p", { class: "hint" }, t(question.slot === "next" ? "next_up" : "on_stage")),
          h("p", { class: "stage-text", dir: "auto" }, question.text),
        )
      ),
    );
  }

  /** @param {any} session @param {string} text */
  #askForm(session, text) {
    if (session.closed || session.state === "closed") return h("p", { class: "hint" }, t("session_closed"));
    const input = h("textarea", {
      rows: 2,
      maxLength: 1000,
      value: text,
      placeholder: t("ask_placeholder"),
      "aria-label": t("ask"),
    });
    const anonymous = h("input", { type: "checkbox" });
    const similar = h("div", { class: "similar", role: "status" });
    /** @type {any} */
    let timer;
    input.addEventListener("input", () => {
      clearTimeout(timer);
      timer = setTimeout(() => this.#similar(input.value, similar), 250);
    });
    const nonce = crypto.randomUUID();
    const submit = async (/** @type {Event} */ event) => {
      event.preventDefault();
      if (!input.value.trim()) return;
      try {
        const answer = await command("question.ask", {
          room: this.place.room,
          qa: id(session),
          text: input.value.trim(),
          nonce,
          anonymous: anonymous.checked || undefined,
        });
        input.value = "";
        toast(t(answer.verdict === "hold" || answer.hold ? "question_held" : "question_sent"));
        this.#load();
      } catch (error) {
        toastError(error);
      }
    };
    return h(
      "form",
      { class: "ask", on: { submit } },
      input,
      similar,
      h(
        "div",
        { class: "row" },
        session.anonymous_allowed ? h("label", { class: "check" }, anonymous, t("anonymously")) : h("span"),
        h("button", { type: "submit", class: "primary" }, t("ask")),
      ),
    );
  }

  /** Questions that read alike, with their answers, so that nobody asks what is answered. @param {string} text @param {HTMLElement} target */
  async #similar(text, target) {
    if (text.trim().length < 4) return fill(target);
    const answer = await command("question.similar", { room: this.place.room, text }).catch(() => null);
    const found = answer?.similar ?? answer?.questions ?? answer?.candidates ?? [];
    fill(
      target,
      found.length > 0 &&
        [
          h("p", { class: "hint" }, t("similar")),
          h(
            "ul",
            { class: "plain-list" },
            found.slice(0, 4).map((/** @type {any} */ question) =>
              h(
                "li",
                null,
                h("bdi", null, question.text),
                question.answer && h("p", { class: "hint" }, question.answer),
              )
            ),
          ),
        ],
    );
  }

  #sorter() {
    return h(
      "div",
      { class: "tabs", role: "group", "aria-label": t("order") },
      sorts.map((sort) =>
        h("button", {
          type: "button",
          class: "tab",
          "aria-pressed": String(sort === this.#sort),
          on: {
            click: () => {
              this.#sort = sort;
              this.#load();
            },
          },
        }, t(/** @type {any} */ (`sort_${sort}`)))
      ),
    );
  }

  #ordered() {
    const questions = [...this.#questions.values()].filter((question) => question.state !== "merged");
    if (this.#sort === "votes") questions.sort((a, b) => votes(b) - votes(a) || id(a) - id(b));
    return questions;
  }

  #list() {
    const questions = this.#ordered();
    if (questions.length === 0) return h("p", { class: "hint" }, t("no_questions"));
    return h("ol", { class: "questions" }, questions.map((question) => this.#question(question)));
  }

  /** @param {any} question */
  #question(question) {
    const mine = question.mine ?? question.my_vote ?? 0;
    const isOpen = question.state === "open" || question.state === "live";
    return h(
      "li",
      {
        class: `question ${question.state}`,
        data: { question: String(id(question)) },
        tabIndex: id(question) === this.#selected ? 0 : -1,
        on: { focusin: () => (this.#selected = id(question)) },
      },
      h(
        "button",
        {
          type: "button",
          class: mine > 0 ? "vote mine" : "vote",
          disabled: !isOpen,
          "aria-pressed": String(mine > 0),
          "aria-label": t("vote_count", { n: votes(question) }),
          on: { click: () => this.#vote(question, mine > 0 ? 0 : 1) },
        },
        icon("up"),
        h("span", null, votes(question)),
      ),
      h(
        "div",
        { class: "question-body" },
        h("p", { dir: "auto" }, question.text),
        h(
          "p",
          { class: "hint" },
          question.anonymous || !question.by ? t("anonymous") : community.memberName(question.by),
          question.at && ` · ${shortTime(question.at)}`,
          ` · ${t(/** @type {any} */ (`question_${question.state}`))}`,
        ),
        (question.answers ?? []).map((/** @type {any} */ answer) =>
          h("blockquote", { dir: "auto" }, answer.text ?? t("answered_aloud"))
        ),
      ),
      this.isHost && iconButton("more", t("more"), (event) => menu(event.currentTarget, this.#questionItems(question))),
    );
  }

  /** @param {any} question */
  #questionItems(question) {
    /** @param {string} name @param {any} [more] */
    const act = (name, more = {}) => () =>
      command(`question.${name}`, { room: this.place.room, question: id(question), ...more }).then(
        () => this.#load(),
        toastError,
      );
    const others = this.#ordered().filter((other) => other !== question).slice(0, 30);
    return [
      question.state === "held" || question.state === "submitted"
        ? { label: t("action_approve"), icon: "check", run: act("approve") }
        : null,
      { label: t("put_on_stage"), icon: "star", run: act("live", { slot: "now" }) },
      { label: t("put_next"), icon: "clock", run: act("live", { slot: "next" }) },
      { label: t("answered_aloud"), icon: "check", run: act("answer", { spoken: true }) },
      { label: t("type_answer"), icon: "edit", run: () => this.#answer(question) },
      others.length > 0 ? { label: t("merge_into"), icon: "link", run: () => this.#merge(question, others) } : null,
      { label: t("carry"), icon: "thread", run: act("carry") },
      question.state === "dismissed" || question.state === "answered"
        ? { label: t("reopen"), icon: "back", run: act("reopen") }
        : { label: t("dismiss"), icon: "close", danger: true, run: act("dismiss") },
    ];
  }

  /** @param {any} question */
  #answer(question) {
    dialog(t("type_answer"), (close) => {
      const text = h("textarea", { rows: 4, required: true, maxLength: 4000 });
      const submit = (/** @type {Event} */ event) => {
        event.preventDefault();
        command("question.answer", { room: this.place.room, question: id(question), text: text.value }).then(() => {
          close();
          this.#load();
        }, toastError);
      };
      return h(
        "form",
        { on: { submit } },
        h("blockquote", { dir: "auto" }, question.text),
        field(t("type_answer"), text),
        h("div", { class: "actions" }, h("button", { type: "submit", class: "primary" }, t("send"))),
      );
    });
  }

  /** @param {any} question @param {any[]} others */
  #merge(question, others) {
    dialog(
      t("merge_into"),
      (close) =>
        h(
          "ul",
          { class: "choices" },
          others.map((other) =>
            h(
              "li",
              null,
              h("button", {
                type: "button",
                class: "choice",
                on: {
                  click: () =>
                    command("question.merge", { room: this.place.room, question: id(question), into: id(other) }).then(
                      () => {
                        close();
                        this.#load();
                      },
                      toastError,
                    ),
                },
              }, h("bdi", null, other.text)),
            )
          ),
        ),
    );
  }

  /** @param {any} question @param {number} value */
  #vote(question, value) {
    const before = { votes: question.votes, mine: question.mine };
    // Shown at once; the tally that follows is what counts.
    question.votes = votes(question) + value - (question.mine ?? 0);
    question.mine = value;
    this.#draw();
    command("question.vote", { room: this.place.room, question: id(question), value }).catch((error) => {
      Object.assign(question, before);
      this.#draw();
      toastError(error);
    });
  }

  // MARK: Polls

  /** @param {any} poll */
  #poll(poll) {
    const counts = poll.counts ?? [];
    const total = counts.reduce((/** @type {number} */ sum, /** @type {number} */ count) => sum + count, 0);
    const mine = new Set(poll.mine ?? []);
    const isClosed = poll.closed || poll.state === "closed";
    /** @param {number} index */
    const vote = (index) => {
      const options = poll.multiple
        ? [...(mine.has(index) ? [...mine].filter((known) => known !== index) : [...mine, index])]
        : [index];
      poll.mine = options;
      command("poll.vote", { room: this.place.room, poll: id(poll), options }).then(() => this.#load(), toastError);
    };
    return h(
      "section",
      { class: "poll" },
      h("h3", null, poll.question),
      h(
        "ul",
        { class: "plain-list" },
        poll.options.map((/** @type {any} */ option, /** @type {number} */ index) => {
          const share = total > 0 ? (counts[index] ?? 0) / total : 0;
          const bar = h("progress", { max: 1, value: share, "aria-label": option.text ?? option });
          return h(
            "li",
            null,
            h(
              "button",
              {
                type: "button",
                class: mine.has(index) ? "poll-option mine" : "poll-option",
                disabled: isClosed,
                "aria-pressed": String(mine.has(index)),
                on: { click: () => vote(index) },
              },
              h("bdi", null, option.text ?? option),
              h("span", { class: "count" }, counts[index] ?? ""),
            ),
            bar,
          );
        }),
      ),
      this.isHost && !isClosed && h("button", {
        type: "button",
        on: {
          click: () =>
            command("poll.close", { room: this.place.room, poll: id(poll) }).then(() => this.#load(), toastError),
        },
      }, t("close_poll")),
    );
  }

  // MARK: Host

  #openSession() {
    dialog(t("open_session"), (close) => {
      const title = h("input", { required: true, maxLength: 200 });
      const options = ["anonymous_allowed", "premoderated", "downvotes"].map((name) => ({
        name,
        box: h("input", { type: "checkbox", checked: name === "anonymous_allowed" }),
      }));
      const submit = (/** @type {Event} */ event) => {
        event.preventDefault();
        const flags = Object.fromEntries(options.map(({ name, box }) => [name, box.checked]));
        command("qa.open", { room: this.place.room, title: title.value, ...flags }).then(() => {
          close();
          this.#load();
        }, toastError);
      };
      return h(
        "form",
        { on: { submit } },
        field(t("room_title"), title),
        options.map(({ name, box }) => h("label", { class: "check" }, box, t(/** @type {any} */ (name)))),
        h("div", { class: "actions" }, h("button", { type: "submit", class: "primary" }, t("open"))),
      );
    }, "narrow");
  }

  #openPoll() {
    dialog(t("open_poll"), (close) => {
      const question = h("input", { required: true, maxLength: 300 });
      const options = h("textarea", { rows: 5, required: true });
      const multiple = h("input", { type: "checkbox" });
      const submit = (/** @type {Event} */ event) => {
        event.preventDefault();
        const lines = options.value.split("\n").map((/** @type {string} */ line) => line.trim()).filter(Boolean);
        command("poll.open", {
          room: this.place.room,
          question: question.value,
          options: lines,
          multiple: multiple.checked,
        }).then(() => {
          close();
          this.#load();
        }, toastError);
      };
      return h(
        "form",
        { on: { submit } },
        field(t("question"), question),
        field(t("options"), options, t("one_a_line")),
        h("label", { class: "check" }, multiple, t("multiple")),
        h("div", { class: "actions" }, h("button", { type: "submit", class: "primary" }, t("open"))),
      );
    }, "narrow");
  }

  // MARK: Projector

  /** Large and without controls, for the screen in the hall. @param {any} session */
  #drawProjector(session) {
    const live = [...this.#questions.values()].find((question) =>
      question.state === "live" && question.slot !== "next"
    );
    const waiting = this.#ordered().filter((question) =>
      question !== live && (question.state === "open" || question.state === "live")
    ).slice(0, 5);
    const poll = [...this.#polls.values()].find((known) => !known.closed && known.state !== "closed");
    fill(
      this.body,
      h("h1", null, session?.title ?? t("live_qa")),
      live && h("p", { class: "now", dir: "auto" }, live.text),
      poll &&
        chartView({
          title: poll.question,
          kind: "bar",
          labels: poll.options.map((/** @type {any} */ option) => option.text ?? option),
          series: [{
            name: t("votes"),
            values: poll.options.map((/** @type {any} */ _, /** @type {number} */ index) => poll.counts?.[index] ?? 0),
          }],
        }),
      h(
        "ol",
        { class: "questions" },
        waiting.map((question) =>
          h(
            "li",
            { class: "question" },
            h("span", { class: "vote" }, votes(question)),
            h("p", { dir: "auto" }, question.text),
          )
        ),
      ),
      waiting.length === 0 && !live && h("p", null, t("no_questions")),
    );
  }

  /** @returns {import("../lib/keymap.js").Row[]} */
  #keys() {
    const step = (/** @type {1 | -1} */ by) => () => {
      const rows = /** @type {HTMLElement[]} */ ([...this.body.querySelectorAll("li.question")]);
      const index = rows.findIndex((row) => row.contains(document.activeElement));
      rows[Math.max(0, Math.min(rows.length - 1, index + by))]?.focus();
    };
    return [
      { keys: "j / ArrowDown", label: "key_next_item", scope: "qa", run: step(1) },
      { keys: "k / ArrowUp", label: "key_previous_item", scope: "qa", run: step(-1) },
      {
        keys: "v",
        label: "vote",
        scope: "qa",
        run: () => /** @type {any} */ (document.activeElement?.closest("li.question")?.querySelector(".vote"))?.click(),
      },
    ];
  }
}

customElements.define("ly-qa", QAPage);

/** An object born in a room is named by its event. @param {any} thing @returns {number} */
function id(thing) {
  return thing.seq ?? thing.id ?? thing.question ?? thing.poll ?? thing.qa;
}

/** @param {any} question @returns {number} */
function votes(question) {
  return question.votes ?? question.score ?? 0;
}

/** Gives a text to the browser to keep. @param {string} name @param {string} text */
function save(name, text) {
  const address = URL.createObjectURL(new Blob([text], { type: "text/plain" }));
  const link = h("a", { href: address, download: name });
  link.click();
  setTimeout(() => URL.revokeObjectURL(address), 10_000);
}
