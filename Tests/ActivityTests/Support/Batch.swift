import Foundation
import LyceumProtocol

@testable import Activity

/// An independent recomputation of an engine's state from the record, by backward decay and with no incremental step.
///
/// Written against the description of the state, not the tracker's code: it shares no arithmetic, no tokeniser and no
/// fold with it. Everything is flattened to named numbers; names ending in `#` are counts and compared exactly.
struct Batch {
    private(set) var values: [String: Double] = [:]
    private let now: Int64
    private var excluded: Set<Int64>

    private static let hour = 3_600_000.0
    private static let day = 86_400_000.0

    init(_ record: [ActivityEvent], excluded: Set<MemberID>, room: Int64?, now: Int64) {
        self.now = now
        self.excluded = Set(excluded.map(\.rawValue))
        let own = record.filter { room == nil ? $0.audience == .everyone : $0.room.rawValue == room }
        let live = Self.live(own).filter { !self.excluded.contains($0.member.rawValue) }
        var threads: [String: [ActivityEvent]] = [:]
        for event in live {
            if case .post(let post) = event.kind { threads["\(event.room)/\(post.thread)", default: []].append(event) }
        }
        for event in live { count(event, threads) }
        countExtremes(live, threads)
        countItems(live)
    }

    /// What the deletions, edits and leavings in `record` leave.
    private static func live(_ record: [ActivityEvent]) -> [ActivityEvent] {
        func named(_ event: ActivityEvent) -> String { "\(event.room)/\(event.seq)" }
        let order = Dictionary(record.enumerated().map { (named($1), $0) }, uniquingKeysWith: { first, _ in first })
        var live: [ActivityEvent] = []
        var deleted: Set<String> = []
        var withdrawn: [String: [ActivityEvent]] = [:]
        for event in record {
            switch event.kind {
            case .deletion(let seq):
                let name = "\(event.room)/\(seq)"
                deleted.insert(name)
                withdrawn[name, default: []] += live.filter {
                    $0.room == event.room && ($0.seq == seq || about($0) == seq)
                }
                live.removeAll { $0.room == event.room && ($0.seq == seq || about($0) == seq) }
            case .restoration(let seq):
                let name = "\(event.room)/\(seq)"
                guard deleted.remove(name) != nil else { continue }
                let back = (withdrawn.removeValue(forKey: name) ?? []).filter {
                    !deleted.contains("\($0.room)/\($0.seq)")
                }
                live = (live + back).sorted { order[named($0)] ?? 0 < order[named($1)] ?? 0 }
            case .title(let seq, let title):
                for index in live.indices where live[index].room == event.room && live[index].seq == seq {
                    guard case .post(var post) = live[index].kind else { continue }
                    post.title = title
                    live[index].kind = .post(post)
                }
            case .edit(let seq, let text, let mentions):
                for index in live.indices where live[index].room == event.room && live[index].seq == seq {
                    guard case .post(var post) = live[index].kind else { continue }
                    post.text = text
                    post.mentions = mentions
                    live[index].kind = .post(post)
                }
            case .leave:
                live.removeAll { $0.room == event.room && $0.member == event.member && !isInThread($0) }
            default:
                if let about = about(event), deleted.contains("\(event.room)/\(about)") { continue }
                live.append(event)
            }
        }
        return live
    }

    private static func about(_ event: ActivityEvent) -> Int64? {
        switch event.kind {
        case .reaction(let target), .vote(let target, _), .accepted(let target): target.seq
        default: nil
        }
    }

    private static func isInThread(_ event: ActivityEvent) -> Bool {
        switch event.kind {
        case .join, .leave, .follow(nil), .read(nil), .deletion, .edit, .restoration, .title: false
        default: true
        }
    }

    // MARK: Sums

    private func decay(_ at: Int64, _ halfLife: Double) -> Double { pow(2, -Double(now - at) / halfLife) }

    private mutating func sum(_ name: String, _ weight: Double, _ at: Int64, days: Double) {
        values[name, default: 0] += weight * decay(at, days * Self.day)
        values[name + "#", default: 0] += 1
    }

    private mutating func heat(_ name: String, _ weight: Double, _ at: Int64) {
        sum(name + ".hour", weight, at, days: 1.0 / 24)
        sum(name + ".day", weight, at, days: 1)
        sum(name + ".week", weight, at, days: 7)
    }

