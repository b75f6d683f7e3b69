import Activity
import Community
import LyceumProtocol

/// `activity.community`: who leads, who is new and who welcomed them, what waits for an answer and who could give it,
/// growth, retention and churn. For moderators; from public rooms.
struct GetCommunityHealth: Command, LiveCommand {
    static let fields: [Field] = []
    static let answer: [Field] = [
        .required("members", .position), .required("churned", .position),
        .optional("growth", .object("rate: joined less lapsed over active, of the last whole week")),
        .required("weeks", .array(.object("week, joined, active, returning, lapsed"), atMost: 52)),
        .required("retention", .array(.object("week, active: members by weeks since"), atMost: 10_000)),
        .required("leaders", .array(.object("member, knowledge"), atMost: 20)),
        .required("communities", .array(.object("leaders, size"), atMost: 50)),
        .required("newcomers", .array(.object("member, welcomed_by"), atMost: 50)),
        .required("unanswered", .array(.object("room, thread, asker, since, ask"), atMost: 50)),
        .required("engagement", .object("samples, coefficients {name: effect}")),
        .required("satisfaction", .object("samples, coefficients {name: effect}")),
    ]

    var room: RoomID? { nil }

    init(_ fields: CommandFields) throws(JSONError) {}

    func run(in call: LiveCall) throws(Refusal) -> [UInt8]? {
        let server = call.server
        guard let member = call.actor.member else { throw .notFound }
        return try call.study { tracker, recommender in
            let now = server.now()
            let report = HealthReport(
                view: CommunityView(tracker.everyone, at: now), communities: Communities(tracker.everyone, at: now),
                tracker: tracker, recommender: recommender, viewer: Viewer(member, server), now: now)
            return object { report.write(to: &$0) }
        }
    }
}

/// The figures, written out.
private struct HealthReport {
    let view: CommunityView
    let communities: Communities
    let tracker: Tracker
    let recommender: Recommender
    let viewer: Viewer
    let now: UnixMilliseconds

    func write(to json: inout JSONWriter) {
        json.field("members", view.members)
        json.field("churned", view.churned)
        if let rate = view.growthRate { json.field("growth", object: { $0.field("rate", rate) }) }
        writeWeeks(to: &json)
        writePeople(to: &json)
        json.field("unanswered", array: view.unanswered.prefix(50)) { write($1, to: &$0) }
        json.name("engagement")
        write(view.engagement, to: &json)
        json.name("satisfaction")
        write(view.satisfaction, to: &json)
    }

    private func writeWeeks(to json: inout JSONWriter) {
        json.field("weeks", array: view.weeks) { json, week in
            json.object { json in
                json.field("week", week.week)
                json.field("joined", week.joined)
                json.field("active", week.active)
                json.field("returning", week.returning)
                json.field("lapsed", week.lapsed)
            }
        }
        json.field("retention", array: view.retention.sorted { $0.key < $1.key }) { json, cohort in
            json.object { json in
                json.field("week", cohort.key)
                json.field("active", array: cohort.value) { $0.value($1) }
            }
        }
    }

    private func writePeople(to json: inout JSONWriter) {
        json.field("leaders", array: view.leaders) { json, leader in
            json.object { json in
                json.field("member", leader.member.rawValue)
                json.field("knowledge", leader.knowledge)
            }
        }
        json.field("communities", array: communities.communities.prefix(50)) { json, community in
            json.object { json in
                json.field("leaders", array: community.leaders) { $0.value($1.rawValue) }
                json.field("size", community.size)
            }
        }
        json.field("newcomers", array: view.newcomers) { json, newcomer in
            json.object { json in
                json.field("member", newcomer.member.rawValue)
                json.field("welcomed_by", array: newcomer.welcomedBy) { $0.value($1.rawValue) }
            }
        }
    }

    /// With whom to ask, for the first of them: ranking is not free.
    private func write(_ question: CommunityView.Unanswered, to json: inout JSONWriter) {
        json.object { json in
            json.field("room", question.room.rawValue)
            json.field("thread", question.thread)
            json.field("title", question.title)
            json.field("asker", question.asker.rawValue)
            json.field("since", question.since)
            json.field("ask", array: experts(for: question)) { $0.value($1.rawValue) }
        }
    }

    private func experts(for question: CommunityView.Unanswered) -> [MemberID] {
        guard view.unanswered.prefix(10).contains(question) else { return [] }
        let request = RecommendationRequest(
            viewer: question.asker, surface: .experts, room: question.room, question: question.title, limit: 3, now: now
        )
        return recommender.propose(request, from: tracker, gate: viewer.gate).subjects.compactMap {
            if case .member(let member) = $0 { member } else { nil }
        }
    }

    private func write(_ model: CommunityView.Model, to json: inout JSONWriter) {
        json.object { json in
            json.field("samples", model.samples)
            json.field(
                "coefficients",
                object: { json in
                    for (name, value) in model.coefficients {
                        json.name(dynamic: name)
                        json.value(value)
                    }
                })
        }
    }
}
