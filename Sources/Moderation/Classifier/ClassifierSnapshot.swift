/// Why bytes are not a classifier of ours.
public enum SnapshotError: Error, Equatable, CustomStringConvertible {
    case notASnapshot
    case damaged
    case otherVersion(format: UInt32, features: UInt32)

    public var description: String {
        switch self {
        case .notASnapshot: "this is no classifier snapshot"
        case .damaged: "the classifier snapshot is damaged: its checksum or its structure does not fit"
        case .otherVersion(let format, let features):
            """
            the classifier snapshot has format \(format) and features \(features), this program reads format \
            \(Classifier.snapshotFormat) and features \(FeatureExtractor.version): rebuild it from its texts
            """
        }
    }
}

extension Classifier {
    public static let snapshotFormat: UInt32 = 1
    private static let magic: [UInt8] = Array("LYCM".utf8)

    /// The whole state in its one canonical form: equal classifiers give equal bytes.
    public func snapshot() -> [UInt8] {
        var writer = ByteWriter()
        writer.append(contentsOf: Self.magic)
        writer.append(word: Self.snapshotFormat)
        writer.append(word: FeatureExtractor.version)
        writer.append(varint: UInt64(table.slotBits))
        writer.append(varint: UInt64(labels.count))
        for number in tuning.numbers { writer.append(word: number.bitPattern) }
        for (label, head) in zip(labels, heads) {
            writer.append(label)
            head.encode(into: &writer)
        }
        appendSlots(to: &writer)
        writer.seal()
        return writer.bytes
    }

    /// Each slot that holds anything: its distance from the one before, a bit for each word that is not 0, those words.
    private func appendSlots(to writer: inout ByteWriter) {
        var next = 0
        for slot in 0..<table.slotCount {
            let words = table.words(ofSlot: slot)
            guard words.contains(where: { $0 != 0 }) else { continue }
            writer.append(varint: UInt64(slot - next + 1))
            next = slot + 1
            for start in stride(from: 0, to: words.count, by: 8) {
                let group = words.dropFirst(start).prefix(8)
                writer.append(
                    word: group.enumerated().reduce(UInt8(0)) { $0 | ($1.element == 0 ? 0 : 1 << UInt8($1.offset)) })
                for word in group where word != 0 { writer.append(signed: Int64(word)) }
            }
        }
        writer.append(varint: 0)
    }

    /// Reads a snapshot back.
    ///
    /// - Throws: ``SnapshotError``; bytes that end early, or are not in the canonical form, are `damaged`.
    public init(snapshot bytes: [UInt8]) throws(SnapshotError) {
        guard bytes.starts(with: Self.magic) else { throw .notASnapshot }
        do {
            var header = ByteReader(bytes.dropFirst(Self.magic.count))
            let (format, features) = (try header.word(UInt32.self), try header.word(UInt32.self))
            guard format == Self.snapshotFormat, features == FeatureExtractor.version else {
                throw SnapshotError.otherVersion(format: format, features: features)
            }
            var reader = try ByteReader(sealed: bytes[...])
            for _ in 0..<(Self.magic.count + 8) { _ = try reader.byte() }
            self = try Self.decode(&reader)
        } catch let error as SnapshotError {
            throw error
        } catch {
            throw .damaged
        }
    }

    private static func decode(_ reader: inout ByteReader) throws -> Classifier {
        let (slotBits, headCount) = (try reader.varint(), try reader.varint())
        guard slotBits <= 64, CountTable.slotBitsRange.contains(Int(slotBits)), headCount <= maximumHeads else {
            throw SnapshotError.damaged
        }
        let tuning = try ClassifierTuning(from: &reader)
        var (labels, heads): ([String], [ClassifierHead]) = ([], [])
        for _ in 0..<headCount {
            labels.append(try reader.text())
            heads.append(try ClassifierHead(from: &reader))
        }
        guard Set(labels).count == labels.count else { throw SnapshotError.damaged }
        var table = CountTable(slotBits: Int(slotBits), headCount: labels.count)
        try fill(&table, from: &reader)
        guard reader.isAtEnd, heads.indices.allSatisfy({ heads[$0].vocabulary == table.vocabulary(ofHead: $0) }) else {
            throw SnapshotError.damaged
        }
        return Classifier(labels: labels, tuning: tuning, table: table, heads: heads)
    }

    private static func fill(_ table: inout CountTable, from reader: inout ByteReader) throws {
        var next = 0
        while case let distance = try reader.varint(), distance != 0 {
            guard distance <= UInt64(table.slotCount - next) else { throw SnapshotError.damaged }
            let slot = next + Int(distance) - 1
            next = slot + 1
            for start in stride(from: 0, to: table.stride, by: 8) {
                let mask = try reader.byte()
                for bit in 0..<8 where mask & (1 << UInt8(bit)) != 0 {
                    guard start + bit < table.stride, let value = Int32(exactly: try reader.signed()), value != 0
                    else { throw SnapshotError.damaged }
                    table.set(slot: slot, word: start + bit, to: value)
                }
            }
        }
    }
}

extension ClassifierTuning {
    /// In the order of a snapshot.
    fileprivate var numbers: [Double] {
        [damping, smoothing, rate, messagesPerRate, biasRate, margin, calibrationRate]
    }

    fileprivate init(from reader: inout ByteReader) throws {
        func positive() throws -> Double {
            let value = Double(bitPattern: try reader.word(UInt64.self))
            guard value > 0, value < 1e9 else { throw SnapshotError.damaged }
            return value
        }
        self.init()
        damping = try positive()
        smoothing = try positive()
        rate = try positive()
        messagesPerRate = try positive()
        biasRate = try positive()
        margin = try positive()
        calibrationRate = try positive()
    }
}

extension ClassifierHead {
    fileprivate func encode(into writer: inout ByteWriter) {
        for number in [
            messages.negative, messages.positive, featureTotals.negative, featureTotals.positive, vocabulary, bias,
            slope, intercept,
        ] { writer.append(signed: number) }
        for histogram in [record.negatives, record.positives, record.sampledNegatives] {
            for count in histogram { writer.append(varint: UInt64(count)) }
        }
    }

    fileprivate init(from reader: inout ByteReader) throws {
        self.init()
        messages = (try reader.signed(), try reader.signed())
        featureTotals = (try reader.signed(), try reader.signed())
        vocabulary = try reader.signed()
        bias = try reader.signed()
        slope = try reader.signed()
        intercept = try reader.signed()
        func histogram() throws -> [UInt32] {
            try (0..<ScoreRecord.binCount).map { _ in
                guard let count = UInt32(exactly: try reader.varint()) else { throw SnapshotError.damaged }
                return count
            }
        }
        record.negatives = try histogram()
        record.positives = try histogram()
        record.sampledNegatives = try histogram()
    }
}
