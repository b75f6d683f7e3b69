import { button, fill, h } from "../lib/dom.js";
import { t } from "../lib/i18n.js";
import { shortTime } from "../lib/time.js";
import { command, community } from "../model/app.js";
import { afterRegret, dialog, field, formDialog, nameView, toast, toastError } from "../view/parts.js";
import { listSection, programRow, tellSecret } from "./programs.js";

/** What most webhooks are for; none of them means everything. */
const usual = ["message.posted", "message.edited", "message.deleted", "member.joined", "question.asked", "poll.closed"];

/** The doors for events to other servers and for posts from them. */
export function webhookSection() {
  const list = listSection("webhooks", "make_webhook", webhookDialog, async () => {
    const answer = await command("webhook.list");
    return answer.webhooks.map((/** @type {any} */ hook) => hookRow(hook, list.load));
  });
  return list.element;
}

/** @param {any} hook @param {() => void} changed */
function hookRow(hook, changed) {
  const isOut = hook.direction === "outgoing";
  const rooms = (hook.rooms ?? [hook.room]).map((/** @type {number} */ id) => roomName(id));
  const about = [isOut ? hook.url : "", rooms.join(", ") || t("all_rooms"), hook.events?.join(", ")];
  return programRow([
    h("strong", null, h("bdi", null, hook.name)),
    " ",
    h("span", { class: "badge" }, t(isOut ? "hook_outgoing" : "hook_incoming")),
    " ",
    !hook.enabled && h("span", { class: "badge mode-off" }, t("paused")),
    h(
      "p",
      { class: "hint" },
      hook.owner !== community.me?.id && [nameView(hook.owner), " · "],
      about.filter(Boolean).join(" · "),
    ),
  ], hookItems(hook, isOut, changed));
}

/** @param {any} hook @param {boolean} isOut @param {() => void} changed */
function hookItems(hook, isOut, changed) {
  const target = { webhook: hook.id };
  const isMine = hook.owner === community.me?.id;
  /** @param {string} name @param {any} [more] */
  const act = (name, more) => command(`webhook.${name}`, { ...target, ...more });
  return [
    (isMine || hook.enabled) && {
      label: t(hook.enabled ? "pause" : "resume"),
      icon: hook.enabled ? "clock" : "check",
      run: () => act("update", { enabled: !hook.enabled }).then(changed, toastError),
    },
    isOut && { label: t("deliveries"), icon: "send", run: () => deliveriesDialog(hook, isMine) },
    isOut && isMine && hook.enabled &&
    { label: t("send_test"), icon: "check", run: () => act("test").then(() => toast(t("test_sent")), toastError) },
    isMine &&
    { label: t("new_secret"), icon: "lock", run: () => act("rotate").then((made) => tellMade(made), toastError) },
    {
      label: t("delete"),
      icon: "trash",
      danger: true,
      run: () => afterRegret(t("removing", { name: hook.name }), () => act("delete").then(changed, toastError)),
    },
  ];
}

/** @param {{secret: string, path?: string}} made */
function tellMade({ secret, path }) {
  if (path) tellSecret(t("hook_address"), location.origin + path);
  else tellSecret(t("hook_secret"), secret);
}

/** @param {number} id */
function roomName(id) {
  const room = community.room(id);
  return room ? community.roomTitle(room) : `#${id}`;
}

/** What went out, what waits, and what was given up, which can be sent again. @param {any} hook @param {boolean} isMine */
function deliveriesDialog(hook, isMine) {
  dialog(`${hook.name} · ${t("deliveries")}`, () => {
    const list = h("ul", { class: "plain-list" }, h("li", { class: "hint" }, t("loading")));
    const all = button(t("resend_all"), () => resend());
    all.hidden = true;
    /** @param {number} [delivery] */
    const resend = (delivery) =>
      command("webhook.resend", { webhook: hook.id, delivery }).then(({ resent }) => {
        toast(t("resent", { n: resent }));
        load();
      }, toastError);
    const load = () =>
      command("webhook.deliveries", { webhook: hook.id, limit: 50 }).then(({ deliveries }) => {
        const mayResend = isMine && hook.enabled;
        all.hidden = !mayResend || !deliveries.some((/** @type {any} */ one) => one.state === "dead");
        const rows = deliveries.map((/** @type {any} */ one) =>
          deliveryRow(one, mayResend && one.state === "dead" && (() => resend(one.id)))
        );
        fill(list, rows, rows.length === 0 && h("li", { class: "hint" }, t("none")));
      }, toastError);
    load();
    return [h("div", { class: "actions start" }, button(t("refresh"), load), all), list];
  });
}

/** @param {any} delivery @param {(() => void) | false} resend */
function deliveryRow(delivery, resend) {
  const { state, attempts, failure, status } = delivery;
  const look = state === "dead" ? "badge kind-report" : state === "delivered" ? "badge mode-on" : "badge";
  const about = [
    shortTime(delivery.created_at),
    delivery.room && roomName(delivery.room),
    t("n_attempts", { n: attempts }),
    failure ?? (status && `HTTP ${status}`),
  ];
  return h(
    "li",
    { class: "row" },
    h(
      "span",
      null,
      h("span", { class: look }, t(/** @type {any} */ (`delivery_${state}`))),
      " ",
      h("span", { class: "hint" }, about.filter(Boolean).join(" · ")),
    ),
    resend && button(t("resend"), resend, "small"),
  );
}

/** @param {() => void} changed */
function webhookDialog(changed) {
  const rooms = [...community.rooms.values()].filter((room) => room.role && room.kind !== "direct");
  const name = h("input", { required: true, minLength: 2, maxLength: 32, autocomplete: "off" });
  const direction = h(
    "select",
    null,
    h("option", { value: "outgoing" }, t("hook_outgoing")),
    h("option", { value: "incoming" }, t("hook_incoming")),
  );
  const room = h("select", null, rooms.map((one) => h("option", { value: one.id }, community.roomTitle(one))));
  const url = h("input", { type: "url", required: true, maxLength: 2000, placeholder: "https://" });
  const boxes = usual.map((kind) => ({ kind, box: h("input", { type: "checkbox", checked: kind === usual[0] }) }));
  const outgoing = h(
    "div",
    null,
    field(t("hook_url"), url, t("hook_url_hint")),
    boxes.map(({ kind, box }) => h("label", { class: "check" }, box, h("code", null, kind))),
  );
  direction.addEventListener("change", () => {
    outgoing.hidden = direction.value === "incoming";
    url.required = !outgoing.hidden;
  });
  const fields = [
    field(t("name"), name, t("name_rules")),
    field(t("kind"), direction),
    field(t("room"), room),
    outgoing,
  ];
  formDialog(t("make_webhook"), t("create"), fields, async () => {
    const isOut = direction.value === "outgoing";
    const events = boxes.filter(({ box }) => box.checked).map(({ kind }) => kind);
    const made = await command("webhook.create", {
      direction: direction.value,
      name: name.value.trim(),
      room: Number(room.value) || undefined,
      ...(isOut ? { url: url.value.trim(), events } : {}),
    });
    changed();
    tellMade(made);
  });
}
