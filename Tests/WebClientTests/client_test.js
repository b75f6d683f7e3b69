import { texts } from "../../Sources/WebClient/Assets/text/texts.js";
import { emojis, findEmoji, withEmoji } from "../../Sources/WebClient/Assets/lib/emoji.js";
import { initials, match } from "../../Sources/WebClient/Assets/lib/pinyin.js";
import { Community } from "../../Sources/WebClient/Assets/model/community.js";
import { LiveRoom, pickedAfter } from "../../Sources/WebClient/Assets/model/live.js";
import { Recommendations } from "../../Sources/WebClient/Assets/model/recommendations.js";
import { Outbox } from "../../Sources/WebClient/Assets/model/outbox.js";

/** @param {unknown} actual @param {unknown} expected */
function equal(actual, expected) {
  const [a, b] = [JSON.stringify(actual), JSON.stringify(expected)];
  if (a !== b) throw new Error(`${a} is not ${b}`);
}

const assets = new URL("../../Sources/WebClient/Assets/", import.meta.url);

/** Every script of the client with its text. @returns {Promise<{path: string, text: string}[]>} */
async function scripts(folder = assets) {
  const found = [];
  for await (const entry of Deno.readDir(folder)) {
    const address = new URL(entry.name + (entry.isDirectory ? "/" : ""), folder);
    if (entry.isDirectory) found.push(...await scripts(address));
    else if (entry.name.endsWith(".js")) {
      found.push({ path: address.href.slice(assets.href.length), text: await Deno.readTextFile(address) });
    }
  }
  return found;
}

