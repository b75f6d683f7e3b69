import Glibc
import Harness
import LyceumProtocol
import TestSupport
import Testing

extension EndToEnd {
    /// Broken frames and broken text (attacks A19 and A22, fault F10).
    @Suite struct FrameAttacks {
        /// A frame's first bytes by hand, and the close code that they earn.
        struct Violation: Sendable, CustomTestStringConvertible {
            let testDescription: String
            let bytes: [UInt8]
            let code: UInt16
        }

        static let violations: [Violation] = [
            Violation(testDescription: "an unmasked frame", bytes: [0x81, 2, 0x7B, 0x7D], code: 1002),
            Violation(testDescription: "reserved bit 1", bytes: [0xC1, 0x80, 0, 0, 0, 0], code: 1002),
            Violation(testDescription: "reserved bit 2", bytes: [0xA1, 0x80, 0, 0, 0, 0], code: 1002),
            Violation(testDescription: "opcode 3", bytes: [0x83, 0x80, 0, 0, 0, 0], code: 1002),
            Violation(testDescription: "opcode 11", bytes: [0x8B, 0x80, 0, 0, 0, 0], code: 1002),
            Violation(testDescription: "a continuation of nothing", bytes: [0x80, 0x80, 0, 0, 0, 0], code: 1002),
            Violation(testDescription: "a fragmented ping", bytes: [0x09, 0x80, 0, 0, 0, 0], code: 1002),
            Violation(
                testDescription: "a ping of 126 bytes", bytes: [0x89, 0xFE, 0, 126, 0, 0, 0, 0], code: 1002),
            Violation(
                testDescription: "a text within a fragmented text",
                bytes: [0x01, 0x81, 0, 0, 0, 0, 0x61, 0x81, 0x81, 0, 0, 0, 0, 0x61], code: 1002),
            Violation(
                testDescription: "a length of 2^63", bytes: [0x81, 0xFF, 0x80, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0],
                code: 1002),
            Violation(
                testDescription: "a length of 2^62", bytes: [0x81, 0xFF, 0x40, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0],
                code: 1009),
            Violation(
                testDescription: "a length over the limit", bytes: [0x81, 0xFF, 0, 0, 0, 0, 0, 1, 0, 1, 0, 0, 0, 0],
                code: 1009),
            Violation(
                testDescription: "an overlong encoding", bytes: [0x81, 0x82, 0, 0, 0, 0, 0xC0, 0xAF], code: 1007),
            Violation(
                testDescription: "an encoded surrogate", bytes: [0x81, 0x83, 0, 0, 0, 0, 0xED, 0xA0, 0x80], code: 1007),
            Violation(
                testDescription: "a byte that is no UTF-8", bytes: [0x81, 0x81, 0, 0, 0, 0, 0xFF], code: 1007),
            Violation(
                testDescription: "a character past U+10FFFF", bytes: [0x81, 0x84, 0, 0, 0, 0, 0xF4, 0x90, 0x80, 0x80],
                code: 1007),
            Violation(
                testDescription: "a close code nobody may send", bytes: [0x88, 0x82, 0, 0, 0, 0, 0x03, 0xED],
                code: 1002),
            Violation(
                testDescription: "a close reason that is no UTF-8",
                bytes: [0x88, 0x83, 0, 0, 0, 0, 0x03, 0xE8, 0xFF], code: 1007),
            Violation(
                testDescription: "a binary frame", bytes: [0x82, 0x81, 0, 0, 0, 0, 0x61],
                code: CloseCode.protocolViolation.rawValue),
        ]

        @Test func `each broken frame closes its own connection with the right code`() async throws {
            let daemon = try Daemon()
            let bystander = try await daemon.member("ann")
            let room = try await bystander.createRoom(name: "agora", title: "Agora")
            for violation in Self.violations {
                let socket = try RawSocket.webSocket(port: daemon.port)
                socket.send(violation.bytes)
                #expect(socket.closeCode() == violation.code, "\(violation.testDescription)")
            }
            _ = try await bystander.post("still here", to: room.id)
            #expect(await bystander.isSignedIn)
        }