    private mutating func affinity(_ from: Int64, _ to: Int64, _ weight: Double, _ at: Int64) {
        sum("m\(from).to\(to).affinity", weight, at, days: 90)
        sum("m\(from).to\(to).recent", weight, at, days: 7)
    }

    private mutating func tally(_ member: Int64, _ at: Int64, _ field: String, _ amount: Int = 1) {
        let week = Int((Double(at) / (7 * Self.day)).rounded(.down))
        values["m\(member).week\(week).\(field)#", default: 0] += Double(amount)
    }

    private mutating func knowledge(_ member: Int64, _ thread: String, _ room: RoomID, _ weight: Double, _ at: Int64) {
        for name in ["m\(member)", "t\(thread)", "r\(room)"] { sum(name + ".knowledge", weight, at, days: 30) }
    }

    private mutating func tie(_ member: Int64, _ room: RoomID, _ weight: Double, _ at: Int64) {
        sum("m\(member).r\(room).week", weight, at, days: 7)
        sum("m\(member).r\(room).month", weight, at, days: 30)
    }

    private mutating func count(_ event: ActivityEvent, _ threads: [String: [ActivityEvent]]) {
        let by = event.member.rawValue
        let at = event.at
        switch event.kind {
        case .post(let post):
            countPost(event, post, threads["\(event.room)/\(post.thread)"] ?? [])
        case .reaction(let target):
            react(event, target, 0.5, 0.5, "given")
        case .vote(let target, let value):
            react(event, target, Double(value), Double(value), "votes")
        case .accepted(let target):
            let author = target.author.rawValue
            guard !excluded.contains(author) else { return }
            knowledge(author, "\(event.room)/\(target.thread)", event.room, 4, at)
            tally(author, at, "accepted")
            guard author != by else { return }
            affinity(by, author, 4, at)
            answer(author, by, event.room, at)
        case .follow(let thread):
            visit(event, thread, 1.5, "given")
        case .read(let thread):
            visit(event, thread, 0.125, "reads")
        case .join:
            tally(by, at, "joins")
        case .leave, .deletion, .edit, .restoration, .title:
            break
        }
    }

    private mutating func visit(_ event: ActivityEvent, _ thread: Int64?, _ weight: Double, _ field: String) {
        if let thread { heat("t\(event.room)/\(thread)", weight, event.at) }
        heat("r\(event.room)", weight, event.at)
        tie(event.member.rawValue, event.room, weight, event.at)
        tally(event.member.rawValue, event.at, field)
    }

    private mutating func react(
        _ event: ActivityEvent, _ target: ActivityEvent.Target, _ weight: Double, _ credit: Double, _ field: String
    ) {
        let (by, author) = (event.member.rawValue, target.author.rawValue)
        guard by != author, !excluded.contains(author) else { return }
        heat("t\(event.room)/\(target.thread)", weight, event.at)
        heat("r\(event.room)", weight, event.at)
        tie(by, event.room, abs(weight), event.at)
        affinity(by, author, weight, event.at)
        knowledge(author, "\(event.room)/\(target.thread)", event.room, credit, event.at)
        tally(by, event.at, field)
        tally(author, event.at, "reactionsReceived")
    }

    private mutating func answer(_ by: Int64, _ asker: Int64, _ room: RoomID, _ at: Int64) {
        sum("m\(by).answersWeek", 1, at, days: 7)
        sum("m\(by).answersMonth", 1, at, days: 30)
        sum("m\(by).answers\(room).month", 1, at, days: 30)
        sum("m\(by).answers\(room).quarter", 1, at, days: 90)
        sum("m\(by).to\(asker).answered", 1, at, days: 90)
    }

