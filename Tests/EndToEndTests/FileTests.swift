import Glibc
import Harness
import LyceumClient
import LyceumProtocol
import TestSupport
import Testing

extension EndToEnd {
    /// What members upload, and who gets it back (attack A20).
    @Suite struct Files {
        @Test func `a picture is uploaded, posted and seen by the room, without what it said of its maker`()
            async throws
        {
            let desk = try await Desk()
            let file = try desk.upload(SampleFiles.jpeg(), name: "holiday.jpg")
            let answer = try file.json
            #expect(file.status == 201)
            #expect(answer.string("type") == "image/jpeg")
            #expect(answer.string("name") == "holiday.jpg")
            #expect(answer.integer("width") == 40 && answer.integer("height") == 30)
            let id = try #require(answer.string("id"))
            #expect(id.utf8.count == 27, "160 bits")
            #expect(try desk.get(id, as: desk.bobToken).status == 404, "nobody but its uploader before it is posted")
            #expect(try desk.get(id, as: desk.annToken).status == 200)

            let seq = try await desk.post("look", attaching: [id])
            let got = try desk.get(id, as: desk.bobToken)
            #expect(got.status == 200)
            #expect(Int64(got.bytes.count) == answer.integer("bytes"))
            #expect(!got.bytes.contains(SampleFiles.secret) && !got.bytes.contains("Exif"))
            #expect(got.headers["content-type"] == "image/jpeg")
            #expect(got.headers["content-disposition"]?.hasPrefix("inline; filename=\"holiday.jpg\"") == true)
            for (name, value) in [
                ("x-content-type-options", "nosniff"), ("cross-origin-resource-policy", "same-origin"),
                ("content-security-policy", "sandbox; default-src 'none'; frame-ancestors 'none'"),
                ("cache-control", "private, no-cache"),
            ] {
                #expect(got.headers[name] == value)
            }
            let tag = try #require(got.headers["etag"])
            #expect(try desk.get(id, as: desk.bobToken, [("If-None-Match", tag)]).status == 304)
            #expect(try desk.get(id, as: desk.bobToken, method: "HEAD").bytes.isEmpty)
            let folded = try await desk.bob.send("history.get") { json in
                json.field("room", desk.room.rawValue)
                json.field("fold", true)
            }
            let message = try #require(folded.objects("messages").first { $0.integer("seq") == seq })
            #expect(message.objects("attachments").first?.string("id") == id)
        }

        @Test func `who may not see the room may not see its files, and none is found by guessing`() async throws {
            let desk = try await Desk(kind: "private")
            let id = try desk.uploaded(Array("minutes".utf8), name: "minutes.txt")
            _ = try await desk.post("the minutes", attaching: [id])
            #expect(try desk.get(id, as: desk.bobToken).status == 200)
            let missing = try desk.get(String(repeating: "A", count: 27), as: desk.eveToken)
            let hidden = try desk.get(id, as: desk.eveToken)
            #expect(hidden.status == 404)
            #expect(hidden.bytes == missing.bytes, "what may not be seen answers as what is not there")
            #expect(try desk.get(id, as: nil).status == 401)
            for path in ["..%2f..%2flyceum.db", "../lyceum.db", "..", "%2e%2e", ".", "incoming"] {
                #expect(try desk.get(path, as: desk.annToken).status >= 400)
            }
            try await desk.bob.send("room.leave") { $0.field("room", desk.room.rawValue) }
            #expect(try desk.get(id, as: desk.bobToken).status == 404)
        }

        @Test func `a deleted message takes its files along, and a moderator's undo brings them back`() async throws {
            let desk = try await Desk()
            let own = try desk.uploaded(SampleFiles.png(), name: "a.png")
            let seq = try await desk.post("", attaching: [own])
            try await desk.ann.delete(seq, in: desk.room)
            #expect(try desk.get(own, as: desk.bobToken).status == 404)
            #expect(try desk.get(own, as: desk.annToken).status == 404)

            let other = try desk.uploaded(SampleFiles.gif(), name: "b.gif")
            let reported = try await desk.post("bad", attaching: [other])
            try await desk.bob.report(reported, in: desk.room, reason: "bad")
            let item = try #require(
                try await desk.owner.send("review.list") { $0.field("state", "open") }.objects("items").first?.integer(
                    "id"))
            try await desk.owner.send("review.decide") { json in
                json.field("item", item)
                json.field("action", "remove")
                json.field("reason", "bad")
            }
            #expect(try desk.get(other, as: desk.bobToken).status == 404)
            try await desk.owner.send("review.undo") { $0.field("item", item) }
            #expect(try desk.get(other, as: desk.bobToken).status == 200)
        }

