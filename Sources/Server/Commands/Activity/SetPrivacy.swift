import Community
import LyceumProtocol

/// `privacy.set`: whether one takes part in recommendations, and whether others may be recommended one.
///
/// With `recommendations` false nothing the member does counts, as if it had never been counted, and they get none;
/// with `discoverable` false they are neither recommended nor named as a reason.
struct SetPrivacy: Command, WriteCommand {
    static let fields: [Field] = [.optional("recommendations", .boolean), .optional("discoverable", .boolean)]
    static let answer: [Field] = [.required("recommendations", .boolean), .required("discoverable", .boolean)]

    var room: RoomID? { nil }
    private let isCounted: Bool?
    private let isDiscoverable: Bool?

    init(_ fields: CommandFields) throws(JSONError) {
        isCounted = fields.optionalBool("recommendations")
        isDiscoverable = fields.optionalBool("discoverable")
    }

    func perform(in context: WriteContext) throws -> [UInt8] {
        let member = try context.requireActor()
        let before = context.community.privacy(of: member.id)
        let after = Privacy(
            isCounted: isCounted ?? before.isCounted, isDiscoverable: isDiscoverable ?? before.isDiscoverable)
        if after != before { try context.apply(.privacy(member.id, after)) }
        if after.isCounted != before.isCounted {
            try context.note(after.isCounted ? .counted : .uncounted, by: member.id)
        }
        return object { json in
            json.field("recommendations", after.isCounted)
            json.field("discoverable", after.isDiscoverable)
        }
    }
}
