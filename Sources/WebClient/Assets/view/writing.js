import { socket } from "../model/app.js";

/** The most characters that a message may have. */
export function longest() {
  return socket.hello?.limits?.text_chars ?? 4000;
}

/** Puts marks round what is chosen. @param {HTMLTextAreaElement} input @param {string} mark */
export function wrap(input, mark) {
  const { selectionStart, selectionEnd, value } = input;
  const inner = value.slice(selectionStart, selectionEnd);
  input.setRangeText(`${mark}${inner}${mark}`, selectionStart, selectionEnd, "select");
  input.setSelectionRange(selectionStart + mark.length, selectionEnd + mark.length);
}

/** Makes a field as high as its text, and says how many characters are left once they become few. @param {HTMLTextAreaElement} input @param {HTMLElement} count */
export function fit(input, count) {
  input.style.height = "auto";
  input.style.height = `${Math.min(input.scrollHeight, innerHeight * 0.4)}px`;
  const left = longest() - [...input.value].length;
  count.hidden = left > longest() / 10;
  count.textContent = String(left);
  count.classList.toggle("over", left < 0);
}
