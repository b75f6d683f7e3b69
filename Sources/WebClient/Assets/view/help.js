import { h } from "../lib/dom.js";
import { t } from "../lib/i18n.js";
import { allKeys, keyLabel } from "../lib/keymap.js";
import { dialog } from "./parts.js";

/** Every key that works here and now. */
export function showHelp() {
  if (document.querySelector("dialog.help")) return;
  /** @type {Map<string, Map<string, string>>} */
  const scopes = new Map();
  for (const row of allKeys()) {
    if (!scopes.has(row.scope)) scopes.set(row.scope, new Map());
    scopes.get(row.scope)?.set(t(row.label), row.keys);
  }
  scopes.set(
    "composer",
    new Map([[t("send"), "Enter"], [t("new_line"), "Shift+Enter"], [t("edit_last"), "ArrowUp"], [t("bold"), "Mod+B"], [
      t("italic"),
      "Mod+I",
    ], [t("cancel"), "Escape"]]),
  );
  dialog(t("keys"), () =>
    [...scopes].map(([scope, rows]) =>
      h(
        "section",
        { class: "keys" },
        h("h3", null, t(/** @type {any} */ (`scope_${scope}`))),
        h(
          "dl",
          null,
          [...rows].map(([label, keys]) =>
            h(
              "div",
              null,
              h("dt", null, label),
              h("dd", null, keys.split(" / ").map((key) => h("kbd", null, keyLabel(key)))),
            )
          ),
        ),
      )
    ), "help");
}
