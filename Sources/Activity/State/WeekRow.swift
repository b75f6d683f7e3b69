/// What a member did in one week, in whole numbers, so that forgetting is exact and order does not matter.
struct WeekRow: Sendable, Equatable {
    enum Field: Int, CaseIterable, Sendable {
        /// Contributions made; mentions, replies and answers received; reactions and votes received and given.
        case posts, received, reactionsReceived, given
        /// Answers given, questions asked, those of them answered, and how fast (sixteenths of 1/(1 + hours)).
        case answers, asked, answeredQuestions, answerSpeed
        case accepted, reads, votes, joins
    }

    /// Weeks since 1 January 1970.
    let week: Int32
    private var counts = InlineArray<12, UInt16>(repeating: 0)

    init(week: Int32) { self.week = week }

    subscript(field: Field) -> Int { Int(counts[field.rawValue]) }
    var isEmpty: Bool { Field.allCases.allSatisfy { self[$0] == 0 } }

    /// Whether the member did something, and not only had something done to them.
    var isActive: Bool {
        self[.posts] > 0 || self[.given] > 0 || self[.reads] > 0 || self[.votes] > 0 || self[.joins] > 0
    }

    /// Adds modulo 2^16, so that taking back always gives what was there.
    mutating func add(_ amount: Int, to field: Field) {
        counts[field.rawValue] = counts[field.rawValue] &+ UInt16(truncatingIfNeeded: amount)
    }

    static func == (a: WeekRow, b: WeekRow) -> Bool {
        a.week == b.week && Field.allCases.allSatisfy { a[$0] == b[$0] }
    }
}

/// Weeks with anything in them, oldest first.
///
/// The newest lies in the member's own memory: of those who only ever read, there is no other, and they are most.
struct Weeks: RandomAccessCollection, Sendable, Equatable {
    private var newest: WeekRow?
    private var earlier: ContiguousArray<WeekRow> = []

    init() {}

    init(_ rows: ContiguousArray<WeekRow>) {
        earlier = rows
        newest = earlier.popLast()
    }

    var startIndex: Int { 0 }
    var endIndex: Int { earlier.count + (newest == nil ? 0 : 1) }
    subscript(position: Int) -> WeekRow {
        guard position == earlier.count, let newest else { return earlier[position] }
        return newest
    }

    mutating func tally(_ amount: Int, _ field: WeekRow.Field, in week: Int32) {
        if newest?.week == week {
            newest?.add(amount, to: field)
            if newest?.isEmpty == true { newest = earlier.popLast() }
            return
        }
        var rows = ContiguousArray(self)
        let position = rows.firstIndex { $0.week >= week } ?? rows.count
        if position == rows.count || rows[position].week != week { rows.insert(WeekRow(week: week), at: position) }
        rows[position].add(amount, to: field)
        if rows[position].isEmpty { rows.remove(at: position) }
        self = Weeks(rows)
    }
}
