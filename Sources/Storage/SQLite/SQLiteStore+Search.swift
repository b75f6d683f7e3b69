import Community
import GRDB
import LyceumProtocol

/// Search by terms: the newest messages that match, best first by BM25, newer first among equals.
extension SQLiteStore: SearchIndex {
    /// How many of the newest matching messages are ranked.
    private static let candidates = 1_000

    public func search(_ query: SearchQuery) throws -> [SearchHit] {
        guard !query.rooms.isEmpty, let expression = SearchExpression(query).text else { return [] }
        do {
            return try search(query, expression)
        } catch  where SearchDatabase.isUseless(error) {
            indexer.rebuild()
            return try search(query, expression)
        }
    }

    private func search(_ query: SearchQuery, _ expression: String) throws -> [SearchHit] {
        let found = try indexer.caughtUp().read { try Self.match(query, expression, in: $0) }
        return try read { reader in try found.compactMap { try Self.hit($0, reader) } }
    }

    /// - Returns: `nil` for what has lost its text since it was found.
    private static func hit(_ match: Match, _ reader: any CommunityReader) throws -> SearchHit? {
        guard let event = try reader.event(match.seq, in: match.room) else { return nil }
        guard event.kind == .questionAsked else {
            return SearchEntry.text(of: event).isEmpty ? nil : SearchHit(event: event, score: match.score)
        }
        guard let question = try reader.question(match.seq, in: match.room), question.isFound else { return nil }
        let answers = try reader.answers(to: match.seq, in: match.room).filter { !$0.isRemoved }
        return SearchHit(event: event, asked: (question, answers), score: match.score)
    }

    private struct Match {
        let room: RoomID
        let seq: SequenceNumber
        let score: Double
    }

    private static func match(_ query: SearchQuery, _ expression: String, in database: Database) throws -> [Match] {
        // FTS5 gives rows from newest to oldest without sorting, so the inner limit bounds the work of ranking.
        // Through GRDB's rows, whose errors still say whether the file is damaged.
        let statement = try database.cachedStatement(
            sql: """
                SELECT room, seq, score FROM (
                    SELECT message.room, message.seq, message.at, -bm25(term, 1.0, 0.0) AS score
                    FROM term CROSS JOIN message ON message.id = term.rowid
                    WHERE term MATCH ?1 AND message.room IN (SELECT value FROM json_each(?2))
                        AND term.rowid >= ?3 AND term.rowid < ?4
                    ORDER BY term.rowid DESC LIMIT ?5)
                ORDER BY score DESC, at DESC LIMIT ?6
                """)
        let rows = try Row.fetchAll(
            statement,
            arguments: [
                expression, "[\(query.rooms.map(\.description).joined(separator: ","))]",
                SearchEntry.firstID(at: query.after ?? 0), query.before.map(SearchEntry.firstID) ?? .max, candidates,
                query.limit,
            ])
        return rows.map { Match(room: RoomID($0[0]), seq: $0[1], score: $0[2]) }
    }
}
