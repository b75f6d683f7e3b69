import { t } from "../lib/i18n.js";
import { community } from "../model/app.js";
import { announce } from "./announcer.js";
import { plain } from "./markdown.js";

/** What of a log was announced to those who hear the page, and what was read. */
export class LogReading {
  /** The last message that was announced or on screen when the log was opened. */
  #announced = 0;
  /** The last message that was marked as read in a thread. */
  #threadRead = 0;

  /** @param {number} announced */
  begin(announced) {
    this.#announced = announced;
  }

  /** What came in since one looked. @param {import("../model/timeline.js").Timeline} timeline */
  announce(timeline) {
    const news = timeline.atEnd
      ? timeline.items.filter((m) => m.seq > this.#announced && m.by !== community.me?.id && !m.deleted)
      : [];
    this.#announced = Math.max(this.#announced, timeline.newest?.seq ?? 0);
    if (news.length > 2) announce(t("n_new_messages", { n: news.length }));
    else for (const message of news) announce(`${community.memberName(message.by)}: ${plain(message).slice(0, 200)}`);
  }

  /** The newest message is on screen, before somebody's eyes. @param {import("../model/timeline.js").Timeline} timeline */
  mark(timeline) {
    const { newest } = timeline;
    const room = community.room(timeline.roomId);
    if (!newest || !room?.role) return;
    if (timeline.thread === undefined) {
      if (room.unread > 0 || room.mentions > 0) community.markRead(room, newest.seq);
    } else if (this.#threadRead !== newest.seq) {
      this.#threadRead = newest.seq;
      community.command("read.mark", { room: room.id, seq: newest.seq, thread: timeline.thread }).catch(() => {});
      community.tell("threads");
    }
  }
}
