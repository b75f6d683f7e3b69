import Community
import LyceumProtocol

/// `activity.erase`: forgets what one has done until now, exactly as if it had never been counted. Messages stay.
struct EraseActivity: Command, WriteCommand {
    static let fields: [Field] = []
    static let answer: [Field] = []

    var room: RoomID? { nil }

    init(_ fields: CommandFields) throws(JSONError) {}

    func perform(in context: WriteContext) throws -> [UInt8] {
        let member = try context.requireActor()
        try context.transaction.eraseActivityNotes(of: member.id)
        try context.note(.erased, by: member.id)
        return emptyObject
    }
}
