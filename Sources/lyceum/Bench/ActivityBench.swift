import Activity
import ArgumentParser
import Foundation
import LyceumProtocol

/// `lyceum bench activity`: what one event, one ranking and one member cost the activity tracker, on one core.
struct ActivityBench: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "activity", abstract: "Measure the activity tracker and the rankers; prints one JSON object.")

    @Option(help: "Members; each joins a room before the measurement.") var members = 1_000_000
    @Option(help: "Threads begun before the measurement.") var threads = 100_000
    @Option(help: "Events measured.") var events = 1_000_000
    @Option(help: "Rankings measured a surface.") var rankings = 500

    func validate() throws {
        try requirePositive(["members": members, "threads": threads, "events": events, "rankings": rankings])
    }

    func run() throws {
        var stream = SyntheticStream(members: Int64(members), seed: 1)
        var tracker = Tracker()
        let history = NoHistory()
        var recent: [ActivityEvent] = []
        for member in 1...members { tracker.ingest(stream.join(Int64(member)), now: stream.clock, history: history) }
        while stream.threadCount < threads {
            tracker.ingest(stream.next(threadShare: 0.5), now: stream.clock, history: history)
        }
        let clockCost = clockCost()
        var costs = [Int64]()
        costs.reserveCapacity(events)
        for _ in 0..<events {
            let event = stream.next(threadShare: 0.04)
            let start = processorTime()
            tracker.ingest(event, now: stream.clock, history: history)
            costs.append(max(0, processorTime() - start - clockCost))
            if recent.count < 4_096 { recent.append(event) }
        }
        let memory = residentBytes()
        let rows = rank(tracker, recent.map(\.member), at: stream.clock)
        try report(costs, rows, memory, stream)
    }

    private func rank(_ tracker: Tracker, _ viewers: [MemberID], at now: Int64) -> [RankingRow] {
        var recommender = Recommender()
        var random = SplitMix64(seed: 2)
        let gate = RecommendationGate(canRead: { _ in true }, isJoined: { _ in false }, mayShow: { _ in true })
        let names = DisplayNames(room: { "#\($0)" }, member: { "@\($0)" })
        return Surface.allCases.map { surface in
            var costs: [Int64] = []
            for index in 0..<rankings {
                let request = RecommendationRequest(viewer: viewers[index % viewers.count], surface: surface, now: now)
                let start = processorTime()
                _ = recommender.recommend(request, from: tracker, gate: gate, names: names, random: &random)
                costs.append(processorTime() - start)
            }
            return RankingRow(surface: surface.rawValue, costs: Percentiles(costs))
        }
    }

    private func report(_ costs: [Int64], _ rows: [RankingRow], _ memory: Int, _ stream: SyntheticStream) throws {
        let report = Report(
            members: members, threads: stream.threadCount, events: events, event: Percentiles(costs),
            peakResidentBytes: memory, ranking: rows)
        try printJSON(report)
    }

    private struct Report: Encodable {
        let members, threads, events: Int
        let event: Percentiles
        let peakResidentBytes: Int
        let ranking: [RankingRow]
    }

    private struct RankingRow: Encodable {
        let surface: String
        let costs: Percentiles
    }

    /// In microseconds.
    private struct Percentiles: Encodable {
        let mean, p50, p99, p999, worst: Double

        init(_ nanoseconds: [Int64]) {
            let sorted = nanoseconds.sorted()
            func at(_ share: Double) -> Double {
                sorted.isEmpty ? 0 : Double(sorted[min(sorted.count - 1, Int(Double(sorted.count) * share))]) / 1_000
            }
            mean = Double(sorted.reduce(0, +)) / Double(max(1, sorted.count)) / 1_000
            p50 = at(0.5)
            p99 = at(0.99)
            p999 = at(0.999)
            worst = at(1)
        }
    }
}

/// The most memory this process has held, in bytes.
private func residentBytes() -> Int {
    let status = (try? String(contentsOfFile: "/proc/self/status", encoding: .utf8)) ?? ""
    let line = status.split(separator: "\n").first { $0.hasPrefix("VmHWM:") } ?? ""
    return (line.split(whereSeparator: \.isWhitespace).dropFirst().first.flatMap { Int($0) } ?? 0) * 1_024
}

