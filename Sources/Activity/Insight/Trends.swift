import LyceumProtocol

#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// How far the last hour stands out of the last week.
struct Burst: Sendable, Equatable {
    /// Standard deviations above what the week's rate makes likely.
    let z: Double
    /// Distinct authors of the last hour.
    let authors: Int

    static let on = 4.5
    static let off = 2.0
    /// Fewer voices than these are a conversation, not a trend; it also keeps one member's flood out.
    static let leastAuthors = 3

    /// Whether a topic is bursting, given whether it was: on at ``on``, off below ``off``.
    func isBursting(before: Bool) -> Bool { before ? z >= Self.off : z >= Self.on && authors >= Self.leastAuthors }
}

extension Heat {
    /// The burst measure at `now`.
    ///
    /// The hour's sum of a Poisson stream at the week's rate has mean r/λ and variance r/2λ; the variance of the estimate
    /// of the rate itself is added, and 1 so that a quiet topic's second message is no sensation.
    ///
    /// - Parameter silence: How long it is taken to have been silent before it was first seen, in milliseconds. A tag that
    ///   is new has no rate yet to exceed; a thread is always new, and that nobody spoke in it before is its rate.
    func burst(at now: Instant, silence: Int64 = 3_600_000) -> Burst {
        Burst(z: deviation(at: now, silence: silence), authors: voices(since: now.at - 3_600_000))
    }

    /// ``Burst/z`` alone, which needs no look at the authors.
    func deviation(at now: Instant, silence: Int64 = 3_600_000) -> Double {
        let perHour = 0.693_147_180_559_945_3
        let perWeek = perHour / 168
        let age = max(elapsed(now.at, since: born), silence)
        let hourSum = hour.value(at: now.hour)
        let seen = 1 - exp2(-Double(age) / Double(HalfLife.week.milliseconds))
        let rate = max(0, perWeek * week.value(at: now.week) / max(seen, perWeek))
        let expected = rate / perHour
        let variance = rate / (2 * perHour) + rate * perWeek / (2 * perHour * perHour) + 1
        return (hourSum - expected) / variance.squareRoot()
    }

    /// When it was first spoken of, to the minute.
    var born: UnixMilliseconds { Int64(bornMinute) * 60_000 }

    func voices(since: UnixMilliseconds) -> Int {
        var count = 0
        authors.forEach { _, author in count += author.last > since ? 1 : 0 }
        return count
    }

    /// The newest contribution of any author.
    var newest: UnixMilliseconds {
        var newest = UnixMilliseconds.min
        authors.forEach { _, author in newest = max(newest, author.last) }
        return newest
    }
}

/// Something that is being talked about.
public struct Trend: Sendable, Equatable {
    public enum Subject: Sendable, Hashable {
        case thread(RoomID, SequenceNumber)
        case room(RoomID)
        case topic(String)
    }

    public enum Window: String, Sendable, CaseIterable { case hour, day, week }

    public let subject: Subject
    public let title: String?
    /// Decayed contributions in the window plus half of the distinct voices of the day.
    public let heat: Double
    public let z: Double
    /// Distinct authors of the window; `nil` below the threshold at which a count may be shown.
    public let authors: Int?
}

extension Engine {
    /// Counts of people below this are not shown.
    static var leastShown: Int { 5 }

    /// What rises, hottest first: bursts for the hour, heat for the day and the week.
    public func trends(at now: UnixMilliseconds, window: Trend.Window = .hour, room: RoomID? = nil, limit: Int = 10)
        -> [Trend]
    {
        let instant = Instant(now)
        var found: [(trend: Trend, score: Double)] = []
        func consider(_ subject: Trend.Subject, _ title: String?, _ heat: Heat, silence: Int64) {
            guard heat.authors.count >= Burst.leastAuthors else { return }
            let burst = heat.burst(at: instant, silence: silence)
            let sum = heat.sum(window, instant)
            if window == .hour, !burst.isBursting(before: false) { return }
            guard sum >= 1 else { return }
            let score = window == .hour ? burst.z : sum + 0.5 * heat.voicesDay.value(at: instant.day)
            let authors = heat.voices(since: now - window.length)
            let trend = Trend(
                subject: subject, title: title, heat: sum + 0.5 * heat.voicesDay.value(at: instant.day), z: burst.z,
                authors: authors >= Self.leastShown ? authors : nil)
            found.append((trend, score))
        }
        let only = room.map { roomNumbers.find(UInt64(bitPattern: $0.rawValue)) }
        let list = only.map { $0.map { rooms[$0].recent } ?? RecencyList() } ?? allThreads
        let links = only == nil ? allLinks : roomLinks
        for thread in links.newest(500, of: list) {
            let state = threads[thread]
            consider(.thread(self.room(state.room), state.root), state.title, state.heat, silence: 86_400_000)
        }
        if room == nil {
            for number in rooms.indices {
                consider(.room(self.room(number)), nil, rooms[number].heat, silence: 3_600_000)
            }
            for topic in topicLinks.newest(1_000, of: activeTopics) where isShown(topic) {
                let state = topics[topic]
                consider(.topic(terms[state.term].name), nil, state.heat, silence: 3_600_000)
            }
        }
        found.sort { $0.score != $1.score ? $0.score > $1.score : "\($0.trend.subject)" < "\($1.trend.subject)" }
        return found.prefix(limit).map(\.trend)
    }

    /// Whether a topic means something on its own: a tag, code, a word of two titles, a pair of characters often titled.
    func isShown(_ topic: UInt32) -> Bool {
        let term = terms[topics[topic].term]
        return switch term.kind {
        case .tag, .code: true
        case .word: term.titles >= 2
        case .bigram: term.titles >= 5 && phrases.isFirm(term.name)
        case .character: false
        }
    }
}

extension Trend.Window {
    var length: Int64 {
        switch self {
        case .hour: 3_600_000
        case .day: 86_400_000
        case .week: 604_800_000
        }
    }
}

extension Heat {
    func sum(_ window: Trend.Window, _ now: Instant) -> Double {
        switch window {
        case .hour: hour.value(at: now.hour)
        case .day: day.value(at: now.day)
        case .week: week.value(at: now.week)
        }
    }
}
