import GRDB

/// The shape of the record, as a list of steps from the first released version to this one.
///
/// A released step is never edited: what changes comes as a new step at the end, and the tests migrate a store of
/// every released version.
enum Schema {
    static var migrator: DatabaseMigrator {
        var migrator = DatabaseMigrator()
        migrator.registerMigration("0.1.0") { try $0.execute(sql: version010) }
        migrator.registerMigration("0.1.0 review") { try $0.execute(sql: ReviewSchema.version010) }
        migrator.registerMigration("activity", migrate: ActivitySchema.migrate)
        migrator.registerMigration("questions") { try $0.execute(sql: QuestionSchema.questions) }
        migrator.registerMigration("polls") { try $0.execute(sql: PollSchema.tables) }
        migrator.registerMigration("bots") { try $0.execute(sql: BotSchema.tables) }
        migrator.registerMigration("webhooks") { try $0.execute(sql: WebhookSchema.tables) }
        migrator.registerMigration("files") { try $0.execute(sql: FileSchema.tables) }
        migrator.registerMigration("held bot content") { try $0.execute(sql: BotSchema.heldContent) }
        migrator.registerMigration("review urgency") { try $0.execute(sql: ReviewSchema.urgency) }
        migrator.registerMigration("events that name") { try $0.execute(sql: namingIndexes) }
        migrator.registerMigration("strikes") { try $0.execute(sql: ReviewSchema.strikes) }
        return migrator
    }

    /// Of the events that tell a name or a title: joinings and renamings of members, and what threads are called.
    private static let namingIndexes = ["event", "event_tail"].map { table in
        """
        CREATE INDEX \(table)_naming ON \(table) (kind, author, room, seq) WHERE kind = 3 OR kind = 5 OR kind = 17;
        """
    }.joined(separator: "\n")

