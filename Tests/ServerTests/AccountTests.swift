import Community
import LyceumProtocol
import Testing

@testable import Server

struct PasswordHashTests {
    private static let hash = PasswordHash(logCost: 10, parallelism: 1)

    @Test func `a hash verifies its own password and no other`() throws {
        let phc = try #require(Self.hash.hash("correct horse"))
        #expect(phc.hasPrefix("$scrypt$ln=10,r=8,p=1$"))
        #expect(PasswordHash.verify("correct horse", against: phc))
        #expect(!PasswordHash.verify("correct horsf", against: phc))
        #expect(try #require(Self.hash.hash("correct horse")) != phc, "every hash has a salt of its own")
    }

    /// RFC 7914 section 12: scrypt("password", "NaCl", N = 1024, r = 8, p = 16), its first 32 bytes.
    @Test func `the function is scrypt`() {
        let salt = Secrets.base64(Array("NaCl".utf8))
        let digest: [UInt8] = [
            0xfd, 0xba, 0xbe, 0x1c, 0x9d, 0x34, 0x72, 0x00, 0x78, 0x56, 0xe7, 0x19, 0x0d, 0x01, 0xe9, 0xfe, 0x7c, 0x6a,
            0xd7, 0xcb, 0xc8, 0x23, 0x78, 0x30, 0xe7, 0x73, 0x76, 0x63, 0x4b, 0x37, 0x31, 0x62,
        ]
        #expect(PasswordHash.verify("password", against: "$scrypt$ln=10,r=8,p=16$\(salt)$\(Secrets.base64(digest))"))
    }

    @Test(arguments: ["", "$scrypt$", "$argon2id$v=19$m=1$a$b", "$scrypt$ln=99,r=8,p=1$AAAA$AAAA", "$scrypt$ln=10$A$B"])
    func `what is not one of ours verifies nothing`(phc: String) {
        #expect(!PasswordHash.verify("x", against: phc))
    }
}

struct LimiterTests {
    /// Which of the takes, each of one token at its time, the bucket admits.
    private static func admitted(_ times: [UnixMilliseconds], _ bucket: TokenBucket) -> [Bool] {
        var bucket = bucket
        return times.map { bucket.take(1, at: $0) }
    }

    @Test func `a bucket gives its burst and then its rate`() {
        let bucket = TokenBucket(capacity: 2, perSecond: 1, at: 0)
        #expect(Self.admitted([0, 0, 0, 1000, 1000], bucket) == [true, true, false, true, false])
        #expect(bucket.milliseconds(until: 3, at: 0) == 1000)
    }

    @Test func `a clock set back neither gives nor takes`() {
        let bucket = TokenBucket(capacity: 1, perSecond: 1, at: 1_000_000)
        #expect(Self.admitted([1_000_000, 0, 1000], bucket) == [true, false, true])
    }

    @Test func `guessing at an account is slowed, from one address or from many`() {
        var limiter = LoginLimiter()
        for _ in 0..<20 { limiter.failed(account: "ann", address: "10.0.0.1", at: 0) }
        #expect(limiter.delay(account: "ann", address: "10.0.0.1", at: 0) > 0)
        #expect(limiter.delay(account: "ann", address: "10.0.0.2", at: 0) > 0)
        #expect(limiter.delay(account: "bob", address: "10.0.0.1", at: 0) > 0)
        #expect(limiter.delay(account: "bob", address: "10.0.0.2", at: 0) == 0)
    }

    @Test func `strangers who guess do not keep the owner away`() {
        var limiter = LoginLimiter()
        limiter.succeeded(account: "ann", address: "home", at: 0)
        for guess in 0..<1000 { limiter.failed(account: "ann", address: "10.0.\(guess / 250).\(guess % 250)", at: 0) }
        #expect(limiter.delay(account: "ann", address: "home", at: 0) == 0)
        #expect(limiter.delay(account: "ann", address: "10.9.9.9", at: 0) > 0)
    }

    @Test func `a known address may not guess without end either`() {
        var limiter = LoginLimiter()
        limiter.succeeded(account: "ann", address: "home", at: 0)
        for _ in 0..<100 { limiter.failed(account: "ann", address: "home", at: 0) }
        #expect(limiter.delay(account: "ann", address: "home", at: 0) > 0)
    }
}

struct ClientAddressTests {
    @Test(arguments: [
        ("198.51.100.7", "198.51.100.7"), ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("2001:DB8:1:2::9", "2001:db8:1:2::/64"), ("::ffff:198.51.100.7", "198.51.100.7"), ("::1", "::/64"),
        ("not:an:address", "not:an:address"),
    ])
    func `limits count by what one subscriber is given`(address: String, counted: String) {
        #expect(ClientAddress.subscriber(of: address) == counted)
    }
}

struct TicketTests {
    @Test func `a ticket works once and not for long`() {
        let tickets = Tickets()
        let first = tickets.issue(for: SessionID(5), at: 0)
        #expect(tickets.redeem(first, at: 1000) == SessionID(5))
        #expect(tickets.redeem(first, at: 1000) == nil)
        let late = tickets.issue(for: SessionID(5), at: 0)
        #expect(tickets.redeem(late, at: 31_000) == nil)
        #expect(tickets.redeem("guess", at: 0) == nil)
    }
}

struct EmojiTests {
    @Test(arguments: ["👍", "❤️", "👨‍👩‍👧‍👦", "🇨🇳", "1️⃣", "👍🏽"])
    func `an emoji is a reaction`(emoji: String) { #expect(ReactionTarget.isEmoji(emoji)) }

    @Test(arguments: ["a", "1", "加", "👍👍", "", "👍a", "*", "e\u{301}"])
    func `text is not`(text: String) { #expect(!ReactionTarget.isEmoji(text)) }
}