        @Test func `only one's own files are attached, in their room and once`() async throws {
            let desk = try await Desk()
            let id = try desk.uploaded(SampleFiles.png(), name: "a.png")
            let foreign = await refusal { try await desk.post("mine", attaching: [id], by: desk.bob) }
            #expect(foreign?.code == .notFound)
            let twice = await refusal { try await desk.post("twice", attaching: [id, id]) }
            #expect(twice?.code == .malformed)
            _ = try await desk.post("once", attaching: [id])
            #expect(await refusal { try await desk.post("again", attaching: [id]) }?.code == .notFound)
            #expect(await refusal { try await desk.post(" ", attaching: []) }?.code == .malformed)
        }

        @Test func `what could run is saved and never shown`() async throws {
            let desk = try await Desk()
            for (content, name) in [
                ("<html><script>alert(1)</script>", "a.html"), ("<svg onload='alert(1)'/>", "a.svg"),
                ("%PDF-1.4 <script>", "a.pdf"), ("PK\u{3}\u{4}…", "bomb.zip"),
            ] {
                let id = try desk.uploaded(Array(content.utf8), name: name)
                let got = try desk.get(id, as: desk.annToken)
                #expect(got.headers["content-disposition"]?.hasPrefix("attachment;") == true)
                #expect(got.headers["content-type"]?.contains("html") == false)
                #expect(got.headers["content-type"]?.contains("svg") == false)
                #expect(got.headers["content-security-policy"]?.hasPrefix("sandbox;") == true)
                #expect(got.bytes == Array(content.utf8), "never unpacked, never changed")
            }
            let sly = try desk.upload(Array("GIF89a=1;alert(1)//".utf8), name: "sly.gif")
            #expect([400, 413].contains(sly.status), "text behind a picture's first bytes is no picture")
            let huge = try desk.upload(SampleFiles.png(width: 50_000, height: 50_000), name: "huge.png")
            #expect(huge.status == 413)
            #expect(try huge.json.string("code") == "too_large")
            let path = try desk.upload(Array("x".utf8), name: "..%2f..%2fetc%2fpasswd", isEncoded: true)
            #expect(try path.json.string("name") == "passwd")
            #expect(try desk.stored().count == 5)
        }

        @Test func `sizes and quotas hold, also for uploads at the same time`() async throws {
            let desk = try await Desk(settings: ["files.bytes": "300000", "files.quota_bytes": "1000000"])
            let large = try desk.upload([UInt8](repeating: 1, count: 300_001), name: "large.bin")
            #expect(large.status == 413)
            #expect(try large.json.string("code") == "too_large")
            let statuses = await withTaskGroup(of: Int.self) { group in
                for number in 0..<12 {
                    group.addTask {
                        (try? desk.upload([UInt8](repeating: 2, count: 290_000), name: "\(number).bin").status) ?? 0
                    }
                }
                return await group.reduce(into: [Int]()) { $0.append($1) }
            }
            #expect(statuses.count { $0 == 201 } == 3)
            #expect(statuses.allSatisfy { [201, 413, 429].contains($0) }, "\(statuses)")
            #expect(await eventually { (try? desk.stored().count) == 3 })
            #expect(try desk.upload([1], name: "little.bin").status == 201, "what still fits is taken")
        }

        @Test func `an upload that breaks off or is killed leaves nothing`() async throws {
            let desk = try await Desk()
            let head = desk.head(byteCount: 1_000_000, name: "half.bin", token: desk.annToken)
            let broken = try RawSocket(port: desk.daemon.port)
            broken.send(head)
            broken.send([UInt8](repeating: 7, count: 400_000))
            #expect(await eventually { (try? desk.incoming().count) == 1 })
            broken.reset()
            #expect(await eventually { (try? desk.incoming().isEmpty) == true })

            let open = try RawSocket(port: desk.daemon.port)
            open.send(head)
            open.send([UInt8](repeating: 7, count: 400_000))
            #expect(await eventually { (try? desk.incoming().count) == 1 })
            let whole = try desk.uploaded(SampleFiles.png(), name: "whole.png")
            desk.daemon.kill()
            try writeFile("\(desk.daemon.dataPath)/files/unknownunknownunknownunknow", "from a crash")
            try desk.daemon.start()
            #expect(try desk.incoming().isEmpty)
            #expect(try desk.stored() == [whole])
            #expect(try desk.get(whole, as: desk.annToken).status == 200)
        }

