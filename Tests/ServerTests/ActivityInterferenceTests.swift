import Activity
import Cluster
import Community
import Foundation
import Logging
import LyceumProtocol
import Storage
import TestSupport
import Testing

@testable import Server

/// What members are shown follows from what they may read, through the daemon's own commands, log and mapping.
struct ActivityInterferenceTests {
    @Test(arguments: UInt64(0)..<12)
    func `what happens in rooms one cannot read changes no byte of what one is shown`(seed: UInt64) throws {
        let script = Script(seed: seed)
        let all = try Town(script.steps)
        let visible = try Town(script.steps.filter { $0.room.rawValue <= 2 })
        #expect(try all.shown(to: Town.outsider) == visible.shown(to: Town.outsider))
        // The same comparison must be able to fail: whoever is in those rooms is shown something else.
        #expect(try all.shown(to: MemberID(1)) != visible.shown(to: MemberID(1)))
    }

    @Test(arguments: UInt64(100)..<108)
    func `catching up gives the state of following, bit for bit, and so does a kept state`(seed: UInt64) throws {
        let town = try Town(Script(seed: seed).steps)
        let followed = try town.core(step: 1)
        let derived = try town.core(step: 1000)
        #expect(followed.hasSameTracker(as: derived))
        let kept = try KeptActivity(decoding: followed.encoded(epoch: "e"))
        #expect(try Tracker(decoding: kept.tracker).encoded() == derived.tracker.encoded())
    }

    @Test func `a state that was cut short is refused and what was learnt is kept`() throws {
        let town = try Town(Script(seed: 7).steps)
        let core = try town.core(step: 1000)
        let whole = try core.encoded(epoch: "e")
        let cut = try KeptActivity(decoding: Array(whole.dropLast(100)))
        #expect(throws: SnapshotError.self) { try Tracker(decoding: cut.tracker) }
        #expect(throws: (any Error).self) { try KeptActivity(decoding: Array(whole.prefix(20))) }
    }
}

/// Random things that members do, fixed before they are done, so that some can be left out.
private struct Script {
    struct Step {
        let room: RoomID
        let member: MemberID
        let command: String
        let words: [String]
        /// Which message of the room it is about, as a share of those there are.
        let target: Double
        let at: UnixMilliseconds
    }

    private(set) var steps: [Step] = []

    init(seed: UInt64) {
        var random = SplitMix64(seed: seed)
        let commands = [
            "message.post", "message.post", "message.post", "reply", "reply", "reply", "message.react", "message.edit",
            "message.delete", "read.mark", "thread.follow",
        ]
        let words = ["#swift", "#sqlite", "index", "loops", "数据库", "索引", "how?", "@m2", "@m3", "`cafe`"]
        for number in 0..<160 {
            let room = RoomID(Int64.random(in: 1...4, using: &random))
            let members: ClosedRange<Int64> = room.rawValue <= 2 ? 1...5 : room.rawValue == 3 ? 1...4 : 1...2
            steps.append(
                Step(
                    room: room, member: MemberID(Int64.random(in: members, using: &random)),
                    command: commands.randomElement(using: &random) ?? "message.post",
                    words: (0..<4).compactMap { _ in words.randomElement(using: &random) },
                    target: Double.random(in: 0..<1, using: &random), at: Town.start + UnixMilliseconds(number) * 60_000
                ))
        }
    }
}

/// A community of two public rooms, a private and a direct one, in which a script has been carried out.
private final class Town {
    static let start: UnixMilliseconds = 1_760_000_000_000
    /// In the public rooms only.
    static let outsider = MemberID(5)

    private let folder = FileManager.default.temporaryDirectory.appending(path: "lyceum-town-\(UUID().uuidString)")
    private let server: ServerState

