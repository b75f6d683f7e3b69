import LyceumProtocol

/// The activity of one audience: everything the members of one visibility class may be told from.
///
/// A pure state machine over committed events. Its state is sums, counts and maxima of what ``Contribution``s say, so it
/// can be recomputed from the record and any event can be taken out again.
public struct Engine: Sendable {
    public let audience: Audience
    let weights: EventWeights

    var memberNumbers: Interner
    var roomNumbers: Interner
    var threadNumbers: Interner
    var termNumbers: Interner
    var members = PagedArray<Member>()
    var profiles = PagedArray<Profile>()
    var rooms = PagedArray<RoomState>()
    var threads = PagedArray<ThreadState>()
    var terms = PagedArray<TermState>()
    /// By term, the threads that began with it: beside the terms, because rankings ask for nothing else, thousands of
    /// times each.
    private(set) var threadsBegun = PagedArray<UInt32>()
    var topics = PagedArray<TopicState>()

    var roomLinks = RecencyLinks()
    var allLinks = RecencyLinks()
    var allThreads = RecencyList()
    var activeLinks = RecencyLinks()
    /// Profiles by their newest post.
    var activeProfiles = RecencyList()

    var pairs = ItemPairs()
    var phrases: Phrases
    var topicLinks = RecencyLinks()
    /// Topics by their newest mention.
    var activeTopics = RecencyList()
    /// Posts counted, for inverse document frequencies, and threads begun.
    var postCount: UInt64 = 0
    var threadCount: UInt64 = 0

    // Kept between events so that none of them allocates.
    var scanner = TermScanner()
    var scratch: ContiguousArray<Contribution> = []
    var seenTerms: ContiguousArray<UInt32> = []
    var nearProfiles: ContiguousArray<UInt32> = []
    /// What was seen when approaching: kept, so that looking is not optimised away.
    var approached: UInt32 = 0

    public init(audience: Audience, weights: EventWeights = .version1) {
        self.audience = audience
        self.weights = weights
        let bits = audience == .everyone ? 12 : 0
        memberNumbers = Interner(shardBits: bits, remembersKeys: true)
        roomNumbers = Interner(shardBits: 0, remembersKeys: true)
        threadNumbers = Interner(shardBits: bits)
        termNumbers = Interner(shardBits: bits)
        phrases = Phrases(shardBits: bits)
    }

    mutating func number(of member: MemberID) -> UInt32 {
        let (number, isNew) = memberNumbers.intern(UInt64(bitPattern: member.rawValue))
        if isNew { members.append(Member()) }
        return number
    }

    mutating func number(of room: RoomID) -> UInt32 {
        let (number, isNew) = roomNumbers.intern(UInt64(bitPattern: room.rawValue))
        if isNew { rooms.append(RoomState()) }
        return number
    }

    /// Threads are named by room and root; both fit 64 bits for any community that fits a disk, and the mixer spreads them.
    mutating func number(ofThread root: SequenceNumber, in room: UInt32) -> UInt32 {
        let (number, isNew) = threadNumbers.intern(Self.threadKey(root, room))
        if isNew {
            threads.append(ThreadState(room: room, root: root))
            roomLinks.append()
            allLinks.append()
        }
        return number
    }

    static func threadKey(_ root: SequenceNumber, _ room: UInt32) -> UInt64 {
        UInt64(bitPattern: root) & 0xFF_FFFF_FFFF | UInt64(room) << 40
    }

    mutating func number(of term: ScannedTerm, in text: String) -> UInt32 {
        let (number, isNew) = termNumbers.intern(term.hash)
        if isNew {
            let utf8 = text.utf8
            let start = utf8.index(utf8.startIndex, offsetBy: term.range.lowerBound)
            let end = utf8.index(start, offsetBy: term.range.count)
            terms.append(TermState(name: text[start..<end].lowercased(), kind: term.kind))
            threadsBegun.append(0)
        }
        return number
    }

    /// Files a thread under a term that it begins with, or takes it out there.
    mutating func file(_ thread: UInt32, under term: UInt32, _ sign: Sign) {
        if sign == .add {
            terms[term].threads.append(thread)
        } else {
            terms[term].threads.removeAll { $0 == thread }
        }
        threadsBegun[term] = UInt32(terms[term].threads.count)
    }

    /// The terms of a snapshot.
    mutating func restore(_ terms: PagedArray<TermState>) {
        self.terms = terms
        for term in terms.indices { threadsBegun.append(UInt32(terms[term].threads.count)) }
    }

    func member(_ number: UInt32) -> MemberID { MemberID(Int64(bitPattern: memberNumbers.key(number))) }
    func room(_ number: UInt32) -> RoomID { RoomID(Int64(bitPattern: roomNumbers.key(number))) }

    /// The profile of `member`, made if there is none.
    @inline(__always) mutating func profile(of member: UInt32) -> UInt32 {
        let existing = members[member].profile
        if existing != Member.none { return existing }
        let position = profiles.append(Profile(member: member))
        activeLinks.append()
        members[member].profile = position
        return position
    }

    func profileNumber(of member: MemberID) -> UInt32? {
        guard let number = memberNumbers.find(UInt64(bitPattern: member.rawValue)) else { return nil }
        let profile = members[number].profile
        return profile == Member.none ? nil : profile
    }
}