    private mutating func countPost(_ event: ActivityEvent, _ post: ActivityEvent.Post, _ thread: [ActivityEvent]) {
        let by = event.member.rawValue
        let at = event.at
        let name = "\(event.room)/\(post.thread)"
        let weight = post.form == .message ? 1 : post.form == .question ? 1.5 : 2.0
        heat("t\(name)", weight, at)
        heat("r\(event.room)", weight, at)
        sum("m\(by).activityWeek", weight, at, days: 7)
        sum("m\(by).activityMonth", weight, at, days: 30)
        tie(by, event.room, weight, at)
        values["m\(by).clock\(Int(Double(at) / Self.hour) % 24)#", default: 0] += 1
        values["posts#", default: 0] += 1
        tally(by, at, "posts")
        let before = thread.prefix { $0.seq != event.seq }
        if let root = before.first {
            if root.member.rawValue != by { answerIn(event, name, root, Array(before)) }
        } else {
            values["threads#", default: 0] += 1
            tally(by, at, "asked")
        }
        var company: [Int64] = []
        for earlier in before.reversed() where !company.contains(earlier.member.rawValue) {
            company.append(earlier.member.rawValue)
            if company.count == 6 { break }
        }
        for (rank, other) in company.filter({ $0 != by }).enumerated() {
            affinity(by, other, weight / Double(rank + 1), at)
            affinity(other, by, 0.5 * weight / Double(rank + 1), at)
        }
        for other in Set((post.mentions + (post.replyTo.map { [$0] } ?? [])).map(\.rawValue)) {
            guard other != by, !excluded.contains(other) else { continue }
            affinity(by, other, 2 * weight, at)
            sum("m\(by).to\(other).contact", 1, at, days: 30)
            sum("m\(other).namedWeek", 1, at, days: 7)
            sum("m\(other).namedMonth", 1, at, days: 30)
            sum("m\(other).mentioned\(name)", 1, at, days: 1)
            tally(other, at, "received")
        }
        countText(event, post, name, weight, isRoot: before.isEmpty)
    }

    private mutating func answerIn(
        _ event: ActivityEvent, _ name: String, _ root: ActivityEvent, _ before: [ActivityEvent]
    ) {
        let by = event.member.rawValue
        answer(by, root.member.rawValue, event.room, event.at)
        knowledge(by, name, event.room, 2, event.at)
        tally(by, event.at, "answers")
        guard before.allSatisfy({ $0.member == root.member }) else { return }
        let hours = max(0, Double(event.at - root.at)) / Self.hour
        tally(root.member.rawValue, root.at, "answeredQuestions")
        tally(root.member.rawValue, root.at, "answerSpeed", Int((16 / (1 + hours)).rounded()))
    }

    // MARK: Text

    /// Terms of a text made of the words of ``RandomEvents``, by splitting at spaces.
    static func terms(_ text: String) -> [(kind: String, name: String)] {
        var found: [(String, String)] = []
        for word in text.split(separator: " ").map(String.init) {
            if word == "the" { continue }
            if word.hasPrefix("#") {
                found.append(("tag", String(word.dropFirst())))
            } else if word.utf8.count == word.count {
                found.append((word.contains("_") || word.lowercased() != word ? "code" : "word", word.lowercased()))
            } else {
                let characters = word.map(String.init)
                for index in characters.indices {
                    if index > 0 { found.append(("bigram", characters[index - 1] + characters[index])) }
                }
            }
        }
        var seen: Set<String> = []
        return found.filter { seen.insert($0.0 + $0.1).inserted }
    }

    private mutating func countText(
        _ event: ActivityEvent, _ post: ActivityEvent.Post, _ thread: String, _ weight: Double, isRoot: Bool
    ) {
        let body = Self.terms(post.text)
        for term in body {
            self.term(term, event)
            if term.kind == "tag" || term.kind == "code" { heat("topic.\(term.kind).\(term.name)", weight, event.at) }
            if isRoot { threadTerm(term, thread) }
        }
        guard isRoot else { return }
        if let title = post.title {
            for term in Self.terms(title) {
                self.term(term, event)
                threadTerm(term, thread)
                values["term.\(term.kind).\(term.name).titles#", default: 0] += 1
                heat("topic.\(term.kind).\(term.name)", weight, event.at)
            }
        }
        countGrams(post.title ?? post.text)
    }

    private mutating func term(_ term: (kind: String, name: String), _ event: ActivityEvent) {
        sum("m\(event.member).term.\(term.kind).\(term.name)", 1, event.at, days: 90)
    }

    private mutating func threadTerm(_ term: (kind: String, name: String), _ thread: String) {
        values["t\(thread).term.\(term.kind).\(term.name)#", default: 0] += 1
    }

