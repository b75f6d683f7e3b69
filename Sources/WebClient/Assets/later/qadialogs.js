import { h } from "../lib/dom.js";
import { t } from "../lib/i18n.js";
import { command } from "../model/app.js";
import { field, formDialog, save, toastError } from "../view/parts.js";

/** @typedef {import("../model/live.js").Session} Session */

const flags = /** @type {const} */ (["anonymous_allowed", "premoderated", "downvotes", "member_answers"]);

/** Opens a session, now or at a time, or changes one. @param {number} room @param {Session | null} session @param {(qa: number) => void} done */
export function sessionDialog(room, session, done) {
  const title = h("input", { required: true, maxLength: 200, value: session?.title ?? "" });
  const starts = h("input", { type: "datetime-local", value: localTime(session?.starts_at) });
  const ends = h("input", { type: "datetime-local", value: localTime(session?.ends_at) });
  const boxes = flags.map((name) => {
    const checked = session ? Boolean(/** @type {any} */ (session)[name]) : name === "anonymous_allowed";
    return { name, box: h("input", { type: "checkbox", checked }) };
  });
  const hasBegun = session?.state === "open";
  const fields = [
    field(t("room_title"), title),
    !hasBegun && field(t("starts_at"), starts, t("starts_hint")),
    field(t("ends_at"), ends),
    boxes.map(({ name, box }) => h("label", { class: "check" }, box, t(name))),
  ];
  formDialog(t(session ? "session_settings" : "open_session"), t(session ? "save" : "open"), fields, async () => {
    const answer = await command(session ? "qa.update" : "qa.open", {
      room,
      qa: session?.seq,
      title: title.value.trim(),
      starts_at: hasBegun ? undefined : timeOf(starts),
      ends_at: timeOf(ends),
      ...Object.fromEntries(boxes.map(({ name, box }) => [name, box.checked])),
    });
    done(answer.seq ?? session?.seq ?? 0);
  });
}

/** @param {any} input */
function timeOf(input) {
  return input.value ? new Date(input.value).getTime() : undefined;
}

/** A moment as a field for local time takes it. @param {number} [at] */
function localTime(at) {
  if (!at) return "";
  return new Date(at - new Date(at).getTimezoneOffset() * 60_000).toISOString().slice(0, 16);
}

/** @param {number} room @param {number} qa */
export function closeDialog(room, qa) {
  const carry = h("input", { type: "checkbox" });
  const fields = [h("label", { class: "check" }, carry, t("carry_all"))];
  const run = () => command("qa.close", { room, qa, carry: carry.checked });
  formDialog(t("close_session"), t("close_session"), fields, run);
}

const kinds = /** @type {const} */ (["single", "multiple", "ranked", "quiz", "text"]);

/** @param {number} room */
export function pollDialog(room) {
  const question = h("input", { required: true, maxLength: 300 });
  const kind = h("select", null, kinds.map((name) => h("option", { value: name }, t(`kind_${name}`))));
  const options = h("textarea", { rows: 5, required: true });
  const right = h("input", { type: "number", min: 1, max: 20, value: "1" });
  const minutes = h("input", { type: "number", min: 1, max: 10_080 });
  const boxes = ["anonymous", "results_hidden"].map((name) => ({ name, box: h("input", { type: "checkbox" }) }));
  const optionsField = field(t("options"), options, t("one_a_line"));
  const rightField = field(t("right_option"), right);
  const fit = () => {
    optionsField.hidden = kind.value === "text";
    options.required = kind.value !== "text";
    rightField.hidden = kind.value !== "quiz";
  };
  kind.addEventListener("change", fit);
  fit();
  const fields = [
    field(t("question"), question),
    field(t("kind"), kind),
    optionsField,
    rightField,
    field(t("closes_after"), minutes, t("closes_hint")),
    boxes.map(({ name, box }) => h("label", { class: "check" }, box, t(/** @type {any} */ (`poll_${name}`)))),
  ];
  const nonce = crypto.randomUUID();
  formDialog(t("open_poll"), t("open"), fields, () => {
    const lines = options.value.split("\n").map((/** @type {string} */ line) => line.trim()).filter(Boolean);
    const closesIn = Number(minutes.value) * 60_000;
    return command("poll.open", {
      room,
      nonce,
      question: question.value.trim(),
      options: kind.value === "text" ? undefined : lines,
      ...kindFields(kind.value, Number(right.value) - 1),
      ...Object.fromEntries(boxes.map(({ name, box }) => [name, box.checked])),
      closes_at: closesIn > 0 ? Date.now() + closesIn : undefined,
    });
  });
}

/** @param {string} kind @param {number} right */
function kindFields(kind, right) {
  switch (kind) {
    case "multiple":
      return { multiple: true };
    case "ranked":
      return { ranked: true };
    case "quiz":
      return { quiz_answer: right };
    case "text":
      return { free_text: true };
    default:
      return {};
  }
}

/** Gives a session to the browser to keep. @param {number} room @param {number} qa @param {"csv" | "markdown" | "json"} format */
export function exportSession(room, qa, format) {
  const ending = format === "markdown" ? "md" : format;
  command("qa.export", { room, qa, format }).then(
    (answer) => save(`qa-${qa}.${ending}`, answer.text),
    toastError,
  );
}