    init(_ steps: [Script.Step]) throws {
        let store = try SQLiteStore(folder: folder)
        try Self.found(store)
        var messages: [RoomID: [SequenceNumber]] = [:]
        let working = WorkingCommunity(try store.loadCommunity())
        let settings = Settings()
        for step in steps {
            try store.write { transaction in
                let context = WriteContext(
                    transaction: transaction, working: working, now: step.at, settings: settings.community)
                try Self.carryOut(step, in: context, &messages[step.room, default: []])
            }
        }
        server = try ServerState(
            settings: settings, store: store, bus: InProcessBus(),
            log: Logger(label: "town") { _ in LineLogHandler(settings.log) })
    }

    deinit {
        server.readPool.stop()
        server.hashPool.stop()
        server.releaseWriter()
        try? FileManager.default.removeItem(at: folder)
    }

    private static func found(_ store: SQLiteStore) throws {
        try store.write { transaction in
            for number in 1...5 {
                let member = Member(
                    id: try transaction.makeMemberID(), name: "m\(number)", role: .member, createdAt: start - 1)
                try transaction.put(.member(member))
            }
            let kinds: [Room.Kind] = [.public, .public, .private, .direct]
            for (number, kind) in kinds.enumerated() {
                let room = Room(
                    id: try transaction.makeRoomID(), kind: kind, name: "room\(number)", title: "Room \(number)",
                    createdBy: MemberID(1), createdAt: start - 1)
                try transaction.put(.room(room))
                for member in 1...([5, 5, 4, 2][number]) {
                    try transaction.put(
                        .joined(
                            room.id, MemberID(Int64(member)), Membership(joinedSeq: 0, readSeq: 0, readOrdinal: 0)))
                }
            }
        }
    }

    /// Through the command itself; what its rules refuse does not happen.
    private static func carryOut(
        _ step: Script.Step, in context: WriteContext, _ messages: inout [SequenceNumber]
    ) throws {
        let target = messages.isEmpty ? 1 : messages[Int(step.target * Double(messages.count))]
        let isReply = step.command == "reply"
        let name = isReply ? "message.post" : step.command
        let fields = object { json in
            json.field("room", step.room.rawValue)
            json.field("seq", target)
            json.field("text", step.words.joined(separator: " "))
            json.field("nonce", "\(step.at)")
            json.field("emoji", "👍")
            if isReply || name == "thread.follow" { json.field("thread", target) }
        }
        guard let row = CommandTable.row(named: name), case .write(let make) = row.handler else { return }
        context.actor = Actor(member: step.member, session: nil, address: "")
        do {
            _ = try fields.withUnsafeBytes { bytes in
                let command = try make(CommandFields(json: JSONObject(parsing: bytes)))
                context.judgements = command.texts.map { .byOperator($0.kind) }
                return try command.perform(in: context)
            }
        } catch is Refusal {
            return
        }
        if let event = context.events.last, event.kind == .messagePosted { messages.append(event.seq) }
    }

    /// The state that following the log gives, `step` entries at a time.
    func core(step: Int) throws -> ActivityCore {
        let scratch = folder.appending(path: UUID().uuidString)
        try FileManager.default.createDirectory(at: scratch, withIntermediateDirectories: true)
        let archive = try server.archiving.openScratchArchive(in: scratch.path)
        let core = ActivityCore(archive: archive, view: server.activityView, pace: .unbounded)
        while try core.advance(through: server.store, limit: step, at: server.now()) {}
        return core
    }

    /// Every list and every trend, as they would go over the wire.
    func shown(to member: MemberID) throws -> String {
        let core = try core(step: 16)
        let viewer = Viewer(member, server)
        let now = Self.start + 161 * 60_000
        var text = ""
        for surface in Surface.allCases {
            for item in core.items(surface, for: viewer, at: now).items {
                text += String(decoding: item.json, as: UTF8.self) + "\n"
            }
        }
        for window in Trend.Window.allCases { text += "\(core.trends(for: viewer, window, nil, 10, at: now))\n" }
        return text
    }
}
