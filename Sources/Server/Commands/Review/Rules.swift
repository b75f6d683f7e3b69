import Community
import LyceumProtocol
import Moderation

/// `rules.get`: the rules in force, with what they have done in the last 30 days.
struct GetRules: Command, ReadCommand {
    static let fields: [Field] = []
    static let answer: [Field] = [
        .required("version", .string(1...100)),
        .required(
            "rules",
            .array(
                .object("id kind score enforced en zh hits redacted held blocked confirmed overturned"),
                atMost: 100_000)),
    ]

    var room: RoomID? { nil }

    init(_ fields: CommandFields) throws(JSONError) {}

    func answer(in context: ReadContext) throws -> [UInt8] {
        let rules = context.server.stage.rulesInForce
        let days = try context.reader.ruleDays(since: context.now / .day - 30)
        let sums = Dictionary(days.map { ($0.rule, $0) }, uniquingKeysWith: +)
        return object { json in
            json.field("version", rules.set.version)
            json.field("rules", array: rules.set.rules) { json, rule in
                json.object { json in
                    json.field("id", rule.id)
                    json.field("kind", rule.condition.kind)
                    json.field("score", rule.score)
                    json.field("enforced", rule.isEnforced)
                    json.field("en", rule.reason.english)
                    json.field("zh", rule.reason.chinese)
                    if let sum = sums[rule.id] { RuleDayText.write(sum, to: &json) }
                }
            }
        }
    }
}

/// What a rule did, as moderators and the public summary get it.
enum RuleDayText {
    static func write(_ day: RuleDay, to json: inout JSONWriter) {
        json.field("hits", day.hits)
        json.field("redacted", day.redacted)
        json.field("held", day.held)
        json.field("blocked", day.blocked)
        json.field("confirmed", day.confirmed)
        json.field("overturned", day.overturned)
        if day.confirmed + day.overturned > 0 {
            json.field("mean_wait_ms", day.waited / (day.confirmed + day.overturned))
        }
    }
}

/// `rules.check`: compiles a pack without putting it in force, and runs its examples.
struct CheckRules: Command, LiveCommand {
    static let fields: [Field] = [.optional("pack", .string(1...60_000)), .optional("text", .string(1...60_000))]
    static let answer: [Field] = [
        .required("ok", .boolean), .optional("version", .string(1...100)), .optional("rules", .position),
        .optional("examples", .position), .required("errors", .array(.string(1...2000), atMost: 1000)),
    ]

    var room: RoomID? { nil }
    private let pack: String

    init(_ fields: CommandFields) throws(JSONError) {
        let text = fields.optionalString("text")
        pack = if let text { text } else { try fields.string("pack") }
    }

    func run(in call: LiveCall) throws(Refusal) -> [UInt8]? {
        let (server, address) = (call.server, call.address)
        try server.slowPool.submit { [self] in server.tell([(address, .done(check(server)))]) }
        return nil
    }

    private func check(_ server: ServerState) -> [UInt8] {
        do throws(RulesTrouble) {
            let rules = try server.rules.compile(pack, file: "pack")
            let examples = rules.set.runExamples()
            return object { json in
                json.field("ok", examples.failures.isEmpty)
                json.field("version", rules.set.version)
                json.field("rules", rules.set.rules.count)
                json.field("examples", examples.count)
                json.field("errors", array: examples.failures) { $0.value($1.description) }
            }
        } catch {
            return object { json in
                json.field("ok", false)
                json.field("errors", array: error.lines.prefix(1000)) { $0.value($1) }
            }
        }
    }
}

/// `rules.reload`: reads the packs from disk again; a bad one leaves the old set in force.
struct ReloadRules: Command, LiveCommand {
    static let fields: [Field] = []
    static let answer: [Field] = [.required("version", .string(1...100))]

    var room: RoomID? { nil }

    init(_ fields: CommandFields) throws(JSONError) {}

    func run(in call: LiveCall) throws(Refusal) -> [UInt8]? {
        let (server, address) = (call.server, call.address)
        server.reloadRules { result in
            let outcome: Outcome =
                switch result {
                case .success(let version): .done(object { $0.field("version", version) })
                case .failure(let trouble):
                    .refused(
                        Refusal(
                            .rejected, "The packs are refused; the old rules stay.",
                            details: object { json in
                                json.field("errors", array: trouble.lines.prefix(100)) { $0.value($1) }
                            }))
                }
            server.tell([(address, outcome)])
        }
        return nil
    }
}

/// `rules.backtest`: what a pack would have done to stored history, and how that compares with what was decided. The
/// connection that asked is told by `rules.backtest_progress` how far it is; `request` is the command's `id`.
struct BacktestRules: Command, LiveCommand {
    static let fields: [Field] = [
        .optional("pack", .string(1...60_000)), .optional("since", .position), .optional("room", .number),
    ]
    static let answer: [Field] = Backtest.answer

    var room: RoomID? { nil }
    private let pack: String?
    private let since: UnixMilliseconds
    private let place: RoomID?

    init(_ fields: CommandFields) throws(JSONError) {
        pack = fields.optionalString("pack")
        since = fields.optionalInteger("since") ?? 0
        place = fields.optionalInteger("room").map { RoomID($0) }
    }

    func run(in call: LiveCall) throws(Refusal) -> [UInt8]? {
        guard let member = call.actor.member else { throw Refusal(.unauthenticated, "Sign in first.") }
        let (server, address) = (call.server, call.address)
        try server.slowPool.submit { [self] in
            server.tell([(address, outcome(for: member, address, server))])
        }
        return nil
    }

    private func outcome(for member: MemberID, _ address: ReplyAddress, _ server: ServerState) -> Outcome {
        do {
            let rules = try pack.map { try server.rules.compile($0, file: "pack") } ?? server.stage.rulesInForce
            // History may be read only where the moderator may read it; members and roles as they are now.
            let community = server.committed.withLock { $0 }
            let rooms = community.rooms.keys.filter { room in
                (place == nil || place == room) && Gate.mayReview(room, member, of: community)
                    && Gate.canSee(room, member, of: community)
            }
            guard place == nil || !rooms.isEmpty else { return .refused(.notFound) }
            var backtest = Backtest(rules: rules, community: community, since: since) { done, total in
                let body = object { json in
                    json.field("event", SignalKind.backtestProgress.rawValue)
                    json.field("request", address.id)
                    json.field("done", done)
                    json.field("total", total)
                }
                server.onHub(address.loop) { $0.signal(body, to: address) }
            }
            try backtest.run(over: rooms.sorted()) { try server.store.read($0) }
            return .done(object { backtest.write(to: &$0) })
        } catch let trouble as RulesTrouble {
            return .refused(Refusal(.rejected, trouble.lines.first ?? "The pack is refused."))
        } catch let error as StoreError {
            return .refused(server.refusal(for: error))
        } catch {
            return .refused(Refusal(error))
        }
    }
}
