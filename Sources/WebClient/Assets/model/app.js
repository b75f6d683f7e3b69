import { Topics } from "../lib/store.js";
import { takeTicket } from "../net/http.js";
import { Socket } from "../net/socket.js";
import { Asides } from "./asides.js";
import { Community } from "./community.js";
import { Drafts } from "./drafts.js";
import { Outbox } from "./outbox.js";
import { Recommendations } from "./recommendations.js";

/** The parts of the running client, put together once. */
export const topics = new Topics();

/** @type {Community} */
export const community = new Community((name, fields) => socket.command(name, fields));
export const outbox = new Outbox(community);
export const asides = new Asides(community);
export const drafts = new Drafts(community);
export const recommendations = new Recommendations((name, fields) => socket.command(name, fields));
community.on("recommendations", (push) => recommendations.apply(push));

/** @type {Socket} */
export const socket = new Socket({
  takeTicket,
  cursors: () => community.cursors(),
  opened: (opened) => {
    community.open(opened);
    drafts.of(opened.member.id);
    outbox.resume();
    topics.tell("opened");
  },
  received: (event) => community.receive(event),
  changed: () => topics.tell("connection"),
});

/** @param {string} name @param {Record<string, any>} [fields] @returns {Promise<any>} */
export function command(name, fields) {
  return socket.command(name, fields);
}