    /// - `event` is the record, clustered by room, so a page of history is one range of one tree. The newest few
    ///   thousand events wait in `event_tail`, in the order they were committed: SQLite writes whole pages, so putting
    ///   a batch from many rooms straight into `event` would write a page per post. Moved in bulk, it is a page per
    ///   dozen. A room's events in the tail follow all of its others.
    /// - What moves forward with nearly every post (heads of rooms and streams, read marks) waits likewise: `advance`
    ///   has one row per transaction, and a later row overrules an earlier one and the tables. See ``Advances``.
    /// - `nonce` leads with the nonce: clients that draw theirs in time order (ULID, UUIDv7) then append to the tree
    ///   instead of dirtying a page of it for every post.
    private static let version010 = """
        CREATE TABLE meta (name TEXT PRIMARY KEY, value NOT NULL) WITHOUT ROWID;

        CREATE TABLE event (
            room INTEGER NOT NULL, seq INTEGER NOT NULL, kind INTEGER NOT NULL, at INTEGER NOT NULL,
            author INTEGER NOT NULL, thread INTEGER, ordinal INTEGER NOT NULL, body BLOB NOT NULL,
            PRIMARY KEY (room, seq)) WITHOUT ROWID;
        CREATE INDEX event_in_thread ON event (room, thread, seq) WHERE thread IS NOT NULL AND kind = 10;
        CREATE TABLE event_tail (
            id INTEGER PRIMARY KEY, room INTEGER NOT NULL, seq INTEGER NOT NULL, kind INTEGER NOT NULL,
            at INTEGER NOT NULL, author INTEGER NOT NULL, thread INTEGER, ordinal INTEGER NOT NULL,
            body BLOB NOT NULL);
        CREATE UNIQUE INDEX event_tail_in_room ON event_tail (room, seq);
        CREATE INDEX event_tail_in_thread ON event_tail (room, thread, seq) WHERE thread IS NOT NULL AND kind = 10;

        CREATE TABLE member (
            id INTEGER PRIMARY KEY, name TEXT NOT NULL, role TEXT NOT NULL, created_at INTEGER NOT NULL,
            muted_until INTEGER, banned_until INTEGER, me_seq INTEGER NOT NULL);
        CREATE TABLE password (member INTEGER PRIMARY KEY, hash TEXT NOT NULL);
        CREATE TABLE session (
            id INTEGER PRIMARY KEY, member INTEGER NOT NULL, token BLOB NOT NULL, created_at INTEGER NOT NULL,
            label TEXT NOT NULL);
        CREATE TABLE invite (
            code BLOB PRIMARY KEY, room INTEGER, role TEXT NOT NULL, created_by INTEGER NOT NULL,
            expires_at INTEGER NOT NULL, uses_left INTEGER NOT NULL) WITHOUT ROWID;

        CREATE TABLE room (
            id INTEGER PRIMARY KEY, kind TEXT NOT NULL, name TEXT NOT NULL, title TEXT NOT NULL, topic TEXT NOT NULL,
            created_by INTEGER NOT NULL, created_at INTEGER NOT NULL, slow_mode_s INTEGER NOT NULL,
            is_announcement INTEGER NOT NULL, is_archived INTEGER NOT NULL);
        CREATE TABLE room_override (
            room INTEGER NOT NULL, role TEXT NOT NULL, allow INTEGER NOT NULL, deny INTEGER NOT NULL,
            PRIMARY KEY (room, role)) WITHOUT ROWID;
        CREATE TABLE room_head (room INTEGER PRIMARY KEY, seq INTEGER NOT NULL, ordinal INTEGER NOT NULL);
        CREATE TABLE membership (
            member INTEGER NOT NULL, room INTEGER NOT NULL, role TEXT, joined_seq INTEGER NOT NULL,
            read_seq INTEGER NOT NULL, read_ordinal INTEGER NOT NULL,
            PRIMARY KEY (member, room)) WITHOUT ROWID;
        CREATE TABLE advance (id INTEGER PRIMARY KEY, body BLOB NOT NULL);

        CREATE TABLE nonce (
            nonce TEXT NOT NULL, author INTEGER NOT NULL, at INTEGER NOT NULL, room INTEGER NOT NULL,
            reply BLOB NOT NULL,
            PRIMARY KEY (nonce, author)) WITHOUT ROWID;
        CREATE TABLE revision (
            room INTEGER NOT NULL, seq INTEGER NOT NULL, replaced_by INTEGER NOT NULL, at INTEGER NOT NULL,
            by INTEGER NOT NULL, text TEXT NOT NULL,
            PRIMARY KEY (room, seq, replaced_by)) WITHOUT ROWID;
        CREATE TABLE reaction (
            id INTEGER PRIMARY KEY, room INTEGER NOT NULL, seq INTEGER NOT NULL, emoji TEXT NOT NULL,
            member INTEGER NOT NULL,
            UNIQUE (room, seq, emoji, member));
        CREATE TABLE pin (
            id INTEGER PRIMARY KEY, room INTEGER NOT NULL, seq INTEGER NOT NULL, by INTEGER NOT NULL,
            at INTEGER NOT NULL,
            UNIQUE (room, seq));
        CREATE TABLE thread (
            room INTEGER NOT NULL, root INTEGER NOT NULL, title TEXT NOT NULL, is_closed INTEGER NOT NULL,
            replies INTEGER NOT NULL, last_seq INTEGER NOT NULL, last_at INTEGER NOT NULL,
            PRIMARY KEY (room, root)) WITHOUT ROWID;
        CREATE TABLE thread_follow (
            member INTEGER NOT NULL, room INTEGER NOT NULL, root INTEGER NOT NULL, read_seq INTEGER NOT NULL,
            PRIMARY KEY (member, room, root)) WITHOUT ROWID;
        CREATE INDEX thread_followers ON thread_follow (room, root, member);
        CREATE TABLE mention (
            member INTEGER NOT NULL, room INTEGER NOT NULL, seq INTEGER NOT NULL,
            PRIMARY KEY (member, room, seq)) WITHOUT ROWID;
        CREATE TABLE room_mention (
            room INTEGER NOT NULL, seq INTEGER NOT NULL,
            PRIMARY KEY (room, seq)) WITHOUT ROWID;
        CREATE TABLE me_event (
            member INTEGER NOT NULL, seq INTEGER NOT NULL, at INTEGER NOT NULL, body BLOB NOT NULL,
            PRIMARY KEY (member, seq)) WITHOUT ROWID;
        CREATE TABLE report (
            id INTEGER PRIMARY KEY AUTOINCREMENT, room INTEGER NOT NULL, seq INTEGER NOT NULL, by INTEGER NOT NULL,
            at INTEGER NOT NULL, reason TEXT NOT NULL);
        """
}
