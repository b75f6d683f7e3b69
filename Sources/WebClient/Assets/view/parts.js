import { h, icon, iconButton } from "../lib/dom.js";
import { explain, t } from "../lib/i18n.js";
import { community } from "../model/app.js";

/** A coloured circle with a name's first letter. @param {number} id @param {string} name @param {string} [presence] */
export function avatar(id, name, presence) {
  const first = [...name][0] ?? "?";
  const dot = presence && presence !== "offline" && h("span", { class: `dot ${presence}` });
  return h("span", { class: `avatar tone-${id % 8}`, "aria-hidden": "true" }, first.toUpperCase(), dot);
}

/**
 * A member to be chosen from a list.
 *
 * @param {{id: number, name: string}} member
 * @param {string | undefined} presence
 * @param {() => void} run
 * @param {any[]} more What stands after the name.
 */
export function memberChoice({ id, name }, presence, run, ...more) {
  const content = [avatar(id, name, presence), h("bdi", null, name), more];
  return h("li", null, h("button", { type: "button", class: "choice", on: { click: run } }, content));
}

/** A member's name, which comes as soon as it is known. @param {number} id */
export function nameView(id) {
  const view = h("bdi", null, community.memberName(id));
  if (!community.members.has(id)) {
    const off = community.on("members", () => {
      view.textContent = community.memberName(id);
      if (community.members.has(id)) off();
    });
  }
  return view;
}

/** What a member's presence is called. @param {string} state */
export function presenceName(state) {
  return t(/** @type {any} */ (`presence_${state}`));
}

const roleKeys = /** @type {Record<string, import("../lib/i18n.js").TextKey>} */ ({
  owner: "role_owner",
  admin: "role_admin",
  moderator: "role_moderator",
  mentor: "role_mentor",
  bot: "role_bot",
  member: "role_member",
  guest: "role_guest",
});

/** @param {string} role */
export function roleName(role) {
  return role in roleKeys ? t(roleKeys[role]) : role;
}

/** A label beside the names of those who stand out. @param {string | undefined} role */
export function roleBadge(role) {
  if (!role || role === "member" || role === "guest") return null;
  return h("span", { class: `badge ${role}` }, roleName(role));
}

/** The sign of a room's kind. @param {import("../model/community.js").Room} room */
export function roomSign(room) {
  if (room.kind === "direct") {
    const other = room.with?.[0] ?? 0;
    return avatar(other, community.memberName(other), community.presence.get(other));
  }
  return icon(room.kind === "private" ? "lock" : "hash");
}

/** The head of a page that is no room. @param {string} title @param {string} [about] @param {...any} more */
export function pageHead(title, about, ...more) {
  return h(
    "header",
    { class: "room-head" },
    h("a", { class: "icon-button back", href: "#/", "aria-label": t("back") }, icon("back")),
    h("div", { class: "room-name" }, h("h2", { class: "clip" }, title), about && h("p", { class: "clip hint" }, about)),
    more,
  );
}

let toasts = /** @type {HTMLElement | null} */ (null);

/**
 * Says something in passing, with an action that may be taken for a while.
 *
 * @param {string} text
 * @param {{label: string, run: () => void, seconds?: number, keys?: string} | null} [action]
 * @returns {() => void} Takes it away.
 */
export function toast(text, action = null) {
  if (!toasts?.isConnected) {
    toasts = h("div", { class: "toasts", role: "status" });
    document.body.append(/** @type {HTMLElement} */ (toasts));
  }
  const note = h("div", { class: "toast" }, h("span", null, text));
  const close = () => note.remove();
  if (action) {
    note.append(h("button", {
      type: "button",
      class: "link",
      on: {
        click: () => {
          close();
          action.run();
        },
      },
    }, action.label));
  }
  toasts?.append(note);
  setTimeout(close, (action?.seconds ?? 5) * 1000);
  return close;
}

/**
 * Does it after five seconds in which it can be taken back. Who leaves the page before has not taken it back.
 *
 * @param {string} text
 * @param {() => void} run
 */
export function afterRegret(text, run) {
  const settle = () => {
    clearTimeout(timer);
    removeEventListener("pagehide", now);
  };
  const now = () => {
    settle();
    run();
  };
  const timer = setTimeout(now, 5000);
  addEventListener("pagehide", now);
  toast(text, { label: t("undo"), run: settle });
}

/** @param {any} error */
export function toastError(error) {
  toast(explain(error));
}

/**
 * A dialog that ends with Escape, its cross, or a click beside it, and gives the focus back.
 *
 * @param {string} title
 * @param {(close: () => void) => any} content
 * @param {string} [className]
 */
