import LyceumClient
import LyceumProtocol
import TestSupport
import Testing

extension EndToEnd {
    /// What members do all day, through the client library.
    @Suite struct Conversation {
        @Test func `members chat, and everybody's replica is what the server folds`() async throws {
            let daemon = try Daemon()
            let ann = try await daemon.member("ann")
            let bob = try await daemon.member("bob")
            let room = try await ann.createRoom(name: "agora", title: "The Agora")
            _ = try await bob.join(room.id)
            let first = try await ann.post("hello @bob", to: room.id)
            let seq = try #require(first.seq)
            _ = try await bob.post("a reply", to: room.id, thread: seq)
            try await bob.react("👍", to: seq, in: room.id)
            try await ann.edit(seq, in: room.id, text: "hello, @bob")
            try await ann.pin(seq, in: room.id)
            try await ann.updateThread(seq, in: room.id, title: "Greetings")
            let second = try await bob.post("gone soon", to: room.id, replyTo: seq)
            try await bob.delete(try #require(second.seq), in: room.id)
            try await ann.update(room.id, .init(topic: "Everything"))
            for client in [ann, bob] { try await expectReplicaMatches(client, room.id) }
        }

        @Test func `search finds Chinese and English and nothing the member cannot see`() async throws {
            let daemon = try Daemon()
            let ann = try await daemon.member("ann")
            let eve = try await daemon.member("eve")
            let open = try await ann.createRoom(name: "open", title: "Open")
            let closed = try await ann.createRoom(name: "closed", title: "Closed", kind: "private")
            let chinese = try await ann.post("我们明天讨论数据库索引", to: open.id)
            let english = try await ann.post("The quick brown fox", to: open.id)
            _ = try await ann.post("secret fox 数据库", to: closed.id)
            #expect(try await ann.search("数据库").map(\.seq).contains(chinese.seq))
            #expect(try await ann.search("索引").map(\.seq) == [chinese.seq])
            #expect(try await ann.search("fox").count == 2)
            #expect(try await eve.search("fox").map(\.seq) == [english.seq])
            #expect(try await eve.search("数据库").map(\.room) == [open.id])
        }

        @Test func `unread counts and mentions follow the read mark and survive a restart`() async throws {
            let daemon = try Daemon()
            let ann = try await daemon.member("ann")
            let bob = try await daemon.member("bob")
            let room = try await ann.createRoom(name: "agora", title: "Agora")
            _ = try await bob.join(room.id)
            for number in 0..<5 { _ = try await ann.post("message \(number) for @bob", to: room.id) }
            let token = try await session(of: "bob", daemon)
            var entry = try #require(try await signIn(token, daemon).rooms.first)
            #expect(entry.unread == 5)
            #expect(entry.mentions == 5)
            try await bob.markRead(room.id, seq: entry.seq - 2)
            daemon.kill()
            try daemon.start()
            entry = try #require(try await signIn(token, daemon).rooms.first)
            #expect(entry.unread == 2)
            #expect(entry.mentions == 2)
        }

        @Test func `the rules of a room bind its members`() async throws {
            let daemon = try Daemon()
            let ann = try await daemon.member("ann")
            let bob = try await daemon.member("bob", { $0.patience = .seconds(2) })
            let room = try await ann.createRoom(name: "agora", title: "Agora")
            _ = try await bob.join(room.id)

            try await ann.update(room.id, .init(slowModeSeconds: 600))
            _ = try await bob.post("one", to: room.id)
            let tooSoon = await refusal { try await bob.post("two", to: room.id) }
            #expect(tooSoon?.code == .slowMode)
            #expect((tooSoon?.retryAfterMilliseconds ?? 0) > 500_000)
            _ = try await ann.post("owners need not wait", to: room.id)
            _ = try await ann.post("owners need not wait", to: room.id)

            try await ann.update(room.id, .init(slowModeSeconds: 0, isAnnouncement: true))
            #expect(await refusal { try await bob.post("three", to: room.id) }?.code == .forbidden)
            let news = try await ann.post("news", to: room.id)
            _ = try await bob.post("replies are free", to: room.id, thread: news.seq)

            try await ann.update(room.id, .init(isArchived: true))
            #expect(await refusal { try await ann.post("four", to: room.id) }?.code == .archived)
            #expect(try await bob.history(of: room.id).elements.isEmpty == false)
        }

        @Test func `a direct room is one for the same people and nobody else's`() async throws {
            let daemon = try Daemon()
            let ann = try await daemon.member("ann")
            let bob = try await daemon.member("bob")
            let eve = try await daemon.member("eve")
            let bobID = try #require(await bob.signIn).member
            let annID = try #require(await ann.signIn).member
            let room = try await ann.openDirect(with: [bobID])
            #expect(try await bob.openDirect(with: [annID]).id == room.id)
            _ = try await ann.post("between us", to: room.id)
            #expect(await refusal { try await eve.history(of: room.id) }?.code == .notFound)
            #expect(await refusal { try await eve.join(room.id) }?.code == .notFound)
        }

        @Test func `a larger direct room leaves the smaller ones of its members as they are`() async throws {
            let daemon = try Daemon()
            let ann = try await daemon.member("ann")
            let bob = try await daemon.member("bob")
            let eve = try await daemon.member("eve")
            let bobID = try #require(await bob.signIn).member
            let eveID = try #require(await eve.signIn).member
            let two = try await ann.openDirect(with: [bobID]).id
            let three = try await ann.openDirect(with: [bobID, eveID]).id
            #expect(try await ann.openDirect(with: [bobID]).id == two)
            try await eve.leave(three)
            #expect(try await ann.openDirect(with: [bobID]).id == two)
            #expect(daemon.stop())
            try daemon.start()
            #expect(try await ann.openDirect(with: [bobID]).id == two)
        }

        private func session(of name: String, _ daemon: Daemon) async throws -> String {
            let client = try daemon.client()
            return try #require(try await client.signIn(name: name, password: "password of \(name)").token)
        }

        private func signIn(_ token: String, _ daemon: Daemon) async throws -> SignIn {
            let client = try daemon.client()
            let signIn = try await client.signIn(token: token)
            await client.stop()
            return signIn
        }
    }
}

/// The refusal that `body` ends with; `nil` if it succeeds or fails otherwise.
func refusal<Result>(_ body: () async throws -> Result) async -> Refusal? {
    do {
        _ = try await body()
        return nil
    } catch ClientError.refused(let refusal) {
        return refusal
    } catch {
        Issue.record(error)
        return nil
    }
}

/// Expects that a replica built from events is what the server folds, as one member sees it.
func expectReplicaMatches(
    _ client: Client, _ room: RoomID, _ started: RoomReplica? = nil, sourceLocation: SourceLocation = #_sourceLocation
) async throws {
    let replica = try await client.update(started ?? RoomReplica(id: room))
    let entry = try await client.join(room)
    let viewer = try #require(await client.signIn, sourceLocation: sourceLocation).member
    let fresh = try await client.snapshot(of: entry)
    let own = replica.snapshot(for: viewer)
    #expect(own.fields == fresh.fields, sourceLocation: sourceLocation)
    #expect(own.members == fresh.members, sourceLocation: sourceLocation)
    for seq in Set(own.messages.keys).union(fresh.messages.keys).sorted() {
        #expect(own.messages[seq] == fresh.messages[seq], sourceLocation: sourceLocation)
    }
}
