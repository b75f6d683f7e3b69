import { h, icon } from "../lib/dom.js";
import { currentLanguage, explain, t } from "../lib/i18n.js";
import { match } from "../lib/pinyin.js";
import { clock } from "../lib/time.js";
import { asides, command, community } from "../model/app.js";
import { formatted } from "./markdown.js";
import { avatar, field, formDialog, nameView, toast, toastError } from "./parts.js";
import { roster } from "./roster.js";

/** @type {Map<number, Promise<any[]>>} */
const lists = new Map();

/** The commands of a room's bots. @param {number} room @returns {Promise<any[]>} */
export function commandsOf(room) {
  const known = lists.get(room);
  if (known) return known;
  const found = command("command.list", { room }).then(
    ({ bots }) =>
      bots.flatMap((/** @type {any} */ bot) => bot.commands.map((/** @type {any} */ one) => ({ ...one, bot }))),
    () => [],
  );
  lists.set(room, found);
  return found;
}

/** @param {number} room */
export function forgetCommands(room) {
  lists.delete(room);
}

/** In the member's language where it has one. @param {any} thing @param {string} name */
function said(thing, name) {
  return currentLanguage() === "zh" && thing[`${name}_zh`] || thing[name];
}

/** Commands whose name begins like `word`. @param {string} word @param {number} room */
export async function completeCommand(word, room) {
  const commands = await commandsOf(room);
  return commands
    .map((one) => ({ one, rank: Math.max(match(word, one.name), one.name_zh ? match(word, one.name_zh) : 0) }))
    .filter(({ rank }) => rank >= 1)
    .sort((a, b) => b.rank - a.rank)
    .slice(0, 8)
    .map(({ one }) => ({
      insert: `/${one.name} `,
      label: `/${said(one, "name")}`,
      hint: said(one, "description"),
      mark: avatar(one.bot.bot, one.bot.name),
    }));
}

/**
 * Runs a text that begins with a command; what the command needs and the text does not say is asked for.
 *
 * @param {string} text
 * @param {number} room
 * @param {number} [thread]
 * @returns {Promise<boolean>} False if it is no command: the text is a message like any other.
 */
export async function runCommand(text, room, thread) {
  const [, name, rest] = /^\/(\S+)\s*(.*)$/s.exec(text) ?? [];
  if (!name) return false;
  const found = (await commandsOf(room)).find((one) => one.name === name.toLowerCase() || one.name_zh === name);
  if (!found) return false;
  const options = found.options ?? [];
  const free = options.find((/** @type {any} */ option) => option.type === "string" && !option.choices?.length);
  const given = rest && free ? { [free.name]: rest } : {};
  const missing = options.some((/** @type {any} */ option) => option.required && !(option.name in given));
  const invoke = (/** @type {any} */ values) =>
    ask("command.invoke", { room, thread, command: found.name, bot: found.bot.bot, options: values });
  if (missing || options.length > 0 && !rest) optionsDialog(found, given, room, invoke);
  else invoke(given);
  return true;
}

/** @param {string} name @param {any} fields */
function ask(name, fields) {
  const asked = { ...fields, nonce: crypto.randomUUID(), locale: currentLanguage() };
  return command(name, asked).then((ok) => {
    asides.expect(ok.invocation, fields.thread);
    toast(t("bot_asked", { name: community.memberName(ok.bot) }));
  }, toastError);
}

/** @param {any} found @param {any} given @param {number} room @param {(values: any) => void} invoke */
async function optionsDialog(found, given, room, invoke) {
  const members = await roster(room).catch(() => []);
  /** @type {{option: any, input: any}[]} */
  const inputs = found.options.map((/** @type {any} */ option) => ({
    option,
    input: inputFor(option, given, members),
  }));
  const fields = [
    h("p", { class: "hint" }, said(found, "description")),
    ...inputs.map(({ option, input }) => field(said(option, "name"), input, said(option, "description"))),
  ];
  formDialog(`/${said(found, "name")}`, t("send"), fields, () => {
    const entries = inputs.map(({ option, input }) => [option.name, valueOf(option, input)]);
    invoke(Object.fromEntries(entries.filter(([, value]) => value !== undefined)));
  });
}

