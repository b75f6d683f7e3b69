import { fill, h } from "../lib/dom.js";
import { t } from "../lib/i18n.js";
import { isComposing } from "../lib/keymap.js";
import { match } from "../lib/pinyin.js";
import { community } from "../model/app.js";
import { avatar, dialog, roomSign } from "./parts.js";
import { directWith } from "./rooms.js";
import { router } from "./router.js";

/** @typedef {{label: string, hint?: string, sign: any, rank: number, run: () => void}} Choice */

/** Goes anywhere by a few letters: rooms, people, pages; Han names also by their pinyin initials. */
export function openSwitcher() {
  if (document.querySelector("dialog.switcher")) return;
  dialog(t("quick_switch"), (close) => {
    let index = 0;
    /** @type {Choice[]} */
    let choices = [];
    const list = h("div", { class: "choices", role: "listbox", id: "switcher-list", "aria-label": t("suggestions") });
    const input = h("input", {
      type: "text",
      role: "combobox",
      autocomplete: "off",
      "aria-label": t("quick_switch"),
      "aria-controls": "switcher-list",
      "aria-expanded": "true",
      placeholder: t("switch_hint"),
      on: {
        input: () => {
          index = 0;
          draw();
        },
        keydown: (/** @type {KeyboardEvent} */ event) => {
          if (isComposing(event)) return;
          const step = /** @type {Record<string, number>} */ ({ ArrowDown: 1, ArrowUp: -1 })[event.key];
          if (step) index = (index + step + choices.length) % Math.max(1, choices.length);
          else if (event.key === "Enter") take(index);
          else return;
          event.preventDefault();
          draw();
        },
      },
    });
    /** @param {number} at */
    const take = (at) => {
      const choice = choices[at];
      if (!choice) return;
      close();
      choice.run();
    };
    const draw = () => {
      choices = find(input.value);
      fill(
        list,
        choices.map((choice, at) =>
          h(
            "div",
            {
              role: "option",
              id: `switch-${at}`,
              class: "choice",
              "aria-selected": String(at === index),
              on: { click: () => take(at) },
            },
            choice.sign,
            h("bdi", { class: "clip" }, choice.label),
            choice.hint && h("span", { class: "hint clip" }, choice.hint),
          )
        ),
        choices.length === 0 && h("p", { class: "hint" }, t("nothing_found")),
      );
      list.querySelector('[aria-selected="true"]')?.scrollIntoView({ block: "nearest" });
      input.setAttribute("aria-activedescendant", choices.length > 0 ? `switch-${index}` : "");
    };
    draw();
    queueMicrotask(() => input.focus());
    return [input, list];
  }, "switcher");
}

/** @param {string} query @returns {Choice[]} */
function find(query) {
  /** @type {Choice[]} */
  const found = [];
  for (const room of community.rooms.values()) {
    const title = community.roomTitle(room);
    const rank = Math.max(match(query, title), match(query, room.name));
    const bonus = (room.mentions > 0 ? 8 : 0) + (room.unread > 0 ? 4 : 0);
    if (rank > 0) {
      found.push({
        label: title,
        hint: room.unread > 0 ? t("n_unread", { n: room.unread }) : room.topic,
        sign: roomSign(room),
        rank: rank + bonus,
        run: () => router.go(`room/${room.id}`),
      });
    }
  }
  if (query) {
    for (const member of community.members.values()) {
      const rank = match(query, member.name);
      if (rank > 0 && member.id !== community.me?.id) {
        found.push({
          label: member.name,
          hint: t("send_direct"),
          sign: avatar(member.id, member.name, community.presence.get(member.id)),
          rank: rank - 2,
          run: () => directWith([member.id]),
        });
      }
    }
  }
  return found.sort((a, b) => b.rank - a.rank).slice(0, 12);
}
