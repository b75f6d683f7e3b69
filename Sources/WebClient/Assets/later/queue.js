import { fill, h, icon, onceAFrame } from "../lib/dom.js";
import { t } from "../lib/i18n.js";
import { addKeys } from "../lib/keymap.js";
import { Bin } from "../lib/store.js";
import { command, community, topics } from "../model/app.js";
import { toast, toastError } from "../view/parts.js";
import { Decisions } from "./decisions.js";
import { itemRow, itemView, spansOf } from "./item.js";
import { itemActions } from "./itemactions.js";
import { QueueFilters } from "./queuefilters.js";
import { RaidBar } from "./raid.js";
import { historyDialog, sanctionDialog } from "./reviewdialogs.js";

/** A claim lasts 120 s without activity; it is renewed in time while the page is looked at. */
const renewal = 60_000;

/** One queue: the items at the left, the one in hand at the right, decided from the keyboard. */
class ReviewQueue extends HTMLElement {
  #filters = new QueueFilters(() => this.#load());
  #raid = new RaidBar();
  /** @type {any} */
  list;
  /** @type {any} */
  detail;
  /** @type {Map<number, any>} */
  #items = new Map();
  #decisions = new Decisions({
    decided: (item) => {
      this.#items.delete(item.id);
      this.#draw();
    },
    returned: (id) => this.#select(id),
  });
  #selected = 0;
  #claimed = 0;
  /** What the author will read of the decision. */
  #reason = h("input", { maxLength: 500, "aria-label": t("reason"), placeholder: t("reason_optional") });
  /** @type {any} What stands around the item in hand. */
  #around = null;
  #cursor = { epoch: "", seq: 0 };
  #bin = new Bin();
  #draw = onceAFrame(() => this.#drawAll());

  connectedCallback() {
    this.className = "review";
    this.list = h("div", { class: "review-list", role: "listbox", "aria-label": t("review_queue"), tabIndex: 0 });
    this.detail = h("section", { class: "review-detail", "aria-label": t("item"), tabIndex: -1 });
    this.append(h("div", { class: "review-side" }, this.#filters.element, this.#raid.element, this.list), this.detail);
    const timer = setInterval(() => this.#renew(), renewal);
    const leave = () => this.#decisions.flush();
    addEventListener("pagehide", leave);
    this.#bin.add(
      community.on("stream", (event) => event.stream === "review" && this.#received(event)),
      community.on("members", () => this.#draw()),
      topics.on("opened", () => this.#subscribe()),
      addKeys(this.#keys()),
      () => clearInterval(timer),
      () => removeEventListener("pagehide", leave),
    );
    this.#subscribe();
  }

  disconnectedCallback() {
    this.#bin.empty();
    this.#decisions.flush();
    this.#release();
  }

  // MARK: Stream

  async #subscribe() {
    this.#raid.load();
    try {
      const answer = await command("review.subscribe", {});
      this.#cursor = { epoch: answer.epoch, seq: answer.seq };
      if (this.#filters.value.state === "open") this.#hold(answer.items);
      this.#select(this.#items.has(this.#selected) ? this.#selected : this.#shown()[0]?.id ?? 0);
    } catch (error) {
      fill(this.detail, h("p", { class: "hint" }, /** @type {any} */ (error).message));
      toastError(error);
    }
    this.#draw();
  }

  /** @param {any[]} items */
  #hold(items) {
    this.#items = new Map(items.map((item) => [item.id, item]));
  }

  /** @param {any} event */
  #received(event) {
    if (event.seq > this.#cursor.seq + 1) return this.#subscribe();
    this.#cursor.seq = Math.max(this.#cursor.seq, event.seq);
    if (event.event === "review.raid") this.#raid.load();
    const item = event.item;
    if (!item) return;
    const inHand = this.#selected === item.id;
    if (item.state === "open" || inHand && this.#items.has(item.id)) this.#items.set(item.id, item);
    else this.#items.delete(item.id);
    const byOther = item.decision && item.decision.by !== community.me?.id;
    if (event.event === "review.decided" && byOther && inHand) {
      this.#decisions.cancel(item.id);
      toast(t("decided_by", { name: community.memberName(item.decision.by) }));
    }
    this.#draw();
  }

  /** Items in the order they are worked through. */
  #shown() {
    const { kind, room, sort, state } = this.#filters.value;
    const items = [...this.#items.values()].filter((item) =>
      (!kind || item.kind === kind) && (!room || item.room === Number(room)) &&
      (state !== "open" || item.state === "open" || item.id === this.#selected) && !this.#decisions.waits(item.id)
    );
    if (sort === "weight") return items.sort((a, b) => b.weight - a.weight);
    if (sort === "newest") return items.sort((a, b) => b.id - a.id);
    // Nobody waits for what only asks for a label.
    const asks = sort === "urgency" ? (/** @type {any} */ item) => +["check", "sample"].includes(item.kind) : () => 0;
    return items.sort((a, b) => asks(a) - asks(b) || a.id - b.id);
  }

  async #load() {
    const { kind, room, state, sort } = this.#filters.value;
    if (state === "open") return this.#subscribe();
    const wanted = { state, sort, limit: 200, kind: kind || undefined, room: Number(room) || undefined };
    const answer = await command("review.list", wanted).catch(toastError);
    if (!answer) return;
    this.#hold(answer.items);
    this.#select(answer.items[0]?.id ?? 0);
  }

  // MARK: In hand

  /** @param {number} id */
  async #select(id) {
    if (id !== this.#selected) this.#reason.value = "";
    this.#selected = id;
    this.#around = null;
    this.#draw();
    if (!id) return this.#release();
    const found = await command("review.get", { item: id }).catch(() => null);
    if (!found || this.#selected !== id) return;
    if (found.item.parent) {
      const parent = await command("review.get", { item: found.item.parent }).catch(() => null);
      found.parent = parent?.item;
    }
    if (this.#selected !== id) return;
    this.#around = found;
    this.#items.set(id, found.item);
    community.want(found.context.map((/** @type {any} */ message) => message.by));
    this.#draw();
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
    if (id && !this.#decisions.has(id)) await command("review.release", { item: id }).catch(() => {});
    this.#draw();
  }

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

  /** @param {string} action @param {any} [more] */
  #decide(action, more = {}) {
    const item = this.#items.get(this.#selected);
    if (!item || item.state !== "open" || this.#decisions.waits(item.id)) return;
    const items = this.#shown();
    const index = items.indexOf(item);
    const next = items[index + 1] ?? items[index - 1];
    this.#decisions.decide(item, action, { reason: this.#reason.value, ...more });
    this.#select(next?.id ?? 0);
  }

  #redact() {
    const item = this.#items.get(this.#selected);
    if (item) this.#decide("redact", { spans: spansOf(item) });
  }

  #sanction() {
    const item = this.#items.get(this.#selected);
    if (item) sanctionDialog(item, (more) => this.#decide("remove", more));
  }

  #history() {
    const item = this.#items.get(this.#selected);
    if (item) historyDialog(item);
  }

  // MARK: Drawing

  #drawAll() {
    const items = this.#shown();
    if (this.#selected && !this.#items.has(this.#selected)) return void this.#select(items[0]?.id ?? 0);
    fill(
      this.list,
      items.map((item) => itemRow(item, item.id === this.#selected, () => this.#select(item.id))),
      items.length === 0 && h("p", { class: "hint empty", role: "presentation" }, t("queue_empty")),
    );
    if (items.length === 0) this.list.removeAttribute("role");
    else this.list.setAttribute("role", "listbox");
    this.list.querySelector('[aria-selected="true"]')?.scrollIntoView({ block: "nearest" });
    this.#drawDetail();
  }

  #drawDetail() {
    const item = this.#items.get(this.#selected);
    const isWriting = this.#reason === document.activeElement;
    const around = this.#around?.item.id === item?.id ? this.#around : null;
    fill(
      this.detail,
      item ? itemView(item, around, itemActions(item, this.#hand())) : h(
        "div",
        { class: "empty" },
        icon("check"),
        h("h3", null, t("queue_empty")),
        h("p", { class: "hint" }, t("queue_empty_hint")),
      ),
    );
    if (isWriting) this.#reason.focus();
  }

  /** What the buttons of the item in hand do. */
  #hand() {
    return {
      isClaimed: this.#claimed === this.#selected,
      reason: this.#reason,
      decide: (/** @type {string} */ action) => this.#decide(action),
      redact: () => this.#redact(),
      sanction: () => this.#sanction(),
      claim: () => this.#claim(),
      history: () => this.#history(),
      undo: () => this.#decisions.undo(this.#selected),
    };
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
      { keys: "x", label: "action_redact", scope, run: () => this.#redact() },
      { keys: "b", label: "sanction", scope, run: () => this.#sanction() },
      { keys: "c", label: "claim", scope, run: () => void this.#claim() },
      { keys: "u / z", label: "undo", scope, run: () => void this.#decisions.undo() },
      { keys: "h", label: "history", scope, run: () => this.#history() },
      { keys: "g", label: "action_cluster", scope, run: () => this.#decide("reject", { cluster: true }) },
    ];
  }
}

customElements.define("ly-review", ReviewQueue);
