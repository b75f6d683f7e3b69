import { fill, h, icon, iconButton, onceAFrame } from "../lib/dom.js";
import { currentLanguage, t } from "../lib/i18n.js";
import { addKeys } from "../lib/keymap.js";
import { Bin } from "../lib/store.js";
import { ago, shortTime } from "../lib/time.js";
import { command, community, topics } from "../model/app.js";
import { plain } from "../view/markdown.js";
import { avatar, dialog, field, roleBadge, toast, toastError } from "../view/parts.js";
import { showHelp } from "../view/help.js";
import { marked } from "../view/search.js";
import { historyView } from "./history.js";
import { auditPage, classifierPage, rulesPage } from "./moderation.js";

/** How long a decision waits in which it can be taken back without a trace, in seconds. */
const undoSeconds = 5;
const kinds = ["held", "held_edit", "report", "flag", "redact", "check", "sample", "sanction", "appeal"];

/** The moderators' pages. @param {string[]} rest */
export function reviewPage(rest) {
  const part = rest[0] ?? "queue";
  const tabs = ["queue", "rules", "classifier", "audit"].map((name) =>
    h("a", {
      href: name === "queue" ? "#/review" : `#/review/${name}`,
      class: "tab",
      "aria-current": name === part ? "page" : undefined,
    }, t(/** @type {any} */ (`tab_${name}`)))
  );
  const body = part === "rules"
    ? rulesPage()
    : part === "classifier"
    ? classifierPage()
    : part === "audit"
    ? auditPage()
    : document.createElement("ly-review");
  return h(
    "div",
    { class: "page" },
    h(
      "header",
      { class: "room-head" },
      h("a", { class: "icon-button back", href: "#/", "aria-label": t("back") }, icon("back")),
      h("h2", null, t("review_queue")),
      h("nav", { class: "tabs", "aria-label": t("review_queue") }, tabs),
    ),
    body,
  );
}

/**
 * One queue: the items at the left, the one in hand at the right, decided from the keyboard.
 *
 * A decision is shown at once and sent after five seconds in which `u` takes it back; after that `u` undoes it on the
 * server, exactly.
 */
class ReviewQueue extends HTMLElement {
  /** @type {any} */
  filters;
  /** @type {any} */
  list;
  /** @type {any} */
  detail;
  /** @type {Map<number, any>} */
  #items = new Map();
  /** Decisions that have not been sent. @type {Map<number, {action: string, timer: any, send: () => Promise<void>}>} */
  #pending = new Map();
  /** @type {number[]} What was decided here, newest last. */
  #decided = [];
  #selected = 0;
  #claimed = 0;
  /** @type {any} What stands around the item in hand. */
  #surroundings = null;
  #filter = { kind: "", room: "", state: "open", sort: "oldest" };
  #cursor = { epoch: "", seq: 0 };
  #bin = new Bin();
  #draw = onceAFrame(() => this.#drawAll());
  /** @type {ReturnType<typeof setInterval> | undefined} */
  #renewal;

