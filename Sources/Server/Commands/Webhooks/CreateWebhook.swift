import Community
import Egress
import LyceumProtocol

/// `webhook.create`: a door for events to a URL, or for posts from one. The secret is told this once.
struct CreateWebhook: Command, WriteCommand {
    static let fields: [Field] = [
        .required("direction", .word(["outgoing", "incoming"])), .required("name", .string(2...32)),
        .optional("room", .number), .optional("rooms", .array(.number, atMost: WebhookTerms.mostRooms)),
        .optional("url", .string(1...WebhookTerms.longestURL)), .optional("events", WebhookTerms.events),
    ]
    static let answer: [Field] = [
        .required("webhook", .number), .required("secret", .string(1...100)), .optional("path", .string(1...200)),
        .optional("member", .number),
    ]

    /// Whoever makes more has a mistake in a loop.
    private static let mostOfOwner = 50
    private static let mostOfCommunity = 500

    var room: RoomID? { nil }
    private let name: String
    private let isIncoming: Bool
    private let place: RoomID?
    private let terms: WebhookTerms
    var texts: [SubmittedText] { [SubmittedText(kind: .name, text: name)] }

    init(_ fields: CommandFields) throws(JSONError) {
        name = try fields.string("name")
        guard NameRules.isValidForMember(name) else { throw .field("name", NameRules.description) }
        isIncoming = try fields.string("direction") == "incoming"
        place = fields.optionalInteger("room").map { RoomID($0) }
        terms = WebhookTerms(fields)
        if isIncoming, place == nil { throw .field("room", "given for an incoming webhook") }
        if !isIncoming, terms.url == nil { throw .field("url", "given for an outgoing webhook") }
    }

    func perform(in context: WriteContext) throws -> [UInt8] {
        let owner = try context.requireActor()
        let hooks = context.community.webhooks
        guard hooks.count < Self.mostOfCommunity,
            hooks.values.count(where: { $0.owner == owner.id }) < Self.mostOfOwner
        else { throw Refusal(.conflict, "There are as many webhooks as there may be.") }
        return isIncoming ? try makeIncoming(for: owner, in: context) : try makeOutgoing(for: owner, in: context)
    }

    private func makeOutgoing(for owner: Member, in context: WriteContext) throws -> [UInt8] {
        let rooms = terms.rooms ?? Set([place].compactMap { $0 })
        try context.requireReach(of: rooms)
        let url = try context.admit(url: terms.url ?? "")
        try context.admitName()
        let secret = Secrets.randomBytes(32)
        let outgoing = Webhook.Outgoing(url: url, rooms: rooms, kinds: terms.kinds ?? [], secret: secret)
        let id = try context.transaction.makeWebhookID()
        try context.add(
            Webhook(id: id, owner: owner.id, name: name, createdAt: context.now, direction: .outgoing(outgoing)))
        // What happens from now on, not what has happened.
        try context.transaction.setPosition(try context.transaction.activityHead(), of: id)
        return object { json in
            json.field("webhook", id)
            json.field("secret", WebhookTerms.text(of: secret))
        }
    }

    private func makeIncoming(for owner: Member, in context: WriteContext) throws -> [UInt8] {
        try context.require(.within(.manageRoom), in: place)
        let room = try context.room(place)
        guard room.kind != .direct else { throw Refusal(.forbidden, "A direct room takes no webhooks.") }
        try context.claimName(name)
        let account = Member(
            id: try context.transaction.makeMemberID(), name: name, role: .bot, createdAt: context.now)
        try context.apply(.member(account))
        try context.noteForReview(
            context.judgement(on: .name), .init(subject: .name, text: name, member: account.id))
        try context.join(account, room.id)
        let token = Secrets.makeToken()
        let incoming = Webhook.Incoming(room: room.id, token: Secrets.hash(token), member: account.id)
        let id = try context.transaction.makeWebhookID()
        try context.add(
            Webhook(id: id, owner: owner.id, name: name, createdAt: context.now, direction: .incoming(incoming)))
        return object { json in
            json.field("webhook", id)
            json.field("secret", token)
            json.field("path", "/v1/hooks/\(token)")
            json.field("member", account.id.rawValue)
        }
    }
}
