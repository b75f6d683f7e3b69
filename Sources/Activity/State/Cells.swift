import LyceumProtocol

/// What one author did to one heat: how often, and when first and last.
struct AuthorCell: Sendable, Equatable {
    var count: UInt32 = 0
    /// In minutes since 1970, which leaves the cell at 16 bytes.
    var firstMinute = UInt32.max
    var last: UnixMilliseconds = .min
}

/// How much happens at a thread, in a room or about a topic, over an hour, a day and a week.
struct Heat: Sendable {
    var hour = DecayedSum()
    var day = DecayedSum()
    var week = DecayedSum()
    /// Each author once, by their newest contribution: one flooding member has one voice.
    var voicesDay = DecayedSum()
    var voicesWeek = DecayedSum()
    /// When it was first spoken of: the least first minute of any author.
    private(set) var bornMinute = UInt32.max
    var authors = CellMap<AuthorCell>()

    @inline(__always) mutating func record(_ weight: Double, _ instant: Instant, _ sign: Sign) {
        hour.record(weight, at: instant.hour, sign)
        day.record(weight, at: instant.day, sign)
        week.record(weight, at: instant.week, sign)
    }

    /// Counts a contribution of `author`; an author without any is forgotten.
    @inline(__always) mutating func count(_ author: UInt32, _ sign: Sign) {
        if sign == .add {
            authors[author, default: AuthorCell()].count += 1
        } else if let position = authors.position(of: author) {
            authors.update(at: position) { $0.count -= 1 }
            if authors.value(at: position).count == 0 {
                silence(author)
                authors.remove(author)
            }
        }
    }

    /// Moves the voice of `author` up to `instant`, if that is newer.
    @inline(__always) mutating func hear(_ author: UInt32, _ instant: Instant) {
        guard let position = authors.position(of: author) else { return }
        let minute = UInt32(clamping: instant.at / 60_000)
        var last = UnixMilliseconds.min
        authors.update(at: position) {
            $0.firstMinute = min($0.firstMinute, minute)
            last = $0.last
            if instant.at > last { $0.last = instant.at }
        }
        bornMinute = min(bornMinute, minute)
        guard instant.at > last else { return }
        if last == .min {
            voicesDay.add(1, at: instant.day)
            voicesWeek.add(1, at: instant.week)
        } else {
            voicesDay.adjust(by: -1, at: Phase(last, .day))
            voicesDay.adjust(by: 1, at: instant.day)
            voicesWeek.adjust(by: -1, at: Phase(last, .week))
            voicesWeek.adjust(by: 1, at: instant.week)
        }
    }

    /// Takes the voice of `author` out; ``hear(_:_:)`` puts it back.
    mutating func silence(_ author: UInt32) {
        guard let position = authors.position(of: author), authors.value(at: position).last != .min else { return }
        let (last, first) = (authors.value(at: position).last, authors.value(at: position).firstMinute)
        voicesDay.remove(1, at: Phase(last, .day))
        voicesWeek.remove(1, at: Phase(last, .week))
        authors.update(at: position) {
            $0.last = .min
            $0.firstMinute = .max
        }
        if first == bornMinute { findBirth() }
    }

    private mutating func findBirth() {
        var least = UInt32.max
        authors.forEach { _, author in least = min(least, author.firstMinute) }
        bornMinute = least
    }

    /// The heat of a snapshot, which tells of each author when they first spoke.
    mutating func restore(_ authors: CellMap<AuthorCell>) {
        self.authors = authors
        findBirth()
    }

    var isEmpty: Bool { day.isEmpty && authors.isEmpty }
}

/// A member's bond with a room.
struct RoomTie: Sendable {
    var week = DecayedSum()
    var month = DecayedSum()
    var first: UnixMilliseconds = .max
    var last: UnixMilliseconds = .min
    var isEmpty: Bool { month.isEmpty }
}

/// A member's bond with another member: being in the same threads, replying, mentioning and reacting.
struct PartnerTie: Sendable {
    var affinity = DecayedSum()
    var recent = DecayedSum()
    var isEmpty: Bool { affinity.isEmpty }
}

/// What a member said to another: far fewer than share a thread, hence kept apart.
struct ContactTie: Sendable {
    /// Mentions and replies.
    var contact = DecayedSum()
    /// Answers given in threads that the other began.
    var answered = DecayedSum()
    /// Newest mention or reply.
    var last: UnixMilliseconds = .min
    var isEmpty: Bool { contact.isEmpty && answered.isEmpty }
}

/// What a member knows to answer in a room.
struct AnswerTie: Sendable {
    var month = DecayedSum()
    var quarter = DecayedSum()
    var isEmpty: Bool { quarter.isEmpty }
}

/// One item in a member's collaborative-filtering history, with the largest weight·φ of its events.
struct ItemEdge: Sendable, Equatable {
    var mantissa: Double
    var last: UnixMilliseconds
    let item: UInt32
    var exponent: Int32

