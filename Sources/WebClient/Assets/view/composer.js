import { fill, h, icon, iconButton } from "../lib/dom.js";
import { withEmoji } from "../lib/emoji.js";
import { t } from "../lib/i18n.js";
import { isComposing } from "../lib/keymap.js";
import { Bin } from "../lib/store.js";
import { command, community, drafts, outbox, socket } from "../model/app.js";
import { AttachedFiles, attachedTo } from "./attached.js";
import { runCommand } from "./bots.js";
import { complete, CompletionList } from "./completion.js";
import { pickEmoji } from "./emojipicker.js";
import { GrowingField } from "./growingfield.js";
import { plain } from "./markdown.js";
import { toast, toastError } from "./parts.js";

/** Where messages are written: a room, or a thread in it. */
export class Composer extends HTMLElement {
  /** @type {GrowingField} */
  field = /** @type {any} */ (null);
  /** @type {any} */
  input;
  /** @type {any} */
  list;
  /** @type {any} */
  about;
  /** @type {any} */
  typing;
  attached = new AttachedFiles();
  /** @type {any} */
  picker;
  /** @type {any} */
  attachButton;
  /** @type {any} */
  sendButton;
  /** @type {any} */
  form;
  /** @type {any} */
  closed;
  /** @type {import("../model/community.js").Room | null} */
  #room = null;
  /** @type {number | undefined} */
  #thread;
  /** @type {import("../model/timeline.js").Message | null} */
  #replyTo = null;
  /** @type {import("../model/timeline.js").Message | null} */
  #editing = null;
  #typingTold = 0;
  #bin = new Bin();
  /** Called after a message has gone out. */
  onSent = () => {};
  /** Called for the arrow up in an empty field. */
  onEditLast = () => {};
  isClosed = false;

