import Community
import LyceumProtocol

/// A review item as moderators get it.
enum ReviewItemText {
    static let fields =
        "id version kind state subject about room member{id name role}, or {id:0 anonymous} seq text thread reply_to "
        + "parent verdict created_at expires_at claimed{by until} cluster reports weight "
        + "decision{action by at reason note} appealed; for the community's moderators member{trust strikes posts since} "
        + "and proposed{kind seconds}"

    /// As one moderator may see it.
    static func write(
        _ item: ReviewItem, for viewer: MemberID, of community: borrowing Community, at now: UnixMilliseconds,
        to json: inout JSONWriter
    ) {
        if Gate.mayReview(nil, viewer, of: community) { return write(item, of: community, at: now, to: &json) }
        writeWithoutStanding(object { write(item, of: community, at: now, to: &$0) }, to: &json)
    }

    /// With all there is, as the record of the review stream has it.
    static func write(
        _ item: ReviewItem, of community: borrowing Community, at now: UnixMilliseconds, to json: inout JSONWriter
    ) {
        json.field("id", item.id)
        json.field("version", item.version)
        json.field("kind", item.kind.rawValue)
        json.field("state", item.state.rawValue)
        if item.subject != .message {
            json.field("subject", item.subject.rawValue)
            json.field("about", item.about)
        }
        json.field("room", item.room?.rawValue)
        let member = community.members[item.member]
        // Under seal not even the record may show, or it would tell whose it is.
        let standing = item.isSealed ? Standing() : community.standing(of: item.member)
        json.field(
            "member",
            object: { json in
                guard item.isSealed else { return write(item.member, member, standing, at: now, to: &json) }
                json.field("id", 0)
                json.field("anonymous", true)
            })
        json.field("seq", item.seq)
        json.field("text", item.text)
        json.field("thread", item.thread)
        json.field("reply_to", item.replyTo)
        json.field("parent", item.parent)
        if !item.verdict.isEmpty { json.field("verdict", raw: item.verdict) }
        json.field("created_at", item.createdAt)
        json.field("expires_at", item.expiresAt)
        writeState(item, at: now, to: &json)
        if item.kind != .appeal { writeProposal(standing, at: now, to: &json) }
    }

    private static func write(
        _ id: MemberID, _ member: Member?, _ standing: Standing, at now: UnixMilliseconds, to json: inout JSONWriter
    ) {
        json.field("id", id.rawValue)
        guard let member else { return }
        json.field("name", member.name)
        json.field("role", member.role.rawValue)
        json.field("trust", standing.trust(member, at: now))
        json.field("strikes", standing.strikeWeight(at: now))
        json.field("posts", standing.posts)
        json.field("since", member.createdAt)
    }

    private static func writeState(_ item: ReviewItem, at now: UnixMilliseconds, to json: inout JSONWriter) {
        if let claim = item.claim, claim.until > now {
            json.field(
                "claimed",
                object: { json in
                    json.field("by", claim.by.rawValue)
                    json.field("until", claim.until)
                })
        }
        json.field("cluster", item.cluster)
        json.field("reports", item.reports)
        json.field("weight", item.weight)
        if let decision = item.decision {
            json.field(
                "decision",
                object: { json in
                    json.field("action", decision.action.rawValue)
                    json.field("by", decision.by.rawValue)
                    json.field("at", decision.at)
                    json.field("reason", decision.reason)
                    if !decision.note.isEmpty { json.field("note", decision.note) }
                })
        }
        if item.isAppealed { json.field("appealed", true) }
    }

    private static func writeProposal(_ standing: Standing, at now: UnixMilliseconds, to json: inout JSONWriter) {
        let proposal = Sanction.proposal(afterStrikes: standing.strikeWeight(at: now))
        json.field(
            "proposed",
            object: { json in
                json.field("kind", proposal.kind.rawValue)
                json.field("seconds", proposal.seconds)
            })
    }
}
