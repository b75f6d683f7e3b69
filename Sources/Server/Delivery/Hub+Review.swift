import Community
import LyceumProtocol
import Transport

/// One connection's place in the review stream.
final class ReviewSubscription {
    /// Set while the answer to `review.subscribe` is being prepared: what comes meanwhile must not overtake it.
    fileprivate var waiting: [ReviewEvent]? = []
}

/// What `review.subscribe` answers, prepared off the loop from one snapshot.
struct ReviewOpening: Sendable {
    let reply: [UInt8]
    let replay: [ReviewEvent]
    let head: SequenceNumber
}

extension Hub {
    /// Begins to follow the review stream; ``complete(_:_:)`` ends the waiting.
    func followReview(_ client: Client) throws(Refusal) {
        guard client.review?.waiting == nil || client.review == nil else {
            throw Refusal(.conflict, "A subscription is under way.")
        }
        client.review = ReviewSubscription()
        reviewers.removeAll { $0 === client }
        reviewers.append(client)
    }

    func complete(_ opening: Result<ReviewOpening, Refusal>, _ address: ReplyAddress) {
        switch opening {
        case .failure(let refusal):
            if let client = clients[address.key] {
                client.review = nil
                reviewers.removeAll { $0 === client }
            }
            reply(.refused(refusal), to: address)
        case .success(let opening):
            reply(.done(opening.reply), to: address)
            guard let client = clients[address.key], let subscription = client.review else { return }
            let waiting = subscription.waiting ?? []
            subscription.waiting = nil
            for event in opening.replay + waiting.filter({ $0.seq > opening.head }) { send(event, to: client) }
        }
    }

    /// An event of the review stream: for those who review its room, and to the community's moderators with its author's
    /// standing; for the others a bare number, so that nobody sees a hole.
    func deliver(_ event: ReviewEvent) {
        for client in reviewers {
            if client.review?.waiting != nil {
                client.review?.waiting?.append(event)
            } else {
                send(event, to: client)
            }
        }
    }

    private func send(_ event: ReviewEvent, to client: Client) {
        guard let member = client.session?.member else { return }
        let (isModerator, mayReview, isStaff) = server.committed.withLock { community in
            (
                Gate.moderatesAnywhere(member, of: community), Gate.mayReview(event.room, member, of: community),
                Gate.mayReview(nil, member, of: community)
            )
        }
        guard isModerator else {
            client.review = nil
            return reviewers.removeAll { $0 === client }
        }
        let shown = isStaff ? event.body : mayReview ? ReviewItemText.withoutStanding(event: event.body) : nil
        client.signal(.text(shown ?? Self.hidden(event)))
    }

    static func hidden(_ event: ReviewEvent) -> [UInt8] {
        object { json in
            json.field("event", ReviewEventKind.hidden.rawValue)
            json.field("stream", "review")
            json.field("seq", event.seq)
            json.field("at", event.at)
        }
    }
}
