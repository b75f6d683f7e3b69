import Community
import LyceumProtocol
import Moderation

/// `classifier.stats`: what each label has learned, and how its scores agreed with decisions.
struct ClassifierStats: Command, ReadCommand {
    static let fields: [Field] = []
    static let answer: [Field] = [
        .required("version", .string(1...100)),
        .required(
            "labels",
            .array(.object("label learned_with learned_without features decisions precision recall"), atMost: 32)),
    ]

    var room: RoomID? { nil }

    init(_ fields: CommandFields) throws(JSONError) {}

    func answer(in context: ReadContext) throws -> [UInt8] {
        let learner = context.server.stage.learner
        return object { json in
            json.field("version", learner.version)
            json.field("labels", array: learner.classifier.reports()) { json, report in
                json.object { json in
                    json.field("label", report.label)
                    json.field("learned_with", report.learnedPositives)
                    json.field("learned_without", report.learnedNegatives)
                    json.field("features", report.features)
                    json.field("decisions", report.decisions)
                    if let precision = report.precision { json.field("precision", precision) }
                    if let recall = report.recall { json.field("recall", recall) }
                }
            }
        }
    }
}

/// `classifier.explain`: why a text scores as it does, label by label.
struct ExplainText: Command, ReadCommand {
    static let fields: [Field] = [
        .required("text", .string(1...32_000)), .optional("limit", .integer(1...100)),
    ]
    static let answer: [Field] = [
        .required(
            "labels", .array(.object("label probability log_odds offset for against: [token, weight]"), atMost: 32))
    ]

    var room: RoomID? { nil }
    private let text: String
    private let limit: Int

    init(_ fields: CommandFields) throws(JSONError) {
        text = try fields.string("text")
        limit = Int(fields.optionalInteger("limit") ?? 10)
    }

    func answer(in context: ReadContext) throws -> [UInt8] {
        let stage = context.server.stage
        let (features, normalised) = stage.features(of: text)
        let scores = stage.learner.scores(features)
        return object { json in
            json.field("labels", array: Array(stage.learner.labels.enumerated())) { json, label in
                let explanation = stage.learner.classifier.explain(features, of: normalised, head: label.offset)
                json.object { json in
                    json.field("label", label.element)
                    json.field("probability", scores[label.offset].score.probability)
                    json.field("log_odds", scores[label.offset].score.logOdds)
                    json.field("offset", explanation.offset)
                    Self.write("for", explanation.strongest(limit), to: &json)
                    Self.write("against", explanation.strongest(limit, isPositive: false), to: &json)
                }
            }
        }
    }

    private static func write(_ name: StaticString, _ terms: [Explanation.Term], to json: inout JSONWriter) {
        json.field(name, array: terms) { json, term in
            json.array([0, 1]) { json, column in
                if column == 0 { json.value(term.token) } else { json.value(term.weight) }
            }
        }
    }
}

/// `classifier.rebuild`: makes the state anew from the starter model and the log of decisions, and says whether it was
/// the same, bit for bit.
struct RebuildClassifier: Command, LiveCommand {
    static let fields: [Field] = []
    static let answer: [Field] = [.required("equal", .boolean), .required("version", .string(1...100))]

    var room: RoomID? { nil }

    init(_ fields: CommandFields) throws(JSONError) {}

    func run(in call: LiveCall) throws(Refusal) -> [UInt8]? {
        let (server, actor, address) = (call.server, call.actor, call.address)
        try server.slowPool.submit {
            do {
                let rebuilt = try server.stage.learner.rebuild(from: server.store)
                server.write(
                    ReplaceClassifier(rebuilt: rebuilt), needs: .community(.manageCommunity), as: actor,
                    answering: address)
            } catch {
                server.tell([(address, .refused(Refusal(error)))])
            }
        }
        return nil
    }
}

/// On the writer's thread, where no decision comes between the last entry and the swap.
private struct ReplaceClassifier: WriteCommand {
    let rebuilt: ClassifierKeeper.Rebuilt
    var room: RoomID? { nil }

    func perform(in context: WriteContext) throws -> [UInt8] {
        guard let learner = context.stage?.learner else { throw Refusal.notFound }
        let isEqual = try learner.replace(with: rebuilt, catchingUpFrom: context.transaction)
        try context.audit("classifier.rebuild") { $0.field("equal", isEqual) }
        return object { json in
            json.field("equal", isEqual)
            json.field("version", learner.version)
        }
    }
}