/** @param {any} option @param {any} given @param {any[]} members */
function inputFor(option, given, members) {
  /** @param {[any, string][]} pairs */
  const select = (pairs) =>
    h(
      "select",
      { required: option.required },
      !option.required && h("option", { value: "" }, "–"),
      pairs.map(([value, label]) => h("option", { value: String(value) }, label)),
    );
  if (option.choices?.length) return select(option.choices.map((/** @type {any} */ c) => [c.value, said(c, "label")]));
  if (option.type === "boolean") return select([[true, t("yes")], [false, t("no")]]);
  if (option.type === "member") return select(members.map((member) => [member.id, member.name]));
  if (option.type === "room") {
    return select([...community.rooms.values()].map((room) => [room.id, community.roomTitle(room)]));
  }
  const isText = option.type === "string";
  return h("input", {
    type: isText ? "text" : "number",
    step: option.type === "number" ? "any" : undefined,
    required: option.required,
    value: given[option.name] ?? "",
  });
}

/** @param {any} option @param {any} input */
function valueOf(option, input) {
  if (input.value === "") return undefined;
  if (option.type === "string") return input.value;
  return option.type === "boolean" ? input.value === "true" : Number(input.value);
}

/** Buttons and selects under a bot's message, or under an answer that one sees alone. @param {any[]} components @param {any} target */
export function componentsView(components, target) {
  const press = (/** @type {string} */ component, /** @type {string[]} */ values) =>
    ask("component.invoke", { ...target, component, values });
  return h(
    "div",
    { class: "components" },
    components.map((component) => {
      const { id, disabled } = component;
      const label = said(component, "label");
      if (component.type === "button") {
        const style = component.style === "secondary" ? "" : component.style;
        return h("button", { type: "button", class: style, disabled, on: { click: () => press(id, []) } }, label);
      }
      const choices = component.choices.map((/** @type {any} */ c) =>
        h("option", { value: c.value }, said(c, "label"))
      );
      const many = component.max > 1;
      const select = h(
        "select",
        { multiple: many, disabled, "aria-label": label },
        !many && h("option", { value: "" }, label),
        choices,
      );
      const take = () => {
        const values = [...select.selectedOptions].map((option) => option.value).filter(Boolean);
        if (values.length >= (component.min ?? 1)) press(id, values);
      };
      if (!many) select.addEventListener("change", take);
      return many ? [select, h("button", { type: "button", disabled, on: { click: take } }, t("send"))] : select;
    }),
  );
}

/** Who made a bot say this, and by which command. @param {any} invoked */
export function invokedView(invoked) {
  return h("p", { class: "reply-line" }, icon("reply"), nameView(invoked.by), ` /${invoked.command ?? ""}`);
}

/** An answer that one sees alone. @param {import("../model/asides.js").Aside} aside */
export function asideRow(aside) {
  const name = community.memberName(aside.bot);
  return h(
    "article",
    { class: "message aside", "aria-label": `${name}: ${aside.text}`.slice(0, 400) },
    h("div", { class: "gutter" }, avatar(aside.bot, name)),
    h(
      "div",
      { class: "body" },
      h("div", { class: "head" }, h("bdi", { class: "name" }, name), h("time", null, clock(aside.at))),
      h("div", { class: aside.tree ? "text" : "text plain", dir: "auto" }, formatted(aside, { names: [], mine: [] })),
      aside.components && componentsView(aside.components, { room: aside.room, invocation: aside.invocation }),
      h(
        "div",
        { class: "foot" },
        h("span", { class: "note" }, icon("lock"), t("only_you")),
        h("button", { type: "button", class: "link", on: { click: () => asides.dismiss(aside) } }, t("hide")),
      ),
    ),
  );
}

/** Says what became of an invocation that has no words of its own. @param {any} event */
export function tellBotState(event) {
  const name = community.memberName(event.bot);
  if (event.error) toast(`${name}: ${explain(event.error)}`);
  else if (event.state === "deferred") toast(t("bot_works", { name }));
  else if (event.state === "expired") toast(t("bot_silent", { name }));
}
