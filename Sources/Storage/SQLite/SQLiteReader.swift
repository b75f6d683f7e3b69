import Community
import GRDB
import LyceumProtocol

/// Answers questions from one connection, and so from one snapshot. Used only inside the access that made it.
class SQLiteReader: CommunityReader {
    let database: Database

    init(_ database: Database) { self.database = database }

    func prepare(_ sql: String) throws(StoreError) -> SQLStatement { try SQLStatement(sql, in: database) }

    /// Runs a query for at most one row.
    func first<Value>(
        _ sql: String, _ bind: (SQLStatement) -> Void, _ read: (SQLStatement) -> Value
    ) throws(StoreError) -> Value? {
        let statement = try prepare(sql)
        defer { statement.reset() }
        bind(statement)
        return try statement.step() ? read(statement) : nil
    }

    /// Runs a query for all of its rows.
    func all<Value>(
        _ sql: String, _ bind: (SQLStatement) -> Void, _ read: (SQLStatement) -> Value
    ) throws(StoreError) -> [Value] {
        let statement = try prepare(sql)
        defer { statement.reset() }
        bind(statement)
        var values: [Value] = []
        while try statement.step() { values.append(read(statement)) }
        return values
    }
}