/// This thread's processor time in nanoseconds: what the work costs, whoever else uses the machine.
private func processorTime() -> Int64 {
    var time = timespec()
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time)
    return Int64(time.tv_sec) * 1_000_000_000 + Int64(time.tv_nsec)
}

/// What asking for the time twice costs by itself, which is taken off what is measured so: about as much as a read.
private func clockCost() -> Int64 {
    let costs = (0..<10_001).map { _ in
        let start = processorTime()
        return processorTime() - start
    }
    return costs.sorted()[5_000]
}

/// A made-up community: few write much, most write little, half of it Chinese.
private struct SyntheticStream {
    private(set) var clock: Int64 = 1_760_000_000_000
    private(set) var threadCount = 0
    private let members: Int64
    private let rooms: Int64 = 1_000
    private var generator: SplitMix64
    private var heads: [Int64: Int64] = [:]
    private var recent: [(room: Int64, thread: Int64, author: Int64)] = []
    private var turn = 0

    init(members: Int64, seed: UInt64) {
        self.members = members
        generator = SplitMix64(seed: seed)
    }

    private mutating func random(below limit: Int64) -> Int64 { Int64(generator.next() >> 1) % limit }

    /// Small numbers often, large ones seldom: close to Zipf's law with exponent 1.
    private mutating func skewed(_ limit: Int64) -> Int64 {
        let exponent = Double(random(below: 1 << 40)) / Double(1 << 40)
        return min(limit - 1, Int64(pow(Double(limit), exponent)) - 1)
    }

    private mutating func event(_ member: Int64, _ room: Int64, _ kind: ActivityEvent.Kind) -> ActivityEvent {
        clock += 20 + random(below: 60)
        let seq = heads[room, default: 0] + 1
        heads[room] = seq
        return ActivityEvent(seq: seq, at: clock, member: MemberID(member), room: RoomID(room), kind: kind)
    }

    mutating func join(_ member: Int64) -> ActivityEvent { event(member, 1 + skewed(rooms), .join) }

    /// Half posts, a quarter reactions and votes, a quarter reads and follows.
    mutating func next(threadShare: Double) -> ActivityEvent {
        let member = 1 + skewed(members)
        let choice = random(below: 100)
        guard !recent.isEmpty, choice >= Int64(threadShare * 100) else { return root(member) }
        let place = recent[recent.count - 1 - Int(skewed(Int64(recent.count)))]
        let target = ActivityEvent.Target(seq: place.thread, thread: place.thread, author: MemberID(place.author))
        switch random(below: 100) {
        case 0..<50:
            let mentions = random(below: 5) == 0 ? [MemberID(place.author)] : []
            return event(member, place.room, .post(.init(thread: place.thread, text: text(), mentions: mentions)))
        case 50..<70: return event(member, place.room, .reaction(target))
        case 70..<75: return event(member, place.room, .vote(target, value: 1))
        case 75..<95: return event(member, place.room, .read(thread: place.thread))
        default: return event(member, place.room, .follow(thread: place.thread))
        }
    }

    private mutating func root(_ member: Int64) -> ActivityEvent {
        threadCount += 1
        let room = 1 + skewed(rooms)
        let seq = heads[room, default: 0] + 1
        if recent.count < 20_000 {
            recent.append((room, seq, member))
        } else {
            recent[turn % 20_000] = (room, seq, member)
            turn += 1
        }
        let title = String(text().prefix(24))
        return event(member, room, .post(.init(form: .question, thread: seq, title: title, text: text())))
    }

    private mutating func text() -> String {
        var text = ""
        if random(below: 2) == 0 {
            // Words of two characters from a vocabulary of 20,000; the characters of a word follow from its number.
            for _ in 0..<(2 + random(below: 12)) {
                let word = UInt32(skewed(20_000))
                for part in [word % 2_111, word / 7 % 2_003] {
                    text.unicodeScalars.append(Unicode.Scalar(0x4E00 + part) ?? "中")
                }
            }
        } else {
            for _ in 0..<(3 + random(below: 20)) { text += "w\(Self.letters(skewed(40_000))) " }
        }
        return text
    }

    private static func letters(_ number: Int64) -> String {
        String(String.UnicodeScalarView(String(number).unicodeScalars.compactMap { Unicode.Scalar($0.value + 49) }))
    }
}
