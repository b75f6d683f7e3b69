import { fill, h } from "../lib/dom.js";
import { t } from "../lib/i18n.js";
import { isComposing } from "../lib/keymap.js";
import { command, community, drafts } from "../model/app.js";
import { toast, toastError } from "../view/parts.js";

/** Pause in typing after which it is asked what reads alike, in milliseconds. */
const similarPause = 250;

/** Where a question is written; what was asked before and reads alike shows below it, with its answer. */
export class AskForm {
  #input;
  #anonymous = h("input", { type: "checkbox" });
  #anonymousLabel = h("label", { class: "check" }, this.#anonymous, t("anonymously"));
  #similar = h("div", { class: "similar", role: "status" });
  #count = h("span", { class: "count", hidden: true });
  #form;
  #closed = h("p", { class: "composer-closed", hidden: true });
  /** One question, however often it has to be sent. */
  #nonce = crypto.randomUUID();
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #timer;

  /** @param {import("../model/live.js").LiveRoom} live */
  constructor(live) {
    this.live = live;
    this.#input = h("textarea", {
      rows: 2,
      dir: "auto",
      placeholder: t("ask_placeholder"),
      "aria-label": t("ask_placeholder"),
      on: {
        input: () => this.#changed(),
        keydown: (/** @type {KeyboardEvent} */ event) => {
          if (event.key !== "Enter" || event.shiftKey || isComposing(event)) return;
          event.preventDefault();
          this.#send();
        },
      },
    });
    const submit = (/** @type {Event} */ event) => {
      event.preventDefault();
      this.#send();
    };
    const send = h("button", { type: "submit", class: "primary" }, t("ask"));
    this.#form = h(
      "form",
      { class: "ask", on: { submit } },
      this.#input,
      h("div", { class: "row" }, this.#anonymousLabel, this.#count, send),
      this.#similar,
    );
    this.element = h("div", null, this.#form, this.#closed);
    this.#input.value = drafts.get(live.room, this.#draftKey).text;
  }

  /** Apart from the threads of the room. */
  get #draftKey() {
    return -1;
  }

  focus() {
    this.#input.focus();
  }

  draw() {
    const { session } = this.live;
    const room = community.room(this.live.room);
    const words = !session
      ? ""
      : session.state === "closed"
      ? t("session_over")
      : session.state === "scheduled"
      ? t("session_not_yet")
      : room?.role
      ? ""
      : t("not_in_room");
    this.#form.hidden = !session || words !== "";
    this.#closed.hidden = words === "";
    this.#closed.textContent = words;
    this.#anonymousLabel.hidden = !session?.anonymous_allowed;
  }

  get #limit() {
    return this.live.session?.question_chars ?? 300;
  }

  #changed() {
    const text = this.#input.value;
    drafts.set(this.live.room, this.#draftKey, { text });
    const left = this.#limit - [...text].length;
    this.#count.hidden = left > this.#limit / 4;
    this.#count.textContent = String(left);
    this.#count.classList.toggle("over", left < 0);
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#findSimilar(), similarPause);
  }

  async #send() {
    const text = this.#input.value.trim();
    const { session, room } = this.live;
    if (!text || !session) return;
    if ([...text].length > this.#limit) return toast(t("too_long", { n: this.#limit }));
    const anonymous = session.anonymous_allowed && this.#anonymous.checked || undefined;
    try {
      const ok = await command("question.ask", { room, qa: session.seq, text, nonce: this.#nonce, anonymous });
      this.#nonce = crypto.randomUUID();
      this.#input.value = "";
      this.#changed();
      fill(this.#similar);
      const waits = ok.verdict === "hold" ? "state_held" : ok.state === "submitted" ? "asked_waits" : "question_sent";
      toast(t(waits));
      this.live.load();
    } catch (error) {
      // The text stays, and goes out under the same nonce.
      toastError(error);
    }
  }

  async #findSimilar() {
    const text = this.#input.value.trim();
    if (text.length < 3) return fill(this.#similar);
    const answer = await command("question.similar", { room: this.live.room, text }).catch(() => null);
    if (text !== this.#input.value.trim()) return;
    const found = (answer?.similar ?? []).slice(0, 4);
    fill(
      this.#similar,
      found.length > 0 &&
        [h("p", { class: "hint" }, t("similar")), h("ul", null, found.map((/** @type {any} */ q) => this.#row(q)))],
    );
  }

  /** @param {any} similar */
  #row(similar) {
    const question = this.live.questions.get(similar.seq);
    const mayVote = question && question.state === "open" && !question.own && question.mine !== 1;
    const vote = () => question && this.live.vote(question, 1).then(() => this.#findSimilar(), toastError);
    return h(
      "li",
      null,
      h("bdi", null, similar.text),
      similar.answer && h("p", { class: "hint", dir: "auto" }, similar.answer.text ?? t("answered_aloud")),
      mayVote && h("button", { type: "button", class: "small", on: { click: vote } }, t("vote_instead")),
    );
  }
}
