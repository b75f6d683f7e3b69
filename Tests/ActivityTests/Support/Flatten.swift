import LyceumProtocol

@testable import Activity

/// The state of an engine as named numbers, named as ``Batch`` names them; what is empty is left out.
struct Flattened {
    private(set) var values: [String: Double] = [:]
    private let engine: Engine
    private let now: Instant

    init(_ engine: Engine, now: Int64) {
        self.engine = engine
        self.now = Instant(now)
        values["posts#"] = Double(engine.postCount)
        values["threads#"] = Double(engine.threadCount)
        for number in engine.members.indices { member(number) }
        for number in engine.profiles.indices { profile(engine.profiles[number]) }
        for number in engine.rooms.indices { room(number) }
        for number in engine.threads.indices { thread(number) }
        for number in engine.terms.indices { term(engine.terms[number]) }
        for number in engine.topics.indices { heat(topicName(number), engine.topics[number].heat) }
        for number in engine.phrases.grams.indices {
            values["gram.\(engine.phrases.name(number))#"] = Double(engine.phrases.grams[number].count)
        }
        items()
        values = values.filter { $0.value != 0 }
    }

    private mutating func sum(_ name: String, _ sum: DecayedSum, _ phase: Phase) {
        values[name] = sum.value(at: phase)
        values[name + "#"] = Double(sum.count)
    }

    private mutating func time(_ name: String, _ time: Int64) {
        if time != .min, time != .max { values[name + "#"] = Double(time) }
    }

    private func name(_ term: UInt32) -> String { "\(engine.terms[term].kind).\(engine.terms[term].name)" }
    private func topicName(_ topic: UInt32) -> String { "topic.\(name(engine.topics[topic].term))" }
    private func name(ofThread thread: UInt32) -> String {
        "\(engine.room(engine.threads[thread].room))/\(engine.threads[thread].root)"
    }

    private func name(ofItem item: UInt32) -> String {
        item & 1 == 0 ? "r\(engine.room(item >> 1))" : "#\(engine.terms[item >> 1].name)"
    }

    private mutating func heat(_ name: String, _ heat: Heat) {
        sum(name + ".hour", heat.hour, now.hour)
        sum(name + ".day", heat.day, now.day)
        sum(name + ".week", heat.week, now.week)
        sum(name + ".voicesDay", heat.voicesDay, now.day)
        sum(name + ".voicesWeek", heat.voicesWeek, now.week)
        if heat.bornMinute != .max { values[name + ".born#"] = Double(heat.bornMinute) }
        for author in heat.authors.entries {
            let voice = "\(name).voice\(engine.member(author.key))"
            values[voice + "#"] = Double(author.value.count)
            time(voice + ".last", author.value.last)
        }
    }

    private mutating func member(_ number: UInt32) {
        let name = "m\(engine.member(number))"
        for row in engine.members[number].weeks {
            for field in WeekRow.Field.allCases { values["\(name).week\(row.week).\(field)#"] = Double(row[field]) }
        }
        for edge in engine.members[number].edges {
            let phase = Phase(factor: edge.mantissa, exponent: edge.exponent)
            var sum = DecayedSum()
            sum.add(1, at: phase)
            values["\(name).edge\(self.name(ofItem: edge.item))"] = sum.value(at: now.halfYear)
        }
    }

    private mutating func profile(_ profile: Profile) {
        let name = "m\(engine.member(profile.member))"
        sum(name + ".activityWeek", profile.activityWeek, now.week)
        sum(name + ".activityMonth", profile.activityMonth, now.month)
        sum(name + ".answersWeek", profile.answersWeek, now.week)
        sum(name + ".answersMonth", profile.answersMonth, now.month)
        sum(name + ".namedWeek", profile.namedWeek, now.week)
        sum(name + ".namedMonth", profile.namedMonth, now.month)
        sum(name + ".knowledge", profile.knowledge, now.month)
        time(name + ".first", profile.first)
        time(name + ".last", profile.last)
        time(name + ".asked", profile.askedAt)
        for hour in profile.clock.entries { values["\(name).clock\(hour.key)#"] = Double(hour.value) }
        for tie in profile.rooms.entries {
            let tieName = "\(name).r\(engine.room(tie.key))"
            sum(tieName + ".week", tie.value.week, now.week)
            sum(tieName + ".month", tie.value.month, now.month)
            time(tieName + ".last", tie.value.last)
        }
        for tie in profile.partners.entries {
            let tieName = "\(name).to\(engine.member(tie.key))"
            sum(tieName + ".affinity", tie.value.affinity, now.quarter)
            sum(tieName + ".recent", tie.value.recent, now.week)
        }
        for tie in profile.contacts.entries {
            let tieName = "\(name).to\(engine.member(tie.key))"
            sum(tieName + ".contact", tie.value.contact, now.month)
            sum(tieName + ".answered", tie.value.answered, now.quarter)
            time(tieName + ".lastContact", tie.value.last)
        }
        for term in profile.terms.entries { sum("\(name).term.\(self.name(term.key))", term.value, now.quarter) }
        for tie in profile.answers.entries {
            sum("\(name).answers\(engine.room(tie.key)).month", tie.value.month, now.month)
            sum("\(name).answers\(engine.room(tie.key)).quarter", tie.value.quarter, now.quarter)
        }
        for mention in profile.mentioned.entries {
            sum("\(name).mentioned\(self.name(ofThread: mention.key))", mention.value, now.day)
        }
    }

    private mutating func room(_ number: UInt32) {
        let name = "r\(engine.room(number))"
        let state = engine.rooms[number]
        heat(name, state.heat)
        sum(name + ".knowledge", state.knowledge, now.month)
        sum(name + ".arrivals", state.arrivals, now.week)
    }

    private mutating func thread(_ number: UInt32) {
        let state = engine.threads[number]
        let name = "t\(self.name(ofThread: number))"
        heat(name, state.heat)
        sum(name + ".knowledge", state.knowledge, now.month)
        time(name + ".newest", state.newest)
        if !state.fold.isEmpty { values[name + ".starter#"] = Double(engine.member(state.fold.starter).rawValue) }
        for term in state.terms.entries { values["\(name).term.\(self.name(term.key))#"] = Double(term.value) }
    }

    private mutating func term(_ term: TermState) {
        values["term.\(term.kind).\(term.name).titles#"] = Double(term.titles)
    }

    private mutating func items() {
        for mass in engine.pairs.masses.entries { sum("item\(name(ofItem: mass.key))", mass.value, now.halfYear) }
        for pair in engine.pairs.pairs {
            let names = [name(ofItem: pair.low), name(ofItem: pair.high)].sorted()
            sum("pair\(names[0]),\(names[1])", pair.sum, now.halfYear)
        }
    }
}

/// The first differences between two states, as sentences; empty if they are the same.
///
/// Counts must be equal; sums equal to a billionth, or to a billionth of a millionth of one event now.
func differences(_ found: [String: Double], _ wanted: [String: Double]) -> [String] {
    var lines: [String] = []
    for name in Set(found.keys).union(wanted.keys).sorted() {
        let (a, b) = (found[name] ?? 0, wanted[name] ?? 0)
        let isClose = name.hasSuffix("#") ? a == b : abs(a - b) <= 1e-9 * max(abs(b), 1e-6)
        if !isClose { lines.append("\(name): \(a), wanted \(b)") }
        if lines.count == 5 { break }
    }
    return lines
}
