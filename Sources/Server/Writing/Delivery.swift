import Community
import LyceumProtocol
import Transport

/// What one commit has to tell, in an order that every event loop carries out alike.
///
/// Events of one room that nobody joins or leaves between are one chunk: framed once, here, off the event loops, and
/// sent to each of the room's connections with one write.
struct Delivery: Sendable {
    enum Step: Sendable {
        /// Events `first...last` of a room, framed.
        case events(RoomID, Chunk, first: SequenceNumber, last: SequenceNumber)
        case joined(MemberID, RoomID)
        case left(MemberID, RoomID)
        /// An event of a member's own stream, framed; `seq` is `nil` for ephemeral ones.
        case me(MemberID, Chunk, seq: SequenceNumber?)
        case review(ReviewEvent)
        case reply(ReplyAddress, Outcome)
        case end([Session], CloseCode)
    }

    private(set) var steps: [Step] = []
    private var open: [RoomID: OpenChunk] = [:]

    private struct OpenChunk {
        var bytes: [UInt8] = []
        let first: SequenceNumber
        var last: SequenceNumber

        init(first: SequenceNumber) { (self.first, last) = (first, first) }

        mutating func append(_ event: RoomEvent) {
            FrameEncoder.appendText(event.body, to: &bytes)
            last = event.seq
        }

        func step(in room: RoomID) -> Step { .events(room, Chunk(framed: bytes), first: first, last: last) }
    }

    mutating func add(_ event: RoomEvent) {
        open[event.room, default: OpenChunk(first: event.seq)].append(event)
    }

    mutating func add(_ body: [UInt8], toMember member: MemberID, seq: SequenceNumber) {
        steps.append(.me(member, .text(body), seq: seq))
    }

    mutating func signal(_ body: [UInt8], toMember member: MemberID) {
        steps.append(.me(member, .text(body), seq: nil))
    }

    mutating func add(_ event: ReviewEvent) { steps.append(.review(event)) }

    mutating func joined(_ member: MemberID, _ room: RoomID) {
        flush(room)
        steps.append(.joined(member, room))
    }

    mutating func left(_ member: MemberID, _ room: RoomID) {
        flush(room)
        steps.append(.left(member, room))
    }

    mutating func end(_ sessions: [Session], code: CloseCode) {
        if !sessions.isEmpty { steps.append(.end(sessions, code)) }
    }

    mutating func reply(_ outcome: Outcome, to address: ReplyAddress) { steps.append(.reply(address, outcome)) }

    /// Ends all open chunks; after it the steps are whole.
    mutating func finish() {
        for (room, chunk) in open { steps.append(chunk.step(in: room)) }
        open.removeAll()
    }

    /// Puts the room's events so far before all that comes.
    mutating func flush(_ room: RoomID) {
        if let chunk = open.removeValue(forKey: room) { steps.append(chunk.step(in: room)) }
    }
}