export function dialog(title, content, className = "") {
  const before = /** @type {HTMLElement | null} */ (document.activeElement);
  const id = `dialog-${Math.random().toString(36).slice(2)}`;
  const element = /** @type {HTMLDialogElement} */ (h("dialog", { class: className, "aria-labelledby": id }));
  const close = () => element.close();
  element.append(
    h("header", null, h("h2", { id }, title), iconButton("close", t("close"), close)),
    h("div", { class: "dialog-body" }, content(close)),
  );
  element.addEventListener("click", (event) => {
    if (event.target === element) close();
  });
  element.addEventListener("close", () => {
    element.remove();
    if (before?.isConnected) before.focus();
  });
  const body = /** @type {HTMLElement} */ (element.lastElementChild);
  // What only scrolls must be reachable for the keyboard.
  if (!body.querySelector("a, button, input, select, textarea")) body.tabIndex = 0;
  document.body.append(element);
  element.showModal();
  return { element, close };
}

/**
 * A dialog with a form. It closes once `run` has done what was asked, and says why where that failed.
 *
 * @param {string} title
 * @param {string} label What the button says.
 * @param {any[]} fields
 * @param {() => any} run
 * @param {string} [className]
 */
export function formDialog(title, label, fields, run, className = "narrow") {
  dialog(title, (close) => {
    const error = h("p", { class: "error", role: "alert" });
    const submit = async (/** @type {Event} */ event) => {
      event.preventDefault();
      error.textContent = "";
      try {
        await run();
        close();
      } catch (failure) {
        error.textContent = explain(/** @type {any} */ (failure));
      }
    };
    const send = h("button", { type: "submit", class: "primary" }, label);
    return h("form", { on: { submit } }, fields, error, h("div", { class: "actions" }, send));
  }, className);
}

/**
 * A labelled field.
 *
 * @param {string} label
 * @param {HTMLElement} input
 * @param {string} [hint]
 */
export function field(label, input, hint) {
  const id = `field-${Math.random().toString(36).slice(2)}`;
  input.id = id;
  if (hint) input.setAttribute("aria-describedby", `${id}-hint`);
  return h(
    "div",
    { class: "field" },
    h("label", { for: id }, label),
    input,
    hint && h("p", { class: "hint", id: `${id}-hint` }, hint),
  );
}

/**
 * A menu of actions below a button, for the keyboard too.
 *
 * @param {HTMLElement} anchor
 * @param {any[]} items Each with a `label`, what it does in `run`, maybe an `icon` and `danger`; false and its like are skipped.
 */
export function menu(anchor, items) {
  document.querySelector(".menu")?.remove();
  const buttons = items.filter(Boolean).map((item) =>
    h(
      "button",
      {
        type: "button",
        role: "menuitem",
        class: item.danger ? "danger" : "",
        on: {
          click: () => {
            close();
            item.run();
          },
        },
      },
      item.icon && icon(item.icon),
      item.label,
    )
  );
  const element = h("div", { class: "menu", role: "menu" }, buttons);
  const close = () => {
    element.remove();
    document.removeEventListener("pointerdown", outside, true);
    if (anchor.isConnected) anchor.focus();
  };
  /** @param {Event} event */
  const outside = (event) => {
    if (!element.contains(/** @type {Node} */ (event.target))) close();
  };
  element.addEventListener("keydown", (/** @type {KeyboardEvent} */ event) => {
    const index = buttons.indexOf(document.activeElement);
    if (event.key === "Escape" || event.key === "Tab") close();
    else if (event.key === "ArrowDown") buttons[(index + 1) % buttons.length].focus();
    else if (event.key === "ArrowUp") buttons[(index - 1 + buttons.length) % buttons.length].focus();
    else return;
    event.preventDefault();
    event.stopPropagation();
  });
  document.body.append(element);
  const place = anchor.getBoundingClientRect();
  const size = element.getBoundingClientRect();
  element.style.left = `${Math.max(8, Math.min(place.left, innerWidth - size.width - 8))}px`;
  const below = place.bottom + 4;
  element.style.top = `${below + size.height > innerHeight ? Math.max(8, place.top - size.height - 4) : below}px`;
  document.addEventListener("pointerdown", outside, true);
  buttons[0]?.focus();
}

/** Copies, and says so. @param {string} text */
export async function copy(text) {
  try {
    await navigator.clipboard.writeText(text);
    toast(t("copied"));
  } catch {
    dialog(t("copy_by_hand"), () => h("input", { value: text, readOnly: true, "aria-label": t("copy_by_hand") }));
  }
}

/** Gives a text to the browser to keep. @param {string} name @param {string} text */
export function save(name, text) {
  const address = URL.createObjectURL(new Blob([text], { type: "text/plain" }));
  h("a", { href: address, download: name }).click();
  setTimeout(() => URL.revokeObjectURL(address), 10_000);
}