  connectedCallback() {
    this.className = "composer";
    this.field = new GrowingField({
      input: () => this.#changed(),
      keydown: (event) => this.#keyed(event),
      paste: (event) => this.#pasted(event),
      blur: () => this.list.show(null),
    });
    this.input = this.field.input;
    this.list = new CompletionList(this.input, (choice, from) => this.#take(choice, from));
    this.about = h("div", { class: "composer-about" });
    this.typing = h("div", { class: "typing", "aria-hidden": "true" });
    this.picker = h("input", {
      type: "file",
      multiple: true,
      hidden: true,
      "aria-label": t("attach"),
      on: { change: () => this.#picked(this.picker) },
    });
    this.attachButton = iconButton("attach", t("attach"), () => this.picker.click());
    this.sendButton = iconButton("send", t("send"), () => this.#send(), "primary");
    this.form = h(
      "div",
      { class: "composer-box" },
      this.picker,
      this.attachButton,
      this.input,
      this.field.count,
      iconButton("smile", t("emoji"), (event) => pickEmoji(event.currentTarget, (emoji) => this.insert(emoji))),
      this.sendButton,
    );
    this.closed = h("p", { class: "composer-closed", hidden: true });
    this.#takeDrops(/** @type {HTMLElement} */ (this.parentElement));
    this.append(this.list.element, this.about, this.attached.element, this.form, this.closed, this.typing);
    this.#bin.add(
      community.on("typing members", () => this.#drawTyping()),
      community.on("rooms", () => this.#drawRights()),
    );
  }

  disconnectedCallback() {
    this.#bin.empty();
  }

  /** @param {import("../model/community.js").Room} room @param {number} [thread] @param {boolean} [isClosed] */
  open(room, thread, isClosed = false) {
    this.#room = room;
    this.#thread = thread;
    this.isClosed = isClosed;
    this.#editing = null;
    this.#replyTo = null;
    this.#attach(attachedTo(room.id, thread));
    const draft = drafts.get(room.id, thread);
    this.field.text = draft.text;
    this.input.placeholder = thread ? t("reply_placeholder") : t("write_to", { room: community.roomTitle(room) });
    this.list.show(null);
    this.#drawAbout();
    this.#drawRights();
    this.#drawTyping();
    if (draft.reply_to) this.#recall(room.id, draft.reply_to, thread);
  }

  /** Finds again what a draft replies to. @param {number} room @param {number} seq @param {number} [thread] */
  async #recall(room, seq, thread) {
    const message = community.timeline(room, thread).message(seq) ?? await community.quoted.find(room, seq, thread);
    if (message && this.#room?.id === room && this.#thread === thread && !this.#editing) {
      this.#replyTo ??= message;
      this.#drawAbout();
    }
  }

  /** Takes the files that wait in this place in place of those of another. @param {AttachedFiles} files */
  #attach(files) {
    this.attached.element.replaceWith(files.element);
    this.attached = files;
  }

  /** @override */
  focus() {
    this.input.focus();
  }

  /** @param {import("../model/timeline.js").Message} message */
  replyTo(message) {
    this.#editing = null;
    this.#replyTo = message;
    this.#drawAbout();
    this.#keepDraft();
    this.focus();
  }

  /** @param {import("../model/timeline.js").Message} message */
  edit(message) {
    this.#editing = message;
    this.#replyTo = null;
    this.field.text = message.text;
    this.#drawAbout();
    this.focus();
  }

  /** @param {string} text */
  insert(text) {
    this.field.insert(text);
    this.focus();
    this.#changed();
  }

  /** Takes a text that came back, such as one that was rejected. @param {string} text */
  rewrite(text) {
    this.field.text = text;
    this.#changed();
    this.focus();
  }

  // MARK: Keys

  /** @param {KeyboardEvent} event */
  #keyed(event) {
    // Enter that ends a composition chooses characters and sends nothing.
    if (isComposing(event)) return;
    if (this.list.key(event)) return;
    if (event.key === "Enter" && !event.shiftKey && !event.altKey) {
      // On a phone's keyboard Enter is the only way to a new line; there is a button to send.
      if (matchMedia("(pointer: coarse) and (hover: none)").matches && !event.ctrlKey) return;
      event.preventDefault();
      this.#send();
    } else if (event.key === "Escape" && (this.#editing || this.#replyTo)) {
      event.preventDefault();
      this.#cancel();
    } else if (event.key === "ArrowUp" && this.input.value === "") {
      event.preventDefault();
      this.onEditLast();
    } else if ((event.ctrlKey || event.metaKey) && !event.shiftKey && "bi".includes(event.key)) {
      event.preventDefault();
      this.field.wrap(event.key === "b" ? "**" : "*");
      this.#changed();
    }
  }

  #cancel() {
    if (this.#editing) this.field.text = drafts.get(Number(this.#room?.id), this.#thread).text;
    this.#editing = null;
    this.#replyTo = null;
    this.#drawAbout();
    this.#keepDraft();
  }

  async #changed() {
    this.field.fit();
    if (!this.#editing) this.#keepDraft();
    this.#tellTyping();
    const before = this.field.beforeCaret;
    const found = this.#room ? await complete(before, this.#room.id) : null;
    // What was typed meanwhile has asked for itself.
    if (before === this.field.beforeCaret) this.list.show(found);
  }

  #keepDraft() {
    if (!this.#room || this.#editing) return;
    drafts.set(this.#room.id, this.#thread, { text: this.input.value, reply_to: this.#replyTo?.seq });
  }

  #tellTyping() {
    const now = Date.now();
    if (!this.#room || this.input.value === "" || now - this.#typingTold < 3000 || socket.state !== "online") return;
    this.#typingTold = now;
    command("typing", { room: this.#room.id, thread: this.#thread }).catch(() => {});
  }

  /** @param {import("./completion.js").Choice} choice @param {number} from */
  #take(choice, from) {
    this.field.complete(choice.insert, from);
    this.#changed();
  }

  // MARK: Sending

  async #send() {
    const [room, thread] = [this.#room, this.#thread];
    const text = withEmoji(this.input.value).trim();
    if (!room || !text && this.attached.files.length === 0) return;
    const { limit } = this.field;
    if ([...text].length > limit) return toast(t("too_long", { n: limit }));
    if (this.#editing) return this.#sendEdit(this.#editing, text);
    if (this.attached.isUploading) return toast(t("still_uploading"));
    if (text.startsWith("/") && await runCommand(text, room.id, thread)) return this.#clear();
    const files = this.attached.stored;
    const attachments = files?.map((file) => file.id);
    outbox.post({ room: room.id, thread, reply_to: this.#replyTo?.seq, text, attachments, files });
    this.#clear();
    this.onSent();
  }

  /** After what was written has gone out. */
  #clear() {
    this.field.text = "";
    this.#replyTo = null;
    this.attached.clear();
    this.#typingTold = 0;
    this.#keepDraft();
    this.#drawAbout();
    this.list.show(null);
  }

  /** @param {import("../model/timeline.js").Message} message @param {string} text */
  async #sendEdit(message, text) {
    if (text === message.text) return this.#cancel();
    try {
      const ok = await command("message.edit", { room: this.#room?.id, seq: message.seq, text });
      if (ok.verdict === "hold") toast(t("edit_held"));
      this.#cancel();
    } catch (error) {
      // The text stays in the field.
      toastError(error);
    }
  }

  // MARK: Files

  /** @param {ClipboardEvent} event */
  #pasted(event) {
    const files = [...(event.clipboardData?.files ?? [])];
    if (files.length === 0) return;
    event.preventDefault();
    this.addFiles(files);
  }

  /** @param {HTMLInputElement} picker */
  #picked(picker) {
    this.addFiles([...(picker.files ?? [])]);
    picker.value = "";
  }

  /** Takes what is dropped anywhere on the room or thread. @param {HTMLElement} pane */
  #takeDrops(pane) {
    const mark = (/** @type {boolean} */ isOver) => pane.classList.toggle("dropping", isOver);
    pane.addEventListener("dragover", () => mark(this.attached.isPossible));
    pane.addEventListener("dragleave", () => mark(false));
    pane.addEventListener("drop", (event) => {
      mark(false);
      this.addFiles([...(event.dataTransfer?.files ?? [])]);
    });
  }

  /** @param {File[]} files */
  addFiles(files) {
    this.attached.add(files, Number(this.#room?.id));
  }

  // MARK: Drawing

  #drawAbout() {
    const message = this.#editing ?? this.#replyTo;
    this.about.hidden = !message;
    if (!message) return fill(this.about);
    const words = this.#editing ? t("editing") : t("replying_to", { name: community.memberName(message.by) });
    fill(
      this.about,
      icon(this.#editing ? "edit" : "reply"),
      h("strong", null, words),
      h("span", { class: "clip" }, plain(message).slice(0, 120)),
      iconButton("close", t("cancel"), () => this.#cancel()),
    );
  }

  #drawRights() {
    // A new connection, and joining, bring the room anew.
    const room = this.#room && (community.room(this.#room.id) ?? this.#room);
    if (!room) return;
    this.#room = room;
    const key = this.#whyClosed(room);
    this.form.hidden = key !== null;
    this.closed.hidden = key === null;
    if (key) this.closed.textContent = t(/** @type {any} */ (key));
    this.attachButton.hidden = !this.attached.isPossible;
  }

  /** @param {import("../model/community.js").Room} room */
  #whyClosed(room) {
    if (!room.role) return "not_in_room";
    if (room.archived) return "room_archived";
    if (this.isClosed) return "thread_closed";
    return !community.canPost(room) && !this.#thread ? "announcements_only" : null;
  }

  #drawTyping() {
    if (!this.#room) return;
    const names = community.typists(this.#room.id, this.#thread).map((id) => community.memberName(id));
    this.typing.textContent = names.length === 0
      ? ""
      : names.length > 3
      ? t("many_typing")
      : t("typing", { names: names.join(", "), n: names.length });
  }
}

customElements.define("ly-composer", Composer);
