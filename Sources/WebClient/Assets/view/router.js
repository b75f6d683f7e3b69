import { Topics } from "../lib/store.js";

/**
 * Where the member is, in the address's fragment, so that Back works and links can be shared.
 *
 * @typedef {{page: string, room?: number, thread?: number, at?: number, rest: string[]}} Place
 */

class Router extends Topics {
  /** @type {Place} */
  place = { page: "home", rest: [] };

  read() {
    this.place = parse(location.hash);
    this.tell("place");
  }

  /** @param {string} path Such as `room/3/thread/17`. @param {boolean} [replacing] */
  go(path, replacing = false) {
    const address = `#/${path}`;
    if (location.hash === address) return this.tell("place");
    if (replacing) history.replaceState(null, "", address);
    else history.pushState(null, "", address);
    this.read();
  }
}

/** @param {string} hash @returns {Place} */
export function parse(hash) {
  const parts = hash.replace(/^#\/?/, "").split("/").filter(Boolean);
  /** @type {Place} */
  const place = { page: parts[0] ?? "home", rest: parts.slice(1) };
  if (place.page !== "room") return place;
  place.room = Number(parts[1]) || undefined;
  for (let index = 2; index + 1 < parts.length; index += 2) {
    const number = Number(parts[index + 1]) || undefined;
    if (parts[index] === "thread") place.thread = number;
    else if (parts[index] === "at") place.at = number;
  }
  return place;
}

/** The code of an invite link. @param {string} hash */
export function inviteIn(hash) {
  return new URLSearchParams(hash.replace(/^#\/?/, "")).get("invite") ?? undefined;
}

export const router = new Router();
addEventListener("popstate", () => router.read());
addEventListener("hashchange", () => router.read());
