import { live } from "./live.js";
import { members } from "./members.js";
import { moderators } from "./moderators.js";

/** Every sentence of the client: in English, where `{n|one|many}` chooses by the number `n`, and in Chinese. */
export const texts = {
  ...live,
  ...members,
  ...moderators,
};
