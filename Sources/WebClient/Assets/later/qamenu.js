import { h } from "../lib/dom.js";
import { t } from "../lib/i18n.js";
import { command, community } from "../model/app.js";
import { dialog, toastError } from "../view/parts.js";
import { router } from "../view/router.js";
import { closeDialog, exportSession, pollDialog, sessionDialog } from "./qadialogs.js";

/** @typedef {import("../model/live.js").LiveRoom} LiveRoom */

/** What can be done with a session and its polls. @param {LiveRoom} live @param {(seq: number) => void} show */
export function qaItems(live, show) {
  const { session, room } = live;
  const here = community.room(room);
  const mayOpen = Boolean(here && community.hasRank("mentor", here));
  const qa = session?.seq ?? 0;
  const isLive = session && session.state !== "closed";
  return [
    session && { label: t("projector"), icon: "chart", run: () => router.go(`qa/${room}/${qa}/projector`) },
    here?.role && { label: t("open_poll"), icon: "chart", run: () => pollDialog(room) },
    mayOpen &&
    { label: t("open_session"), icon: "plus", run: () => sessionDialog(room, null, show) },
    live.sessions.length > 1 && { label: t("other_sessions"), icon: "clock", run: () => choose(live) },
    live.isHosting && isLive &&
    { label: t("session_settings"), icon: "cog", run: () => sessionDialog(room, session, () => {}) },
    live.isHosting && isLive && { label: t("close_session"), icon: "lock", run: () => closeDialog(room, qa) },
    live.isHosting && session?.state === "closed" &&
    {
      label: t("reopen"),
      icon: "back",
      run: () => command("qa.reopen", { room, qa }).then(() => live.load(), toastError),
    },
    live.isHosting &&
    { label: t("export_as", { format: "CSV" }), icon: "down", run: () => exportSession(room, qa, "csv") },
    live.isHosting &&
    { label: t("export_as", { format: "Markdown" }), icon: "down", run: () => exportSession(room, qa, "markdown") },
  ];
}

/** @param {LiveRoom} live */
function choose(live) {
  dialog(t("other_sessions"), (close) =>
    h(
      "ul",
      { class: "choices" },
      live.sessions.map((session) => {
        const run = () => {
          close();
          router.go(`qa/${live.room}/${session.seq}`);
        };
        const state = h("span", { class: "hint" }, t(/** @type {any} */ (`session_${session.state}`)));
        return h(
          "li",
          null,
          h("button", { type: "button", class: "choice", on: { click: run } }, h("bdi", null, session.title), state),
        );
      }),
    ));
}
