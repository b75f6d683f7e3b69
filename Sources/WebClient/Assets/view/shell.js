import { fill, h } from "../lib/dom.js";
import { t } from "../lib/i18n.js";
import { addKeys } from "../lib/keymap.js";
import { storage } from "../lib/storage.js";
import { command, community, outbox, recommendations, socket, topics } from "../model/app.js";
import { forgetAttached } from "./attached.js";
import { tellBotState } from "./bots.js";
import { showHelp } from "./help.js";
import { toast, toastError } from "./parts.js";
import "./room.js";
import { join } from "./rooms.js";
import { inviteIn, router } from "./router.js";
import { searchPane } from "./search.js";
import { settingsPage } from "./settings.js";
import { closeSide } from "./sidepane.js";
import { signInPage } from "./signin.js";
import "./sidebar.js";
import { openSwitcher } from "./switcher.js";
import { threadsPage } from "./thread.js";

/** The page: who is not signed in signs in; who is has the rooms at the side and a place in the middle. */
export class Shell {
  banner = h("div", { class: "banner", role: "status", hidden: true });
  main = h("main", { class: "main", id: "main", tabIndex: -1 });
  /** @type {any} */
  sidebar = null;
  app = h("div", { class: "app" });
  /** What stands in the middle. */
  #shown = "";
  /** @type {ReturnType<typeof setInterval> | undefined} */
  #ticking;

  start() {
    document.body.append(
      h("a", {
        class: "skip",
        href: "#main",
        on: { click: (/** @type {Event} */ event) => this.#skip(event) },
      }, t("skip_to_messages")),
      this.banner,
      this.app,
    );
    // What is dropped beside a field must not lead away from the page.
    for (const kind of ["dragover", "drop"]) addEventListener(kind, (event) => event.preventDefault());
    topics.on("connection", () => this.#connection());
    topics.on("opened", () => this.#opened());
    topics.on("language", () => this.#redraw());
    router.on("place", () => this.#place());
    community.on("room-gone", (room) => {
      if (router.place.room === room) router.go("", true);
    });
    community.on("storage", () => this.#storageFailed());
    community.on("bot-state", tellBotState);
    this.#keys();
    socket.connect();
  }

  // MARK: Connection

  #connection() {
    if (socket.state === "signed-out" || socket.state === "ended") return this.#signIn();
    this.#drawBanner();
  }

  #signIn() {
    const notice = community.me ? t(socket.state === "ended" ? "banned" : "signed_out") : "";
    clearInterval(this.#ticking);
    this.banner.hidden = true;
    community.forget();
    outbox.forget();
    recommendations.forget();
    forgetAttached();
    this.#shown = "sign-in";
    this.sidebar = null;
    this.app.className = "app signed-out";
    fill(this.app, signInPage(() => socket.connect(), notice));
  }

  /** Says what is wrong with the connection, once it has been for a moment. */
  #drawBanner() {
    clearInterval(this.#ticking);
    if (socket.state === "online" || !community.me) {
      this.banner.hidden = true;
      return;
    }
    const draw = () => {
      const seconds = Math.max(0, Math.ceil((socket.retryAt - Date.now()) / 1000));
      this.banner.hidden = false;
      fill(
        this.banner,
        h("span", null, socket.state === "connecting" ? t("connecting") : t("offline_retry", { s: seconds })),
        socket.state === "offline" &&
          h("button", { type: "button", class: "link", on: { click: () => socket.retryNow() } }, t("retry_now")),
      );
    };
    draw();
    this.#ticking = setInterval(draw, 1000);
  }

  #opened() {
    this.#drawBanner();
    if (!this.sidebar) {
      this.sidebar = document.createElement("ly-sidebar");
      this.app.className = "app";
      this.#shown = "";
      fill(this.app, this.sidebar, this.main);
    }
    const presence = storage.get("presence");
    if (presence && presence !== "online") command("presence.set", { state: presence }).catch(toastError);
    router.read();
  }

  /** Follows an invite link that somebody opens who is signed in. */
  #takeInvite() {
    const invite = inviteIn(location.hash);
    if (!invite) return;
    history.replaceState(null, "", "#/");
    join({ invite });
    router.read();
  }

  #storageFailed() {
    if (this.#storageTold) return;
    this.#storageTold = true;
    toast(t("storage_failed"), { label: t("ok"), run: () => {}, seconds: 15 });
  }

  #storageTold = false;

  // MARK: Place

  async #place() {
    if (!community.me || !this.sidebar) return;
    this.#takeInvite();
    const place = router.place;
    this.app.dataset.page = place.page;
    if (place.page === "room" && place.room) return this.#room(place);
    this.#closeThread();
    const key = `${place.page}/${place.rest.join("/")} ${document.documentElement.lang}`;
    if (this.#shown === key) return;
    this.#shown = key;
    const page = await this.#page(place);
    if (this.#shown === key) fill(this.main, page);
  }

  /** @param {import("./router.js").Place} place @returns {Promise<any>} */
  async #page(place) {
    switch (place.page) {
      case "threads":
        return threadsPage();
      case "settings":
        return settingsPage();
      case "review":
        return (await import("../later/review.js")).reviewPage(place.rest);
      case "dashboard":
        return (await import("../later/dashboard.js")).dashboardPage();
      case "discover":
        return (await import("../later/discover.js")).discoverPage();
      case "programs":
        return (await import("../later/programs.js")).programsPage();
      case "qa":
        return (await import("../later/qa.js")).qaPage(place.rest);
      default:
        return this.#home();
    }
  }

  /** On a wide screen the room that was last open; on a phone the list of rooms is the home. */
  #home() {
    const last = community.room(storage.get("last-room"));
    const first = last?.role ? last : this.sidebar.rooms()[0];
    if (first && matchMedia("(min-width: 721px)").matches) queueMicrotask(() => router.go(`room/${first.id}`, true));
    return h(
      "div",
      { class: "empty" },
      h("h2", null, t("welcome")),
      h("p", { class: "hint" }, first ? "" : t("no_rooms")),
    );
  }

  /** @param {import("./router.js").Place} place */
  async #room(place) {
    let room = community.room(Number(place.room));
    if (!room) {
      // A public room one is not in can be read before one joins.
      const answer = await command("room.list", { after: Number(place.room) - 1, limit: 1 }).catch(() => null);
      const entry = answer?.rooms?.[0];
      if (entry?.id !== place.room) {
        toast(t("room_gone"));
        return router.go("", true);
      }
      room = { ...entry, countedSeq: entry.seq, lastAt: 0, unread: 0, mentions: 0, read_seq: entry.seq };
      community.rooms.set(entry.id, /** @type {any} */ (room));
    }
    if (!room) return;
    let view = /** @type {any} */ (this.main.querySelector("ly-room"));
    if (!view || !this.#shown.startsWith("room")) {
      view = document.createElement("ly-room");
      fill(this.main, view);
    }
    const isOther = this.#shown !== `room ${room.id}`;
    this.#shown = `room ${room.id}`;
    if (room.role) storage.set("last-room", room.id);
    view.open(room, place.thread ? undefined : place.at);
    if (place.thread) this.#thread(room, place.thread, place.at);
    else {
      this.#closeThread();
      if (isOther) view.focusComposer();
    }
    community.tell("rooms");
  }

  /** @param {import("../model/community.js").Room} room @param {number} thread @param {number} [at] */
  #thread(room, thread, at) {
    let pane = /** @type {any} */ (this.app.querySelector("ly-thread"));
    if (!pane) {
      pane = document.createElement("ly-thread");
      this.app.append(pane);
    }
    this.app.classList.add("with-thread");
    pane.open(room, thread, at);
    pane.focusComposer();
  }

