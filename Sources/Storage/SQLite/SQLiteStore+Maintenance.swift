import Community
import LyceumProtocol

extension SQLiteStore {
    /// How long an outcome is kept: twice what clients are promised.
    private static let nonceLifetime: UnixMilliseconds = 48 * 3_600_000

    /// Does a small slice of what must be done now and then: forgets outcomes of posts that are older than 48 hours, and
    /// has erased texts driven out of the search index.
    ///
    /// To be called every few seconds, by the thread that writes; a call is one short transaction.
    public func maintain(at now: UnixMilliseconds) throws { try maintain(at: now, slice: 2_000) }

    /// - Parameter slice: How many outcomes to look at; the next call goes on from there.
    public func maintain(at now: UnixMilliseconds, slice: Int) throws {
        let start = nonceCursor.withLock { $0 }
        let end = try write { transaction throws in
            let transaction = transaction as? SQLiteTransaction
            return try transaction?.forgetNonces(from: start, olderThan: now - Self.nonceLifetime, slice: slice)
        }
        nonceCursor.withLock { $0 = end ?? .start }
        indexer.purge()
    }
}

/// A place in the order of all nonces.
struct NonceCursor {
    var nonce: String
    var author: Int64

    static let start = NonceCursor(nonce: "", author: 0)
}

extension SQLiteTransaction {
    /// Forgets the outdated ones among the next `slice` nonces.
    ///
    /// - Returns: Where to go on; the start after the last of all.
    fileprivate func forgetNonces(
        from start: NonceCursor, olderThan limit: UnixMilliseconds, slice: Int
    ) throws(StoreError) -> NonceCursor {
        let end = try first(
            """
            SELECT nonce, author FROM nonce WHERE (nonce, author) > (?, ?) ORDER BY nonce, author
            LIMIT 1 OFFSET ?
            """,
            { row in
                row.bind(1, start.nonce)
                row.bind(2, start.author)
                row.bind(3, Int64(slice - 1))
            }, { NonceCursor(nonce: $0.text(0), author: $0.int64(1)) })
        let upTo = end == nil ? "" : "AND (nonce, author) <= (?4, ?5)"
        try run("DELETE FROM nonce WHERE (nonce, author) > (?1, ?2) AND at < ?3 \(upTo)") { row in
            row.bind(1, start.nonce)
            row.bind(2, start.author)
            row.bind(3, limit)
            guard let end else { return }
            row.bind(4, end.nonce)
            row.bind(5, end.author)
        }
        return end ?? .start
    }
}