  connectedCallback() {
    this.className = "review";
    this.filters = h("div", { class: "review-filters" });
    this.list = h("div", { class: "review-list", role: "listbox", "aria-label": t("review_queue"), tabIndex: 0 });
    this.detail = h("section", { class: "review-detail", "aria-label": t("item"), tabIndex: -1 });
    this.append(h("div", { class: "review-side" }, this.filters, this.list), this.detail);
    this.#drawFilters();
    this.#bin.add(
      community.on("stream", (event) => this.#received(event)),
      community.on("members", () => this.#draw()),
      topics.on("opened", () => this.#subscribe()),
      addKeys(this.#keys()),
    );
    this.#renewal = setInterval(() => this.#renew(), 60_000);
    this.#subscribe();
  }

  disconnectedCallback() {
    clearInterval(this.#renewal);
    this.#bin.empty();
    // Leaving the page is no way to take a decision back.
    for (const { timer, send } of this.#pending.values()) {
      clearTimeout(timer);
      send();
    }
    this.#release();
  }

  // MARK: Stream

  async #subscribe() {
    try {
      const answer = await command("review.subscribe", {});
      this.#cursor = { epoch: answer.epoch, seq: answer.seq };
      if (this.#filter.state === "open") {
        this.#items = new Map(answer.items.map((/** @type {any} */ item) => [item.id, item]));
      }
      this.#select(this.#selected || this.#shown()[0]?.id || 0);
    } catch (error) {
      fill(this.detail, h("p", { class: "hint" }, /** @type {any} */ (error).message));
      toastError(error);
    }
    this.#draw();
  }

  /** @param {any} event */
  #received(event) {
    if (event.stream !== "review") return;
    if (event.seq > this.#cursor.seq + 1) return this.#subscribe();
    this.#cursor.seq = Math.max(this.#cursor.seq, event.seq);
    const item = event.item;
    if (!item) return;
    const isOpen = item.state === "open";
    if (isOpen || this.#items.has(item.id) && this.#selected === item.id) this.#items.set(item.id, item);
    else this.#items.delete(item.id);
    const byOther = item.decision && item.decision.by !== community.me?.id;
    if (event.event === "review.decided" && byOther && this.#selected === item.id) {
      this.#cancelPending(item.id);
      toast(t("decided_by", { name: community.memberName(item.decision.by) }));
    }
    this.#draw();
  }

  /** Items in the order they are worked through. */
  #shown() {
    const { kind, room, sort, state } = this.#filter;
    const items = [...this.#items.values()].filter((item) =>
      (!kind || item.kind === kind) && (!room || item.room === Number(room)) &&
      (state !== "open" || item.state === "open" || item.id === this.#selected) && !this.#pending.has(item.id)
    );
    if (sort === "weight") return items.sort((a, b) => b.weight - a.weight);
    return items.sort((a, b) => sort === "newest" ? b.id - a.id : a.id - b.id);
  }

  async #load() {
    const { kind, room, state, sort } = this.#filter;
    if (state === "open") return this.#subscribe();
    const answer = await command("review.list", {
      state,
      sort,
      limit: 200,
      kind: kind || undefined,
      room: Number(room) || undefined,
    }).catch(toastError);
    if (!answer) return;
    this.#items = new Map(answer.items.map((/** @type {any} */ item) => [item.id, item]));
    this.#select(answer.items[0]?.id ?? 0);
    this.#draw();
  }

  // MARK: In hand

  /** @param {number} id */
  async #select(id) {
    this.#selected = id;
    this.#surroundings = null;
    this.#draw();
    if (!id) return this.#release();
    const found = await command("review.get", { item: id }).catch(() => null);
    if (found && this.#selected === id) {
      this.#surroundings = found;
      this.#items.set(id, found.item);
      community.want(found.context.map((/** @type {any} */ message) => message.by));
      this.#draw();
    }
  }

  /** Others see that the item is in hand. */
  async #claim() {
    const id = this.#selected;
    if (!id) return;
    if (this.#claimed === id) return this.#release();
    await this.#release();
    try {
      const answer = await command("review.claim", { item: id });
      this.#claimed = id;
      this.#items.set(id, answer.item);
    } catch (error) {
      toastError(error);
    }
    this.#draw();
  }

  async #release() {
    const id = this.#claimed;
    this.#claimed = 0;
    if (id && !this.#decided.includes(id)) await command("review.release", { item: id }).catch(() => {});
    this.#draw();
  }

  /** A claim lasts 120 s without activity. */
  #renew() {
    if (this.#claimed && !document.hidden) command("review.claim", { item: this.#claimed }).catch(() => {});
  }

  /** @param {1 | -1} step */
  #move(step) {
    const items = this.#shown();
    const index = items.findIndex((item) => item.id === this.#selected);
    const next = items[Math.max(0, Math.min(items.length - 1, index + step))];
    if (next && next.id !== this.#selected) this.#select(next.id);
  }

  // MARK: Deciding

  /** @param {string} action @param {any} [more] */
  #decide(action, more = {}) {
    const item = this.#items.get(this.#selected);
    if (!item || item.state !== "open" || this.#pending.has(item.id)) return;
    const items = this.#shown();
    const index = items.indexOf(item);
    const next = items[index + 1] ?? items[index - 1];
    const send = async () => {
      this.#pending.delete(item.id);
      try {
        const name = item.kind === "appeal" ? "appeal.decide" : "review.decide";
        await command(name, { item: item.id, action, version: item.version, reason: more.reason ?? "", ...more });
        this.#decided.push(item.id);
        this.#items.delete(item.id);
      } catch (error) {
        toastError(error);
      }
      if (this.isConnected) this.#draw();
    };
    const timer = setTimeout(send, undoSeconds * 1000);
    this.#pending.set(item.id, { action, timer, send });
    toast(t("decided", { action: t(/** @type {any} */ (`action_${action}`)) }), {
      label: `${t("undo")} (u)`,
      run: () => this.#undo(item.id),
      seconds: undoSeconds,
    });
    this.#select(next?.id ?? 0);
  }

  /** @param {number} id */
  #cancelPending(id) {
    const pending = this.#pending.get(id);
    if (pending) clearTimeout(pending.timer);
    return this.#pending.delete(id);
  }

  /** Takes the last decision back: before it is sent without a trace, after that on the server. @param {number} [id] */
  async #undo(id = [...this.#pending.keys()].pop() ?? this.#decided.pop()) {
    if (!id) return;
    if (this.#cancelPending(id)) return this.#select(id);
    try {
      await command("review.undo", { item: id });
      this.#decided = this.#decided.filter((known) => known !== id);
      toast(t("undone"));
      this.#select(id);
    } catch (error) {
      toastError(error);
    }
  }

  /** @param {string} action */
  #decideWithSanction(action) {
    const item = this.#items.get(this.#selected);
    if (!item) return;
    dialog(t("sanction"), (close) => {
      const kind = h(
        "select",
        null,
        ["warn", "mute", "kick", "ban"].map((value) =>
          h("option", { value, selected: value === item.proposed?.kind }, t(/** @type {any} */ (`sanction_${value}`)))
        ),
      );
      const hours = h("input", {
        type: "number",
        min: 0,
        value: String(Math.round((item.proposed?.seconds ?? 3600) / 3600)),
      });
      const everywhere = h("input", { type: "checkbox" });
      const reason = h("input", { maxLength: 500 });
      const submit = (/** @type {Event} */ event) => {
        event.preventDefault();
        close();
        const seconds = Math.round(Number(hours.value) * 3600) || undefined;
        this.#decide(action, {
          reason: reason.value,
          sanction: { kind: kind.value, seconds, everywhere: everywhere.checked },
        });
      };
      return h(
        "form",
        { on: { submit } },
        field(t("sanction"), kind),
        field(t("hours"), hours, t("hours_hint")),
        h("label", { class: "check" }, everywhere, t("everywhere")),
        field(t("reason"), reason, t("told_to_author")),
        h("div", { class: "actions" }, h("button", { type: "submit", class: "primary" }, t("action_remove"))),
      );
    }, "narrow");
  }

  // MARK: Drawing

  #drawFilters() {
    /** @param {string} name @param {string} label @param {[string, string][]} options */
    const select = (name, label, options) => {
      const element = h(
        "select",
        {
          "aria-label": label,
          on: {
            change: () => {
              /** @type {any} */ (this.#filter)[name] = element.value;
              this.#load();
            },
          },
        },
        options.map(([value, text]) =>
          h("option", { value, selected: value === /** @type {any} */ (this.#filter)[name] }, text)
        ),
      );
      return element;
    };
    const rooms = [...community.rooms.values()].filter((room) => room.kind !== "direct");
    fill(
      this.filters,
      select("kind", t("kind"), [
        ["", t("all_kinds")],
        ...kinds.map((kind) => /** @type {[string, string]} */ ([kind, t(/** @type {any} */ (`kind_${kind}`))])),
      ]),
      select("room", t("rooms"), [
        ["", t("all_rooms")],
        ...rooms.map((room) => /** @type {[string, string]} */ ([String(room.id), community.roomTitle(room)])),
      ]),
      select("state", t("state"), [["open", t("state_open")], ["decided", t("state_decided")], [
        "expired",
        t("state_expired"),
      ]]),
      select("sort", t("order"), [["oldest", t("order_oldest")], ["newest", t("order_newest")], [
        "weight",
        t("order_weight"),
      ]]),
      iconButton("flag", t("raid_mode"), () => raidDialog()),
      iconButton("question", t("keys"), showHelp),
    );
  }

  #drawAll() {
    const items = this.#shown();
    if (this.#selected && !this.#items.has(this.#selected)) return void this.#select(items[0]?.id ?? 0);
    fill(
      this.list,
      items.length === 0
        ? h("p", { class: "hint empty", role: "presentation" }, t("queue_empty"))
        : items.map((item) => this.#row(item)),
    );
    if (items.length === 0) this.list.removeAttribute("role");
    else this.list.setAttribute("role", "listbox");
    this.list.querySelector('[aria-selected="true"]')?.scrollIntoView({ block: "nearest" });
    this.#drawDetail();
  }

  /** @param {any} item */
  #row(item) {
    const room = community.room(item.room);
    const claim = item.claimed && item.claimed.by !== community.me?.id ? community.memberName(item.claimed.by) : null;
    return h(
      "div",
      {
        role: "option",
        class: "review-row",
        "aria-selected": String(item.id === this.#selected),
        on: { click: () => this.#select(item.id) },
      },
      h(
        "div",
        { class: "head" },
        h("span", { class: `badge kind-${item.kind}` }, t(/** @type {any} */ (`kind_${item.kind}`))),
        h("strong", { class: "clip" }, h("bdi", null, item.member.name ?? "")),
        h("time", null, ago(item.created_at)),
      ),
      h("p", { class: "clip", dir: "auto" }, item.text.slice(0, 120)),
      h(
        "div",
        { class: "hint head" },
        room && h("span", { class: "clip" }, community.roomTitle(room)),
        item.reports > 0 && h("span", null, t("n_reports", { n: item.reports })),
        claim && h("span", { class: "claim" }, icon("hand"), claim),
      ),
    );
  }

  #drawDetail() {
    const item = this.#items.get(this.#selected);
    if (!item) {
      return fill(
        this.detail,
        h("div", { class: "empty" }, h("h3", null, t("queue_empty")), h("p", { class: "hint" }, t("queue_empty_hint"))),
      );
    }
    const room = community.room(item.room);
    const around = this.#surroundings?.item?.id === item.id ? this.#surroundings : null;
    fill(
      this.detail,
      h(
        "header",
        { class: "review-author" },
        avatar(item.member.id, item.member.name ?? "?"),
        h(
          "div",
          null,
          h("strong", null, h("bdi", null, item.member.name ?? "")),
          " ",
          roleBadge(item.member.role),
          h(
            "p",
            { class: "hint" },
            t("standing", {
              trust: item.member.trust ?? 0,
              strikes: Number(item.member.strikes ?? 0).toFixed(1),
              n: item.member.posts ?? 0,
            }),
          ),
        ),
        h("span", { class: "hint" }, room && community.roomTitle(room), " · ", shortTime(item.created_at)),
      ),
      item.expires_at && h("p", { class: "hint" }, t("expires", { time: shortTime(item.expires_at) })),
      h(
        "div",
        { class: "review-text text plain", dir: "auto" },
        marked({ text: item.text, spans: fromBytes(item.text, spansOf(item)) }),
      ),
      whyView(item),
      item.decision &&
        h(
          "p",
          null,
          t("decision_was", {
            action: t(/** @type {any} */ (`action_${item.decision.action}`)),
            name: community.memberName(item.decision.by),
          }),
          item.decision.reason && `: ${item.decision.reason}`,
        ),
      this.#actions(item),
      around && contextView(item, around),
      around && around.reports.length > 0 &&
        h(
          "section",
          null,
          h("h3", null, t("reports")),
          h(
            "ul",
            { class: "plain-list" },
            around.reports.map((/** @type {any} */ report) =>
              h(
                "li",
                null,
                h("strong", null, community.memberName(report.by)),
                ` ${report.reason} `,
                h("span", { class: "hint" }, t("accuracy", { p: Math.round(report.accuracy * 100) })),
              )
            ),
          ),
        ),
    );
  }

  /** @param {any} item */
  #actions(item) {
    const others = item.claimed && item.claimed.by !== community.me?.id;
    /** @param {string} key @param {any} label @param {() => void} run @param {string} [className] */
    const button = (key, label, run, className = "") =>
      h("button", { type: "button", class: className, on: { click: run } }, t(label), " ", h("kbd", null, key));
    if (item.state !== "open") {
      return h(
        "div",
        { class: "actions start" },
        item.state === "decided" && button("u", "undo", () => this.#undo(item.id)),
      );
    }
    const isAppeal = item.kind === "appeal";
    return h(
      "div",
      { class: "actions start review-actions" },
      others &&
        h("p", { class: "claim" }, icon("hand"), t("claimed_by", { name: community.memberName(item.claimed.by) })),
      button("a", "action_approve", () => this.#decide("approve"), "primary"),
      button("r", "action_reject", () => this.#decide("reject")),
      !isAppeal && button("d", "action_remove", () => this.#decide("remove"), "danger"),
      !isAppeal && button("x", "action_redact", () => this.#decide("redact", { spans: spansOf(item) })),
      !isAppeal && button("b", "sanction", () => this.#decideWithSanction("remove")),
      button("c", this.#claimed === item.id ? "release" : "claim", () => this.#claim()),
      button("h", "history", () => this.#history(item)),
    );
  }

  /** @param {any} item */
  #history(item) {
    dialog(t("history"), () => {
      const body = h("div", null, t("loading"));
      historyView(item.member.id).then((view) => fill(body, view), toastError);
      return body;
    });
  }

  /** @returns {import("../lib/keymap.js").Row[]} */
  #keys() {
    const scope = "queue";
    return [
      { keys: "j / ArrowDown", label: "key_next_item", scope, run: () => this.#move(1) },
      { keys: "k / ArrowUp", label: "key_previous_item", scope, run: () => this.#move(-1) },
      { keys: "a", label: "action_approve", scope, run: () => this.#decide("approve") },
      { keys: "r", label: "action_reject", scope, run: () => this.#decide("reject") },
      { keys: "d", label: "action_remove", scope, run: () => this.#decide("remove") },
      {
        keys: "x",
        label: "action_redact",
        scope,
        run: () => this.#decide("redact", { spans: spansOf(this.#items.get(this.#selected)) }),
      },
      { keys: "b", label: "sanction", scope, run: () => this.#decideWithSanction("remove") },
      { keys: "c", label: "claim", scope, run: () => void this.#claim() },
      { keys: "u / z", label: "undo", scope, run: () => void this.#undo() },
      {
        keys: "h",
        label: "history",
        scope,
        run: () => void (this.#selected && this.#history(this.#items.get(this.#selected))),
      },
      { keys: "g", label: "action_cluster", scope, run: () => this.#decide("reject", { cluster: true }) },
    ];
  }
}

customElements.define("ly-review", ReviewQueue);

/** Where rules matched, in bytes of the text as UTF-8. @param {any} item @returns {[number, number][]} */
function spansOf(item) {
  return (item?.verdict?.reasons ?? []).flatMap((/** @type {any} */ reason) =>
    reason.spans ?? (reason.span ? [reason.span] : [])
  );
}

/** Offsets in bytes as offsets in the units that strings here are counted in. @param {string} text @param {[number, number][]} spans */
export function fromBytes(text, spans) {
  const bytes = new TextEncoder().encode(text);
  const decoder = new TextDecoder();
  const units = (/** @type {number} */ offset) => decoder.decode(bytes.subarray(0, offset)).length;
  return spans.map(([start, end]) => /** @type {[number, number]} */ ([units(start), units(end)]));
}

/** Why the item is here: rules with their reasons, labels with the tokens that weighed most. @param {any} item */
function whyView(item) {
  const reasons = item.verdict?.reasons ?? [];
  if (reasons.length === 0) return null;
  return h(
    "section",
    { class: "why-list" },
    h(
      "h3",
      null,
      t("why"),
      item.verdict.score !== undefined &&
        h("span", { class: "hint" }, ` ${t("score", { n: Number(item.verdict.score).toFixed(1) })}`),
    ),
    h("ul", { class: "plain-list" }, reasons.map((/** @type {any} */ reason) => h("li", null, reasonView(reason)))),
  );
}

/** @param {any} reason */
function reasonView(reason) {
  const score = reason.score !== undefined && h("span", { class: "count" }, signed(reason.score));
  if (reason.rule) return [h("code", null, reason.rule), " ", reason[currentLanguage()] ?? "", " ", score];
  if (reason.classifier) {
    return [
      h("strong", null, reason.classifier),
      ` ${Math.round((reason.probability ?? 0) * 100)} % `,
      h(
        "span",
        { class: "tokens" },
        (reason.tokens ?? []).slice(0, 10).map((/** @type {[string, number]} */ [token, weight]) =>
          h("span", { class: weight > 0 ? "token for" : "token against" }, h("bdi", null, token), " ", signed(weight))
        ),
      ),
    ];
  }
  return [
    Object.keys(reason).filter((key) => key !== "score").map((key) =>
      `${key} ${typeof reason[key] === "object" ? "" : reason[key]}`
    ).join(", "),
    " ",
    score,
  ];
}

/** @param {number} number */
function signed(number) {
  return `${number > 0 ? "+" : ""}${Number(number).toFixed(1)}`;
}

/** The messages before and after. @param {any} item @param {any} around */
function contextView(item, around) {
  if (around.context.length === 0) return null;
  return h(
    "section",
    null,
    h("h3", null, t("context")),
    h(
      "ol",
      { class: "plain-list context" },
      around.context.map((/** @type {any} */ message) =>
        h(
          "li",
          { class: message.seq === item.seq ? "here" : "" },
          h("strong", null, h("bdi", null, community.memberName(message.by))),
          " ",
          h("time", { class: "hint" }, shortTime(message.at)),
          h("p", { dir: "auto", class: "text" }, message.deleted ? t("deleted") : plain(message).slice(0, 400)),
        )
      ),
    ),
  );
}

/** Holds what newcomers post, for a time. */
function raidDialog() {
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
    const set = (on) =>
      command("raid.set", {
        on,
        room: Number(room.value) || undefined,
        seconds: on ? Number(hours.value) * 3600 : undefined,
      }).then(() => {
        close();
        toast(t(on ? "raid_on" : "raid_off"));
      }, toastError);
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
