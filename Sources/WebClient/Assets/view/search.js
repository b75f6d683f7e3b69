import { fill, h, iconButton } from "../lib/dom.js";
import { explain, t } from "../lib/i18n.js";
import { shortTime } from "../lib/time.js";
import { command, community } from "../model/app.js";
import { closeSide, openSide, yieldSide } from "./sidepane.js";

/** Opens the search beside the room. @param {number} [room] Searched first; all rooms at a click. @param {string} [text] */
export function searchPane(room, text) {
  const open = /** @type {SearchPane | null} */ (document.querySelector("ly-search"));
  const pane = open ?? /** @type {SearchPane} */ (document.createElement("ly-search"));
  if (!open) openSide(pane);
  pane.start(room, text);
}

/** What a text finds, best first; a hit leads to the message in its place. */
export class SearchPane extends HTMLElement {
  /** @type {any} */
  input;
  /** @type {any} */
  scope;
  /** @type {any} */
  results;
  /** @type {any} */
  count;
  /** @type {number | undefined} */
  #room;
  #asked = 0;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #timer;

  connectedCallback() {
    this.className = "pane search-pane";
    this.setAttribute("role", "search");
    this.setAttribute("aria-label", t("search"));
    this.input = h("input", {
      type: "search",
      "aria-label": t("search"),
      placeholder: t("search"),
      maxLength: 200,
      on: { input: () => this.#later() },
    });
    this.scope = h("select", { "aria-label": t("search_where"), on: { change: () => this.#ask() } });
    this.results = h("ol", { class: "plain-list", tabIndex: -1 });
    this.count = h("p", { class: "hint", role: "status" });
    this.append(
      h("header", { class: "room-head" }, this.input, iconButton("close", t("close"), closeSide)),
      h("div", { class: "search-scope" }, this.scope, this.count),
      this.results,
    );
    this.addEventListener("keydown", (event) => {
      if (event.key === "Escape") closeSide();
    });
  }

  /** @param {number} [room] @param {string} [text] */
  start(room, text) {
    this.#room = room;
    const here = room ? community.room(room) : undefined;
    fill(
      this.scope,
      here && h("option", { value: String(here.id) }, community.roomTitle(here)),
      h("option", { value: "" }, t("all_rooms")),
    );
    if (text) {
      this.input.value = text;
      this.scope.value = "";
      this.#ask();
    }
    this.input.focus();
    this.input.select();
  }

  #later() {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#ask(), 180);
  }

  async #ask() {
    const text = this.input.value.trim();
    const number = ++this.#asked;
    if (!text) {
      fill(this.results);
      this.count.textContent = "";
      return;
    }
    try {
      const room = Number(this.scope.value) || undefined;
      const answer = await command("search", { text, room, limit: 50 });
      // An answer that was overtaken by a later question is of no use.
      if (number !== this.#asked) return;
      community.want(answer.hits.map((/** @type {any} */ hit) => hit.by).filter(Boolean));
      this.count.textContent = t("n_hits", { n: answer.hits.length });
      fill(this.results, answer.hits.map((/** @type {any} */ hit) => h("li", null, this.#hit(hit))));
    } catch (error) {
      this.count.textContent = explain(/** @type {any} */ (error));
    }
  }

  /** @param {any} hit */
  #hit(hit) {
    const room = community.room(hit.room);
    const isQuestion = hit.kind === "question";
    const path = isQuestion
      ? `qa/${hit.room}/${hit.qa}`
      : `room/${hit.room}${hit.thread ? `/thread/${hit.thread}` : ""}/at/${hit.seq}`;
    return h(
      "a",
      {
        class: "hit",
        href: `#/${path}`,
        on: { click: yieldSide },
      },
      h(
        "span",
        { class: "head" },
        h("strong", null, h("bdi", null, hit.by ? community.memberName(hit.by) : t("anonymous"))),
        isQuestion && h("span", { class: "hint" }, t("question")),
        room && h("span", { class: "hint clip" }, community.roomTitle(room)),
        h("time", null, shortTime(hit.at)),
      ),
      h("span", { class: "text", dir: "auto" }, marked(excerpt(hit.text, hit.spans))),
    );
  }
}

/** The text round its first hit. @param {string} text @param {[number, number][]} spans */
export function excerpt(text, spans) {
  const first = spans[0]?.[0] ?? 0;
  const from = Math.max(0, first - 60);
  const cut = text.slice(from, from + 240);
  const moved = spans.map(([a, b]) => /** @type {[number, number]} */ ([a - from, b - from])).filter(([a, b]) =>
    a >= 0 && b <= cut.length
  );
  return { text: cut, spans: moved };
}

/** A text with spans of it marked; spans are in UTF-16 units. @param {{text: string, spans: [number, number][]}} found */
export function marked({ text, spans }) {
  const nodes = [];
  let from = 0;
  for (const [start, end] of [...spans].sort((a, b) => a[0] - b[0])) {
    if (start < from || end > text.length) continue;
    nodes.push(text.slice(from, start), h("mark", null, text.slice(start, end)));
    from = end;
  }
  nodes.push(text.slice(from));
  return nodes;
}

customElements.define("ly-search", SearchPane);
