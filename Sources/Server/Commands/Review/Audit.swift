import Community
import LyceumProtocol

/// `audit.list`: the audit log, newest last.
struct ListAudit: Command, ReadCommand {
    static let fields: [Field] = [.optional("after", .position), .optional("limit", .integer(1...200))]
    static let answer: [Field] = [
        .required("rows", .array(.object("number at actor action room member item details hash"), atMost: 200)),
        .optional("next", .number),
    ]

    var room: RoomID? { nil }
    private let after: Int64
    private let limit: Int

    init(_ fields: CommandFields) throws(JSONError) {
        after = fields.optionalInteger("after") ?? 0
        limit = Int(fields.optionalInteger("limit") ?? 50)
    }

    func answer(in context: ReadContext) throws -> [UInt8] {
        let rows = try context.reader.auditRows(after: after, limit: limit + 1)
        return object { json in
            json.field("rows", array: rows.prefix(limit)) { json, row in
                json.object { Self.write(row, to: &$0) }
            }
            if rows.count > limit { json.field("next", rows[limit - 1].number) }
        }
    }

    private static func write(_ row: AuditRow, to json: inout JSONWriter) {
        json.field("number", row.number)
        json.field("at", row.entry.at)
        json.field("actor", row.entry.actor.rawValue)
        json.field("action", row.entry.action)
        json.field("room", row.entry.room?.rawValue)
        json.field("member", row.entry.member?.rawValue)
        json.field("item", row.entry.item)
        json.field("details", raw: Array(row.entry.details.utf8))
        json.field("hash", row.hash.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined())
    }
}

/// `audit.verify`: whether every row is as it was written, and none is missing.
struct VerifyAudit: Command, LiveCommand {
    static let fields: [Field] = []
    static let answer: [Field] = [
        .required("intact", .boolean), .optional("rows", .position), .optional("row", .number),
        .optional("problem", .string(1...500)),
    ]

    var room: RoomID? { nil }

    init(_ fields: CommandFields) throws(JSONError) {}

    func run(in call: LiveCall) throws(Refusal) -> [UInt8]? {
        let (server, address) = (call.server, call.address)
        try server.slowPool.submit { server.tell([(address, outcome(server))]) }
        return nil
    }

    private func outcome(_ server: ServerState) -> Outcome {
        do {
            let finding = try server.store.verifyAudit()
            return .done(
                object { json in
                    json.field("intact", finding.isIntact)
                    switch finding {
                    case .intact(let rows): json.field("rows", rows)
                    case .broken(let row, let problem):
                        json.field("row", row)
                        json.field("problem", problem)
                    }
                })
        } catch let error as StoreError {
            return .refused(server.refusal(for: error))
        } catch {
            return .refused(Refusal(error))
        }
    }
}
