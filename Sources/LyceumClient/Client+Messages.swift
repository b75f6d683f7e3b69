import LyceumProtocol

/// Messages, threads and history.
extension Client {
    /// Posts exactly once, however often the connection breaks meanwhile, and waits as long as the server asks.
    ///
    /// - Parameter nonce: Names this post; by default a new one. Give it to repeat a post of an earlier run.
    /// - Throws: ``ClientError``; after `timedOut` the post may still have happened, and repeating it under the same
    ///   nonce tells.
    public func post(
        _ text: String, to room: RoomID, thread: SequenceNumber? = nil, replyTo: SequenceNumber? = nil,
        nonce: String = Client.makeNonce(), components: [MessageComponent] = []
    ) async throws -> PostReceipt {
        let deadline = ContinuousClock.now + options.patience
        var backoff = Backoff(base: .milliseconds(100), cap: .seconds(5))
        while true {
            do {
                let reply = try await send("message.post", isRepeatable: true) { json in
                    json.field("room", room.rawValue)
                    json.field("text", text)
                    json.field("nonce", nonce)
                    json.field("thread", thread)
                    json.field("reply_to", replyTo)
                    if !components.isEmpty { json.field("components", array: components) { $1.write(to: &$0) } }
                }
                return try PostReceipt(reply)
            } catch ClientError.refused(let refusal) where Self.isPassing(refusal.code) {
                var random = SystemRandomNumberGenerator()
                let asked = Duration.milliseconds(refusal.retryAfterMilliseconds ?? 0)
                let wait = backoff.next(atLeast: asked, using: &random)
                guard .now + wait < deadline else { throw ClientError.refused(refusal) }
                try await Task.sleep(for: wait)
            }
        }
    }

    /// 128 random bits in hexadecimal.
    public static func makeNonce() -> String {
        String(UInt64.random(in: .min ... .max), radix: 16) + String(UInt64.random(in: .min ... .max), radix: 16)
    }

    /// Refusals that say nothing of the post itself.
    private static func isPassing(_ code: ErrorCode) -> Bool { code == .rateLimited || code == .unavailable }

    /// - Parameter components: What stands under a bot's message from now on; `nil` leaves it as it is.
    public func edit(
        _ seq: SequenceNumber, in room: RoomID, text: String, components: [MessageComponent]? = nil
    ) async throws {
        try await change("message.edit", seq, room) { json in
            json.field("text", text)
            if let components { json.field("components", array: components) { $1.write(to: &$0) } }
        }
    }

    public func delete(_ seq: SequenceNumber, in room: RoomID) async throws {
        try await change("message.delete", seq, room)
    }

    public func react(_ emoji: String, to seq: SequenceNumber, in room: RoomID) async throws {
        try await change("message.react", seq, room) { $0.field("emoji", emoji) }
    }

    public func unreact(_ emoji: String, from seq: SequenceNumber, in room: RoomID) async throws {
        try await change("message.unreact", seq, room) { $0.field("emoji", emoji) }
    }

    public func pin(_ seq: SequenceNumber, in room: RoomID) async throws {
        try await change("message.pin", seq, room)
    }

    public func unpin(_ seq: SequenceNumber, in room: RoomID) async throws {
        try await change("message.unpin", seq, room)
    }

    public func report(_ seq: SequenceNumber, in room: RoomID, reason: String) async throws {
        try await change("message.report", seq, room) { $0.field("reason", reason) }
    }

    private func change(
        _ command: String, _ seq: SequenceNumber, _ room: RoomID,
        _ fields: @Sendable (inout JSONWriter) -> Void = { _ in }
    ) async throws {
        try await send(command) { json in
            json.field("room", room.rawValue)
            json.field("seq", seq)
            fields(&json)
        }
    }

    public func followThread(_ root: SequenceNumber, in room: RoomID) async throws {
        try await changeThread("thread.follow", root, room, isRepeatable: true)
    }

    public func unfollowThread(_ root: SequenceNumber, in room: RoomID) async throws {
        try await changeThread("thread.unfollow", root, room, isRepeatable: true)
    }

    public func updateThread(
        _ root: SequenceNumber, in room: RoomID, title: String? = nil, isClosed: Bool? = nil
    ) async throws {
        try await changeThread("thread.update", root, room) { json in
            json.field("title", title)
            if let isClosed { json.field("closed", isClosed) }
        }
    }

    private func changeThread(
        _ command: String, _ root: SequenceNumber, _ room: RoomID, isRepeatable: Bool = false,
        _ fields: @Sendable (inout JSONWriter) -> Void = { _ in }
    ) async throws {
        try await send(command, isRepeatable: isRepeatable) { json in
            json.field("room", room.rawValue)
            json.field("thread", root)
            fields(&json)
        }
    }

    /// Events of a room in order: the oldest after a position, or the newest before one, or the newest of all.
    public func history(
        of room: RoomID, before: SequenceNumber? = nil, after: SequenceNumber? = nil, thread: SequenceNumber? = nil,
        limit: Int = 100
    ) async throws -> Page<Event> {
        let reply = try await askHistory(room, before, after, thread, limit, isFolded: false)
        return try Page(reply, "events") { try Event($0) }
    }

    /// Messages with what became of them, in order; bounds as in ``history(of:before:after:thread:limit:)``.
    public func foldedHistory(
        of room: RoomID, before: SequenceNumber? = nil, after: SequenceNumber? = nil, thread: SequenceNumber? = nil,
        limit: Int = 100
    ) async throws -> Page<RoomSnapshot.Message> {
        let reply = try await askHistory(room, before, after, thread, limit, isFolded: true)
        return try Page(reply, "messages") { try RoomSnapshot.Message($0) }
    }

    private func askHistory(
        _ room: RoomID, _ before: SequenceNumber?, _ after: SequenceNumber?, _ thread: SequenceNumber?, _ limit: Int,
        isFolded: Bool
    ) async throws -> JSONText {
        try await send("history.get", isRepeatable: true) { json in
            json.field("room", room.rawValue)
            json.field("before", before)
            json.field("after", after)
            json.field("thread", thread)
            json.field("limit", limit)
            if isFolded { json.field("fold", true) }
        }
    }

    /// Messages that hold the words, best first; in all rooms that the member sees, or in one.
    public func search(_ text: String, in room: RoomID? = nil, limit: Int? = nil) async throws -> [SearchResult] {
        let reply = try await send("search", isRepeatable: true) { json in
            json.field("text", text)
            json.field("room", room?.rawValue)
            json.field("limit", limit)
        }
        return try reply.objects("hits").map { try SearchResult($0) }
    }
}
