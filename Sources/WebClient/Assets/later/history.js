import { h } from "../lib/dom.js";
import { t } from "../lib/i18n.js";
import { shortTime } from "../lib/time.js";
import { command, community } from "../model/app.js";
import { plain } from "../view/markdown.js";
import { toastError } from "../view/parts.js";

/** What moderators know of a member: standing, sanctions, decided items, notes, newest messages. @param {number} id */
export async function historyView(id) {
  const found = await command("member.history", { member: id, limit: 30 });
  const { member } = found;
  const note = h("input", { maxLength: 2000, "aria-label": t("note"), placeholder: t("note") });
  const notes = h("ul", { class: "plain-list" }, found.notes.map(noteRow));
  const add = (/** @type {Event} */ event) => {
    event.preventDefault();
    command("member.note", { member: id, text: note.value }).then(() => {
      notes.append(noteRow({ by: community.me?.id, at: Date.now(), text: note.value }));
      note.value = "";
    }, toastError);
  };
  /** @param {import("../lib/i18n.js").TextKey} title @param {any[]} rows */
  const section = (title, rows) =>
    h(
      "section",
      null,
      h("h3", null, t(title)),
      rows.length > 0 ? h("ul", { class: "plain-list" }, rows) : h("p", { class: "hint" }, t("none")),
    );
  return h(
    "div",
    { class: "stack" },
    // The community's moderators are told; those of single rooms are not.
    found.reports && h(
      "p",
      null,
      t("standing", { trust: member.trust, strikes: Number(member.strikes).toFixed(1), n: member.posts }),
      ` · ${t("member_since", { time: shortTime(member.since) })}`,
    ),
    found.reports && h(
      "p",
      { class: "hint" },
      t("reporter_record", { n: found.reports.decided, p: Math.round(found.reports.accuracy * 100) }),
    ),
    section("sanctions", found.sanctions.map((/** @type {any} */ sanction) => sanctionRow(sanction, id))),
    section(
      "items",
      found.items.map((/** @type {any} */ item) =>
        h(
          "li",
          null,
          h("span", { class: "badge" }, t(/** @type {any} */ (`kind_${item.kind}`))),
          ` ${item.text.slice(0, 160)} `,
          item.decision && h("span", { class: "hint" }, t(/** @type {any} */ (`action_${item.decision.action}`))),
        )
      ),
    ),
    h(
      "section",
      null,
      h("h3", null, t("notes")),
      notes,
      h("form", { class: "row", on: { submit: add } }, note, h("button", { type: "submit" }, t("save"))),
    ),
    section(
      "messages",
      found.messages.map((/** @type {any} */ message) =>
        h(
          "li",
          null,
          h("time", { class: "hint" }, shortTime(message.at)),
          ` ${message.deleted ? t("deleted") : plain(message).slice(0, 200)}`,
        )
      ),
    ),
  );
}

/** @param {any} note */
function noteRow(note) {
  return h(
    "li",
    null,
    h("strong", null, community.memberName(note.by)),
    " ",
    h("time", { class: "hint" }, shortTime(note.at)),
    ` ${note.text}`,
  );
}

/** @param {any} sanction @param {number} member */
function sanctionRow(sanction, member) {
  const row = h(
    "li",
    { class: "row" },
    h(
      "span",
      null,
      t(/** @type {any} */ (`sanction_${sanction.kind}`)),
      ` · ${shortTime(sanction.at)} · ${sanction.reason}`,
      sanction.lifted_at && ` (${t("lifted")})`,
    ),
  );
  if (!sanction.lifted_at) {
    row.append(h("button", {
      type: "button",
      on: {
        click: () => command("member.pardon", { member, sanction: sanction.id }).then(() => row.remove(), toastError),
      },
    }, t("pardon")));
  }
  return row;
}
