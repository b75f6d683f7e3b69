import { Topics } from "../lib/store.js";

/**
 * @typedef {object} Session
 * @property {number} seq
 * @property {string} title
 * @property {"scheduled" | "open" | "closed"} state
 * @property {number[]} hosts
 * @property {number} [starts_at]
 * @property {number} [ends_at]
 * @property {boolean} anonymous_allowed
 * @property {boolean} premoderated
 * @property {boolean} downvotes
 * @property {number} question_chars
 *
 * @typedef {object} Question
 * @property {number} seq
 * @property {number} qa
 * @property {string} [text]
 * @property {string} state
 * @property {"now" | "next"} [slot]
 * @property {number} at
 * @property {number} [by]
 * @property {boolean} [anonymous]
 * @property {boolean} [own]
 * @property {number} votes
 * @property {number} up
 * @property {number} down
 * @property {number} mine
 * @property {any[]} answers
 * @property {number} [thread]
 * @property {number} [accepted]
 *
 * @typedef {object} Poll
 * @property {number} seq
 * @property {number} by
 * @property {string} question
 * @property {string[]} options
 * @property {"single" | "multiple" | "ranked" | "quiz" | "text"} kind
 * @property {boolean} [anonymous]
 * @property {boolean} [results_hidden]
 * @property {number} [closes_at]
 * @property {boolean} closed
 * @property {number} voters
 * @property {number[]} [counts]
 * @property {number[][]} [ranking]
 * @property {{text: string, count: number}[]} [words]
 * @property {number} [quiz_answer]
 * @property {number[]} mine
 * @property {string} [text]
 */

/** Before what events cannot tell is asked for again, in milliseconds; many things happen at once in a full hall. */
const reloadPause = 400;

/** A room's live Q&A session and polls, kept by its events. */
export class LiveRoom extends Topics {
  /** @type {Session[]} */
  sessions = [];
  /** @type {Session | null} The one that is shown. */
  session = null;
  isHosting = false;
  /** @type {Map<number, Question>} */
  questions = new Map();
  /** @type {Map<number, Poll>} */
  polls = new Map();
  isLoaded = false;
  /** @type {any} */
  error = null;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #timer;
  #asked = 0;
  /** The newest event that the lists hold. */
  #seq = 0;

  /**
   * @param {(name: string, fields?: any) => Promise<any>} command
   * @param {number} room
   * @param {number} [qa]
   */
  constructor(command, room, qa) {
    super();
    this.command = command;
    this.room = room;
    this.qa = qa;
  }

  /** Open questions, the most wanted first, or in another order. @param {string} order */
  ordered(order) {
    const questions = [...this.questions.values()].filter((question) => question.text && question.state !== "merged");
    /** @type {Record<string, (a: Question, b: Question) => number>} */
    const orders = {
      votes: (a, b) => b.votes - a.votes || a.down - b.down || a.seq - b.seq,
      new: (a, b) => b.seq - a.seq,
      old: (a, b) => a.seq - b.seq,
      controversial: (a, b) => controversy(b) - controversy(a) || a.seq - b.seq,
    };
    return questions.sort(orders[order] ?? orders.votes);
  }

  /** @param {"now" | "next"} slot */
  onStage(slot) {
    return [...this.questions.values()].find((question) => question.state === "live" && question.slot === slot);
  }

  get openPolls() {
    return [...this.polls.values()].filter((poll) => !poll.closed);
  }

  // MARK: Loading

