import { community } from "../model/app.js";

/** Who is in the open rooms, so that `@` knows them before they have spoken. @type {Map<number, Promise<any[]>>} */
const rosters = new Map();

/** @param {number} room */
export function forgetRoster(room) {
  rosters.delete(room);
}

/** @param {number} room @returns {Promise<any[]>} */
export function roster(room) {
  const known = rosters.get(room);
  if (known) return known;
  const found = community.command("room.members", { room, limit: 1000 }).then((answer) => {
    for (const member of answer.members) {
      community.members.set(member.id, { ...member });
      community.presence.set(member.id, member.presence);
    }
    community.tell("presence");
    return answer.members;
  });
  found.catch(() => rosters.delete(room));
  rosters.set(room, found);
  return found;
}
