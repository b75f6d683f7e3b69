import Testing

@testable import Moderation

/// What outlives the process: snapshots, the decision log, and the bits that both rebuild.
@Suite struct ClassifierStateTests {
    private func trained(seed: UInt64, count: Int = 200) -> (classifier: Classifier, decisions: [LearnedDecision]) {
        var texts = LabelledTexts(seed: seed)
        var classifier = Classifier.small()
        let decisions = classifier.learn(texts.next(count))
        return (classifier, decisions)
    }

    /// The checksum stands here so that another machine, compiler or C library that learns other bits is found out.
    @Test func `the same stream gives the same bits on every machine`() {
        var random = SplitMix64(seed: 1)
        var classifier = Classifier.small()
        for id in 0..<500 {
            let item = LabelledTexts.unread(using: &random)
            _ = classifier.learn(item.features, as: item.judgement, id: UInt64(id))
        }
        #expect(Checksum.of(classifier.snapshot()[...]) == 7_721_015_856_296_774_725)
    }

    @Test(arguments: UInt64(0)..<3)
    func `a snapshot carries the whole state`(seed: UInt64) throws {
        let classifier = trained(seed: seed).classifier
        let restored = try Classifier(snapshot: classifier.snapshot())
        #expect(restored == classifier)
        let isSame = restored.snapshot() == classifier.snapshot()
        #expect(isSame)
        var texts = LabelledTexts(seed: 99)
        for probe in texts.next(20) { #expect(restored.scores(probe.features) == classifier.scores(probe.features)) }
    }

    @Test(arguments: UInt64(0)..<3)
    func `a snapshot and the log after it rebuild the same bits`(seed: UInt64) throws {
        var texts = LabelledTexts(seed: seed)
        var classifier = Classifier.small()
        let early = classifier.learn(texts.next(100))
        let snapshot = classifier.snapshot()
        var log: [UInt8] = []
        for decision in classifier.learn(texts.next(100)) { log += DecisionLog.encode(.learned(decision)) }
        for decision in early.prefix(30) {
            classifier.unlearn(decision)
            log += DecisionLog.encode(.unlearned(decision))
        }
        var rebuilt = try Classifier(snapshot: snapshot)
        let (entries, validBytes) = DecisionLog.decode(log)
        #expect(validBytes == log.count)
        for entry in entries { try rebuilt.replay(entry) }
        let isSame = rebuilt.snapshot() == classifier.snapshot()
        #expect(isSame)
    }

    @Test func `a damaged snapshot is refused, whatever byte is wrong`() throws {
        let bytes = trained(seed: 2).classifier.snapshot()
        #expect(throws: SnapshotError.notASnapshot) { try Classifier(snapshot: []) }
        #expect(throws: SnapshotError.notASnapshot) { try Classifier(snapshot: Array("{\"model\":1}".utf8)) }
        var random = SplitMix64(seed: 8)
        for _ in 0..<200 {
            var damaged = bytes
            damaged[Int.random(in: damaged.indices, using: &random)] ^= UInt8.random(in: 1...255, using: &random)
            #expect(throws: SnapshotError.self) { try Classifier(snapshot: damaged) }
        }
        for length in [5, 12, 40, bytes.count / 2, bytes.count - 1] {
            #expect(throws: SnapshotError.damaged) { try Classifier(snapshot: Array(bytes.prefix(length))) }
        }
    }

    /// Whoever can write a checksum can still not make the reader crash or allocate without limit.
    @Test func `a snapshot that lies under a right checksum is refused`() throws {
        let bytes = Array(trained(seed: 2).classifier.snapshot().dropLast(8))
        var random = SplitMix64(seed: 4)
        for _ in 0..<100 {
            var forged = ByteWriter()
            var body = bytes
            body[Int.random(in: 12..<body.count, using: &random)] ^= 1 << UInt8.random(in: 0...7, using: &random)
            forged.append(contentsOf: body)
            forged.seal()
            guard let read = try? Classifier(snapshot: forged.bytes) else { continue }
            let isCanonical = read.snapshot() == forged.bytes
            #expect(isCanonical)
        }
    }

    @Test func `a snapshot of other features is refused by name`() {
        var bytes = trained(seed: 2).classifier.snapshot()
        bytes[8] = 200
        #expect(throws: SnapshotError.otherVersion(format: Classifier.snapshotFormat, features: 200)) {
            try Classifier(snapshot: bytes)
        }
    }

    @Test func `a torn log is read up to the tear`() {
        let decisions = trained(seed: 3, count: 20).decisions
        let frames = decisions.map { DecisionLog.encode(.learned($0)) }
        let whole = Array(frames.joined())
        let torn = DecisionLog.decode(Array(whole.dropLast(3)))
        #expect(torn.entries == decisions.dropLast().map { .learned($0) })
        #expect(torn.validBytes == whole.count - frames[19].count)
        var damaged = whole
        damaged[frames[0].count + 9] ^= 1
        #expect(DecisionLog.decode(damaged).entries.count == 1)
    }

    @Test func `an entry for a head that is not there changes nothing`() throws {
        let decision = trained(seed: 3).decisions.first { $0.shares.contains { $0.head == 1 && $0.isCounted } }
        var classifier = Classifier.small(labels: ["spam"])
        #expect(throws: SnapshotError.damaged) { try classifier.replay(.learned(#require(decision))) }
        #expect(classifier == Classifier.small(labels: ["spam"]))
    }

    @Test func `a new label leaves the others as they were`() {
        var texts = LabelledTexts(seed: 6)
        var classifier = Classifier.small()
        _ = classifier.learn(texts.next(200))
        let probes = texts.next(20)
        let before = probes.map { classifier.scores($0.features) }
        classifier.addLabel("off-topic")
        #expect(probes.map { Array(classifier.scores($0.features).dropLast()) } == before)
        let scores = probes.map { classifier.scores($0.features)[2].logOdds }
        #expect(scores.allSatisfy { $0 == 0 })
    }

    @Test func `four heads keep within their memory however much they learn`() {
        let classifier = Classifier(labels: ["spam", "advertising", "abuse", "off-topic"])
        #expect(classifier.mostMemory <= 64 << 20)
        #expect(classifier.memory <= 4 << 20 + 1024)
    }
}
