/// The tables of bots and of what they are asked to do.
///
/// - `bot.commands` is the JSON that declares the bot's commands; empty for none.
/// - `bot_invocation` keeps what a bot was asked until a day after its time is over; those that wait are found by bot
///   and by expiry.
enum BotSchema {
    static let tables = """
        CREATE TABLE bot (
            member INTEGER PRIMARY KEY, owner INTEGER NOT NULL, scopes INTEGER NOT NULL, intents INTEGER NOT NULL,
            about TEXT NOT NULL, created_at INTEGER NOT NULL, commands BLOB NOT NULL);
        CREATE TABLE bot_invocation (
            id INTEGER PRIMARY KEY, bot INTEGER NOT NULL, member INTEGER NOT NULL, room INTEGER NOT NULL,
            thread INTEGER, kind TEXT NOT NULL, name TEXT NOT NULL, body BLOB NOT NULL, created_at INTEGER NOT NULL,
            expires_at INTEGER NOT NULL, state TEXT NOT NULL, reply BLOB NOT NULL, components BLOB NOT NULL);
        CREATE INDEX bot_invocation_waiting ON bot_invocation (bot, id) WHERE state IN ('open', 'deferred');
        CREATE INDEX bot_invocation_over ON bot_invocation (expires_at);
        INSERT INTO meta VALUES ('bot_invocation', 0);
        """

    /// Held messages keep their buttons for when they are released.
    static let heldContent = "ALTER TABLE review_item ADD COLUMN bot BLOB NOT NULL DEFAULT x''"
}
