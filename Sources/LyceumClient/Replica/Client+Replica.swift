import LyceumProtocol

/// Copies of whole rooms.
extension Client {
    /// Brings a replica up to what the server has now, by history.
    public func update(_ replica: RoomReplica) async throws -> RoomReplica {
        var replica = replica
        var after: SequenceNumber? = replica.seq
        while let position = after {
            let page = try await history(of: replica.id, after: position, limit: 200)
            for event in page.elements { try replica.apply(event) }
            after = page.next
        }
        return replica
    }

    /// The state of a room as the server folds it: page by page, so only what nobody changes meanwhile is one moment's.
    ///
    /// - Parameter entry: The room's newest entry, for what no page tells.
    public func snapshot(of entry: RoomEntry) async throws -> RoomSnapshot {
        var snapshot = RoomSnapshot(fields: RoomSnapshot.Fields(entry), members: [:], messages: [:])
        var next: Int64? = 0
        while let after = next {
            let page = try await members(of: entry.id, after: after, limit: 200)
            for member in page.elements { snapshot.members[member.id] = member }
            next = page.next
        }
        try await addMessages(of: entry.id, thread: nil, to: &snapshot)
        for root in snapshot.messages.values where root.replies != nil {
            try await addMessages(of: entry.id, thread: root.seq, to: &snapshot)
        }
        return snapshot
    }

    private func addMessages(
        of room: RoomID, thread: SequenceNumber?, to snapshot: inout RoomSnapshot
    ) async throws {
        var next: Int64? = 0
        while let after = next {
            let page = try await foldedHistory(of: room, after: after, thread: thread, limit: 200)
            for message in page.elements { snapshot.messages[message.seq] = message }
            next = page.next
        }
    }
}
