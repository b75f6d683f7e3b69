import { h } from "../lib/dom.js";
import { t } from "../lib/i18n.js";
import { findEmoji } from "../lib/emoji.js";
import { match } from "../lib/pinyin.js";
import { community } from "../model/app.js";
import { completeCommand } from "./bots.js";
import { avatar } from "./parts.js";
import { roster } from "./roster.js";

/** @typedef {{insert: string, label: string, hint?: string, mark: any}} Choice */

/**
 * What could stand at the end of the text before the caret: members for `@…`, emoji for `:..`, rooms for `#…`, and at
 * the beginning a bot's command for `/…`.
 *
 * @param {string} before
 * @param {number} room
 * @returns {Promise<{from: number, choices: Choice[]} | null>}
 */
export async function complete(before, room) {
  const slash = /^\/([\p{L}\p{N}_-]{0,32})$/u.exec(before);
  if (slash) return { from: 0, choices: await completeCommand(slash[1], room) };
  const found = /(?:^|[\s(（，。、：]|[\p{Script=Han}])(@|:|#)([\p{L}\p{N}_+.-]{0,32})$/u.exec(before);
  if (!found) return null;
  const [, sign, word] = found;
  const from = before.length - word.length - 1;
  if (sign === "@") return { from, choices: await members(word, room) };
  if (sign === ":" && word.length >= 2) return { from, choices: emoji(word) };
  if (sign === "#" && word.length >= 1) return { from, choices: rooms(word) };
  return null;
}

/** @param {string} word @param {number} room @returns {Promise<Choice[]>} */
async function members(word, room) {
  const everybody = await roster(room).catch(() => []);
  /** @type {Choice[]} */
  const choices = everybody
    .filter((member) => member.id !== community.me?.id)
    .map((member) => ({ member, rank: match(word, member.name) + (member.presence === "offline" ? 0 : 0.5) }))
    .filter((choice) => choice.rank >= 1)
    .sort((a, b) => b.rank - a.rank || a.member.name.localeCompare(b.member.name))
    .slice(0, 8)
    .map(({ member }) => ({
      insert: `@${member.name} `,
      label: member.name,
      mark: avatar(member.id, member.name, community.presence.get(member.id)),
    }));
  const here = community.room(room);
  if (here && community.hasRank("mentor", here) && match(word, "room") > 1) {
    choices.push({ insert: "@room ", label: "room", hint: t("everybody_here"), mark: "@" });
  }
  return choices;
}

/** @param {string} word @returns {Choice[]} */
function emoji(word) {
  return findEmoji(word, 8).map((entry) => ({
    insert: `${entry.emoji} `,
    label: `:${entry.name}:`,
    mark: entry.emoji,
  }));
}

/** @param {string} word @returns {Choice[]} */
function rooms(word) {
  return [...community.rooms.values()]
    .filter((room) => room.kind !== "direct")
    .map((room) => ({ room, rank: Math.max(match(word, room.name), match(word, room.title)) }))
    .filter((choice) => choice.rank > 1)
    .sort((a, b) => b.rank - a.rank)
    .slice(0, 8)
    .map(({ room }) => ({ insert: `#${room.name} `, label: room.name, hint: room.title, mark: "#" }));
}

/** A list of choices over a text field, driven by the field's keys. */
export class CompletionList {
  /** @type {Choice[]} */
  choices = [];
  index = 0;
  from = 0;
  id = `choices-${Math.random().toString(36).slice(2)}`;

  /** @param {HTMLTextAreaElement} input @param {(choice: Choice, from: number) => void} take */
  constructor(input, take) {
    this.input = input;
    this.take = take;
    this.element = h("div", {
      class: "completion",
      role: "listbox",
      id: this.id,
      hidden: true,
      "aria-label": t("suggestions"),
    });
    input.setAttribute("aria-controls", this.id);
    input.setAttribute("aria-autocomplete", "list");
  }

  get isOpen() {
    return this.choices.length > 0;
  }

  /** @param {{from: number, choices: Choice[]} | null} found */
  show(found) {
    this.choices = found?.choices ?? [];
    this.from = found?.from ?? 0;
    this.index = 0;
    this.#draw();
  }

  /** @param {KeyboardEvent} event @returns {boolean} Whether the key was for the list. */
  key(event) {
    if (!this.isOpen) return false;
    switch (event.key) {
      case "ArrowDown":
        this.index = (this.index + 1) % this.choices.length;
        break;
      case "ArrowUp":
        this.index = (this.index - 1 + this.choices.length) % this.choices.length;
        break;
      case "Enter":
      case "Tab":
        this.take(this.choices[this.index], this.from);
        this.choices = [];
        break;
      case "Escape":
        this.choices = [];
        break;
      default:
        return false;
    }
    this.#draw();
    event.preventDefault();
    return true;
  }

  #draw() {
    this.element.hidden = !this.isOpen;
    this.element.replaceChildren(...this.choices.map((choice, index) =>
      h(
        "div",
        {
          role: "option",
          id: `${this.id}-${index}`,
          class: "choice",
          "aria-selected": String(index === this.index),
          on: {
            pointerdown: (/** @type {Event} */ event) => {
              event.preventDefault();
              this.take(choice, this.from);
              this.show(null);
            },
          },
        },
        h("span", { class: "mark" }, choice.mark),
        h("bdi", null, choice.label),
        choice.hint && h("span", { class: "hint" }, choice.hint),
      )
    ));
    if (this.isOpen) this.input.setAttribute("aria-activedescendant", `${this.id}-${this.index}`);
    else this.input.removeAttribute("aria-activedescendant");
  }
}
