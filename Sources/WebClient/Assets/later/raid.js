import { button, fill, h, icon } from "../lib/dom.js";
import { t } from "../lib/i18n.js";
import { shortTime } from "../lib/time.js";
import { command, community } from "../model/app.js";
import { dialog, field, toast, toastError } from "../view/parts.js";

/** Where newcomers' posts wait at the moment, and until when. */
export class RaidBar {
  element = h("div", { class: "raid-bar", role: "status", hidden: true });

  async load() {
    const { modes } = await command("raid.list").catch(() => ({ modes: [] }));
    this.element.hidden = modes.length === 0;
    fill(this.element, modes.map((/** @type {any} */ mode) => this.#row(mode)));
  }

  /** @param {{room?: number, until: number}} mode */
  #row({ room, until }) {
    const known = room && community.room(room);
    const place = room ? known ? community.roomTitle(known) : `#${room}` : t("everywhere");
    const end = () => command("raid.set", { on: false, room }).then(() => this.load(), toastError);
    return h(
      "p",
      null,
      icon("flag"),
      h("span", null, `${t("raid_mode")}: ${place} · ${t("closes_at", { time: shortTime(until) })}`),
      button(t("raid_end"), end, "link"),
    );
  }
}

/** Holds what newcomers post, for a time. */
export function raidDialog() {
  dialog(t("raid_mode"), (close) => {
    const rooms = [...community.rooms.values()].filter((room) => room.kind !== "direct");
    const room = h(
      "select",
      null,
      h("option", { value: "" }, t("everywhere")),
      rooms.map((known) => h("option", { value: String(known.id) }, community.roomTitle(known))),
    );
    const hours = h("input", { type: "number", min: 1, max: 168, value: "1" });
    /** @param {boolean} on */
    const set = (on) => {
      const seconds = on ? Number(hours.value) * 3600 : undefined;
      command("raid.set", { on, room: Number(room.value) || undefined, seconds }).then(() => {
        close();
        toast(t(on ? "raid_on" : "raid_off"));
      }, toastError);
    };
    return [
      h("p", null, t("raid_hint")),
      field(t("rooms"), room),
      field(t("hours"), hours),
      h(
        "div",
        { class: "actions" },
        h("button", { type: "button", on: { click: () => set(false) } }, t("raid_end")),
        h("button", { type: "button", class: "primary", on: { click: () => set(true) } }, t("raid_begin")),
      ),
    ];
  }, "narrow");
}