        @Test func `large files go out whole, to slow readers too`() async throws {
            let desk = try await Desk()
            var random = SplitMix64(seed: 5)
            let content = (0..<500_000).flatMap { _ in withUnsafeBytes(of: random.next()) { Array($0) } }
            let id = try desk.uploaded(content, name: "large.bin")
            let socket = try RawSocket(port: desk.daemon.port, receiveBuffer: 4096)
            socket.send(
                "GET /v1/files/\(id) HTTP/1.1\r\nHost: 127.0.0.1:\(desk.daemon.port)\r\n"
                    + "Authorization: Bearer \(desk.annToken)\r\nConnection: close\r\n\r\n")
            #expect(socket.readHead().hasPrefix("HTTP/1.1 200"))
            #expect(socket.read(content.count) == content)
        }

        @Test func `a film is sought in: a range is given, and one that is not there is refused`() async throws {
            let desk = try await Desk()
            let content = (0..<300_000).map { UInt8(truncatingIfNeeded: $0 * 31 >> 3) }
            let id = try desk.uploaded(content, name: "film.bin")
            let whole = try desk.get(id, as: desk.annToken)
            #expect(whole.headers["accept-ranges"] == "bytes")
            let tag = try #require(whole.headers["etag"])
            for (field, range) in [
                ("bytes=0-0", 0..<1), ("bytes=140000-", 140_000..<300_000), ("bytes=-5", 299_995..<300_000),
                ("bytes=131000-270999", 131_000..<271_000), ("bytes=299999-999999999999999999999", 299_999..<300_000),
            ] {
                let part = try desk.get(id, as: desk.annToken, [("Range", field), ("If-Range", tag)])
                #expect(part.status == 206)
                #expect(part.headers["content-range"] == "bytes \(range.lowerBound)-\(range.upperBound - 1)/300000")
                #expect(part.bytes == Array(content[range]))
            }
            for (field, condition) in [
                ("bytes=5-4", tag), ("bytes=0-1,5-6", tag), ("lines=1-2", tag), ("bytes=0-9", "\"another\""),
                ("bytes=0-9", "Sat, 28 Nov 2026 00:00:00 GMT"), ("bytes=0-9", "W/\(tag)"),
            ] {
                let answer = try desk.get(id, as: desk.annToken, [("Range", field), ("If-Range", condition)])
                #expect(answer.status == 200 && answer.bytes.count == 300_000, "\(field) \(condition)")
            }
            let past = try desk.get(id, as: desk.annToken, [("Range", "bytes=300000-")])
            #expect(past.status == 416)
            #expect(past.headers["content-range"] == "bytes */300000")
            #expect(try desk.get(id, as: desk.bobToken, [("Range", "bytes=0-9")]).status == 404, "the gate comes first")
        }

