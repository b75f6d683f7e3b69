import { toastError } from "../view/parts.js";
import { answerDialog, step } from "./question.js";

/** @typedef {import("../model/live.js").Question} Question */

/**
 * The keys of the Q&A page: the list is walked through, and the question that has the focus is voted on or moderated.
 *
 * @param {import("../model/live.js").LiveRoom} live
 * @param {HTMLElement} list
 * @param {() => void} ask
 * @returns {import("../lib/keymap.js").Row[]}
 */
export function qaKeys(live, list, ask) {
  const scope = "qa";
  const move = (/** @type {1 | -1} */ by) => () => {
    const rows = /** @type {HTMLElement[]} */ ([...list.querySelectorAll("li.question")]);
    const index = rows.findIndex((row) => row.contains(document.activeElement));
    const next = rows[Math.max(0, Math.min(rows.length - 1, index + by))];
    for (const row of rows) row.tabIndex = row === next ? 0 : -1;
    next?.focus();
  };
  const here = () => {
    const row = /** @type {HTMLElement | null} */ (document.activeElement?.closest("li.question") ?? null);
    return live.questions.get(Number(row?.dataset.question));
  };
  /** @param {(question: Question) => void} run */
  const on = (run) => () => {
    const question = here();
    if (!question) return false;
    run(question);
  };
  /** @param {string} name @param {any} [more] */
  const host = (name, more) => on((question) => live.isHosting && step(live, question, name, more));
  const vote = (/** @type {Question} */ question) =>
    void live.vote(question, question.mine === 1 ? 0 : 1).catch(toastError);
  const answer = (/** @type {Question} */ question) => live.isHosting && answerDialog(question, live);
  return [
    { keys: "j / ArrowDown", label: "key_next_item", scope, run: move(1) },
    { keys: "k / ArrowUp", label: "key_previous_item", scope, run: move(-1) },
    { keys: "v", label: "vote", scope, run: on(vote) },
    { keys: "q", label: "ask", scope, run: ask },
    { keys: "s", label: "put_on_stage", scope, run: host("live", { slot: "now" }) },
    { keys: "n", label: "put_next", scope, run: host("live", { slot: "next" }) },
    { keys: "a", label: "answered_aloud", scope, run: host("answer", { spoken: true }) },
    { keys: "w", label: "type_answer", scope, run: on(answer) },
    { keys: "p", label: "action_approve", scope, run: host("approve") },
    { keys: "d", label: "dismiss", scope, run: host("dismiss") },
    { keys: "u", label: "undo", scope, run: host("undo") },
  ];
}
