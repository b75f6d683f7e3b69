import { fill, h, icon, iconButton } from "../lib/dom.js";
import { explain, t } from "../lib/i18n.js";
import { socket } from "../model/app.js";
import { uploadFile } from "../net/files.js";
import { toast } from "./parts.js";

/** Files of one message. */
const most = 10;

/** By room and thread: what was attached stays while one looks elsewhere. @type {Map<string, AttachedFiles>} */
const waiting = new Map();

/** The files that wait in a room or thread. @param {number} room @param {number} [thread] */
export function attachedTo(room, thread) {
  const key = `${room}/${thread ?? ""}`;
  for (const [other, files] of waiting) if (files.files.length === 0 && other !== key) waiting.delete(other);
  const files = waiting.get(key) ?? new AttachedFiles();
  waiting.set(key, files);
  return files;
}

/** Forgets what waits, as another member signs in. */
export function forgetAttached() {
  waiting.clear();
}

/** Files that go out with the next message: picked, pasted or dropped, and uploaded at once. */
export class AttachedFiles {
  element = h("div", { class: "attached", hidden: true });
  /** What the server made of each; without an `id` while it is on its way. @type {any[]} */
  files = [];

  /** Whether this server takes files. */
  get isPossible() {
    return socket.hello?.features?.includes("files") ?? false;
  }

  /** What goes out with the message. */
  get stored() {
    if (this.files.length === 0) return undefined;
    return this.files.map(({ id, name, type, bytes, width, height }) => ({ id, name, type, bytes, width, height }));
  }

  get isUploading() {
    return this.files.some((file) => !file.id);
  }

  /** @param {File[]} files @param {number} room */
  add(files, room) {
    if (!this.isPossible) return;
    for (const file of files.slice(0, most - this.files.length)) this.#upload(file, room);
  }

  clear() {
    this.files = [];
    this.#draw();
  }

  /** @param {File} file @param {number} room */
  async #upload(file, room) {
    const entry =
      /** @type {any} */ ({ name: file.name, bar: h("progress", { "aria-label": t("uploading"), value: 0 }) });
    const { stored, abort } = uploadFile(file, room, (share) => entry.bar.value = share);
    entry.abort = abort;
    this.files = [...this.files, entry];
    this.#draw();
    try {
      const { id, name, type, bytes, width, height } = await stored;
      Object.assign(entry, { id, name, type, bytes, width, height });
    } catch (error) {
      this.files = this.files.filter((known) => known !== entry);
      toast(`${file.name}: ${explain(/** @type {any} */ (error))}`);
    }
    this.#draw();
  }

  #draw() {
    this.element.hidden = this.files.length === 0;
    fill(this.element, this.files.map((file) => this.#chip(file)));
  }

  /** @param {any} file */
  #chip(file) {
    const discard = () => {
      file.abort();
      this.files = this.files.filter((known) => known !== file);
      this.#draw();
    };
    return h(
      "span",
      { class: "chip" },
      icon("attach"),
      file.name,
      !file.id && file.bar,
      iconButton("close", t("discard"), discard),
    );
  }
}
