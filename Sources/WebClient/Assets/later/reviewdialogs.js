import { fill, h } from "../lib/dom.js";
import { t } from "../lib/i18n.js";
import { dialog, field, formDialog, toastError } from "../view/parts.js";
import { historyView } from "./history.js";

/** Asks for the sanction that goes with a removal. @param {any} item @param {(more: any) => void} decide */
export function sanctionDialog(item, decide) {
  const kinds = ["warn", "mute", "kick", "ban"];
  const kind = h(
    "select",
    null,
    kinds.map((value) =>
      h("option", { value, selected: value === item.proposed?.kind }, t(/** @type {any} */ (`sanction_${value}`)))
    ),
  );
  const proposed = Math.round((item.proposed?.seconds ?? 3600) / 3600);
  const hours = h("input", { type: "number", min: 0, value: String(proposed) });
  const everywhere = h("input", { type: "checkbox" });
  const reason = h("input", { maxLength: 500 });
  const fields = [
    field(t("sanction"), kind),
    field(t("hours"), hours, t("hours_hint")),
    h("label", { class: "check" }, everywhere, t("everywhere")),
    field(t("reason"), reason, t("told_to_author")),
  ];
  formDialog(t("sanction"), t("action_remove"), fields, () => {
    const seconds = Math.round(Number(hours.value) * 3600) || undefined;
    decide({ reason: reason.value, sanction: { kind: kind.value, seconds, everywhere: everywhere.checked } });
  });
}

/** @param {any} item */
export function historyDialog(item) {
  dialog(item.member.name ?? t("history"), () => {
    const body = h("div", null, t("loading"));
    historyView(item.member.id).then((view) => fill(body, view), toastError);
    return body;
  });
}