  #closeThread() {
    this.app.querySelector("ly-thread")?.remove();
    this.app.classList.remove("with-thread");
  }

  /** In another language everything is built anew; texts that were begun are drafts. */
  #redraw() {
    if (!community.me) return this.#signIn();
    this.sidebar = null;
    this.#closeThread();
    closeSide();
    fill(this.main);
    this.#opened();
  }

  // MARK: Keys

  #keys() {
    /** @param {1 | -1} step @param {boolean} unreadOnly */
    const move = (step, unreadOnly) => () => {
      const rooms = this.sidebar?.rooms() ?? [];
      const at = rooms.findIndex((/** @type {any} */ room) => room.id === router.place.room);
      for (let count = 1; count <= rooms.length; count += 1) {
        const room = rooms[(at + step * count + rooms.length * 2) % rooms.length];
        if (!unreadOnly || room.unread > 0) return router.go(`room/${room.id}`);
      }
    };
    addKeys([
      { keys: "Mod+K", label: "quick_switch", scope: "everywhere", whileTyping: true, run: openSwitcher },
      { keys: "/", label: "search", scope: "everywhere", run: () => searchPane(router.place.room) },
      { keys: "Alt+ArrowDown", label: "key_next_room", scope: "everywhere", whileTyping: true, run: move(1, false) },
      { keys: "Alt+ArrowUp", label: "key_previous_room", scope: "everywhere", whileTyping: true, run: move(-1, false) },
      {
        keys: "Alt+Shift+ArrowDown",
        label: "key_next_unread",
        scope: "everywhere",
        whileTyping: true,
        run: move(1, true),
      },
      {
        keys: "Alt+Shift+ArrowUp",
        label: "key_previous_unread",
        scope: "everywhere",
        whileTyping: true,
        run: move(-1, true),
      },
      { keys: "c", label: "key_composer", scope: "everywhere", run: () => this.#focusComposer() },
      { keys: "Escape", label: "key_leave", scope: "everywhere", whileTyping: true, run: () => this.#escape() },
      { keys: "?", label: "keys", scope: "everywhere", run: showHelp },
    ]);
  }

  #focusComposer() {
    const field = this.app.querySelector(router.place.thread ? "ly-thread textarea" : "ly-room textarea");
    if (!field) return false;
    /** @type {HTMLElement} */ (field).focus();
  }

  /** From the composer to the messages; from a thread back to its room. */
  #escape() {
    const active = /** @type {HTMLElement | null} */ (document.activeElement);
    if (active?.matches("textarea")) {
      /** @type {HTMLElement | null} */ (active.closest("ly-room, ly-thread")?.querySelector(".log-scroller"))?.focus();
    } else if (router.place.thread) {
      router.go(`room/${router.place.room}`);
    } else {
      return false;
    }
  }

  /** @param {Event} event */
  #skip(event) {
    event.preventDefault();
    /** @type {HTMLElement | null} */ (this.app.querySelector(".log-scroller") ?? this.main)?.focus();
  }
}
