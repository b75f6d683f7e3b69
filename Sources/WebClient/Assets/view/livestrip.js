import { fill, h, icon } from "../lib/dom.js";
import { t } from "../lib/i18n.js";
import { community } from "../model/app.js";

/** Before a room that was just opened is asked what is live in it, in milliseconds: who passes through asks nothing. */
const patience = 500;

/** What is live in a room, below its head: the Q&A session and the polls that are open, each a way to it. */
export class LiveStrip {
  element = h("nav", { class: "live-strip", "aria-label": t("live_qa"), hidden: true });
  #room = 0;
  /** @type {{room: number, sessions: any[], polls: any[]} | null} */
  #found = null;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #timer;

  /** @param {number} room */
  open(room) {
    this.#room = room;
    this.#found = null;
    this.#draw();
    this.#askSoon();
  }

  /** Something of a session or poll has changed; what was voted has not. @param {any} event */
  changed(event) {
    const opensOrCloses = /^(qa\.|poll\.(opened|closed|deleted))/.test(event.event);
    if (event.room === this.#room && opensOrCloses) this.#askSoon();
  }

  #askSoon() {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#ask(), patience);
  }

  async #ask() {
    const room = this.#room;
    const ask = (/** @type {string} */ name) => community.command(name, { room, limit: 1 }).catch(() => ({}));
    const [qa, polls] = await Promise.all([ask("qa.list"), ask("poll.list")]);
    if (room !== this.#room) return;
    const sessions = (qa.sessions ?? []).filter((/** @type {any} */ session) => session.state === "open");
    this.#found = { room, sessions, polls: (polls.polls ?? []).filter((/** @type {any} */ poll) => !poll.closed) };
    this.#draw();
  }

  close() {
    clearTimeout(this.#timer);
  }

  #draw() {
    const { room, sessions, polls } = this.#found ?? { room: 0, sessions: [], polls: [] };
    this.element.hidden = sessions.length + polls.length === 0;
    fill(
      this.element,
      sessions.map((session) =>
        h(
          "a",
          { href: `#/qa/${room}/${session.seq}` },
          icon("ask"),
          h("strong", null, t("live_qa")),
          h("bdi", { class: "clip" }, session.title),
        )
      ),
      polls.slice(0, 1).map((poll) =>
        h(
          "a",
          { href: `#/qa/${room}` },
          icon("chart"),
          h("strong", null, t("poll")),
          h("bdi", { class: "clip" }, poll.question),
        )
      ),
    );
  }
}
