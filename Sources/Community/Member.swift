import LyceumProtocol

/// An account in this community, as far as decisions need it; its password and profile stay in the store.
public struct Member: Hashable, Sendable {
    public let id: MemberID
    /// As the member writes it; unique by ``NameRules/key(of:)``.
    public var name: String
    public var role: Role
    public var createdAt: UnixMilliseconds
    /// Until when the member may not write; `nil` if they may.
    public var mutedUntil: UnixMilliseconds?
    /// Until when the member may not sign in; `.max` for good.
    public var bannedUntil: UnixMilliseconds?
    /// The newest event of the member's own `"me"` stream.
    public var meSeq: SequenceNumber

    public init(
        id: MemberID, name: String, role: Role, createdAt: UnixMilliseconds, mutedUntil: UnixMilliseconds? = nil,
        bannedUntil: UnixMilliseconds? = nil, meSeq: SequenceNumber = 0
    ) {
        self.id = id
        self.name = name
        self.role = role
        self.createdAt = createdAt
        self.mutedUntil = mutedUntil
        self.bannedUntil = bannedUntil
        self.meSeq = meSeq
    }

    public func isMuted(at now: UnixMilliseconds) -> Bool { mutedUntil.map { $0 > now } ?? false }
    public func isBanned(at now: UnixMilliseconds) -> Bool { bannedUntil.map { $0 > now } ?? false }
}

/// The SHA-256 of a session's token. The token itself is never kept, so a stolen store opens no session.
public struct TokenHash: Hashable, Sendable {
    /// 32 bytes, as four words so that comparing and hashing need no allocation.
    public let words: SIMD4<UInt64>

    /// - Parameter bytes: Exactly 32 bytes; otherwise `nil`.
    public init?(_ bytes: some Collection<UInt8>) {
        guard bytes.count == 32 else { return nil }
        var words = SIMD4<UInt64>()
        for (index, byte) in bytes.enumerated() { words[index / 8] = words[index / 8] << 8 | UInt64(byte) }
        self.words = words
    }

    public var bytes: [UInt8] {
        (0..<32).map { UInt8(truncatingIfNeeded: words[$0 / 8] >> UInt64(56 - $0 % 8 * 8)) }
    }

    public func hash(into hasher: inout Hasher) { hasher.combine(words.x) }
}

/// One signed-in client. Survives reconnects; ends by sign-out, revocation, password change or ban.
public struct Session: Hashable, Sendable {
    public let id: SessionID
    public let member: MemberID
    public let token: TokenHash
    public let createdAt: UnixMilliseconds
    /// What the client called itself when it signed in; at most 100 characters.
    public let label: String

    public init(id: SessionID, member: MemberID, token: TokenHash, createdAt: UnixMilliseconds, label: String) {
        self.id = id
        self.member = member
        self.token = token
        self.createdAt = createdAt
        self.label = label
    }
}
