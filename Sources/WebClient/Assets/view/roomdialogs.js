import { fill, h } from "../lib/dom.js";
import { explain, t } from "../lib/i18n.js";
import { shortTime } from "../lib/time.js";
import { command, community } from "../model/app.js";
import { plain } from "./markdown.js";
import { dialog, memberChoice, presenceName, roleBadge } from "./parts.js";
import { showProfile } from "./profile.js";
import { forgetRoster, roster } from "./roster.js";
import { router } from "./router.js";

/** @param {import("../model/community.js").Room} room */
export function showPins(room) {
  dialog(t("pinned_messages"), (close) => {
    const list = h("ol", { class: "plain-list" }, h("li", { class: "hint" }, t("loading")));
    command("room.pins", { room: room.id }).then((answer) => {
      community.want(answer.messages.map((/** @type {any} */ m) => m.by));
      const draw = () =>
        fill(
          list,
          answer.messages.length === 0 && h("li", { class: "hint" }, t("nothing_pinned")),
          answer.messages.map((/** @type {any} */ message) =>
            h(
              "li",
              null,
              h(
                "button",
                {
                  type: "button",
                  class: "hit",
                  on: {
                    click: () => {
                      close();
                      router.go(`room/${room.id}/at/${message.seq}`);
                    },
                  },
                },
                h(
                  "span",
                  { class: "head" },
                  h("strong", null, community.memberName(message.by)),
                  h("time", null, shortTime(message.at)),
                ),
                h("span", { class: "text" }, plain(message).slice(0, 400)),
              ),
            )
          ),
        );
      draw();
      const off = community.on("members", () => list.isConnected ? draw() : off());
    }, (error) => fill(list, h("li", null, explain(error))));
    return list;
  });
}

/** @param {import("../model/community.js").Room} room */
export function showMembers(room) {
  dialog(t("members_n", { n: room.members }), (close) => {
    const list = h("ul", { class: "choices" }, h("li", { class: "hint" }, t("loading")));
    forgetRoster(room.id);
    roster(room.id).then((members) => {
      const order = ["online", "busy", "away", "offline"];
      const sorted = [...members].sort((a, b) =>
        order.indexOf(a.presence) - order.indexOf(b.presence) || a.name.localeCompare(b.name)
      );
      fill(
        list,
        sorted.map((member) => {
          const look = () => {
            close();
            showProfile(member.id, room);
          };
          const presence = h("span", { class: "hint" }, presenceName(member.presence));
          return memberChoice(member, member.presence, look, roleBadge(member.role), presence);
        }),
      );
    }, (error) => fill(list, h("li", null, explain(error))));
    return list;
  });
}
