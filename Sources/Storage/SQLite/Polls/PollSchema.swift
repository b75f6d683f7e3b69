/// The tables of polls.
enum PollSchema {
    /// - `poll_tally` stands apart from `poll`, so that a vote rewrites a few hundred bytes and not the texts. `counts`
    ///   holds counts by option and for a ranked poll the comparisons after them, eight bytes each, little-endian;
    ///   `is_untold` is what the agenda starts from after a crash.
    /// - `poll_ballot.choices` has a byte for each option that was chosen, in the member's order.
    static let tables = """
        CREATE TABLE poll (
            room INTEGER NOT NULL, seq INTEGER NOT NULL, author INTEGER NOT NULL, opened_at INTEGER NOT NULL,
            kind TEXT NOT NULL, question TEXT NOT NULL, options BLOB NOT NULL, is_anonymous INTEGER NOT NULL,
            hides_results INTEGER NOT NULL, right_option INTEGER, closes_at INTEGER, closed_at INTEGER,
            PRIMARY KEY (room, seq)) WITHOUT ROWID;
        CREATE INDEX poll_open ON poll (room, seq) WHERE closed_at IS NULL;
        CREATE INDEX poll_closing ON poll (closes_at) WHERE closed_at IS NULL AND closes_at IS NOT NULL;
        CREATE TABLE poll_tally (
            room INTEGER NOT NULL, poll INTEGER NOT NULL, voters INTEGER NOT NULL, counts BLOB NOT NULL,
            is_untold INTEGER NOT NULL, told_by INTEGER,
            PRIMARY KEY (room, poll)) WITHOUT ROWID;
        CREATE INDEX poll_tally_untold ON poll_tally (room, poll) WHERE is_untold;
        CREATE TABLE poll_ballot (
            room INTEGER NOT NULL, poll INTEGER NOT NULL, member INTEGER NOT NULL, at INTEGER NOT NULL,
            choices BLOB NOT NULL, text TEXT NOT NULL,
            PRIMARY KEY (room, poll, member)) WITHOUT ROWID;
        CREATE INDEX poll_ballot_of_member ON poll_ballot (member, room, poll);
        CREATE TABLE poll_word (
            room INTEGER NOT NULL, poll INTEGER NOT NULL, word TEXT NOT NULL, count INTEGER NOT NULL,
            PRIMARY KEY (room, poll, word)) WITHOUT ROWID;
        """
}
