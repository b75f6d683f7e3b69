import LyceumProtocol

extension Engine: ByteCodable {
    func write(to writer: inout ByteWriter) {
        writer.write(audience.rawValue)
        writer.write(weights.version)
        writer.encode(memberNumbers)
        writer.encode(roomNumbers)
        writer.encode(threadNumbers)
        writer.encode(termNumbers)
        writer.encode(members)
        writer.encode(profiles)
        writer.encode(rooms)
        writer.encode(threads)
        writer.encode(terms)
        writer.encode(topics)
        for links in [roomLinks, allLinks, activeLinks, topicLinks] { writer.encode(links) }
        for list in [allThreads, activeProfiles, activeTopics] { writer.encode(list) }
        writer.encode(pairs)
        writer.encode(phrases)
        writer.write(postCount)
        writer.write(threadCount)
    }

    init(from reader: inout ByteReader) throws(SnapshotError) {
        guard let audience = Audience(rawValue: try reader.integer()) else { throw .damaged }
        let version: UInt32 = try reader.integer()
        guard let weights = EventWeights.table(version: version) else { throw .unknownVersion(version) }
        self.init(audience: audience, weights: weights)
        memberNumbers = try reader.value()
        roomNumbers = try reader.value()
        threadNumbers = try reader.value()
        termNumbers = try reader.value()
        members = try reader.value()
        profiles = try reader.value()
        rooms = try reader.value()
        threads = try reader.value()
        restore(try reader.value())
        topics = try reader.value()
        roomLinks = try reader.value()
        allLinks = try reader.value()
        activeLinks = try reader.value()
        topicLinks = try reader.value()
        allThreads = try reader.value()
        activeProfiles = try reader.value()
        activeTopics = try reader.value()
        pairs = try reader.value()
        phrases = try reader.value()
        postCount = try reader.integer()
        threadCount = try reader.integer()
    }
}

extension Tracker {
    private static let magic: UInt64 = 0x6C79_6365_756D_6163
    private static let version: UInt32 = 3

    /// The whole state as bytes; two trackers that took the same events give the same bytes.
    public func encoded() -> [UInt8] {
        var writer = ByteWriter()
        writer.write(Self.magic)
        writer.write(Self.version)
        writer.write(weights.version)
        writer.encode(everyone)
        writer.write(rooms.keys.sorted()) { writer, room in
            writer.write(room.rawValue)
            writer.encode(optional: rooms[room])
        }
        writer.write(heads.keys.sorted()) { writer, room in
            writer.write(room.rawValue)
            writer.write(heads[room] ?? 0)
        }
        writer.write(skipped.sorted()) { $0.encode($1) }
        writer.write(gone.sorted()) { $0.encode($1) }
        writer.write(excluded.sorted()) { $0.write($1.rawValue) }
        writer.write(Self.checksum(writer.bytes[...]))
        return writer.bytes
    }

    /// Reads what ``encoded()`` wrote.
    ///
    /// - Throws: A ``SnapshotError`` for bytes cut short, changed, or of another version; the caller then rebuilds from
    ///   the record.
    public init(decoding bytes: [UInt8]) throws(SnapshotError) {
        guard bytes.count > 20 else { throw .truncated }
        let payload = bytes[..<(bytes.count - 8)]
        var tail = ByteReader(bytes[(bytes.count - 8)...])
        guard try tail.integer(UInt64.self) == Self.checksum(payload) else { throw .damaged }
        var reader = ByteReader(payload)
        guard try reader.integer(UInt64.self) == Self.magic else { throw .damaged }
        let version: UInt32 = try reader.integer()
        guard version == Self.version else { throw .unknownVersion(version) }
        let weightsVersion: UInt32 = try reader.integer()
        guard let weights = EventWeights.table(version: weightsVersion) else { throw .unknownVersion(weightsVersion) }
        let everyone: Engine = try reader.value()
        var rooms: [RoomID: Engine] = [:]
        for _ in 0..<(try reader.count()) {
            let room = RoomID(try reader.integer())
            rooms[room] = try reader.optional()
        }
        var heads: [RoomID: SequenceNumber] = [:]
        for _ in 0..<(try reader.count()) {
            let room = RoomID(try reader.integer())
            heads[room] = try reader.integer()
        }
        let skipped = try reader.list { reader throws(SnapshotError) -> EventName in try reader.value() }
        let gone = try reader.list { reader throws(SnapshotError) -> EventName in try reader.value() }
        let excluded = try reader.list { reader throws(SnapshotError) in MemberID(try reader.integer()) }
        guard reader.isAtEnd else { throw .damaged }
        self.init(
            weights: weights, everyone: everyone, rooms: rooms, heads: heads, skipped: Set(skipped), gone: Set(gone),
            excluded: Set(excluded))
    }

    /// FNV-1a over eight bytes at a time: finds damage, not malice.
    private static func checksum(_ bytes: ArraySlice<UInt8>) -> UInt64 {
        bytes.withUnsafeBytes { raw in
            var hash: UInt64 = 0xCBF2_9CE4_8422_2325
            let words = raw.count / 8
            for index in 0..<words {
                hash = (hash ^ raw.loadUnaligned(fromByteOffset: index * 8, as: UInt64.self)) &* 0x0000_0100_0000_01B3
                hash ^= hash >> 29
            }
            for index in words * 8..<raw.count { hash = (hash ^ UInt64(raw[index])) &* 0x0000_0100_0000_01B3 }
            return hash
        }
    }
}
