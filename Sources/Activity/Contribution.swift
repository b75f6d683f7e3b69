import LyceumProtocol

/// One reversible effect of one event.
///
/// An event is first turned into contributions, and only these touch the state. Forgetting works out what the events
/// would have contributed without the forgotten one, and takes back the difference: the same code in both directions.
enum Contribution: Sendable, Equatable {
    case post(author: UInt32, thread: UInt32, room: UInt32, weight: Double)
    /// A reaction, read or follow: heat without a voice.
    case warmth(member: UInt32, thread: UInt32?, room: UInt32, weight: Double)
    case topic(term: UInt32, author: UInt32, weight: Double)
    case affinity(from: UInt32, to: UInt32, weight: Double)
    case contact(from: UInt32, to: UInt32, thread: UInt32)
    /// The beginning of a thread.
    case asked(by: UInt32, thread: UInt32)
    case answer(by: UInt32, asker: UInt32, room: UInt32)
    case term(UInt32, author: UInt32)
    case threadTerm(UInt32, thread: UInt32, isTitle: Bool)
    /// A word or run of characters of a title.
    case gram(UInt32)
    case knowledge(of: UInt32, thread: UInt32, room: UInt32, weight: Double)
    case tally(member: UInt32, week: Int32, field: WeekRow.Field, amount: Int)
    /// A bond with an item for collaborative filtering; only the largest counts.
    case edge(member: UInt32, item: UInt32, weight: Double)

    var termAuthor: UInt32? { if case .term(_, let author) = self { author } else { nil } }

    /// The member whose newest times and strongest items depend on this contribution.
    var extremeOf: UInt32? {
        switch self {
        case .post(let author, _, _, _), .topic(_, let author, _): author
        case .contact(let from, _, _): from
        case .asked(let by, _): by
        case .edge(let member, _, _): member
        default: nil
        }
    }
}

/// What collaborative filtering compares: rooms and tags.
enum Item {
    static func room(_ room: UInt32) -> UInt32 { room << 1 }
    static func tag(_ term: UInt32) -> UInt32 { term << 1 | 1 }
}
