import { fill, h } from "../lib/dom.js";
import { t } from "../lib/i18n.js";
import { command, community } from "../model/app.js";
import { avatar, dialog, field, presenceName, roleBadge, toast, toastError } from "./parts.js";
import { directWith } from "./rooms.js";

/** Who somebody is, and what one can do about it. @param {number} id @param {import("../model/community.js").Room} [room] */
export function showProfile(id, room) {
  const name = community.memberName(id);
  const member = community.members.get(id);
  const presence = community.presence.get(id) ?? "offline";
  dialog(name, (close) => {
    const more = h("div", { class: "stack" });
    /** @param {string} label @param {() => void} run @param {string} [className] */
    const button = (label, run, className = "") =>
      h("button", { type: "button", class: className, on: { click: run } }, label);
    const isMe = id === community.me?.id;
    const moderates = community.hasRank("moderator", room) && !isMe;
    return h(
      "div",
      { class: "profile" },
      h(
        "div",
        { class: "profile-head" },
        avatar(id, name, presence),
        h(
          "div",
          null,
          h("strong", null, h("bdi", null, name)),
          " ",
          roleBadge(member?.role),
          h("p", { class: "hint" }, presenceName(presence)),
        ),
      ),
      h(
        "div",
        { class: "actions start" },
        !isMe && button(t("send_direct"), () => {
          close();
          directWith([id]);
        }, "primary"),
        !isMe && button(t("block"), () => block(id), "danger"),
        moderates && button(t("history"), () => history(id, more)),
        moderates && button(t("sanction"), () => fill(more, sanctionForm(id, room, close))),
        community.hasRank("admin") && !isMe && button(t("set_role"), () => fill(more, roleForm(id, close))),
      ),
      more,
    );
  }, "narrow");
}

/** Neither is recommended to the other any more. @param {number} id */
function block(id) {
  const undo = () => command("member.unblock", { member: id }).then(() => toast(t("unblocked_now")), toastError);
  command("member.block", { member: id }).then(
    () => toast(t("blocked_now"), { label: t("undo"), run: undo }),
    toastError,
  );
}

/** @param {number} id @param {HTMLElement} target */
async function history(id, target) {
  const { historyView } = await import("../later/history.js");
  fill(target, await historyView(id));
}

/** @param {number} id @param {import("../model/community.js").Room | undefined} room @param {() => void} close */
export function sanctionForm(id, room, close) {
  const kind = h(
    "select",
    null,
    ...["warn", "mute", "kick", "ban"].map((value) =>
      h("option", { value }, t(/** @type {any} */ (`sanction_${value}`)))
    ),
  );
  const time = h(
    "select",
    null,
    ...[[600, "n_minutes", 10], [3600, "n_hours", 1], [86_400, "n_days", 1], [604_800, "n_days", 7], [0, "for_good", 0]]
      .map(([value, key, n]) => h("option", { value }, t(/** @type {any} */ (key), { n }))),
  );
  const reason = h("input", { required: true, maxLength: 500 });
  const submit = async (/** @type {Event} */ event) => {
    event.preventDefault();
    const seconds = Number(time.value) || undefined;
    try {
      await command("member.sanction", {
        member: id,
        kind: kind.value,
        room: kind.value === "ban" ? undefined : room?.id,
        seconds,
        reason: reason.value,
      });
      close();
      toast(t("sanctioned"), {
        label: t("undo"),
        run: () => command("member.pardon", { member: id }).catch(toastError),
      });
    } catch (error) {
      toastError(error);
    }
  };
  return h(
    "form",
    { on: { submit } },
    field(t("sanction"), kind),
    field(t("duration"), time),
    field(t("reason"), reason),
    h("div", { class: "actions" }, h("button", { type: "submit", class: "primary" }, t("sanction"))),
  );
}

/** @param {number} id @param {() => void} close */
function roleForm(id, close) {
  const role = h(
    "select",
    null,
    ...["admin", "moderator", "mentor", "member", "guest"].map((value) =>
      h(
        "option",
        { value, selected: value === community.members.get(id)?.role },
        t(/** @type {any} */ (`role_${value}`)),
      )
    ),
  );
  const submit = (/** @type {Event} */ event) => {
    event.preventDefault();
    command("member.set_role", { member: id, role: role.value }).then(() => {
      community.members.delete(id);
      community.want([id]);
      close();
    }, toastError);
  };
  return h(
    "form",
    { on: { submit } },
    field(t("role"), role),
    h("div", { class: "actions" }, h("button", { type: "submit", class: "primary" }, t("save"))),
  );
}
