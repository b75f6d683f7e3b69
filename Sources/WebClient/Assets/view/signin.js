import { h } from "../lib/dom.js";
import { explain, t } from "../lib/i18n.js";
import { signIn, signUp, takeTicket } from "../net/http.js";
import { field } from "./parts.js";
import { inviteIn } from "./router.js";
import { languageSwitch } from "./settings.js";

/**
 * The first page: sign in, or make an account; with an invite link, straight to the latter.
 *
 * @param {() => void} done
 * @param {string} [notice] Why one is here.
 * @param {"in" | "up"} [mode]
 * @returns {HTMLElement}
 */
export function signInPage(done, notice = "", mode = inviteIn(location.hash) ? "up" : "in") {
  const invite = inviteIn(location.hash);
  const isNew = mode === "up";
  const name = h("input", {
    name: "name",
    required: true,
    maxLength: 32,
    autocomplete: "username",
    autocapitalize: "none",
    spellcheck: false,
  });
  const password = h("input", {
    name: "password",
    type: "password",
    required: true,
    autocomplete: isNew ? "new-password" : "current-password",
    minLength: isNew ? 8 : 1,
    maxLength: 256,
  });
  const error = h("p", { class: "error", role: "alert" });
  const button = h("button", { type: "submit", class: "primary wide" }, t(isNew ? "sign_up" : "sign_in"));
  const submit = async (/** @type {Event} */ event) => {
    event.preventDefault();
    button.disabled = true;
    error.textContent = "";
    try {
      if (isNew) await signUp({ name: name.value.trim(), password: password.value, invite });
      else await signIn({ name: name.value.trim(), password: password.value });
      await checkCookie();
      if (invite) history.replaceState(null, "", "#/");
      done();
    } catch (failure) {
      const refusal = /** @type {any} */ (failure);
      error.textContent = refusal.code === "unauthenticated" ? t("wrong_password") : explain(refusal);
      button.disabled = false;
    }
  };
  const other = h("button", {
    type: "button",
    class: "link",
    on: { click: () => page.replaceWith(signInPage(done, "", isNew ? "in" : "up")) },
  }, t(isNew ? "have_account" : "no_account"));
  const page = h(
    "main",
    { class: "sign-in" },
    h(
      "form",
      { on: { submit } },
      h("img", { class: "logo", alt: "", src: logo() }),
      h("h1", null, "Lyceum"),
      h("p", { class: "hint" }, invite ? t("invited") : notice || t("slogan")),
      field(t("name"), name, isNew ? t("name_rules") : undefined),
      field(t("password"), password, isNew ? t("password_rules") : undefined),
      error,
      button,
      h("p", null, other),
      languageSwitch(),
    ),
  );
  queueMicrotask(() => name.focus());
  return page;
}

/** The page's own icon. */
function logo() {
  return /** @type {HTMLLinkElement | null} */ (document.querySelector('link[rel="icon"]'))?.href ?? "";
}

/** The browser must have kept the cookie; over plain HTTP it does so only on this very machine. */
async function checkCookie() {
  try {
    await takeTicket();
  } catch (error) {
    if (/** @type {any} */ (error).code === "unauthenticated") {
      throw Object.assign(new Error(t("needs_https")), { code: "needs_https" });
    }
    throw error;
  }
}
