/// The tables of the review queue, of sanctions, of the audit log and of what the classifier has learned.
enum ReviewSchema {
    /// - `audit` refuses changes and deletions by itself; whoever gets around that with a file editor breaks the chain.
    static let version010 = """
        CREATE TABLE review_item (
            id INTEGER PRIMARY KEY, version INTEGER NOT NULL, kind TEXT NOT NULL, state TEXT NOT NULL, room INTEGER,
            member INTEGER NOT NULL, seq INTEGER, text TEXT NOT NULL, thread INTEGER, reply_to INTEGER,
            parent INTEGER, verdict BLOB NOT NULL, created_at INTEGER NOT NULL, expires_at INTEGER,
            claimed_by INTEGER, claimed_until INTEGER, fingerprint INTEGER NOT NULL, cluster INTEGER NOT NULL,
            reports INTEGER NOT NULL, weight REAL NOT NULL, action TEXT, decided_by INTEGER, decided_at INTEGER,
            reason TEXT, note TEXT, undo BLOB NOT NULL, is_appealed INTEGER NOT NULL);
        CREATE INDEX review_item_state ON review_item (state, id);
        CREATE INDEX review_item_member ON review_item (member, id);
        CREATE INDEX review_item_message ON review_item (room, seq) WHERE seq IS NOT NULL;
        CREATE INDEX review_item_fingerprint ON review_item (fingerprint) WHERE state = 'decided';
        CREATE INDEX review_item_expiry ON review_item (expires_at) WHERE state = 'open' AND expires_at IS NOT NULL;
        CREATE TABLE review_event (
            seq INTEGER PRIMARY KEY, at INTEGER NOT NULL, room INTEGER, body BLOB NOT NULL);
        INSERT INTO meta VALUES ('review_item', 0), ('sanction', 0);

        CREATE TABLE sanction (
            id INTEGER PRIMARY KEY, member INTEGER NOT NULL, room INTEGER, kind TEXT NOT NULL, by INTEGER NOT NULL,
            at INTEGER NOT NULL, until INTEGER, reason TEXT NOT NULL, item INTEGER NOT NULL, lifted_at INTEGER,
            lifted_by INTEGER);
        CREATE INDEX sanction_of_member ON sanction (member, id);
        CREATE INDEX sanction_from_item ON sanction (item);
        CREATE TABLE standing (member INTEGER PRIMARY KEY, posts INTEGER NOT NULL);
        CREATE TABLE room_restriction (
            room INTEGER NOT NULL, member INTEGER NOT NULL, muted_until INTEGER, banned_until INTEGER,
            PRIMARY KEY (room, member)) WITHOUT ROWID;
        CREATE TABLE room_moderation (
            room INTEGER PRIMARY KEY, flag REAL, hold REAL, block REAL, first_posts INTEGER, raid_until INTEGER);
        CREATE TABLE member_note (
            id INTEGER PRIMARY KEY, member INTEGER NOT NULL, by INTEGER NOT NULL, at INTEGER NOT NULL,
            text TEXT NOT NULL);
        CREATE INDEX member_note_about ON member_note (member, id);
        ALTER TABLE report ADD COLUMN item INTEGER;
        ALTER TABLE report ADD COLUMN verdict BLOB;
        CREATE INDEX report_on_item ON report (item);
        CREATE INDEX report_by_member ON report (by);

        CREATE TABLE audit (
            number INTEGER PRIMARY KEY, at INTEGER NOT NULL, actor INTEGER NOT NULL, action TEXT NOT NULL,
            room INTEGER, member INTEGER, item INTEGER, details TEXT NOT NULL, hash BLOB NOT NULL);
        CREATE TRIGGER audit_is_not_changed BEFORE UPDATE ON audit
            BEGIN SELECT RAISE(ABORT, 'the audit log is only appended to'); END;
        CREATE TRIGGER audit_is_not_deleted BEFORE DELETE ON audit
            BEGIN SELECT RAISE(ABORT, 'the audit log is only appended to'); END;

        CREATE TABLE classifier_entry (
            number INTEGER PRIMARY KEY, item INTEGER NOT NULL, at INTEGER NOT NULL, body BLOB NOT NULL);
        CREATE INDEX classifier_entry_of_item ON classifier_entry (item);
        CREATE TABLE classifier_snapshot (after INTEGER PRIMARY KEY, body BLOB NOT NULL);
        CREATE TABLE rule_day (
            day INTEGER NOT NULL, rule TEXT NOT NULL, hits INTEGER NOT NULL, redacted INTEGER NOT NULL,
            held INTEGER NOT NULL, blocked INTEGER NOT NULL, confirmed INTEGER NOT NULL, overturned INTEGER NOT NULL,
            waited INTEGER NOT NULL,
            PRIMARY KEY (day, rule)) WITHOUT ROWID;
        """

    static let strikes = "ALTER TABLE sanction ADD COLUMN is_strike INTEGER NOT NULL DEFAULT 1"

    /// Whether an item only asks for a label, so that nobody waits for it. Stands in ``urgency`` and in queries alike:
    /// SQLite uses an index on an expression only where the expression is the same.
    static let isQuestion = "kind IN ('check', 'sample')"
    /// The queue in the order in which it is worked through; see `ReviewQuery.Order.urgency`.
    static let urgency = "CREATE INDEX review_item_urgency ON review_item (state, \(isQuestion), id)"
}
