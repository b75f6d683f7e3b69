import Community
import LyceumProtocol
import Testing

/// What every store promises of webhooks and of what is on its way to them.
@Suite struct `The queue of a webhook` {
    private static let hook = Webhook(
        id: 1, owner: MemberID(1), name: "mirror", createdAt: 5,
        direction: .outgoing(
            Webhook.Outgoing(
                url: "https://example.org/", rooms: [RoomID(3), RoomID(1)], kinds: [.messagePosted, .roomUpdated],
                secret: [1, 2, 3], formerSecret: .init(bytes: [9], until: 77))))

    private func filled(_ kind: StoreKind) throws -> StoreUnderTest {
        let test = try StoreUnderTest(kind)
        try test.write { transaction throws in
            _ = try transaction.makeWebhookID()
            try transaction.put(.webhook(Self.hook))
            for number in Int64(1)...5 {
                var delivery = WebhookDelivery(
                    id: try transaction.makeDeliveryID(), hook: 1, message: "m\(number)",
                    event: number == 5 ? nil : .init(room: RoomID(1), seq: number), createdAt: number)
                delivery.dueAt = 100 - number
                try transaction.put(delivery)
            }
        }
        return test
    }

    @Test(arguments: StoreKind.allCases)
    func `hooks of both kinds are loaded as they were stored`(kind: StoreKind) throws {
        let test = try filled(kind)
        let token = try #require(TokenHash([UInt8](repeating: 3, count: 32)))
        var incoming = Webhook(
            id: 2, owner: MemberID(1), name: "builds", createdAt: 6, isEnabled: false,
            direction: .incoming(.init(room: RoomID(1), token: token, member: MemberID(8))))
        try test.write { try $0.put(.webhook(incoming)) }
        incoming.isEnabled = true
        try test.write { try $0.put(.webhook(incoming)) }
        try test.reopen()
        let community = try test.store.loadCommunity()
        #expect(community.webhooks == [1: Self.hook, 2: incoming])
        #expect(community.webhook(token: token) == incoming)
        #expect(community.webhook(speakingAs: MemberID(8)) == incoming)
    }

    @Test(arguments: StoreKind.allCases)
    func `what is due comes in the order of its times`(kind: StoreKind) throws {
        let test = try filled(kind)
        try test.reopen()
        try test.read { reader throws in
            #expect(try reader.dueDeliveries(of: 1, at: 98, limit: 10).map(\.message) == ["m5", "m4", "m3", "m2"])
            #expect(try reader.dueDeliveries(of: 1, at: 98, limit: 2).map(\.message) == ["m5", "m4"])
            #expect(try reader.dueDeliveries(of: 1, at: 94, limit: 10).isEmpty)
            #expect(try reader.backlog(of: 1) == (5, 95))
            #expect(try reader.backlog(of: 2) == (0, nil))
            #expect(try reader.delivery(5)?.event == nil)
            #expect(try reader.delivery(4)?.event == .init(room: RoomID(1), seq: 4))
        }
    }

    @Test(arguments: StoreKind.allCases)
    func `what ended is listed by state, and only so much of it is kept`(kind: StoreKind) throws {
        let test = try filled(kind)
        try test.write { transaction throws in
            for id in Int64(1)...3 {
                var delivery = try #require(try transaction.delivery(id))
                (delivery.state, delivery.status, delivery.failure) = (.dead, 500, "status")
                (delivery.attempts, delivery.lastAt) = (2, 50)
                try transaction.put(delivery)
            }
        }
        try test.read { reader throws in
            let dead = try reader.deliveries(of: 1, state: .dead, before: 3, limit: 10)
            #expect(dead.map(\.id) == [2, 1])
            #expect(dead.allSatisfy { $0.status == 500 && $0.failure == "status" && $0.attempts == 2 })
            #expect(try reader.deliveries(of: 1, state: nil, before: nil, limit: 2).map(\.id) == [5, 4])
        }
        try test.write { try $0.pruneDeliveries(of: 1, keeping: 2) }
        let kept = try test.read { try $0.deliveries(of: 1, state: nil, before: nil, limit: 9) }
        #expect(kept.map(\.id) == [5, 4, 3, 2])
        try test.write { try $0.abandonDeliveries(of: 1, failure: "disabled", at: 60) }
        #expect(try test.read { try $0.backlog(of: 1).count } == 0)
        #expect(try test.read { try $0.delivery(4)?.failure } == "disabled")
    }

    @Test(arguments: StoreKind.allCases)
    func `the position and the failures stay when the hook is changed, and go with it`(kind: StoreKind) throws {
        let test = try filled(kind)
        try test.write { transaction throws in
            try transaction.setPosition(42, of: 1)
            #expect(try transaction.countFailure(true, of: 1) == 1)
            var hook = Self.hook
            hook.isEnabled = false
            try transaction.put(.webhook(hook))
            #expect(try transaction.countFailure(true, of: 1) == 2)
            #expect(try transaction.countFailure(false, of: 1) == 0)
        }
        #expect(try test.read { try $0.position(of: 1) } == 42)
        try test.write { try $0.put(.webhookRemoved(1)) }
        #expect(try test.store.loadCommunity().webhooks.isEmpty)
        #expect(try test.read { try $0.deliveries(of: 1, state: nil, before: nil, limit: 9).isEmpty })
    }
}
