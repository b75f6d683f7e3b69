import LyceumProtocol

/// Events as bytes, for an archive on disk.
extension ActivityEvent {
    public var encoded: [UInt8] {
        var writer = ByteWriter()
        writer.write(seq)
        writer.write(at)
        writer.write(member.rawValue)
        writer.write(room.rawValue)
        writer.write(audience.rawValue)
        kind.write(to: &writer)
        return writer.bytes
    }

    /// - Throws: A ``SnapshotError`` for bytes that ``encoded`` did not write.
    public init(decoding bytes: [UInt8]) throws(SnapshotError) {
        var reader = ByteReader(bytes[...])
        let (seq, at): (SequenceNumber, UnixMilliseconds) = (try reader.integer(), try reader.integer())
        let (member, room) = (MemberID(try reader.integer()), RoomID(try reader.integer()))
        guard let audience = Audience(rawValue: try reader.integer()) else { throw .damaged }
        self.init(
            seq: seq, at: at, member: member, room: room, audience: audience, kind: try Kind(from: &reader))
    }
}

extension ActivityEvent.Kind: ByteCodable {
    func write(to writer: inout ByteWriter) {
        switch self {
        case .post(let post):
            writer.write(UInt8(1))
            writer.encode(post)
        case .reaction(let target):
            writer.write(UInt8(2))
            writer.encode(target)
        case .vote(let target, let value):
            writer.write(UInt8(3))
            writer.encode(target)
            writer.write(value)
        case .accepted(let target):
            writer.write(UInt8(4))
            writer.encode(target)
        case .follow(let thread):
            writer.write(UInt8(5))
            writer.write(thread ?? 0)
        case .read(let thread):
            writer.write(UInt8(6))
            writer.write(thread ?? 0)
        case .join: writer.write(UInt8(7))
        case .leave: writer.write(UInt8(8))
        case .deletion(let seq):
            writer.write(UInt8(9))
            writer.write(seq)
        case .edit(let seq, let text, let mentions):
            writer.write(UInt8(10))
            writer.write(seq)
            writer.write(text)
            writer.write(mentions) { $0.write($1.rawValue) }
        case .restoration(let seq):
            writer.write(UInt8(11))
            writer.write(seq)
        case .title(let seq, let title):
            writer.write(UInt8(12))
            writer.write(seq)
            writer.encode(optional: title)
        }
    }

    init(from reader: inout ByteReader) throws(SnapshotError) {
        switch try reader.integer(UInt8.self) {
        case 1: self = .post(try reader.value())
        case 2: self = .reaction(try reader.value())
        case 3: self = .vote(try reader.value(), value: try reader.integer())
        case 4: self = .accepted(try reader.value())
        case 5: self = .follow(thread: try Self.thread(&reader))
        case 6: self = .read(thread: try Self.thread(&reader))
        case 7: self = .join
        case 8: self = .leave
        case 9: self = .deletion(of: try reader.integer())
        case 10: self = .edit(of: try reader.integer(), text: try reader.string(), mentions: try reader.members())
        case 11: self = .restoration(of: try reader.integer())
        case 12: self = .title(of: try reader.integer(), try reader.optional())
        default: throw .damaged
        }
    }

    private static func thread(_ reader: inout ByteReader) throws(SnapshotError) -> SequenceNumber? {
        let thread: SequenceNumber = try reader.integer()
        return thread == 0 ? nil : thread
    }
}

extension ActivityEvent.Post: ByteCodable {
    func write(to writer: inout ByteWriter) {
        writer.write(form.rawValue)
        writer.write(thread)
        writer.encode(optional: title)
        writer.write(text)
        writer.write(mentions) { $0.write($1.rawValue) }
        writer.write(replyTo?.rawValue ?? 0)
    }

    init(from reader: inout ByteReader) throws(SnapshotError) {
        guard let form = Form(rawValue: try reader.integer()) else { throw .damaged }
        let thread: SequenceNumber = try reader.integer()
        let title: String? = try reader.optional()
        let text = try reader.string()
        let mentions = try reader.members()
        let replyTo: Int64 = try reader.integer()
        self.init(
            form: form, thread: thread, title: title, text: text, mentions: mentions,
            replyTo: replyTo == 0 ? nil : MemberID(replyTo))
    }
}

extension ActivityEvent.Target: ByteCodable {
    func write(to writer: inout ByteWriter) {
        writer.write(seq)
        writer.write(thread)
        writer.write(author.rawValue)
    }

    init(from reader: inout ByteReader) throws(SnapshotError) {
        self.init(seq: try reader.integer(), thread: try reader.integer(), author: MemberID(try reader.integer()))
    }
}

extension ByteReader {
    fileprivate mutating func members() throws(SnapshotError) -> [MemberID] {
        Array(try list { reader throws(SnapshotError) in MemberID(try reader.integer()) })
    }
}
