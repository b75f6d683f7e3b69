import LyceumProtocol

/// How much one member posted in one hour.
public struct PostCount: Equatable, Sendable {
    /// Since 1 January 1970, in the clock that was asked for.
    public let hour: Int64
    public let author: MemberID
    public let count: Int

    public init(hour: Int64, author: MemberID, count: Int) {
        (self.hour, self.author, self.count) = (hour, author, count)
    }
}
