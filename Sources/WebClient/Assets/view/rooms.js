import { fill, h, icon } from "../lib/dom.js";
import { explain, t } from "../lib/i18n.js";
import { match } from "../lib/pinyin.js";
import { command, community } from "../model/app.js";
import { copy, dialog, field, formDialog, memberChoice, toastError } from "./parts.js";
import { router } from "./router.js";

/** Every room one may see, page by page. */
export async function allRooms() {
  const rooms = [];
  let after = 0;
  for (;;) {
    const page = await command("room.list", { after, limit: 200 });
    rooms.push(...page.rooms);
    if (!page.next) return rooms;
    after = page.next;
  }
}

/** Enters a room and goes there. @param {{room?: number, invite?: string}} target */
export async function join(target) {
  try {
    const answer = await command("room.join", target);
    community.addRoom(answer.entry);
    router.go(`room/${answer.room}`);
  } catch (error) {
    toastError(error);
  }
}

export function browseRooms() {
  dialog(t("browse_rooms"), (close) => {
    const list = h("ul", { class: "choices" }, h("li", { class: "hint" }, t("loading")));
    const filter = h("input", {
      type: "search",
      "aria-label": t("filter"),
      placeholder: t("filter"),
      on: { input: () => draw() },
    });
    /** @type {any[]} */
    let rooms = [];
    const draw = () =>
      fill(
        list,
        rooms
          .filter((room) =>
            room.kind !== "direct" &&
            (!filter.value || match(filter.value, room.name) > 1 || match(filter.value, room.title) > 1)
          )
          .map((room) =>
            h(
              "li",
              { class: "room-choice" },
              icon(room.kind === "private" ? "lock" : "hash"),
              h(
                "div",
                null,
                h("strong", null, h("bdi", null, room.title || room.name)),
                h("p", { class: "hint" }, room.topic),
                h("p", { class: "hint" }, t("n_members", { n: room.members })),
              ),
              h("button", {
                type: "button",
                class: room.role ? "" : "primary",
                on: {
                  click: () => {
                    close();
                    if (room.role) router.go(`room/${room.id}`);
                    else join({ room: room.id });
                  },
                },
              }, t(room.role ? "open" : "join")),
            )
          ),
      );
    allRooms().then((found) => {
      rooms = found;
      draw();
    }, (error) => fill(list, h("li", null, explain(error))));
    return [filter, list];
  });
}

export function createRoom() {
  const name = h("input", { required: true, minLength: 2, maxLength: 32, autocomplete: "off" });
  const title = h("input", { maxLength: 200, autocomplete: "off" });
  const topic = h("input", { maxLength: 1000, autocomplete: "off" });
  const kinds = ["public", "private"].map((kind) =>
    h("option", { value: kind }, t(/** @type {any} */ (`room_${kind}`)))
  );
  const kind = h("select", null, kinds);
  const fields = [
    field(t("room_name"), name, t("name_rules")),
    field(t("room_title"), title),
    field(t("room_topic"), topic),
    field(t("room_kind"), kind),
  ];
  formDialog(t("create_room"), t("create"), fields, async () => {
    const answer = await command("room.create", {
      name: name.value.trim(),
      title: title.value.trim() || undefined,
      topic: topic.value.trim() || undefined,
      kind: kind.value,
    });
    community.addRoom(answer.entry);
    router.go(`room/${answer.room}`);
  });
}

export function openDirect() {
  dialog(t("new_direct"), (close) => {
    const list = h("ul", { class: "choices" });
    /** @param {any[]} members */
    const draw = (members) =>
      fill(
        list,
        members.filter((member) =>
          member.id !== community.me?.id && (!filter.value || match(filter.value, member.name) > 1)
        ).slice(0, 50).map((member) =>
          memberChoice(member, community.presence.get(member.id), () => {
            close();
            directWith([member.id]);
          })
        ),
      );
    const known = () => [...community.members.values()].sort((a, b) => a.name.localeCompare(b.name));
    const filter = h("input", {
      type: "search",
      "aria-label": t("find_member"),
      placeholder: t("find_member"),
      on: { input: () => draw(known()) },
    });
    draw(known());
    return [filter, list];
  });
}

/** @param {number[]} members */
export async function directWith(members) {
  try {
    const answer = await command("direct.open", { members });
    community.addRoom(answer.entry);
    router.go(`room/${answer.room}`);
  } catch (error) {
    toastError(error);
  }
}

/** @param {import("../model/community.js").Room} room */
export function roomSettings(room) {
  const title = h("input", { value: room.title, maxLength: 200 });
  const topic = h("textarea", { value: room.topic, maxLength: 1000, rows: 3 });
  const slow = h("input", { type: "number", min: 0, max: 21_600, value: String(room.slow_mode_s) });
  const announcements = h("input", { type: "checkbox", checked: room.members_only_post });
  const archived = h("input", { type: "checkbox", checked: room.archived });
  const fields = [
    field(t("room_title"), title),
    field(t("room_topic"), topic),
    field(t("slow_mode"), slow, t("slow_mode_hint")),
    h("label", { class: "check" }, announcements, t("announcement_room")),
    h("label", { class: "check" }, archived, t("archive_room")),
  ];
  formDialog(t("room_settings"), t("save"), fields, () =>
    command("room.update", {
      room: room.id,
      title: title.value,
      topic: topic.value,
      slow_mode_s: Number(slow.value) || 0,
      members_only_post: announcements.checked,
      archived: archived.checked,
    }));
}

/** A link that brings whoever holds it into a room, or without one into the community. @param {import("../model/community.js").Room} [room] */
export function inviteDialog(room) {
  dialog(t("invite"), () => {
    const days = h(
      "select",
      null,
      ...[1, 7, 30].map((n) => h("option", { value: n, selected: n === 7 }, t("n_days", { n }))),
    );
    const uses = h(
      "select",
      null,
      ...[1, 10, 100, 1000].map((n) => h("option", { value: n, selected: n === 10 }, t("n_uses", { n }))),
    );
    const result = h("div", { class: "invite-result", role: "status" });
    const submit = async (/** @type {Event} */ event) => {
      event.preventDefault();
      const terms = { expires_s: Number(days.value) * 86_400, uses: Number(uses.value) };
      try {
        const answer = room
          ? await command("room.invite", { room: room.id, ...terms })
          : await command("community.invite", terms);
        const link = `${location.origin}/#invite=${answer.invite}`;
        fill(
          result,
          h("input", { value: link, readOnly: true, "aria-label": t("invite_link") }),
          h("button", { type: "button", on: { click: () => copy(link) } }, t("copy")),
        );
      } catch (error) {
        fill(result, h("p", { class: "error" }, explain(/** @type {any} */ (error))));
      }
    };
    return h(
      "form",
      { on: { submit } },
      field(t("valid_for"), days),
      field(t("can_be_used"), uses),
      h("div", { class: "actions" }, h("button", { type: "submit", class: "primary" }, t("make_link"))),
      result,
    );
  });
}
