/// The table of files; their bytes stand beside the database, see ``FileFolder``.
enum FileSchema {
    static let tables = """
        CREATE TABLE file (
            id TEXT PRIMARY KEY, room INTEGER NOT NULL, member INTEGER NOT NULL, name TEXT NOT NULL, type TEXT NOT NULL,
            bytes INTEGER NOT NULL, width INTEGER, height INTEGER, digest TEXT NOT NULL, at INTEGER NOT NULL,
            message INTEGER, review INTEGER, gone_at INTEGER) WITHOUT ROWID;
        CREATE INDEX file_of_member ON file (member, bytes);
        CREATE INDEX file_of_message ON file (room, message) WHERE message IS NOT NULL;
        CREATE INDEX file_waiting ON file (review) WHERE review IS NOT NULL;
        CREATE INDEX file_unattached ON file (at) WHERE message IS NULL;
        CREATE INDEX file_gone ON file (gone_at) WHERE gone_at IS NOT NULL;
        """
}
