/// One change to a classifier, as the append-only decision log stores it.
public enum LogEntry: Sendable, Equatable {
    case learned(LearnedDecision)
    /// The decision is taken back; the entry repeats its receipt, so that the log needs no index.
    case unlearned(LearnedDecision)

    public var decision: LearnedDecision {
        switch self {
        case .learned(let decision), .unlearned(let decision): decision
        }
    }
}

/// The form of log entries: each is a length, a body and a checksum, so that a torn end is found and cut off.
///
/// A snapshot and the entries after it rebuild a classifier to the same bits; so do the entries in any other order.
public enum DecisionLog {
    /// The format of the log's entries, for whoever stores them.
    public static let format: UInt8 = 1

    public static func encode(_ entry: LogEntry) -> [UInt8] {
        var body = ByteWriter()
        body.append(word: format)
        switch entry {
        case .learned(let decision):
            body.append(word: UInt8(0))
            decision.encode(into: &body)
        case .unlearned(let decision):
            body.append(word: UInt8(1))
            decision.encode(into: &body)
        }
        body.seal()
        var frame = ByteWriter()
        frame.append(varint: UInt64(body.bytes.count))
        frame.append(contentsOf: body.bytes)
        return frame.bytes
    }

    /// Reads entries up to the first that is torn or damaged.
    ///
    /// - Returns: The entries, and how many bytes they take: fewer than `bytes.count` if the rest is unreadable.
    public static func decode(_ bytes: [UInt8]) -> (entries: [LogEntry], validBytes: Int) {
        var (entries, reader): ([LogEntry], ByteReader) = ([], ByteReader(bytes[...]))
        var validBytes = 0
        while let entry = try? decodeEntry(&reader) {
            entries.append(entry)
            validBytes = bytes.count - reader.remaining
        }
        return (entries, validBytes)
    }

    private static func decodeEntry(_ reader: inout ByteReader) throws(ByteReader.Malformed) -> LogEntry {
        let count = try reader.count()
        var body = try ByteReader(sealed: reader.take(count))
        guard try body.byte() == format else { throw ByteReader.Malformed() }
        let kind = try body.byte()
        let decision = try LearnedDecision(from: &body)
        guard body.isAtEnd, kind <= 1 else { throw ByteReader.Malformed() }
        return kind == 0 ? .learned(decision) : .unlearned(decision)
    }
}

extension Classifier {
    /// Applies one entry of the log.
    ///
    /// - Throws: ``SnapshotError/damaged`` if the entry speaks of a head this classifier lacks; nothing is changed then.
    public mutating func replay(_ entry: LogEntry) throws(SnapshotError) {
        let decision = entry.decision
        guard decision.shares.allSatisfy({ $0.head < labels.count && $0.bin < ScoreRecord.binCount }) else {
            throw .damaged
        }
        switch entry {
        case .learned: relearn(decision)
        case .unlearned: unlearn(decision)
        }
    }
}

extension LearnedDecision {
    fileprivate func encode(into writer: inout ByteWriter) {
        writer.append(varint: id)
        writer.append(varint: UInt64(hashes.count))
        for hash in hashes { writer.append(word: hash) }
        writer.append(varint: UInt64(shares.count))
        for share in shares {
            writer.append(word: share.head)
            writer.append(
                word: (share.isPositive ? 1 : 0) | (share.isCounted ? 2 : 0) | (share.isSampled ? 4 : 0) as UInt8)
            writer.append(word: share.bin)
            for number in [Int64(share.weight), share.bias, share.slope, share.intercept] {
                writer.append(signed: number)
            }
        }
    }

    fileprivate init(from reader: inout ByteReader) throws(ByteReader.Malformed) {
        let id = try reader.varint()
        var hashes: [UInt64] = []
        for _ in 0..<(try reader.count()) { hashes.append(try reader.word(UInt64.self)) }
        var shares: [Share] = []
        for _ in 0..<(try reader.count()) { shares.append(try Share(from: &reader)) }
        self.init(id: id, hashes: hashes, shares: shares)
    }
}

extension LearnedDecision.Share {
    fileprivate init(from reader: inout ByteReader) throws(ByteReader.Malformed) {
        let (head, flags, bin) = (try reader.byte(), try reader.byte(), try reader.byte())
        guard flags < 8, let weight = Int32(exactly: try reader.signed()) else { throw ByteReader.Malformed() }
        self.init(
            head: head, isPositive: flags & 1 != 0, isCounted: flags & 2 != 0, isSampled: flags & 4 != 0, bin: bin,
            weight: weight, bias: try reader.signed(), slope: try reader.signed(), intercept: try reader.signed())
    }
}
