import { h } from "../lib/dom.js";
import { t } from "../lib/i18n.js";
import { socket } from "../model/app.js";

/** A field that grows with its text, and counts what is left once little is. */
export class GrowingField {
  count = h("span", { class: "count", hidden: true });

  /** @param {Record<string, (event: any) => void>} on What it listens to. */
  constructor(on) {
    this.input = h("textarea", {
      rows: 1,
      dir: "auto",
      "aria-label": t("write"),
      "aria-haspopup": "listbox",
      enterKeyHint: "send",
      autocomplete: "off",
      on,
    });
  }

  /** Most characters of a text, as the server has said. */
  get limit() {
    return socket.hello?.limits?.text_chars ?? 4000;
  }

  get text() {
    return this.input.value;
  }

  set text(text) {
    this.input.value = text;
    this.fit();
  }

  get beforeCaret() {
    return this.input.value.slice(0, this.input.selectionStart);
  }

  fit() {
    this.input.style.height = "auto";
    this.input.style.height = `${Math.min(this.input.scrollHeight, innerHeight * 0.4)}px`;
    const left = this.limit - [...this.input.value].length;
    this.count.hidden = left > this.limit / 10;
    this.count.textContent = String(left);
    this.count.classList.toggle("over", left < 0);
  }

  /** Puts a text in place of what is selected. @param {string} text */
  insert(text) {
    this.input.setRangeText(text, this.input.selectionStart, this.input.selectionEnd, "end");
  }

  /** Puts a text in place of what stands before the caret. @param {string} text @param {number} from */
  complete(text, from) {
    this.input.setRangeText(text, from, this.input.selectionStart, "end");
  }

  /** Puts a mark on both sides of what is selected. @param {string} mark */
  wrap(mark) {
    const { selectionStart, selectionEnd, value } = this.input;
    const inner = value.slice(selectionStart, selectionEnd);
    this.input.setRangeText(`${mark}${inner}${mark}`, selectionStart, selectionEnd, "select");
    this.input.setSelectionRange(selectionStart + mark.length, selectionEnd + mark.length);
  }
}
