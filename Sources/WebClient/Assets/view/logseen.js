import { t } from "../lib/i18n.js";
import { community } from "../model/app.js";
import { announce } from "./announcer.js";
import { plain } from "./markdown.js";

/** What of a log was read, and what of it was said to those who hear the page. */
export class LogSeen {
  /** The last message that was announced, or there when the log was opened. */
  #announced = 0;
  /** The last message that was marked as read in a thread. */
  #threadRead = 0;

  /** @param {number} seq */
  begin(seq) {
    this.#announced = seq;
  }

  /** Says what came since. @param {import("../model/timeline.js").Timeline} timeline */
  announce(timeline) {
    const news = timeline.atEnd
      ? timeline.items.filter((m) => m.seq > this.#announced && m.by !== community.me?.id && !m.deleted)
      : [];
    this.#announced = Math.max(this.#announced, timeline.newest?.seq ?? 0);
    if (news.length > 2) announce(t("n_new_messages", { n: news.length }));
    else for (const message of news) announce(`${community.memberName(message.by)}: ${plain(message).slice(0, 200)}`);
  }

  /** Its end has been looked at. @param {import("../model/timeline.js").Timeline} timeline */
  read(timeline) {
    const { newest, thread } = timeline;
    const room = community.room(timeline.roomId);
    if (!newest || !room?.role) return;
    if (thread === undefined) {
      if (room.unread > 0 || room.mentions > 0) community.markRead(room, newest.seq);
    } else if (this.#threadRead !== newest.seq) {
      this.#threadRead = newest.seq;
      community.command("read.mark", { room: room.id, seq: newest.seq, thread }).catch(() => {});
      community.tell("threads");
    }
  }
}
