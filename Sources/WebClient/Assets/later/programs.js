import { button, fill, h, iconButton } from "../lib/dom.js";
import { explain, t } from "../lib/i18n.js";
import { shortTime } from "../lib/time.js";
import { command, community } from "../model/app.js";
import { afterRegret, copy, dialog, field, formDialog, menu, nameView, pageHead, toastError } from "../view/parts.js";
import { webhookSection } from "./webhooks.js";

const scopes = /** @type {const} */ (["read", "post", "moderate", "commands"]);

/** What acts in the community by itself: one's bots, and the doors for events and posts. */
export function programsPage() {
  const manages = community.hasRank("admin");
  const bots = listSection("bots", "make_bot", botDialog, async () => {
    const answer = await command("bot.list", { all: manages || undefined });
    return answer.bots.map((/** @type {any} */ bot) => botRow(bot, bots.load));
  });
  return h(
    "div",
    { class: "page" },
    pageHead(t("programs"), t("programs_hint")),
    h("div", { class: "page-body narrow" }, bots.element, webhookSection()),
  );
}

/**
 * A list with a button that makes one more.
 *
 * @param {import("../lib/i18n.js").TextKey} title
 * @param {import("../lib/i18n.js").TextKey} label
 * @param {(changed: () => void) => void} make
 * @param {() => Promise<any[]>} rows
 */
export function listSection(title, label, make, rows) {
  const list = h("ul", { class: "plain-list" }, h("li", { class: "hint" }, t("loading")));
  const load = () =>
    rows().then(
      (found) => fill(list, found, found.length === 0 && h("li", { class: "hint" }, t("none"))),
      (error) => fill(list, h("li", { class: "error" }, explain(error))),
    );
  load();
  const head = h("div", { class: "row" }, h("h3", null, t(title)), button(t(label), () => make(load)));
  return { load, element: h("section", null, head, list) };
}

/** What a program is, with what can be done with it. @param {any} content @param {any[]} items */
export function programRow(content, items) {
  const more = iconButton("more", t("more"), (event) => menu(event.currentTarget, items));
  return h("li", { class: "row program" }, h("div", null, content), more);
}

/** Told once: the server keeps no way to tell it again. @param {string} label @param {string} text */
export function tellSecret(label, text) {
  dialog(label, () => [
    h("p", null, t("told_once")),
    h("input", { value: text, readOnly: true, class: "code", "aria-label": label }),
    h("div", { class: "actions" }, button(t("copy"), () => copy(text), "primary")),
  ]);
}

/** @param {any} bot @param {() => void} changed */
function botRow(bot, changed) {
  const isMine = bot.owner === community.me?.id;
  const target = { bot: bot.bot };
  const rotate = () =>
    command("bot.token.rotate", target).then(({ token }) => tellSecret(t("bot_token"), token), toastError);
  const remove = () =>
    afterRegret(t("removing", { name: bot.name }), () => command("bot.delete", target).then(changed, toastError));
  return programRow([
    h("strong", null, h("bdi", null, bot.name)),
    " ",
    h("span", { class: bot.connected ? "badge mode-on" : "badge" }, t(bot.connected ? "connected" : "not_connected")),
    bot.about && h("p", null, bot.about),
    h(
      "p",
      { class: "hint" },
      !isMine && [nameView(bot.owner), " · "],
      bot.scopes.map((/** @type {any} */ scope) => t(/** @type {any} */ (`scope_may_${scope}`))).join(", "),
      ` · ${t("since", { time: shortTime(bot.created_at) })}`,
    ),
  ], [
    isMine && { label: t("new_token"), icon: "lock", run: rotate },
    { label: t("delete"), icon: "trash", danger: true, run: remove },
  ]);
}

/** @param {() => void} changed */
function botDialog(changed) {
  const name = h("input", { required: true, minLength: 2, maxLength: 32, autocomplete: "off" });
  const about = h("input", { maxLength: 200, autocomplete: "off" });
  const boxes = scopes.map((scope) => ({
    scope,
    box: h("input", { type: "checkbox", checked: scope !== "moderate" }),
  }));
  const fields = [
    field(t("name"), name, t("name_rules")),
    field(t("about"), about),
    boxes.map(({ scope, box }) => h("label", { class: "check" }, box, t(`scope_may_${scope}`))),
  ];
  formDialog(t("make_bot"), t("create"), fields, async () => {
    const wanted = boxes.filter(({ box }) => box.checked).map(({ scope }) => scope);
    const made = { name: name.value.trim(), about: about.value.trim() || undefined, scopes: wanted };
    const { token } = await command("bot.create", made);
    changed();
    tellSecret(t("bot_token"), token);
  });
}
