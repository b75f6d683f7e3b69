import { button, fill, h } from "../lib/dom.js";
import { currentLanguage, languageTag, setLanguage, t } from "../lib/i18n.js";
import { storage } from "../lib/storage.js";
import { shortTime } from "../lib/time.js";
import { command, community, socket, topics } from "../model/app.js";
import { signOut } from "../net/http.js";
import { noticesAreOn, setNotices } from "./notify.js";
import { dialog, field, formDialog, pageHead, toast, toastError } from "./parts.js";
import { inviteDialog } from "./rooms.js";
import { router } from "./router.js";

/** @param {string} [theme] */
export function applyTheme(theme = storage.get("theme")) {
  document.documentElement.dataset.theme = theme === "light" || theme === "dark" ? theme : "auto";
}

export function applyLanguage() {
  document.documentElement.lang = languageTag();
}

export function languageSwitch() {
  const select = h(
    "select",
    {
      "aria-label": t("language"),
      on: {
        change: () => {
          setLanguage(select.value);
          applyLanguage();
          topics.tell("language");
        },
      },
    },
    h("option", { value: "en", lang: "en", selected: currentLanguage() === "en" }, "English"),
    h("option", { value: "zh", lang: "zh-Hans", selected: currentLanguage() === "zh" }, "简体中文"),
  );
  return select;
}

/** One's own account, and how the page looks and behaves. */
export function settingsPage() {
  const theme = h(
    "select",
    {
      on: {
        change: () => {
          storage.set("theme", theme.value);
          applyTheme();
        },
      },
    },
    ...["auto", "light", "dark"].map((value) =>
      h(
        "option",
        { value, selected: (storage.get("theme") ?? "auto") === value },
        t(/** @type {any} */ (`theme_${value}`)),
      )
    ),
  );
  const presence = h(
    "select",
    { on: { change: () => setPresence(presence.value) } },
    ...["online", "away", "busy", "invisible"].map((value) =>
      h(
        "option",
        { value, selected: (storage.get("presence") ?? "online") === value },
        t(/** @type {any} */ (`presence_${value}`)),
      )
    ),
  );
  const notices = h("input", {
    type: "checkbox",
    checked: noticesAreOn(),
    on: {
      change: async () => {
        const wanted = notices.checked;
        notices.checked = await setNotices(wanted);
        if (wanted && !notices.checked) toast(t("notices_blocked"));
      },
    },
  });
  return h(
    "div",
    { class: "page" },
    pageHead(t("settings")),
    h(
      "div",
      { class: "page-body narrow" },
      h(
        "section",
        null,
        h("h3", null, t("appearance")),
        field(t("language"), languageSwitch()),
        field(t("theme"), theme),
        field(t("presence"), presence),
        h("label", { class: "check" }, notices, t("notices")),
      ),
      later(() => import("../later/privacy.js").then((module) => module.privacySection())),
      ownReviewSection(),
      h(
        "section",
        null,
        h("h3", null, t("account")),
        h(
          "div",
          { class: "actions start" },
          h("button", { type: "button", on: { click: changePassword } }, t("change_password")),
          h("button", { type: "button", on: { click: showSessions } }, t("sessions")),
          button(t("programs"), () => router.go("programs")),
          community.hasRank("moderator") &&
            h("button", { type: "button", on: { click: () => inviteDialog() } }, t("invite_people")),
          h("button", { type: "button", class: "danger", on: { click: leave } }, t("sign_out")),
        ),
      ),
    ),
  );
}

/** A place for what is fetched when it is needed. @param {() => Promise<any>} make */
function later(make) {
  const place = h("div");
  make().then((view) => place.replaceWith(view), toastError);
  return place;
}

/** @param {string} state */
export function setPresence(state) {
  storage.set("presence", state);
  command("presence.set", { state }).then(() => {
    community.presence.set(community.me?.id ?? 0, state === "invisible" ? "offline" : state);
    community.tell("presence");
  }, toastError);
}

/** One's own texts that waited or were decided, and the one objection that may be raised to each. */
function ownReviewSection() {
  const list = h("ul", { class: "plain-list" });
  const section = h("section", { hidden: true }, h("h3", null, t("my_review")), list);
  const draw = () =>
    command("review.mine", { limit: 50 }).then((answer) => {
      section.hidden = answer.items.length === 0;
      fill(list, answer.items.map((/** @type {any} */ item) => ownItem(item, draw)));
    }, () => {});
  draw();
  return section;
}

/** @param {any} item @param {() => void} changed */
function ownItem(item, changed) {
  const id = item.review ?? item.id;
  const outcome = item.action
    ? t(/** @type {any} */ (`action_${item.action}`))
    : t(/** @type {any} */ (`state_${item.state}`));
  const mayAppeal = item.action && item.action !== "approve" && !item.appealed && item.kind !== "appeal";
  return h(
    "li",
    { class: "row" },
    h(
      "span",
      null,
      h("span", { class: "badge" }, outcome),
      ` ${item.text.slice(0, 140)} `,
      item.reason && h("span", { class: "hint" }, item.reason),
      item.appealed && h("span", { class: "hint" }, ` · ${t("appealed")}`),
    ),
    mayAppeal && h("button", { type: "button", on: { click: () => appeal(id, changed) } }, t("appeal")),
  );
}

/** @param {number} item @param {() => void} changed */
function appeal(item, changed) {
  const text = h("textarea", { required: true, maxLength: 2000, rows: 4 });
  formDialog(t("appeal"), t("appeal"), [field(t("appeal_text"), text, t("appeal_once"))], async () => {
    await command("appeal.open", { item, text: text.value });
    toast(t("appeal_sent"));
    changed();
  });
}

function changePassword() {
  const old = h("input", { type: "password", required: true, autocomplete: "current-password" });
  const fresh = h("input", { type: "password", required: true, minLength: 8, autocomplete: "new-password" });
  const fields = [field(t("old_password"), old), field(t("new_password"), fresh, t("password_rules"))];
  formDialog(t("change_password"), t("save"), fields, async () => {
    await command("account.password", { password: old.value, new_password: fresh.value });
    toast(t("saved"));
  });
}

function showSessions() {
  dialog(t("sessions"), () => {
    const list = h("ul", { class: "choices" });
    const draw = () =>
      command("session.list").then(
        (answer) =>
          fill(
            list,
            answer.sessions.map((/** @type {any} */ session) =>
              h(
                "li",
                { class: "row" },
                h(
                  "span",
                  null,
                  session.label || t("unnamed_session"),
                  h("span", { class: "hint" }, ` ${shortTime(session.created_at)}`),
                ),
                h("button", {
                  type: "button",
                  class: "danger",
                  on: { click: () => command("session.revoke", { session: session.session }).then(draw, toastError) },
                }, t("end_session")),
              )
            ),
          ),
        toastError,
      );
    draw();
    return list;
  });
}

async function leave() {
  await signOut().catch(() => {});
  socket.close();
  community.forget();
  location.hash = "#/";
  topics.tell("connection");
}
