import Harness
import LyceumClient
import LyceumProtocol
import TestSupport
import Testing

extension EndToEnd {
    /// What clients rely on that read the contract and none of the code.
    @Suite struct Leniency {
        @Test func `numbers count however a client's language writes them`() async throws {
            let daemon = try Daemon()
            let ann = try await daemon.member("ann")
            let room = try await ann.createRoom(name: "agora", title: "Agora").id
            let socket = try await Self.socket("ann", daemon)
            for (id, limit) in [("7", "1"), ("8.0", "1.0"), ("9e0", "10E-1")] {
                socket.send(text: #"{"id":\#(id),"do":"history.get","room":\#(room).0,"limit":\#(limit)}"#)
                let answer = socket.text(where: { $0.hasPrefix(#"{"re":\#(id.prefix(1)),"#) })
                #expect(answer?.contains(#""seq":2"#) == true && answer?.contains(#""seq":1,"#) == false)
            }
            socket.send(text: #"{"id":10,"do":"history.get","room":\#(room),"limit":1.5}"#)
            #expect(socket.text(where: { $0.hasPrefix(#"{"re":10,"#) })?.contains("malformed") == true)
        }

        @Test(arguments: [
            #""do":"room.create","name":"agora","kind":"public""#, #""do":"direct.open","members":[2]"#,
        ])
        func `who makes a room hears of it, and its answer goes on where that ends`(command: String) async throws {
            let daemon = try Daemon()
            for name in ["ann", "bob"] { _ = try await daemon.member(name) }
            let socket = try await Self.socket("ann", daemon)
            socket.send(text: #"{"id":9,\#(command)}"#)
            var heard: [JSONText] = []
            while let text = socket.text(where: { $0.contains(#""seq":"#) }) {
                heard.append(JSONText(Array(text.utf8)))
                if text.hasPrefix(#"{"re":9"#) { break }
            }
            let entry = try #require(heard.popLast()?.object("ok")?.object("entry"))
            #expect(heard.first?.string("event") == "room.created")
            #expect(heard.compactMap { $0.integer("seq") } == Array(1...Int64(heard.count)))
            #expect(heard.last?.integer("seq") == entry.integer("seq"))
            #expect(heard.dropFirst().allSatisfy { $0.string("event") == "member.joined" })
        }

        @Test func `a member's other connections hear of their coming and going without a gap`() async throws {
            let daemon = try Daemon()
            let ann = try await daemon.member("ann")
            let room = try await ann.createRoom(name: "agora", title: "Agora").id
            let bob = try await daemon.member("bob")
            let other = try await Self.socket("bob", daemon)
            for _ in 0..<2 {
                _ = try await bob.join(room)
                _ = try await ann.post("hello", to: room)
                try await bob.leave(room)
            }
            let heard = (0..<6).compactMap { _ in
                other.text(where: { $0.contains(#""seq":"#) }).map { JSONText(Array($0.utf8)) }
            }
            #expect(heard.compactMap { $0.integer("seq") } == Array(3...8))
            let kinds = ["member.joined", "message.posted", "member.left"]
            #expect(heard.map { $0.string("event") } == kinds + kinds)
        }

        @Test func `no event follows an entry that counts it`() async throws {
            let daemon = try Daemon()
            let ann = try await daemon.member("ann")
            let room = try await ann.createRoom(name: "agora", title: "Agora").id
            let socket = try await Self.socket("ann", daemon)
            var bytes: [UInt8] = []
            for round in 0..<40 {
                for command in [
                    #"{"id":\#(round * 2 + 2),"do":"message.post","room":\#(room),"text":"x","nonce":"\#(round)"}"#,
                    #"{"id":\#(round * 2 + 3),"do":"room.join","room":\#(room)}"#,
                ] { ClientFrame.append(ClientFrame.text, Array(command.utf8), to: &bytes) }
            }
            socket.send(bytes)
            var (told, entries) = (Int64(2), 0)
            while entries < 40, let text = socket.text(where: { $0.contains(#""seq":"#) }) {
                let json = JSONText(Array(text.utf8))
                if json.string("event") != nil {
                    #expect(json.integer("seq") == told + 1)
                    told += 1
                } else if let entry = json.object("ok")?.object("entry") {
                    #expect(entry.integer("seq") == told)
                    entries += 1
                }
            }
            #expect(entries == 40)
        }

        @Test func `a vote whose field is misspelt changes nothing`() async throws {
            let daemon = try Daemon()
            let ann = try await daemon.member("ann")
            let room = try await ann.createRoom(name: "agora", title: "Agora").id.rawValue
            let opened = try await ann.send("poll.open") { json in
                json.field("room", room)
                json.field("question", "Often?")
                json.field("options", array: ["yes", "no"]) { $0.value($1) }
            }
            let poll = opened.integer("seq")
            func vote(_ fields: @escaping @Sendable (inout JSONWriter) -> Void) async throws {
                try await ann.send("poll.vote") { json in
                    json.field("room", room)
                    json.field("poll", poll)
                    fields(&json)
                }
            }
            func voters() async throws -> Int64? {
                try await ann.send("poll.get") { json in
                    json.field("room", room)
                    json.field("poll", poll)
                }.object("poll")?.integer("voters")
            }
            try await vote { json in json.field("options", array: [1]) { $0.value($1) } }
            #expect(await refusal { try await vote { $0.field("option", 0) } }?.code == .malformed)
            #expect(try await voters() == 1)
            try await vote { json in json.field("options", array: [Int]()) { $0.value($1) } }
            #expect(try await voters() == 0)
        }

        @Test func `a thread's read mark moves forward only, and says what is left`() async throws {
            let daemon = try Daemon()
            let (ann, bob) = (try await daemon.member("ann"), try await daemon.member("bob"))
            let room = try await ann.createRoom(name: "agora", title: "Agora").id
            _ = try await bob.join(room)
            let root = try #require(try await bob.post("root", to: room).seq)
            var replies: [Int64] = []
            for number in 0..<3 {
                replies.append(try #require(try await ann.post("\(number)", to: room, thread: root).seq))
            }
            func mark(_ seq: Int64) async throws -> [Int64?] {
                let answer = try await bob.send("read.mark") { json in
                    json.field("room", room.rawValue)
                    json.field("seq", seq)
                    json.field("thread", root)
                }
                return [answer.integer("read_seq"), answer.integer("unread")]
            }
            #expect(try await mark(replies[1]) == [replies[1], 1])
            #expect(try await mark(replies[0]) == [replies[1], 1])
            #expect(try await mark(replies[2]) == [replies[2], 0])
        }

        @Test func `a thread that has replies outlives its root`() async throws {
            let daemon = try Daemon()
            let (ann, bob) = (try await daemon.member("ann"), try await daemon.member("bob"))
            let room = try await ann.createRoom(name: "agora", title: "Agora").id
            _ = try await bob.join(room)
            let root = try #require(try await bob.post("root", to: room).seq)
            _ = try await ann.post("a reply", to: room, thread: root)
            try await bob.delete(root, in: room)
            _ = try await ann.post("another", to: room, thread: root)
            try await bob.updateThread(root, in: room, title: "Without a root", isClosed: true)
            #expect(await refusal { try await ann.post("late", to: room, thread: root) }?.code == .archived)
            try await ann.updateThread(root, in: room, title: nil, isClosed: false)
            try await expectReplicaMatches(ann, room)

            let lonely = try #require(try await bob.post("lonely", to: room).seq)
            try await bob.delete(lonely, in: room)
            #expect(await refusal { try await ann.post("late", to: room, thread: lonely) }?.code == .notFound)
        }

        @Test func `over HTTP nothing is replayed, and nothing is said to be`() async throws {
            let daemon = try Daemon()
            let ann = try await daemon.member("ann")
            let room = try await ann.createRoom(name: "agora", title: "Agora")
            let head = try #require(try await ann.post("missed", to: room.id).seq)
            let answer = try HTTP.post(
                "/v1/sessions",
                #"{"name":"ann","password":"password of ann","resume":[{"room":\#(room.id),"epoch":"\#(room.epoch)","seq":1}]}"#,
                port: daemon.port)
            let resumed = JSONText(Array(answer.body.utf8)).objects("resumed")
            #expect(resumed.map { $0.object("reset")?.integer("seq") } == [head])
        }

        @Test func `a bot declares its commands in one list or one by one`() async throws {
            let daemon = try Daemon()
            let community = try await BotCommunity(daemon)
            let bot = community.bot
            try await bot.send("bot.commands.set") { json in
                json.field("commands", raw: Array(#"[{"name":"ping","description":"Ping"}]"#.utf8))
            }
            for (name, description) in [("roll", "Roll"), ("ping", "Ping better")] {
                try await bot.send("bot.commands.set") { json in
                    json.field("name", name)
                    json.field("description", description)
                    json.field("options", raw: Array(#"[{"name":"sides","type":"integer"}]"#.utf8))
                }
            }
            let listed =
                try await community.owner.send("command.list") { json in
                    json.field("room", community.room.rawValue)
                }.objects("bots").first?.objects("commands") ?? []
            #expect(listed.map { $0.string("description") } == ["Roll", "Ping better"])
            #expect(await refusal { try await bot.send("bot.commands.set") { _ in } }?.code == .malformed)
            let events = await bot.events()
            try await community.owner.send("command.invoke") { json in
                json.field("room", community.room.rawValue)
                json.field("command", "roll")
            }
            #expect(try await next("bot.invoked", in: events).json.string("command") == "roll")
        }

        private static func socket(_ name: String, _ daemon: Daemon) async throws -> RawSocket {
            let token = try await daemon.client().signIn(name: name, password: "password of \(name)").token
            return try RawSocket.signedIn(port: daemon.port, token: try #require(token))
        }
    }
}