    @inline(__always) func isBelow(_ other: ItemEdge) -> Bool {
        if exponent != other.exponent { return exponent < other.exponent }
        if mantissa != other.mantissa { return mantissa < other.mantissa }
        return item > other.item
    }
}

/// What nearly every member has, kept small: a community is mostly of people who read.
struct Member: Sendable {
    static let none = UInt32.max
    /// Position of the ``Profile``, made at the first contribution.
    var profile = Member.none
    /// Banned, erased, or opted out of being counted: no event of theirs counts and nobody else's counts for them.
    var isExcluded = false
    /// The strongest items, strongest first.
    var edges: ContiguousArray<ItemEdge> = []
    var weeks = Weeks()
}

/// What a member who takes part is known for.
struct Profile: Sendable {
    let member: UInt32
    var rooms = CellMap<RoomTie>()
    var partners = CellMap<PartnerTie>()
    var contacts = CellMap<ContactTie>()
    var terms = CellMap<DecayedSum>()
    var answers = CellMap<AnswerTie>()
    /// Threads in which somebody named this member.
    var mentioned = CellMap<DecayedSum>()
    var activityWeek = DecayedSum()
    var activityMonth = DecayedSum()
    var answersWeek = DecayedSum()
    var answersMonth = DecayedSum()
    var namedWeek = DecayedSum()
    var namedMonth = DecayedSum()
    var knowledge = DecayedSum()
    /// Posts by hour of the day (UTC).
    var clock = CellMap<UInt32>()
    var first: UnixMilliseconds = .max
    var last: UnixMilliseconds = .min
    var lastRoom = Member.none
    var lastThread = Member.none
    /// The newest thread they began, and when.
    var lastAsked = Member.none
    var askedAt: UnixMilliseconds = .min

    init(member: UInt32) { self.member = member }
}

/// The authors a post answers to: what the order of a thread's posts leaves behind.
struct ThreadFold: Sendable, Equatable {
    var starter = Member.none
    /// The first live post.
    var root: SequenceNumber = 0
    var startedAt: UnixMilliseconds = .max
    var isQuestion = false
    var isAnswered = false
    /// The latest distinct authors, newest first.
    var authors = LatestAuthors()

    var isEmpty: Bool { starter == Member.none }

    /// Takes a post into account.
    mutating func advance(_ author: UInt32, _ event: ActivityEvent, _ form: ActivityEvent.Post.Form) {
        if isEmpty {
            starter = author
            root = event.seq
            startedAt = event.at
            isQuestion = form == .question
        } else if author != starter {
            isAnswered = true
        }
        authors.enter(author)
    }
}

/// Up to six distinct authors, newest first, within the thread's own memory.
struct LatestAuthors: RandomAccessCollection, Sendable, Equatable {
    static let depth = 6
    private var members = InlineArray<6, UInt32>(repeating: Member.none)
    private(set) var count: UInt32 = 0

    var startIndex: Int { 0 }
    var endIndex: Int { Int(count) }
    subscript(position: Int) -> UInt32 { members[position] }

    /// Puts `author` first; the oldest leaves if there is no place.
    mutating func enter(_ author: UInt32) {
        var last = 0
        while last < Int(count), members[last] != author { last += 1 }
        if last == Int(count) {
            if last == Self.depth { last -= 1 } else { count += 1 }
        }
        while last > 0 {
            members[last] = members[last - 1]
            last -= 1
        }
        members[0] = author
    }

    static func == (a: Self, b: Self) -> Bool { a.elementsEqual(b) }
}

extension LatestAuthors: ByteCodable {
    func write(to writer: inout ByteWriter) { writer.write(self) { $0.write($1) } }

    init(from reader: inout ByteReader) throws(SnapshotError) {
        self.init()
        let authors = try reader.list { reader throws(SnapshotError) -> UInt32 in try reader.integer() }
        guard authors.count <= Self.depth else { throw .damaged }
        for author in authors.reversed() { enter(author) }
    }
}

struct ThreadState: Sendable {
    let room: UInt32
    let root: SequenceNumber
    var heat = Heat()
    var fold = ThreadFold()
    var knowledge = DecayedSum()
    var newest: UnixMilliseconds = .min
    var posts: UInt32 = 0
    /// Terms of the title and the first message.
    var terms = CellMap<UInt32>()
    var title: String?
}

struct RoomState: Sendable {
    var heat = Heat()
    var knowledge = DecayedSum()
    /// First posts of members in this room.
    var arrivals = DecayedSum()
    var recent = RecencyList()
    var threads: UInt32 = 0
}

/// What is known of one index term.
struct TermState: Sendable {
    let name: String
    let kind: ScannedTerm.Kind
    /// Thread titles with it.
    var titles: UInt32 = 0
    /// Threads that began with it.
    var threads: ContiguousArray<UInt32> = []
    /// Position among the topics, if it is one.
    var topic = Member.none
}

struct TopicState: Sendable {
    let term: UInt32
    var heat = Heat()
    var knowledge = DecayedSum()
}