        @Test func `text split over many frames is one command`() async throws {
            let daemon = try Daemon()
            let socket = try RawSocket.webSocket(port: daemon.port)
            let command = Array(#"{"id":5,"do":"no.such","text":"中文"}"#.utf8)
            for (index, byte) in command.enumerated() {
                let isLast = index == command.count - 1
                socket.send([(isLast ? 0x80 : 0) | (index == 0 ? 1 : 0), 0x81, 0, 0, 0, 0, byte])
                if index == 3 { socket.sendFrame(ClientFrame.ping, [7]) }
            }
            #expect(socket.text { $0.hasPrefix(#"{"re":5,"#) }?.contains("unknown_command") == true)
        }

        @Test func `endless fragments end at the limit and cost no memory`() async throws {
            let daemon = try Daemon()
            let before = daemon.meter.residentBytes
            for _ in 0..<20 {
                let socket = try RawSocket.webSocket(port: daemon.port)
                socket.send([0x01, 0x80, 0, 0, 0, 0])
                let fragments = (0..<1_000).flatMap { _ in [0x00, 0x81, 0, 0, 0, 0, 0x61] as [UInt8] }
                for _ in 0..<(runsLongTests ? 1_000 : 100) where socket.send(fragments) {}
                #expect(socket.closeCode() == 1009)
            }
            #expect(daemon.meter.residentBytes - before < memory(20 << 20))
        }

        @Test func `a flood of pings is answered or cut but never stored`() async throws {
            let daemon = try Daemon()
            let socket = try RawSocket.webSocket(port: daemon.port, receiveBuffer: 4096)
            let before = daemon.meter.residentBytes
            var pings: [UInt8] = []
            for _ in 0..<1_000 {
                ClientFrame.append(ClientFrame.ping, [UInt8](repeating: 0x61, count: 125), to: &pings)
            }
            let sender = Task.detached { for _ in 0..<100 where socket.send(pings) {} }
            let bystander = try await daemon.member("ann")
            _ = try await bystander.createRoom(name: "agora", title: "Agora")
            #expect(daemon.meter.residentBytes - before < memory(20 << 20))
            socket.shutdown()
            await sender.value
        }

        @Test func `words that are no command are answered and the connection stays`() async throws {
            let daemon = try Daemon()
            let socket = try RawSocket.webSocket(port: daemon.port)
            let texts = [
                "", "[]", "7", "nonsense", "{", #"{"id":1"#, #"{"id":1,"do":5}"#, #"{"do":"room.list"}"#,
                #"{"id":0,"do":"room.list"}"#, #"{"id":-1,"do":"room.list"}"#, #"{"id":1.5,"do":"room.list"}"#,
                #"{"id":9007199254740992,"do":"room.list"}"#, #"{"id":"1","do":"room.list"}"#,
                "{\"id\":1,\"do\":\"\u{1}\"}",
                String(repeating: "[", count: 30_000),
                #"{"id":1,"do":"x","x":"# + String(repeating: "{\"a\":", count: 5_000),
            ]
            for text in texts {
                socket.send(text: text)
                #expect(socket.text { $0.contains(#""error":"#) }?.contains("malformed") == true, "\(text.prefix(60))")
            }
            #expect(socket.ask(9, #""do":"room.list""#)?.contains("unauthenticated") == true)
        }

        @Test func `lone surrogates, controls, bidi overrides and towers of marks are stored whole or refused`()
            async throws
        {
            let daemon = try Daemon()
            let ann = try await daemon.member("ann")
            let room = try await ann.createRoom(name: "agora", title: "Agora")
            let token = try #require(try await daemon.client().signIn(name: "ann", password: "password of ann").token)
            let socket = try RawSocket.signedIn(port: daemon.port, token: token)
            let texts = [
                #"\ud800"#, #"\udc00\ud800"#, #"\u202Eevil"#, #"a\u0000b"#,
                "e" + String(repeating: "\u{301}", count: 2_000),
                String(repeating: "👩‍👩‍👧‍👦", count: 300), #"\u200d\u200d\u200d"#, "\u{FEFF}", #"\r\nINJECTED log line"#,
            ]
            for (index, text) in texts.enumerated() {
                let answer = socket.ask(
                    index + 2,
                    #""do":"message.post","room":\#(room.id),"nonce":"n\#(index)","text":"\#(text)""#)
                #expect(
                    answer?.contains(#""ok""#) == true || answer?.contains(#""error""#) == true, "\(text.prefix(20))")
            }
            // Whatever was stored reads back as valid JSON and UTF-8 and survives being searched.
            _ = try await ann.history(of: room.id, limit: 200).elements
            #expect(!daemon.log.contains("\nINJECTED"))
        }

        @Test func `random bytes after the handshake leave no trace`() async throws {
            let daemon = try Daemon()
            let bystander = try await daemon.member("ann")
            let files = daemon.meter.openFileCount
            var random = SplitMix64(seed: 22)
            for round in 0..<(runsLongTests ? 20_000 : 300) {
                let socket = try RawSocket.webSocket(port: daemon.port)
                var bytes: [UInt8] = []
                if round % 2 == 0 {
                    for _ in 0..<Int.random(in: 1...200, using: &random) {
                        bytes.append(UInt8.random(in: 0...255, using: &random))
                    }
                } else {
                    ClientFrame.append(ClientFrame.text, mutatedCommand(&random), to: &bytes)
                }
                socket.send(bytes)
                if round % 3 == 0 { socket.reset() } else { socket.close() }
            }
            #expect(daemon.process.isRunning)
            #expect(await bystander.isSignedIn)
            // The bystander's, and perhaps the one that asks.
            #expect(await eventually { daemon.metrics()["lyceum_connections"] ?? 9 <= 2 })
            // The store's readers, opened when they are first needed, keep theirs.
            #expect(daemon.meter.openFileCount < files + 30)
        }

        /// What is no command is answered, each, and kept nowhere; the connection stays.
        @Test func `garbage in the thousands is answered frame by frame and costs no memory`() async throws {
            let daemon = try Daemon()
            let bystander = try await daemon.member("ann")
            let room = try await bystander.createRoom(name: "agora", title: "Agora")
            let (connections, frames) = runsLongTests ? (100, 10_000) : (5, 1_000)
            var random = SplitMix64(seed: 10)
            var before: Int?
            for _ in 0..<connections {
                let socket = try RawSocket.webSocket(port: daemon.port)
                var bytes: [UInt8] = []
                for _ in 0..<frames {
                    ClientFrame.append(ClientFrame.text, Array(garbage(&random).utf8), to: &bytes)
                }
                let sender = Task.detached { socket.send(bytes) }
                var answers = 0
                while answers < frames, let text = socket.text(where: { $0.contains(#""error":"#) }) {
                    answers += 1
                    #expect(text.contains("malformed") || text.contains("unknown_command"))
                }
                #expect(answers == frames)
                #expect(await sender.value)
                // Measured from the second on: what the first one costs is kept for the next.
                before = before ?? daemon.meter.residentBytes
            }
            #expect(daemon.meter.residentBytes - (before ?? 0) < memory(8 << 20))
            _ = try await bystander.post("still here", to: room.id)
            #expect(await bystander.isSignedIn)
        }

        /// A command that was damaged in its characters, or that nobody knows.
        private func garbage(_ random: inout SplitMix64) -> String {
            let depth = Int.random(in: 0..<40, using: &random)
            switch Int.random(in: 0..<6, using: &random) {
            case 0: return String(repeating: "[", count: depth)
            case 1: return #"{"id":\#(Int.random(in: 1...9, using: &random)),"do":"no.\#(depth)"}"#
            case 2: return #"{"id":1,"do":"x","text":"\#(String(repeating: "\\ud83d", count: depth))"#
            case 3: return #"{"id":1e\#(depth + 16),"do":"room.list"}"#
            case 4: return #"{"do":"room.list","id":null,"中文":{"a":[\#(depth)]}}"#
            default: return String(repeating: "{\"a\":", count: depth)
            }
        }

        private func mutatedCommand(_ random: inout SplitMix64) -> [UInt8] {
            var command = Array(
                #"{"id":1,"do":"session.open","token":"x","resume":[{"room":1,"epoch":"e","seq":1}]}"#.utf8)
            for _ in 0..<Int.random(in: 1...6, using: &random) {
                let position = Int.random(in: 0..<command.count, using: &random)
                switch Int.random(in: 0..<3, using: &random) {
                case 0: command[position] = UInt8.random(in: 0...255, using: &random)
                case 1: command.remove(at: position)
                default: command.insert(UInt8.random(in: 0...255, using: &random), at: position)
                }
            }
            return command
        }
    }
}
