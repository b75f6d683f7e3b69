/// Identity of a member (an account in this community). Positive; assigned by the store.
public struct MemberID: Hashable, Comparable, Sendable, CustomStringConvertible {
    public let rawValue: Int64
    @inlinable public init(_ rawValue: Int64) { self.rawValue = rawValue }
    public var description: String { String(rawValue) }
    @inlinable public static func < (a: Self, b: Self) -> Bool { a.rawValue < b.rawValue }
    @inlinable public func _rawHashValue(seed: Int) -> Int { IdentifierHash.of(rawValue, seed: seed) }
}

/// Identity of a room. Positive; assigned by the store.
public struct RoomID: Hashable, Comparable, Sendable, CustomStringConvertible {
    public let rawValue: Int64
    @inlinable public init(_ rawValue: Int64) { self.rawValue = rawValue }
    public var description: String { String(rawValue) }
    @inlinable public static func < (a: Self, b: Self) -> Bool { a.rawValue < b.rawValue }
    @inlinable public func _rawHashValue(seed: Int) -> Int { IdentifierHash.of(rawValue, seed: seed) }
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

/// The hash of an identifier: one multiplication (Fibonacci hashing, Knuth, volume 3, section 6.4).
///
/// A post looks up thirty of them, and the standard library's hash, which is made to withstand chosen keys, would be a
/// tenth of it. Nobody chooses these: the store counts them up.
@usableFromInline
enum IdentifierHash {
    @inlinable
    static func of(_ identifier: Int64, seed: Int) -> Int {
        let product = (UInt64(bitPattern: identifier) ^ UInt64(bitPattern: Int64(seed))) &* 0x9E37_79B9_7F4A_7C15
        // The high bits depend on all others; a table's place comes from the low ones.
        return Int(truncatingIfNeeded: product ^ product >> 32)
    }
}