  async load() {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    const number = ++this.#asked;
    try {
      const [found, polls] = await Promise.all([
        orNothing(this.#loadQuestions(), { sessions: [], questions: [], hosting: false, seq: 0 }),
        orNothing(this.command("poll.list", { room: this.room }), { polls: [] }),
      ]);
      if (number !== this.#asked) return;
      this.sessions = found.sessions;
      this.session = found.qa ?? null;
      this.isHosting = found.hosting;
      this.#seq = found.seq;
      this.questions = new Map(found.questions.map((/** @type {Question} */ question) => [question.seq, question]));
      this.polls = new Map(polls.polls.map((/** @type {Poll} */ poll) => [poll.seq, poll]));
      this.error = null;
      this.isLoaded = true;
    } catch (error) {
      if (number !== this.#asked) return;
      this.error = error;
    }
    this.tell("changed");
  }

  async #loadQuestions() {
    const fields = { room: this.room, qa: this.qa || undefined, limit: 500 };
    const first = await this.command("qa.list", fields);
    let { next } = first;
    while (next) {
      const page = await this.command("qa.list", { ...fields, offset: next });
      first.questions.push(...page.questions);
      next = page.next;
    }
    return first;
  }

  #reloadSoon() {
    this.#timer ??= setTimeout(() => this.load(), reloadPause * (1 + Math.random()));
  }

  close() {
    clearTimeout(this.#timer);
    this.#asked += 1;
  }

  // MARK: Events

  /** @param {any} event */
  apply(event) {
    if (event.room !== this.room || event.seq <= this.#seq || !this.isLoaded) return;
    const kind = event.event.split(".")[0];
    if (kind === "poll") this.#applyPoll(event);
    else if (kind === "qa") this.#applySession(event);
    else if (event.qa === this.session?.seq) this.#applyQuestion(event);
    this.tell("changed");
  }

  /** @param {any} event */
  #applySession(event) {
    const seq = event.qa ?? event.seq;
    const known = this.sessions.find((session) => session.seq === seq);
    const { event: _kind, room: _room, qa: _qa, seq: _seq, at: _at, by: _by, ...fields } = event;
    if (known) Object.assign(known, fields);
    else this.sessions.unshift({ ...fields, seq });
    const shown = this.session;
    if (shown && shown.seq === seq) Object.assign(shown, fields);
    // Another session is on now, or what is unanswered went on in threads.
    else this.#reloadSoon();
    if (fields.state === "closed") this.#reloadSoon();
  }

  /** @param {any} event */
  #applyQuestion(event) {
    const known = this.questions.get(event.question ?? event.seq);
    if (event.event === "question.tally") {
      if (known) Object.assign(known, { votes: event.votes, up: event.up, down: event.down });
    } else if (event.event === "question.asked") {
      if (event.text && !known) this.#add(event.seq, event, event.by);
      else if (this.isHosting) this.#reloadSoon();
    } else if (!known || ["undone", "merged", "redacted", "removed", "restored"].includes(event.change)) {
      this.#reloadSoon();
    } else {
      this.#step(known, event);
    }
  }

  /** @param {number} seq @param {any} event @param {number} [by] */
  #add(seq, event, by) {
    const { qa, text, state, at, anonymous } = event;
    const counts = { votes: 0, up: 0, down: 0, mine: 0 };
    this.questions.set(seq, { seq, qa, text, state, at, by: by || undefined, anonymous, ...counts, answers: [] });
  }

  /** @param {Question} question @param {any} event */
  #step(question, event) {
    const { state, slot, thread, accepted, text, answer } = event;
    Object.assign(question, { state, slot, thread, accepted });
    if (text !== undefined) question.text = text;
    if (answer) question.answers = [...question.answers.filter((known) => known.seq !== answer.seq), answer];
  }

  /** @param {any} event */
  #applyPoll(event) {
    if (event.event === "poll.opened") {
      if (event.deleted) return;
      const { seq, by, question, options, kind, anonymous, results_hidden, closes_at } = event;
      const asked = { seq, by, question, options, kind, anonymous, results_hidden, closes_at };
      this.polls.set(seq, { ...asked, closed: false, voters: 0, counts: options.map(() => 0), mine: [] });
      return;
    }
    const poll = this.polls.get(event.poll);
    if (!poll) return;
    if (event.event === "poll.deleted") return void this.polls.delete(poll.seq);
    const { voters, counts, words, ranking, quiz_answer } = event;
    // What a superseded tally left out is told by a later one.
    if (!event.superseded) Object.assign(poll, { voters, counts, words, ranking, quiz_answer });
    if (event.event === "poll.closed") poll.closed = true;
  }

  // MARK: Taking part

  /** Shown at once; the tally that follows is what counts. @param {Question} question @param {number} value */
  async vote(question, value) {
    const { votes, mine } = question;
    Object.assign(question, { mine: value, votes: votes + value - mine });
    this.tell("changed");
    try {
      const answer = await this.command("question.vote", { room: this.room, question: question.seq, value });
      Object.assign(question, { mine: answer.mine, votes: answer.votes, up: answer.up, down: answer.down });
    } catch (error) {
      Object.assign(question, { votes, mine });
      throw error;
    } finally {
      this.tell("changed");
    }
  }

  /** Answers a poll, changes the answer, or with nothing takes it back. @param {Poll} poll @param {{options?: number[], text?: string}} choice */
  async answerPoll(poll, choice) {
    const { mine, text } = poll;
    Object.assign(poll, { mine: choice.options ?? [], text: choice.text });
    this.tell("changed");
    try {
      const answer = await this.command("poll.vote", { room: this.room, poll: poll.seq, ...choice });
      Object.assign(poll, { mine: answer.mine, text: answer.text });
    } catch (error) {
      Object.assign(poll, { mine, text });
      throw error;
    } finally {
      this.tell("changed");
    }
  }
}

/** What is chosen once an option was pressed. @param {Poll} poll @param {number} index */
export function pickedAfter(poll, index) {
  const others = poll.mine.filter((known) => known !== index);
  if (poll.mine.includes(index)) return others;
  return poll.kind === "multiple" || poll.kind === "ranked" ? [...others, index] : [index];
}

/** A server may have polls without questions, or the other way round. @param {Promise<any>} answer @param {any} nothing */
function orNothing(answer, nothing) {
  return answer.catch((error) => {
    if (error.code !== "unknown_command") throw error;
    return nothing;
  });
}

/** High where many votes stand against many: their number, to the power of how evenly they are split. @param {Question} question */
function controversy({ up, down }) {
  if (up === 0 || down === 0) return 0;
  return (up + down) ** (Math.min(up, down) / Math.max(up, down));
}