        @Test func `names pass the stage, and what waits with a post waits too`() async throws {
            let community = try await ModeratedCommunity(
                pack: """
                    pack: test
                    rules:
                      - {id: held, kind: keyword, words: [zanzibar], score: 5, action: hold, reason: {en: Held., zh: 已扣留。}}
                    """)
            let desk = try await Desk(community)
            #expect(try desk.upload(SampleFiles.png(), name: "zanzibar.png").status == 422)
            let id = try desk.uploaded(SampleFiles.png(), name: "map.png")
            let room = community.room.rawValue
            let held = try await community.member.send("message.post") { json in
                json.field("room", room)
                json.field("text", "to zanzibar")
                json.field("nonce", "n")
                json.field("attachments", array: [id]) { $0.value($1) }
            }
            #expect(held.string("verdict") == "hold")
            #expect(try desk.get(id, as: desk.bobToken).status == 200, "a moderator sees what they decide about")
            #expect(try desk.get(id, as: desk.eveToken).status == 404)
            try await community.decide(try #require(held.integer("review")), "approve")
            #expect(try desk.get(id, as: desk.eveToken).status == 200)
        }

        @Test func `another site's page uploads nothing by the reader's cookie`() async throws {
            let desk = try await Desk()
            let cookie = [("Cookie", "__Host-lyceum=\(desk.annToken)")]
            let own = ("Sec-Fetch-Site", "same-origin")
            #expect(try desk.upload([1], name: "a", as: nil, cookie + [own]).status == 201)
            for origin in [("Sec-Fetch-Site", "cross-site"), ("Origin", "http://evil.example")] {
                #expect(try desk.upload([1], name: "a", as: nil, cookie + [origin]).status == 403)
            }
            #expect(try desk.upload([1], name: "a", as: nil, cookie).status == 403)
            #expect(try desk.upload([1], name: "a", as: nil).status == 401)
        }

        @Test func `files that hang on nothing are forgotten after their time`() async throws {
            let desk = try await Desk()
            let kept = try desk.uploaded(SampleFiles.png(), name: "kept.png")
            _ = try await desk.post("kept", attaching: [kept])
            let lost = try desk.uploaded(SampleFiles.gif(), name: "lost.gif")
            desk.daemon.kill()
            let clock = try ChildProcess(
                ["sqlite3", "\(desk.daemon.dataPath)/lyceum.db", "UPDATE file SET at = at - 25 * 3600000"])
            _ = clock.outputToEnd(within: .seconds(10))
            #expect(clock.exitCode == 0)
            try desk.daemon.start()
            #expect(await eventually { (try? desk.stored()) == [kept] })
            #expect(try desk.get(lost, as: desk.annToken).status == 404)
            #expect(try desk.get(kept, as: desk.bobToken).status == 200)
        }

        @Test func `a backup has the files, and finds the one that was changed`() async throws {
            let desk = try await Desk()
            let id = try desk.uploaded(SampleFiles.webp(), name: "a.webp")
            _ = try await desk.post("kept", attaching: [id])
            let folder = "\(desk.daemon.scratchPath)/copies"
            #expect(try desk.run("backup", "create", folder, "--data", desk.daemon.dataPath) == 0)
            let search = try ChildProcess(["find", folder, "-name", "*.db"])
            let copy = try #require(search.outputToEnd(within: .seconds(10)).first)
            let restored = "\(desk.daemon.scratchPath)/restored"
            #expect(try desk.run("backup", "restore", copy, "--data", restored) == 0)
            let before = try desk.get(id, as: desk.bobToken).bytes
            let second = try Daemon(data: restored)
            let token = try await Desk.token("bob", second)
            #expect(try desk.get(id, as: token, port: second.port).bytes == before)
            desk.daemon.stop()
            #expect(try desk.run("backup", "verify", copy) == 0)
            try writeFile("\(copy).files/\(id)", "something else")
            #expect(try desk.run("backup", "verify", copy) != 0)
        }
    }
}

/// A room with its members, and what they do with files over HTTP.
private struct Desk: Sendable {
    let daemon: Daemon
    let owner: Client
    let ann: Client
    let bob: Client
    let room: RoomID
    let annToken: String
    let bobToken: String
    /// Of somebody who is not in the room.
    let eveToken: String

    init(kind: String = "public", settings: [String: String] = [:]) async throws {
        // Nothing but what is reported comes into the review queue.
        daemon = try Daemon(settings: settings.merging(["moderation.checks_per_hour": "0"]) { given, _ in given })
        owner = try await daemon.owner()
        ann = try await daemon.member("ann")
        bob = try await daemon.member("bob")
        _ = try await daemon.member("eve")
        room = try await ann.createRoom(name: "desk", title: "Desk", kind: kind).id
        let bobID = try #require(await bob.signIn).member.rawValue
        if kind == "private" {
            let room = room.rawValue
            try await ann.send("room.invite") { json in
                json.field("room", room)
                json.field("member", bobID)
            }
        } else {
            _ = try await bob.join(room)
        }
        (annToken, bobToken) = (try await Self.token("ann", daemon), try await Self.token("bob", daemon))
        eveToken = try await Self.token("eve", daemon)
    }

    init(_ community: ModeratedCommunity) async throws {
        daemon = community.daemon
        (owner, ann, bob, room) = (community.owner, community.member, community.moderator, community.room)
        _ = try await daemon.member("eve")
        (annToken, bobToken) = (try await Self.token("mark", daemon), try await Self.token("mona", daemon))
        eveToken = try await Self.token("eve", daemon)
    }

