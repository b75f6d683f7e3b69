import LyceumProtocol

extension Recommender {
    /// Takes a subject out of a member's lists, as a dismissal does, without an impression.
    public mutating func dismiss(_ subject: Subject, by member: MemberID, at now: UnixMilliseconds) {
        preferences[member, default: Preferences()].dismiss(subject, at: now)
    }

    /// Chooses among experiments; members see their arms from the next list on.
    public mutating func run(_ running: [Experiment]) { experiments.run(running) }

    /// Forgets what a member was shown and what they want less of.
    public mutating func forget(_ member: MemberID) {
        impressions.forget(member)
        preferences[member] = nil
        asks[member] = nil
    }

    /// What a member has taken out of their lists.
    public func dismissed(by member: MemberID) -> [Subject] {
        (preferences[member]?.dismissed ?? [:]).sorted { $0.value < $1.value }.map(\.key)
    }
}

extension Engine {
    /// Who wrote last in a thread, newest first, at most six, and who began it.
    public func participants(of root: SequenceNumber, in room: RoomID) -> [MemberID] {
        guard let number = roomNumbers.find(UInt64(bitPattern: room.rawValue)),
            let thread = threadNumbers.find(Self.threadKey(root, number)), !threads[thread].fold.isEmpty
        else { return [] }
        let fold = threads[thread].fold
        return ([fold.starter] + fold.authors).map { member($0) }
    }
}
