import Community
import LyceumProtocol
import Transport

/// One socket on its event loop, and who is signed in on it.
final class Client {
    let connection: Connection
    let address: String
    private(set) var session: Session?
    /// Set while a bot is signed in on it.
    private(set) var bot: BotSession?
    /// Set while its member is banned: it hears of no room, and the gate lets it object and no more.
    var isAppealing = false
    /// The rooms whose events it gets.
    fileprivate(set) var rooms: [RoomID] = []
    var bucket: TokenBucket
    var lastBeat: UnixMilliseconds
    let openedAt: UnixMilliseconds
    /// Set while the answer to `session.open` is being prepared: what is delivered meanwhile waits here, since it must
    /// not overtake the replay.
    private var held: [Held]?
    private var heldBytes = 0
    private var typingTold: [RoomID: UnixMilliseconds]?

    /// A delivery that waits for the session to open.
    struct Held {
        enum Stream: Hashable { case room(RoomID), me }
        let stream: Stream
        let last: SequenceNumber
        let chunk: Chunk
    }

    init(connection: Connection, address: String, bucket: TokenBucket, now: UnixMilliseconds) {
        self.connection = connection
        self.address = address
        self.bucket = bucket
        lastBeat = now
        openedAt = now
    }

    /// Set while it follows the review stream.
    var review: ReviewSubscription?

    var actor: Actor { Actor(member: session?.member, session: session?.id, address: address) }

    /// From here on the connection belongs to the session's member, but nothing is sent before ``opened(heads:me:)``.
    func beginOpening(_ session: Session, _ bot: BotSession?) {
        self.session = session
        self.bot = bot
        held = []
    }

    /// Sends what was delivered meanwhile and is newer than what the answer and its replay have told; of a room that was
    /// left meanwhile, nothing.
    func opened(heads: [RoomID: SequenceNumber], me: SequenceNumber) {
        let waiting = held ?? []
        held = nil
        heldBytes = 0
        for delivery in waiting where hears(delivery.stream) && delivery.last > newestTold(delivery.stream, heads, me) {
            connection.send(delivery.chunk)
        }
    }

    private func hears(_ stream: Held.Stream) -> Bool {
        switch stream {
        case .room(let room): rooms.contains(room)
        case .me: true
        }
    }

    private func newestTold(
        _ stream: Held.Stream, _ heads: [RoomID: SequenceNumber], _ me: SequenceNumber
    ) -> SequenceNumber {
        switch stream {
        case .room(let room): heads[room] ?? 0
        case .me: me
        }
    }

    /// Back to a connection that nobody is signed in on.
    func signedOut() {
        session = nil
        bot = nil
        isAppealing = false
        held = nil
        rooms = []
        review = nil
    }

    @inline(__always)
    func deliver(_ chunk: Chunk, of room: RoomID, last: SequenceNumber) {
        if held == nil {
            connection.send(chunk)
        } else {
            hold(Held(stream: .room(room), last: last, chunk: chunk))
        }
    }

    func deliverMe(_ chunk: Chunk, last: SequenceNumber?) {
        if held == nil {
            connection.send(chunk)
        } else if let last {
            hold(Held(stream: .me, last: last, chunk: chunk))
        }
    }

    /// For what is not worth waiting for.
    func signal(_ chunk: Chunk) {
        if held == nil { connection.send(chunk) }
    }

    private func hold(_ delivery: Held) {
        heldBytes += delivery.chunk.byteCount
        guard heldBytes <= Hub.heldLimit else {
            held = []
            connection.close(code: CloseCode.slowReader.rawValue, reason: "too much happened while signing in")
            return
        }
        held?.append(delivery)
    }

    /// Whether it is told what is not worth waiting for, who types and who is there.
    var hearsSignals: Bool { bot?.intents.contains(.presence) ?? true }

    /// Takes note that it gets the room's events; a bot that is not told of rooms gets none.
    func subscribe(to room: RoomID) -> Bool {
        guard bot?.hearsRooms ?? true, !rooms.contains(room) else { return false }
        rooms.append(room)
        return true
    }

    func unsubscribe(from room: RoomID) { rooms.removeAll { $0 == room } }

    /// Typing is passed on once in 3 s.
    func mayTell(typingIn room: RoomID, at now: UnixMilliseconds) -> Bool {
        if let last = typingTold?[room], abs(now - last) < 3000 { return false }
        if typingTold == nil || typingTold?.count ?? 0 > 100 { typingTold = [:] }
        typingTold?[room] = now
        return true
    }
}
