import Community
import Foundation
import LyceumProtocol

/// Changes to a community whose daemon is not running.
public struct OfflineAdministration {
    private let store: any CommunityStore
    private let settings: Settings

    public init(store: any CommunityStore, settings: Settings) {
        self.store = store
        self.settings = settings
    }

    /// Makes an account that can sign in by password.
    ///
    /// - Throws: A ``Refusal`` if the name or password will not do, or the name is taken; a ``StoreError``.
    public func createMember(name: String, password: String, role: Role) throws -> MemberID {
        guard NameRules.isValidForMember(name) else { throw Refusal(.malformed, "A name is \(NameRules.description).") }
        try RegisterAccount.check(password)
        guard let hash = settings.accounts.passwordHash.hash(password) else {
            throw Refusal(.internal, "The password could not be hashed.")
        }
        return try perform { context in
            let creation = CreateAccount(name: name, passwordHash: hash, invite: nil, label: "admin", role: role)
            context.judgements = [.byOperator(.name)]
            _ = try creation.perform(in: context)
            guard let member = context.community.member(named: name) else { throw Refusal.notFound }
            // Whoever is made here signs in by password; the token that registering gives is of no use to anybody.
            try context.end(context.community.sessions(of: member.id), code: .revoked)
            return member.id
        }
    }

    /// Makes many members with a session each, and public rooms that all of them are in; for load tests.
    ///
    /// - Parameter roomsOf: The rooms, as indices in `0..<rooms`, that member number *i* is in.
    /// - Returns: A token for each member.
    public func seed(members: Int, rooms: Int, roomsOf: (Int) -> [Int]) throws -> [String] {
        let creator = try createMember(name: "seed", password: Secrets.makeToken(), role: .admin)
        let roomIDs = try perform { context in
            context.actor.member = creator
            return try (0..<rooms).map { number in try context.makeRoom(named: "room-\(number)", by: creator) }
        }
        var tokens: [String] = []
        for start in stride(from: 0, to: members, by: 1000) {
            tokens += try perform { context in
                try (start..<min(start + 1000, members)).map { number in
                    let token = Secrets.makeToken()
                    let member = Member(
                        id: try context.transaction.makeMemberID(), name: "member-\(number)", role: .member,
                        createdAt: context.now)
                    try context.apply(.member(member))
                    _ = try context.open(token, for: member.id, label: "seed")
                    for room in roomsOf(number) { try context.join(member, roomIDs[room]) }
                    return token
                }
            }
        }
        return tokens
    }

    /// Opens a Q&A session in the first of the seeded rooms, with so many questions that anybody but its host may vote
    /// on.
    public func seedQuestions(_ count: Int) throws {
        try perform { context in
            guard let host = context.community.member(named: "seed")?.id,
                let room = context.community.publicRoom(named: "room-0")?.id
            else { return }
            let session = QASession(
                room: room, seq: context.nextSeq(in: room), title: "seed", host: host, state: .open)
            try context.append(.qaOpened, in: room, by: host) { QuestionText.write(session, to: &$0) }
            try context.put(session)
            for number in 0..<count {
                let draft = QuestionDraft(
                    room: room, qa: session.seq, author: host, text: "Question \(number)?", isAnonymous: false)
                _ = try draft.post(premoderated: false, in: context)
            }
        }
    }

    private func perform<Result>(_ body: (WriteContext) throws -> Result) throws -> Result {
        let working = WorkingCommunity(try store.loadCommunity())
        let now = UnixMilliseconds(Date().timeIntervalSince1970 * 1000)
        return try store.write { transaction in
            try body(
                WriteContext(transaction: transaction, working: working, now: now, settings: settings.community))
        }
    }
}

extension WriteContext {
    fileprivate func makeRoom(named name: String, by creator: MemberID) throws -> RoomID {
        let id = try transaction.makeRoomID()
        try apply(.room(Room(id: id, kind: .public, name: name, title: name, createdBy: creator, createdAt: now)))
        try append(.roomCreated, in: id, by: creator) { $0.field("kind", Room.Kind.public.rawValue) }
        return id
    }
}
