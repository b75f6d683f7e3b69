import { h } from "../lib/dom.js";
import { t } from "../lib/i18n.js";

/**
 * Builds what the server read out of a text. Every node comes from here and every text goes into a text node; an
 * unknown tag shows its pieces.
 *
 * @typedef {string | any[]} Piece
 * @typedef {{names: string[], mine: string[]}} Mentions Names that the message calls; those that call the reader.
 */

/**
 * @param {{text: string, tree?: Piece[]}} message
 * @param {Mentions} mentions
 * @returns {Node[]}
 */
export function formatted(message, mentions) {
  if (!message.tree) return decorate(message.text, mentions);
  return message.tree.map((piece) => node(piece, mentions));
}

/** A message in one line, without marks. @param {{text: string, tree?: Piece[]}} message */
export function plain(message) {
  const text = message.tree ? message.tree.map(flat).join(" ") : message.text;
  return text.replace(/\s+/g, " ").trim();
}

/** @param {Piece} piece @returns {string} */
function flat(piece) {
  if (typeof piece === "string") return piece;
  if (!Array.isArray(piece)) return "";
  const [tag, ...rest] = piece;
  if (tag === "br") return " ";
  if (tag === "spoiler") return "▒▒▒";
  const skip = tag === "a" || tag === "pre" || tag === "h" || tag === "ol" ? 1 : 0;
  return rest.slice(skip).map(flat).join(tag === "ul" || tag === "ol" ? " " : "");
}

const plainTags = /** @type {Record<string, string>} */ ({
  p: "p",
  quote: "blockquote",
  ul: "ul",
  li: "li",
  b: "strong",
  i: "em",
  s: "s",
});

/** @param {Piece} piece @param {Mentions} mentions @returns {Node} */
function node(piece, mentions) {
  if (typeof piece === "string") return fragment(decorate(piece, mentions));
  if (!Array.isArray(piece)) return document.createTextNode("");
  const [tag, ...rest] = piece;
  const children = () => rest.map((child) => node(child, mentions));
  if (typeof tag === "string" && Object.hasOwn(plainTags, tag)) return h(plainTags[tag], null, children());
  switch (tag) {
    case "br":
      return h("br");
    case "hr":
      return h("hr");
    case "c":
      return h("code", { dir: "ltr" }, String(rest[0] ?? ""));
    case "pre":
      return codeBlock(String(rest[0] ?? ""), String(rest[1] ?? ""));
    case "h":
      // The page has headings of its own; one inside a message is only large.
      return h(
        "p",
        { class: `heading level-${Number(rest[0]) || 1}` },
        rest.slice(1).map((child) => node(child, mentions)),
      );
    case "ol":
      return h("ol", { start: Number(rest[0]) || 0 }, rest.slice(1).map((child) => node(child, mentions)));
    case "a":
      return link(String(rest[0] ?? ""), rest.slice(1).map((child) => node(child, mentions)));
    case "spoiler":
      return spoiler(children());
    default:
      return fragment(children());
  }
}

/** @param {Node[]} nodes */
function fragment(nodes) {
  const made = document.createDocumentFragment();
  made.append(...nodes);
  return made;
}

/** @param {string} language @param {string} text */
function codeBlock(language, text) {
  return h(
    "div",
    { class: "code-block" },
    language && h("span", { class: "code-language" }, language),
    h("pre", { tabIndex: 0, role: "group", "aria-label": t("code", { language }) }, h("code", { dir: "ltr" }, text)),
  );
}

/** @param {string} target @param {Node[]} children */
function link(target, children) {
  if (!/^(https?:\/\/|mailto:)/i.test(target)) return fragment(children);
  return h("a", { href: target, target: "_blank", rel: "noopener noreferrer nofollow ugc", title: target }, children);
}

/** @param {Node[]} children */
function spoiler(children) {
  const button = h("button", {
    type: "button",
    class: "spoiler",
    "aria-expanded": "false",
    "aria-label": t("spoiler"),
  });
  const content = h("span", { class: "spoiler-content" }, children);
  content.inert = true;
  button.addEventListener("click", () => {
    button.replaceWith(content);
    content.inert = false;
  });
  button.append("▒▒▒▒");
  return button;
}

/** Marks the mentions in a run of text. @param {string} text @param {Mentions} mentions @returns {Node[]} */
function decorate(text, mentions) {
  if (mentions.names.length === 0 || !text.includes("@")) return [document.createTextNode(text)];
  const nodes = [];
  let from = 0;
  for (let at = text.indexOf("@"); at >= 0; at = text.indexOf("@", at + 1)) {
    const rest = text.slice(at + 1).toLowerCase();
    const name = mentions.names.find((candidate) => rest.startsWith(candidate.toLowerCase()));
    if (!name) continue;
    if (at > from) nodes.push(document.createTextNode(text.slice(from, at)));
    const end = at + 1 + name.length;
    const isMine = mentions.mine.includes(name);
    nodes.push(h("span", { class: isMine ? "mention mine" : "mention" }, text.slice(at, end)));
    from = end;
  }
  if (from < text.length) nodes.push(document.createTextNode(text.slice(from)));
  return nodes;
}
