/// Identity of a member (an account in this community). Positive; assigned by the store.
public struct MemberID: Hashable, Comparable, Sendable, CustomStringConvertible {
    public let rawValue: Int64
    @inlinable public init(_ rawValue: Int64) { self.rawValue = rawValue }
    public var description: String { String(rawValue) }
    @inlinable public static func < (a: Self, b: Self) -> Bool { a.rawValue < b.rawValue }
}

/// Identity of a room. Positive; assigned by the store.
public struct RoomID: Hashable, Comparable, Sendable, CustomStringConvertible {
    public let rawValue: Int64
    @inlinable public init(_ rawValue: Int64) { self.rawValue = rawValue }
    public var description: String { String(rawValue) }
    @inlinable public static func < (a: Self, b: Self) -> Bool { a.rawValue < b.rawValue }
}

/// Identity of a signed-in session (one token). Positive; assigned by the store.
public struct SessionID: Hashable, Sendable, CustomStringConvertible {
    public let rawValue: Int64
    @inlinable public init(_ rawValue: Int64) { self.rawValue = rawValue }
    public var description: String { String(rawValue) }
}

/// An event's place in its stream: contiguous from 1, so a missing number is a missing event. 0 is "before the first".
public typealias SequenceNumber = Int64

/// Unix time in milliseconds, for display and expiry only; order is by ``SequenceNumber``.
public typealias UnixMilliseconds = Int64

/// A position in a room's events that survives reconnects: `epoch` names the numbering that `seq` belongs to.
public struct Cursor: Hashable, Sendable {
    public var room: RoomID
    public var epoch: String
    public var seq: SequenceNumber

    public init(room: RoomID, epoch: String, seq: SequenceNumber) {
        self.room = room
        self.epoch = epoch
        self.seq = seq
    }
}
