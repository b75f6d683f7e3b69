import Community
import LyceumProtocol
import Testing

/// What every store promises of the review queue's order.
@Suite struct `Review queue` {
    private static let kinds: [ReviewItem.Kind] = [.check, .held, .sample, .report, .held, .check, .flag, .sample]

    private static func filled() throws -> StoreUnderTest {
        let test = try StoreUnderTest()
        try test.write { transaction in
            for kind in kinds {
                try transaction.put(
                    ReviewItem(
                        id: try transaction.makeReviewItemID(), kind: kind, room: RoomID(1), member: MemberID(1),
                        text: "\(kind)", createdAt: 1))
            }
        }
        return test
    }

    @Test func `what people wait for comes before what only teaches, page by page`() throws {
        let test = try Self.filled()
        var (seen, query) = ([ReviewItem](), ReviewQuery(state: .open))
        query.order = .urgency
        query.limit = 3
        while true {
            let page = try test.read { try $0.reviewItems(query) }
            seen += page
            guard page.count == query.limit else { break }
            query.after = page.last?.id
        }
        #expect(seen.map(\.id) == [2, 4, 5, 7, 1, 3, 6, 8])
    }

    @Test(arguments: [(ReviewQuery.Order.oldest, [4, 5, 6, 7, 8]), (.newest, [2, 1])])
    func `older and newer items go on from where a page ended`(order: ReviewQuery.Order, expected: [Int64]) throws {
        var query = ReviewQuery(state: .open)
        query.order = order
        query.after = 3
        #expect(try Self.filled().read { try $0.reviewItems(query) }.map(\.id) == expected)
    }
}
