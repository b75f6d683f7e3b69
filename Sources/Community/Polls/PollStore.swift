import LyceumProtocol

/// Questions to the store about polls.
public protocol PollReader {
    func poll(_ seq: SequenceNumber, in room: RoomID) throws -> Poll?
    /// The polls of a room that are open, or that have been closed, opened before a position, newest first.
    func polls(in room: RoomID, isOpen: Bool, before seq: SequenceNumber, limit: Int) throws -> [Poll]
    func tally(of poll: Poll) throws -> PollTally
    func ballot(of member: MemberID, on poll: Poll) throws -> Ballot?
    /// The ballots of the members after one, by member.
    func ballots(on poll: Poll, after member: MemberID, limit: Int) throws -> [Ballot]
    /// What a member has voted in polls that are open, in one room or in all.
    func openBallots(of member: MemberID, in room: RoomID?) throws -> [(poll: Poll, ballot: Ballot)]
    /// The most frequent words of the answers.
    func words(of poll: Poll, limit: Int) throws -> [PollWord]
    /// The newest event that told the poll's counts.
    func tallyEvent(of poll: Poll) throws -> SequenceNumber?
    /// Polls whose counts have changed since they were told.
    func pollsToTell() throws -> [(room: RoomID, seq: SequenceNumber)]
    /// Open polls that close by themselves, and when.
    func pollsToClose() throws -> [(poll: (room: RoomID, seq: SequenceNumber), at: UnixMilliseconds)]
}

/// Changes of polls.
public protocol PollTransaction: PollReader {
    /// Adds a poll, with a tally of nothing, or replaces what can change of it.
    func put(_ poll: Poll) throws
    /// Stores counts that are to be told.
    func put(_ tally: PollTally, of poll: Poll) throws
    /// Notes which event has told the counts as they are.
    func setTold(_ event: SequenceNumber?, of poll: Poll) throws
    /// Puts a ballot in the place of the member's earlier one.
    func put(_ ballot: Ballot, on poll: Poll) throws
    func removeBallot(of member: MemberID, on poll: Poll) throws
    /// Counts a word of the answers up or down.
    func count(_ word: String, by difference: Int64, on poll: Poll) throws
    /// Removes a poll with its ballots.
    func remove(_ poll: Poll) throws
}