    private mutating func countGrams(_ text: String) {
        var previous: String?
        for word in text.split(separator: " ").map(String.init) {
            guard word.utf8.count == word.count else {
                previous = nil
                let characters = Array(word)
                for start in characters.indices {
                    for end in start..<min(start + 5, characters.count) {
                        values["gram.\(String(characters[start...end]))#", default: 0] += 1
                    }
                }
                continue
            }
            let isTag = word.hasPrefix("#")
            if isTag { previous = nil }
            let plain = (isTag ? String(word.dropFirst()) : word).lowercased()
            guard plain != "the" else {
                previous = nil
                continue
            }
            values["gram.\(plain)#", default: 0] += 1
            if let previous { values["gram.\(previous) \(plain)#", default: 0] += 1 }
            previous = plain
        }
    }

    // MARK: Extremes

    private mutating func countExtremes(_ live: [ActivityEvent], _ threads: [String: [ActivityEvent]]) {
        var voices: [String: [Int64: [Int64]]] = [:]
        func isRoot(_ event: ActivityEvent, _ post: ActivityEvent.Post) -> Bool {
            threads["\(event.room)/\(post.thread)"]?.first?.seq == event.seq
        }
        for event in live {
            guard case .post(let post) = event.kind else { continue }
            let by = event.member.rawValue
            var topics = Self.terms(post.text).filter { $0.kind == "tag" || $0.kind == "code" }
            if isRoot(event, post), let title = post.title { topics += Self.terms(title) }
            let names = topics.map { "topic.\($0.kind).\($0.name)" }
            for name in ["t\(event.room)/\(post.thread)", "r\(event.room)"] + names {
                voices[name, default: [:]][by, default: []].append(event.at)
            }
            for other in Set((post.mentions + (post.replyTo.map { [$0] } ?? [])).map(\.rawValue))
            where other != by && !excluded.contains(other) {
                raise("m\(by).to\(other).lastContact#", event.at)
            }
            raise("m\(by).last#", event.at)
            if isRoot(event, post) { raise("m\(by).asked#", event.at) }
            lower("m\(by).first#", event.at)
        }
        for (name, authors) in voices {
            if let born = authors.values.joined().min() {
                values[name + ".born#"] = (Double(born) / 60_000).rounded(.down)
            }
            for (author, times) in authors {
                guard let last = times.max(), let first = times.min() else { continue }
                values["\(name).voice\(author)#"] = Double(times.count)
                values["\(name).voice\(author).last#"] = Double(last)
                sum(name + ".voicesDay", 1, last, days: 1)
                sum(name + ".voicesWeek", 1, last, days: 7)
                guard name.hasPrefix("r") else { continue }
                values["m\(author).\(name).last#"] = Double(last)
                sum(name + ".arrivals", 1, first, days: 7)
            }
        }
        for (name, posts) in threads where !posts.isEmpty {
            values["t\(name).newest#"] = Double(posts.map(\.at).max() ?? 0)
            values["t\(name).starter#"] = Double(posts[0].member.rawValue)
        }
    }

    private mutating func raise(_ name: String, _ value: Int64) {
        values[name] = max(values[name] ?? -.infinity, Double(value))
    }
    private mutating func lower(_ name: String, _ value: Int64) {
        values[name] = min(values[name] ?? .infinity, Double(value))
    }

    // MARK: Items

    private mutating func countItems(_ live: [ActivityEvent]) {
        var edges: [Int64: [String: Double]] = [:]
        for event in live {
            var items: [(String, Double)] = []
            switch event.kind {
            case .post(let post):
                let weight = post.form == .message ? 1 : post.form == .question ? 1.5 : 2.0
                items = [("r\(event.room)", weight)]
                items += Self.terms(post.text).filter { $0.kind == "tag" }.map { ("#\($0.name)", weight) }
            case .follow: items = [("r\(event.room)", 1.5)]
            case .read: items = [("r\(event.room)", 0.125)]
            case .join: items = [("r\(event.room)", 1)]
            default: break
            }
            for (item, weight) in items {
                let strength = weight * decay(event.at, 180 * Self.day)
                let old = edges[event.member.rawValue]?[item] ?? 0
                edges[event.member.rawValue, default: [:]][item] = max(old, strength)
            }
        }
        for (member, items) in edges {
            for (item, strength) in items {
                values["m\(member).edge\(item)"] = strength
                values["item\(item)", default: 0] += strength
                values["item\(item)#", default: 0] += 1
                for (other, otherStrength) in items where other > item {
                    values["pair\(item),\(other)", default: 0] += min(strength, otherStrength)
                    values["pair\(item),\(other)#", default: 0] += 1
                }
            }
        }
    }
}
