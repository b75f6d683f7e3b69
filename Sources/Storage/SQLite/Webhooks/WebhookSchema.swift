/// The tables of webhooks and of what is on its way to them.
enum WebhookSchema {
    /// - `webhook` has a row for either direction; the columns of the other one are NULL. `position` and `failures`
    ///   belong to the sending and are not part of the community in memory.
    /// - `webhook_delivery` is the queue: what waits in it survives every crash, and what has been brought stays for a
    ///   while to be looked at.
    static let tables = """
        CREATE TABLE webhook (
            id INTEGER PRIMARY KEY, owner INTEGER NOT NULL, name TEXT NOT NULL, created_at INTEGER NOT NULL,
            is_enabled INTEGER NOT NULL, url TEXT, rooms TEXT, kinds TEXT, secret BLOB, former_secret BLOB,
            former_until INTEGER, room INTEGER, token BLOB, member INTEGER,
            position INTEGER NOT NULL DEFAULT 0, failures INTEGER NOT NULL DEFAULT 0);
        CREATE TABLE webhook_delivery (
            id INTEGER PRIMARY KEY, hook INTEGER NOT NULL, message TEXT NOT NULL, room INTEGER, seq INTEGER,
            created_at INTEGER NOT NULL, state TEXT NOT NULL, attempts INTEGER NOT NULL, due_at INTEGER NOT NULL,
            last_at INTEGER, status INTEGER, failure TEXT);
        CREATE INDEX webhook_delivery_due ON webhook_delivery (hook, due_at, id) WHERE state = 'waiting';
        CREATE INDEX webhook_delivery_of_hook ON webhook_delivery (hook, id);
        INSERT INTO meta VALUES ('webhook', 0), ('webhook_delivery', 0);
        """
}
