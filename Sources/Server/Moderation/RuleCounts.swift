import Community
import Locking
import LyceumProtocol
import Moderation

/// What rules and labels have done since it was last written into the record.
final class RuleCounts: Sendable {
    private struct Key: Hashable {
        let day: Int64
        let rule: String
    }

    private let days = Locked<[Key: RuleDay]>([:])

    func note(_ verdict: Verdict, at now: UnixMilliseconds) {
        guard !verdict.reasons.isEmpty else { return }
        let day = now / .day
        days.withLock { days in
            for name in verdict.counted {
                var count = days[Key(day: day, rule: name)] ?? RuleDay(day: day, rule: name)
                count.hits += 1
                switch verdict.action {
                case .allow: break
                case .redact: count.redacted += 1
                case .hold: count.held += 1
                case .block: count.blocked += 1
                }
                days[Key(day: day, rule: name)] = count
            }
        }
    }

    /// Everything so far, which is the caller's to store from now on.
    func take() -> [RuleDay] {
        days.withLock { days in
            defer { days.removeAll(keepingCapacity: true) }
            return Array(days.values)
        }
    }

    /// Puts back what could not be stored.
    func putBack(_ counts: [RuleDay]) {
        days.withLock { days in
            for count in counts {
                let key = Key(day: count.day, rule: count.rule)
                days[key] = days[key].map { $0 + count } ?? count
            }
        }
    }
}

extension Verdict {
    /// The rules and labels that it names.
    var counted: [String] {
        reasons.compactMap { reason in
            switch reason {
            case .rule(let match): match.rule
            case .classifier(let opinion): "classifier:\(opinion.label)"
            case .standing: nil
            }
        }
    }
}