    /// Signs a member in.
    static func token(_ name: String, _ daemon: Daemon) async throws -> String {
        let client = try daemon.client()
        let token = try #require(try await client.signIn(name: name, password: "password of \(name)").token)
        await client.stop()
        return token
    }

    struct Answer {
        let status: Int
        let headers: [String: String]
        let bytes: [UInt8]
        var json: JSONText { get throws { JSONText(bytes) } }
    }

    func head(
        byteCount: Int, name: String, token: String?, isEncoded: Bool = false, _ more: [(String, String)] = []
    ) -> String {
        let encoded = isEncoded ? name : name.replacing(" ", with: "%20")
        var text = "POST /v1/files HTTP/1.1\r\nHost: 127.0.0.1:\(daemon.port)\r\nConnection: close\r\n"
        text += "lyceum-room: \(room)\r\nlyceum-file-name: \(encoded)\r\nContent-Length: \(byteCount)\r\n"
        if let token { text += "Authorization: Bearer \(token)\r\n" }
        for (name, value) in more { text += "\(name): \(value)\r\n" }
        return text + "\r\n"
    }

    func upload(_ content: [UInt8], name: String, isEncoded: Bool = false) throws -> Answer {
        try upload(content, name: name, as: annToken, isEncoded: isEncoded)
    }

    func upload(
        _ content: [UInt8], name: String, as token: String?, _ more: [(String, String)] = [], isEncoded: Bool = false
    ) throws -> Answer {
        let socket = try RawSocket(port: daemon.port)
        socket.send(head(byteCount: content.count, name: name, token: token, isEncoded: isEncoded, more))
        socket.send(content)
        return try answer(on: socket, hasBody: true)
    }

    /// The id of a file that was taken.
    func uploaded(_ content: [UInt8], name: String) throws -> String {
        let answer = try upload(content, name: name)
        #expect(answer.status == 201)
        return try #require(try answer.json.string("id"))
    }

    func get(
        _ id: String, as token: String?, _ more: [(String, String)] = [], method: String = "GET", port: UInt16? = nil
    ) throws -> Answer {
        let socket = try RawSocket(port: port ?? daemon.port)
        var text = "\(method) /v1/files/\(id) HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n"
        if let token { text += "Authorization: Bearer \(token)\r\n" }
        for (name, value) in more { text += "\(name): \(value)\r\n" }
        socket.send(text + "\r\n")
        return try answer(on: socket, hasBody: method == "GET")
    }

    private func answer(on socket: RawSocket, hasBody: Bool) throws -> Answer {
        let lines = socket.readHead().split(separator: "\r\n")
        let status = try #require(lines.first?.split(separator: " ").dropFirst().first.flatMap { Int($0) })
        var headers: [String: String] = [:]
        for line in lines.dropFirst() {
            guard let colon = line.firstIndex(of: ":") else { continue }
            headers[line[..<colon].lowercased()] = String(line[line.index(after: colon)...].drop { $0 == " " })
        }
        let count = hasBody ? headers["content-length"].flatMap { Int($0) } ?? 0 : 0
        return Answer(status: status, headers: headers, bytes: count > 0 ? socket.read(count) : [])
    }

    @discardableResult
    func post(_ text: String, attaching ids: [String], by client: Client? = nil) async throws -> Int64 {
        let room = room.rawValue
        let answer = try await (client ?? ann).send("message.post") { json in
            json.field("room", room)
            json.field("text", text)
            json.field("nonce", Client.makeNonce())
            json.field("attachments", array: ids) { $0.value($1) }
        }
        return try #require(answer.integer("seq"))
    }

    /// The ids of whole files on the disk.
    func stored() throws -> [String] { try names("files").filter { $0 != "incoming" } }
    /// Files that are on their way.
    func incoming() throws -> [String] { try names("files/incoming") }

    private func names(_ folder: String) throws -> [String] {
        guard let directory = opendir("\(daemon.dataPath)/\(folder)") else { return [] }
        defer { closedir(directory) }
        var names: [String] = []
        while let entry = readdir(directory) {
            let name = withUnsafePointer(to: entry.pointee.d_name) { tuple in
                tuple.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
            }
            if name != ".", name != ".." { names.append(name) }
        }
        return names
    }

    func run(_ arguments: String...) throws -> Int32? {
        let process = try ChildProcess([Daemon.executable] + arguments, standardError: nil)
        _ = process.outputToEnd(within: .seconds(60))
        return process.exitCode
    }
}
