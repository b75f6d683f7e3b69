import Activity
import Community
import Foundation
import LyceumProtocol

/// `activity.me`: all that is kept about one's activity; with `export`, every event that it is drawn from.
struct GetOwnActivity: Command, LiveCommand {
    static let fields: [Field] = [.optional("export", .boolean)]
    static let answer: [Field] = [
        .required("recommendations", .boolean), .required("discoverable", .boolean),
        .required("portrait", .object("rooms, topics, partners, interests, clock, weeks, points, streak, roles")),
        .required("blocked", .array(.number, atMost: 10_000)),
        .required("dismissed", .array(.string(1...200), atMost: 10_000)),
        .optional("events", .array(.object("room, seq, at, kind"), atMost: 10_000_000)),
        .optional("notes", .array(.object("kind, at, room, thread, detail"), atMost: 10_000_000)),
    ]

    var room: RoomID? { nil }
    private let isExport: Bool

    init(_ fields: CommandFields) throws(JSONError) { isExport = fields.optionalBool("export") ?? false }

    func run(in call: LiveCall) throws(Refusal) -> [UInt8]? {
        let server = call.server
        guard let member = call.actor.member else { throw .notFound }
        return try call.ask { core, _ in
            let outcome: Outcome
            do {
                let record = try OwnActivity(of: member, core, server, isExport: isExport)
                let portrait = try record.portrait.encoded
                outcome = .done(object { record.write(to: &$0, portrait: portrait) })
            } catch {
                server.log.error("activity could not be told", metadata: ["cause": "\(error)"])
                outcome = .refused(Refusal(.internal, "The server failed; it has been logged."))
            }
            return { outcome }
        }
    }
}

/// Everything that is kept about one member for recommendations.
struct OwnActivity {
    let portrait: Portrait
    private let privacy: Privacy
    private let blocked: [MemberID]
    private let dismissed: [Subject]
    private let events: [ActivityEvent]?
    private let notes: [ActivityNote]?

    init(of member: MemberID, _ core: ActivityCore, _ server: ServerState, isExport: Bool) throws {
        // Rooms they have left as well: it is their own activity.
        portrait = core.tracker.portrait(of: member, at: server.now()) { _ in true }
        (privacy, blocked) = server.committed.withLock { community in
            (community.privacy(of: member), community.blocked(by: member).sorted())
        }
        dismissed = core.recommender.dismissed(by: member)
        events = isExport ? core.archive.events(concerning: member).filter { $0.member == member } : nil
        notes = isExport ? try server.store.read { try $0.activityNotes(of: member) } : nil
    }

    func write(to json: inout JSONWriter, portrait: [UInt8]) {
        json.field("recommendations", privacy.isCounted)
        json.field("discoverable", privacy.isDiscoverable)
        json.field("portrait", raw: portrait)
        json.field("blocked", array: blocked) { $0.value($1.rawValue) }
        json.field("dismissed", array: dismissed) { $0.value($1.key) }
        if let events { json.field("events", array: events) { write($1, to: &$0) } }
        if let notes { json.field("notes", array: notes) { write($1, to: &$0) } }
    }

    private func write(_ event: ActivityEvent, to json: inout JSONWriter) {
        json.object { json in
            json.field("room", event.room.rawValue)
            json.field("seq", event.seq / ActivityMapping.stride)
            json.field("at", event.at)
            json.field("kind", event.kind.name)
            json.field("thread", event.thread)
        }
    }

    private func write(_ note: ActivityNote, to json: inout JSONWriter) {
        json.object { json in
            json.field("kind", "\(note.kind)")
            json.field("at", note.at)
            json.field("room", note.room?.rawValue)
            json.field("thread", note.thread)
            json.field("detail", note.detail)
        }
    }
}

extension Portrait {
    /// As JSON; the same portrait always gives the same bytes.
    var encoded: [UInt8] {
        get throws {
            let encoder = JSONEncoder()
            encoder.outputFormatting = [.sortedKeys]
            return [UInt8](try encoder.encode(self))
        }
    }
}

extension ActivityEvent.Kind {
    fileprivate var name: String {
        switch self {
        case .post(let post): "\(post.form)"
        case .reaction: "reaction"
        case .vote: "vote"
        case .accepted: "accepted"
        case .follow: "follow"
        case .read: "read"
        case .join: "join"
        case .leave: "leave"
        case .deletion: "deletion"
        case .edit: "edit"
        case .restoration: "restoration"
        case .title: "title"
        }
    }
}
