import Community
import LyceumProtocol

/// What both reaction commands carry.
struct ReactionTarget {
    static let fields: [Field] = [
        .required("room", .number), .required("seq", .number), .required("emoji", .string(1...16)),
    ]

    let room: RoomID
    let seq: SequenceNumber
    let emoji: String

    init(_ fields: CommandFields) throws(JSONError) {
        room = try fields.room()
        seq = try fields.integer("seq")
        emoji = try fields.string("emoji")
        guard Self.isEmoji(emoji) else { throw .field("emoji", "one emoji") }
    }

    /// One emoji and nothing else: letters would be text that no moderation has seen.
    static func isEmoji(_ text: String) -> Bool {
        guard text.count == 1, let first = text.unicodeScalars.first else { return false }
        // Keycaps begin with an ASCII digit and count only with their enclosing mark.
        return first.properties.isEmoji && (!first.isASCII || text.unicodeScalars.contains("\u{20E3}"))
    }

    func append(_ kind: EventKind, in context: WriteContext) throws -> [UInt8] {
        let member = try context.requireActor()
        let event = try context.append(kind, in: room, by: member.id) { json in
            json.field("message", seq)
            json.field("emoji", emoji)
        }
        return object { $0.field("seq", event.seq) }
    }
}

/// `message.react`: adds one's own reaction; once there, again changes nothing.
struct AddReaction: Command, WriteCommand {
    static let fields = ReactionTarget.fields
    static let answer: [Field] = [.optional("seq", .number)]
    /// Different emoji under one message.
    private static let limit = 20

    private let target: ReactionTarget
    var room: RoomID? { target.room }

    init(_ fields: CommandFields) throws(JSONError) { target = try ReactionTarget(fields) }

    func perform(in context: WriteContext) throws -> [UInt8] {
        let member = try context.requireActor()
        _ = try context.message(target.seq, in: target.room)
        let present = try context.transaction.reactions(to: [target.seq], in: target.room, viewer: member.id)
        let counts = present[target.seq] ?? []
        if counts.contains(where: { $0.emoji == target.emoji && $0.mine }) { return emptyObject }
        guard counts.count < Self.limit || counts.contains(where: { $0.emoji == target.emoji }) else {
            throw Refusal(.conflict, "A message can carry \(Self.limit) different emoji.")
        }
        _ = try context.transaction.addReaction(target.emoji, to: target.seq, in: target.room, by: member.id)
        return try target.append(.reactionAdded, in: context)
    }
}

/// `message.unreact`: takes one's own reaction away.
struct RemoveReaction: Command, WriteCommand {
    static let fields = ReactionTarget.fields
    static let answer: [Field] = [.optional("seq", .number)]

    private let target: ReactionTarget
    var room: RoomID? { target.room }

    init(_ fields: CommandFields) throws(JSONError) { target = try ReactionTarget(fields) }

    func perform(in context: WriteContext) throws -> [UInt8] {
        let member = try context.requireActor()
        _ = try context.message(target.seq, in: target.room)
        let removed = try context.transaction.removeReaction(
            target.emoji, from: target.seq, in: target.room, by: member.id)
        return removed ? try target.append(.reactionRemoved, in: context) : emptyObject
    }
}
