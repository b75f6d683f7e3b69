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
        } catch let error as DatabaseError where [.SQLITE_CORRUPT, .SQLITE_NOTADB].contains(error.resultCode) {
            indexer.rebuild()
            return try search(query, expression)
        }
    }

    private func search(_ query: SearchQuery, _ expression: String) throws -> [SearchHit] {
        let found = try indexer.caughtUp().read { try Self.match(query, expression, in: $0) }
        return try read { reader in
            try found.compactMap { match in
                // A message may have lost its text since it was found.
                guard let event = try reader.event(match.seq, in: match.room), !SearchEntry.text(of: event).isEmpty
                else { return nil }
                return SearchHit(event: event, score: match.score)
            }
        }
    }

    private struct Match {
        let room: RoomID
        let seq: SequenceNumber
        let score: Double
    }

    private static func match(_ query: SearchQuery, _ expression: String, in database: Database) throws -> [Match] {
        // FTS5 gives rows from newest to oldest without sorting, so the inner limit bounds the work of ranking.
        let row = try SQLStatement(
            """
            SELECT room, seq, score FROM (
                SELECT message.room, message.seq, message.at, -bm25(term, 1.0, 0.0) AS score
                FROM term CROSS JOIN message ON message.id = term.rowid
                WHERE term MATCH ?1 AND message.room IN (SELECT value FROM json_each(?2))
                    AND term.rowid >= ?3 AND term.rowid < ?4
                ORDER BY term.rowid DESC LIMIT ?5)
            ORDER BY score DESC, at DESC LIMIT ?6
            """, in: database)
        defer { row.reset() }
        row.bind(1, expression)
        row.bind(2, "[\(query.rooms.map(\.description).joined(separator: ","))]")
        row.bind(3, SearchEntry.firstID(at: query.after ?? 0))
        row.bind(4, query.before.map(SearchEntry.firstID) ?? .max)
        row.bind(5, Int64(candidates))
        row.bind(6, Int64(query.limit))
        var matches: [Match] = []
        while try row.step() {
            matches.append(Match(room: RoomID(row.int64(0)), seq: row.int64(1), score: row.double(2)))
        }
        return matches
    }
}
