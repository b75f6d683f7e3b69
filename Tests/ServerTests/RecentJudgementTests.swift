import LyceumProtocol
import Testing

@testable import Server

struct RecentJudgementTests {
    private static func key(_ number: Int) -> RecentJudgements.Key {
        .init(member: MemberID(1), room: RoomID(1), kind: .message, nonce: "\(number)")
    }

    /// Whether the first of several posts is still remembered after the last of them.
    private static func remembersFirst(of posts: Int, bytes: Int) -> Bool {
        var recent = RecentJudgements()
        for number in 0..<posts {
            recent[key(number)] = (String(repeating: "a", count: bytes), .byOperator(.message))
        }
        return recent[key(0)] != nil
    }

    @Test func `the newest posts are remembered, and the older ones forgotten by number and by size`() {
        #expect(Self.remembersFirst(of: 4_000, bytes: 100))
        #expect(!Self.remembersFirst(of: 10_000, bytes: 100))
        #expect(Self.remembersFirst(of: 60, bytes: 60_000))
        #expect(!Self.remembersFirst(of: 200, bytes: 60_000))
    }
}