Deno.test("both languages have every sentence, with the same values in it", () => {
  const values = (/** @type {string} */ text) =>
    [...new Set([...text.matchAll(/\{(\w+)/g)].map((found) => found[1]))].sort();
  for (const [key, [en, zh]] of Object.entries(texts)) {
    equal([key, en.length > 0, zh.length > 0], [key, true, true]);
    equal([key, values(zh).filter((value) => !values(en).includes(value))], [key, []]);
  }
});

Deno.test("every sentence that is asked for is there, and every one that is there can be asked for", async () => {
  const all = (await scripts()).filter(({ path }) => !path.startsWith("text/"));
  const text = all.map((script) => script.text).join("\n");
  const asked = [...text.matchAll(/\bt\(\s*"([a-z_0-9]+)"/g)].map((found) => found[1]);
  equal(asked.filter((key) => !(key in texts)), []);
  const prefixes = [...text.matchAll(/`([a-z]+_)\$\{/g)].map((found) => found[1]);
  const unused = Object.keys(texts).filter((key) =>
    !text.includes(`"${key}"`) && !prefixes.some((prefix) => key.startsWith(prefix)) && !key.startsWith("error_")
  );
  equal(unused, []);
});

Deno.test("no script has a sink for markup or code", async () => {
  const sinks = /\b(innerHTML|outerHTML|insertAdjacentHTML|document\.write|eval|new Function|DOMParser|srcdoc)\b/;
  for (const { path, text } of await scripts()) equal([path, sinks.exec(text)?.[0]], [path, undefined]);
});

Deno.test("Han text is found by its pinyin initials", () => {
  equal(initials("读书会"), "dsh");
  equal(initials("实时问答"), "sswd");
  equal(initials("Swift 语言"), "swift yy");
  equal(match("dsh", "读书会") > 1, true);
  equal(match("读书", "读书会") > match("dsh", "读书会"), true);
  equal(match("xyz", "读书会"), 0);
});

Deno.test("emoji are found by name and by word, and every name is one emoji's", () => {
  equal(findEmoji("tad", 1)[0].emoji, "🎉");
  equal(findEmoji("吃瓜", 1)[0].emoji, "🍉");
  equal(withEmoji("ship it :rocket: at 10:30: now"), "ship it 🚀 at 10:30: now");
  const names = emojis.map((entry) => entry.name);
  equal(names.length, new Set(names).size);
  equal(emojis.filter((entry) => !/\p{Extended_Pictographic}/u.test(entry.emoji)), []);
});

/** @param {Record<string, (fields: any) => any>} answers */
function community(answers = {}) {
  // What an earlier run has left would be sent again.
  localStorage.clear();
  const asked = /** @type {any[]} */ ([]);
  const made = new Community((name, fields) => {
    asked.push([name, fields]);
    return answers[name] ? Promise.resolve(answers[name](fields)) : new Promise(() => {});
  });
  made.open({
    member: { id: 1, name: "me", role: "member" },
    me: { epoch: "e", seq: 0 },
    resumed: [],
    rooms: [{
      id: 7,
      kind: "public",
      name: "r",
      title: "R",
      epoch: "e",
      seq: 10,
      read_seq: 10,
      unread: 0,
      mentions: 0,
      role: "member",
    }],
  });
  return { made, asked };
}

/** @param {number} seq @param {any} [more] */
function posted(seq, more = {}) {
  return { event: "message.posted", room: 7, seq, at: seq, by: 2, text: `m${seq}`, ...more };
}

/** What the promises that are under way need to settle. */
async function settle() {
  for (let turn = 0; turn < 30; turn += 1) await Promise.resolve();
}

Deno.test("events that come twice, late or out of order are applied once and in order", async () => {
  const all = [11, 12, 13, 14, 15].map((seq) => posted(seq));
  const { made } = community({
    "history.get": (fields) => ({ events: all.filter((event) => event.seq > fields.after) }),
  });
  const seen = /** @type {number[]} */ ([]);
  made.on("posted", (event) => seen.push(event.seq));
  for (const event of [all[0], all[0], all[3], all[1], all[4], all[2]]) made.receive(event);
  await settle();
  made.receive(all[2]);
  equal(seen, [11, 12, 13, 14, 15]);
  equal(made.room(7)?.unread, 5);
  equal(made.cursors()[0], { room: 7, epoch: "e", seq: 15 });
});

Deno.test("an event that nobody knows changes nothing", () => {
  const { made } = community();
  made.receive({ event: "sky.fell", room: 7, seq: 11, at: 1, by: 2 });
  made.receive({ event: "sky.fell" });
  equal(made.room(7)?.seq, 11);
  equal(made.room(7)?.unread, 0);
});

Deno.test("unread and mentions count what others post at the top level", () => {
  const { made } = community();
  made.receive(posted(11));
  made.receive(posted(12, { thread: 11 }));
  made.receive(posted(13, { mentions: [1] }));
  equal([made.room(7)?.unread, made.room(7)?.mentions], [2, 1]);
  made.receive(posted(14, { by: 1 }));
  equal([made.room(7)?.unread, made.room(7)?.mentions], [0, 0]);
});

Deno.test("a replay after a reconnection is not counted twice", () => {
  const { made } = community();
  made.open({
    member: { id: 1, name: "me", role: "member" },
    me: { epoch: "e", seq: 0 },
    resumed: [{ room: 7, replay: 2 }],
    rooms: [{
      id: 7,
      kind: "public",
      name: "r",
      title: "R",
      epoch: "e",
      seq: 12,
      read_seq: 10,
      unread: 2,
      mentions: 0,
      role: "member",
    }],
  });
  made.receive(posted(11));
  made.receive(posted(12));
  equal(made.room(7)?.unread, 2);
  made.receive(posted(13));
  equal(made.room(7)?.unread, 3);
});

Deno.test("the answer for a room that was left does not enter the room that was opened", async () => {
  /** @type {(page: any) => void} */
  let answer = () => {};
  const { made } = community({
    "history.get": () => new Promise((resolve) => (answer = resolve)),
  });
  const timeline = made.timeline(7);
  timeline.loadLatest();
  const first = answer;
  timeline.loadAround(5);
  first({ messages: [posted(9)] });
  await settle();
  equal(timeline.items.length, 0);
});

Deno.test("a message that failed goes out again under its nonce, and one that got through twice shows once", async () => {
  /** @type {any[]} */
  const sent = [];
  let fails = true;
  const { made } = community({
    "message.post": (fields) => {
      sent.push(fields);
      if (fails) return Promise.reject({ code: "offline" });
      return { seq: 11, at: 1, verdict: "allow", duplicate: true };
    },
  });
  const outbox = new Outbox(made);
  const entry = outbox.post({ room: 7, text: "hi" });
  await settle();
  equal(entry.state, "failed");
  fails = false;
  outbox.resume();
  await settle();
  equal([sent.length, sent[0].nonce === sent[1].nonce, entry.state], [2, true, "sent"]);
  made.receive(posted(11, { by: 1, text: "hi" }));
  equal(outbox.of(7), []);
});

Deno.test("a held message stays with its author until a moderator decides", async () => {
  const { made } = community({ "message.post": () => ({ verdict: "hold", review: 4 }) });
  const outbox = new Outbox(made);
  const entry = outbox.post({ room: 7, text: "加微信" });
  await settle();
  equal(entry.state, "held");
  made.receive({
    event: "me.decided",
    stream: "me",
    seq: 1,
    at: 1,
    review: 4,
    action: "reject",
    reason: "advertising",
  });
  equal([entry.state, entry.error.message], ["rejected", "advertising"]);
});

/** A room with one open session, two questions and a poll, as the server lists them. */
async function liveRoom() {
  const counts = { votes: 1, up: 1, down: 0, mine: 0, answers: [] };
  const questions = [
    { seq: 5, qa: 4, text: "older", state: "open", at: 1, by: 2, ...counts },
    { seq: 6, qa: 4, text: "newer", state: "open", at: 2, by: 3, ...counts },
  ];
  const polls = [{ seq: 7, question: "?", options: ["a", "b"], kind: "single", voters: 0, counts: [0, 0], mine: [] }];
  const session = { seq: 4, title: "Ask", state: "open" };
  /** @type {Record<string, any>} */
  const answers = {
    "qa.list": { sessions: [session], qa: session, questions, hosting: false, seq: 10 },
    "poll.list": { polls },
  };
  const live = new LiveRoom((name) => Promise.resolve(structuredClone(answers[name])), 1);
  await live.load();
  return live;
}

const order = (/** @type {LiveRoom} */ live) => live.ordered("votes").map((question) => question.seq);

Deno.test("questions are ordered by their tallies, and an event that the list holds already changes nothing", async () => {
  const live = await liveRoom();
  equal(order(live), [5, 6]);
  live.apply({ event: "question.tally", room: 1, seq: 11, qa: 4, question: 6, votes: 3, up: 3, down: 0 });
  equal(order(live), [6, 5]);
  live.apply({ event: "question.tally", room: 1, seq: 9, qa: 4, question: 5, votes: 9, up: 9, down: 0 });
  live.apply({ event: "question.tally", room: 2, seq: 12, qa: 4, question: 5, votes: 9, up: 9, down: 0 });
  live.apply({ event: "question.sung", room: 1, seq: 13, qa: 9, question: 5 });
  equal(order(live), [6, 5]);
  live.close();
});

Deno.test("a question is asked, put on stage and answered by events alone", async () => {
  const live = await liveRoom();
  live.apply({ event: "question.asked", room: 1, seq: 11, at: 3, by: 2, qa: 4, state: "open", text: "third" });
  live.apply({ event: "question.asked", room: 1, seq: 12, at: 3, by: 0, qa: 4, state: "submitted" });
  equal(order(live), [5, 6, 11]);
  const step = { event: "question.updated", room: 1, qa: 4, question: 11, from: "open", labels: [] };
  live.apply({ ...step, seq: 13, change: "live", state: "live", slot: "now" });
  equal(live.onStage("now")?.text, "third");
  const answer = { seq: 14, by: 1, at: 4, text: "so", accepted: true };
  live.apply({ ...step, seq: 14, change: "answered", state: "answered", accepted: 14, answer });
  equal(live.onStage("now"), undefined);
  equal(live.questions.get(11)?.answers, [answer]);
  live.close();
});

Deno.test("a vote that is refused is taken back on the page", async () => {
  const live = await liveRoom();
  const question = /** @type {any} */ (live.questions.get(5));
  live.command = () => Promise.reject(new Error("no"));
  const voting = live.vote(question, 1);
  equal([question.votes, question.mine], [2, 1]);
  await voting.catch(() => {});
  equal([question.votes, question.mine], [1, 0]);
});

Deno.test("a superseded tally tells nothing, and a poll that is gone is gone", async () => {
  const live = await liveRoom();
  live.apply({ event: "poll.tally", room: 1, seq: 11, poll: 7, voters: 2, counts: [1, 1] });
  live.apply({ event: "poll.tally", room: 1, seq: 12, poll: 7, voters: 0, superseded: true });
  equal(live.polls.get(7)?.counts, [1, 1]);
  live.apply({ event: "poll.closed", room: 1, seq: 13, poll: 7, voters: 2, counts: [2, 0] });
  equal([live.polls.get(7)?.closed, live.openPolls.length], [true, 0]);
  live.apply({ event: "poll.deleted", room: 1, seq: 14, poll: 7 });
  equal(live.polls.size, 0);
});

Deno.test("an option is one choice, one of several, or the next in order", () => {
  const poll = (/** @type {string} */ kind) => /** @type {any} */ ({ kind, mine: [2, 0] });
  equal(pickedAfter(poll("multiple"), 1), [2, 0, 1]);
  equal(pickedAfter(poll("ranked"), 2), [0]);
  equal(pickedAfter({ ...poll("single"), mine: [2] }, 1), [1]);
  equal(pickedAfter({ ...poll("quiz"), mine: [1] }, 1), []);
});

Deno.test("pushes tell what differs from the list that was answered", async () => {
  const item = (/** @type {string} */ key) => ({ kind: "thread", key, impression: key, reason: {} });
  const known = new Recommendations(() => Promise.resolve({ items: ["a", "b", "c"].map(item) }));
  known.apply({ kinds: { threads: { add: [], remove: [], order: ["c"] } } });
  await known.load();
  known.apply({ kinds: { threads: { add: [{ place: 0, item: item("d") }], remove: ["b"], order: ["d", "c", "a"] } } });
  equal(known.lists.get("threads")?.map(({ key }) => key), ["d", "c", "a"]);
});
