import LyceumProtocol

extension Engine {
    /// Puts in or takes out the reversible part of `contributions`.
    mutating func apply(_ contributions: ContiguousArray<Contribution>, _ instant: Instant, _ sign: Sign) {
        for contribution in contributions { apply(contribution, instant, sign) }
        applyTerms(contributions, instant, sign)
    }

    @inline(__always) private mutating func apply(_ contribution: Contribution, _ instant: Instant, _ sign: Sign) {
        switch contribution {
        case .post(let author, let thread, let room, let weight):
            applyPost(author, thread, room, weight, instant, sign)
        case .warmth(let member, let thread, let room, let weight):
            applyWarmth(member, thread, room, weight, instant, sign)
        case .topic(let term, let author, let weight):
            let topic = topic(of: term)
            topics[topic].heat.record(weight, instant, sign)
            topics[topic].heat.count(author, sign)
        case .affinity(let from, let to, let weight):
            updatePartner(from, to) {
                $0.affinity.record(weight, at: instant.quarter, sign)
                $0.recent.record(weight, at: instant.week, sign)
            }
        case .contact(let from, let to, let thread):
            applyContact(from, to, thread, instant, sign)
        case .answer(let by, let asker, let room):
            applyAnswer(by, asker, room, instant, sign)
        case .threadTerm(let term, let thread, let isTitle):
            applyThreadTerm(term, thread, isTitle, sign)
        case .gram(let gram):
            phrases.count(gram, sign)
        case .knowledge(let member, let thread, let room, let weight):
            let profile = profile(of: member)
            profiles[profile].knowledge.record(weight, at: instant.month, sign)
            threads[thread].knowledge.record(weight, at: instant.month, sign)
            rooms[room].knowledge.record(weight, at: instant.month, sign)
        case .tally(let member, let week, let field, let amount):
            applyTally(member, week, field, sign == .add ? amount : -amount)
        case .edge, .term:
            break
        }
    }

    private mutating func applyPost(
        _ author: UInt32, _ thread: UInt32, _ room: UInt32, _ weight: Double, _ instant: Instant, _ sign: Sign
    ) {
        threads[thread].heat.record(weight, instant, sign)
        threads[thread].heat.count(author, sign)
        threads[thread].posts = sign == .add ? threads[thread].posts + 1 : threads[thread].posts - 1
        rooms[room].heat.record(weight, instant, sign)
        rooms[room].heat.count(author, sign)
        postCount = sign == .add ? postCount + 1 : postCount - 1
        let profile = profile(of: author)
        profiles[profile].activityWeek.record(weight, at: instant.week, sign)
        profiles[profile].activityMonth.record(weight, at: instant.month, sign)
        updateTie(profile, room, weight, instant, sign)
        let hour = Int(Phase(instant.at, .hour).exponent % 24 + 24) % 24
        if profiles[profile].clock.isEmpty { profiles[profile].clock = ContiguousArray(repeating: 0, count: 24) }
        if sign == .add { profiles[profile].clock[hour] += 1 } else { profiles[profile].clock[hour] -= 1 }
    }

    private mutating func applyWarmth(
        _ member: UInt32, _ thread: UInt32?, _ room: UInt32, _ weight: Double, _ instant: Instant, _ sign: Sign
    ) {
        if let thread { threads[thread].heat.record(weight, instant, sign) }
        rooms[room].heat.record(weight, instant, sign)
        updateTie(profile(of: member), room, abs(weight), instant, sign)
    }

    @inline(__always) private mutating func updateTie(
        _ profile: UInt32, _ room: UInt32, _ weight: Double, _ instant: Instant, _ sign: Sign
    ) {
        let position =
            profiles[profile].rooms.position(of: room) ?? profiles[profile].rooms.insert(room, RoomTie())
        profiles[profile].rooms.update(at: position) {
            $0.week.record(weight, at: instant.week, sign)
            $0.month.record(weight, at: instant.month, sign)
        }
        guard sign == .remove, profiles[profile].rooms.entries[position].value.isEmpty else { return }
        forgetArrival(profile, room)
        profiles[profile].rooms.remove(room)
    }

    @inline(__always) private mutating func updatePartner(
        _ from: UInt32, _ to: UInt32, _ body: (inout PartnerTie) -> Void
    ) {
        let profile = profile(of: from)
        let position =
            profiles[profile].partners.position(of: to) ?? profiles[profile].partners.insert(to, PartnerTie())
        profiles[profile].partners.update(at: position, body)
        if profiles[profile].partners.entries[position].value.isEmpty { profiles[profile].partners.remove(to) }
    }

    private mutating func updateContact(_ from: UInt32, _ to: UInt32, _ body: (inout ContactTie) -> Void) {
        let profile = profile(of: from)
        let position =
            profiles[profile].contacts.position(of: to) ?? profiles[profile].contacts.insert(to, ContactTie())
        profiles[profile].contacts.update(at: position, body)
        if profiles[profile].contacts.entries[position].value.isEmpty { profiles[profile].contacts.remove(to) }
    }

    private mutating func applyContact(
        _ from: UInt32, _ to: UInt32, _ thread: UInt32, _ instant: Instant, _ sign: Sign
    ) {
        updateContact(from, to) { $0.contact.record(1, at: instant.month, sign) }
        let profile = profile(of: to)
        profiles[profile].namedWeek.record(1, at: instant.week, sign)
        profiles[profile].namedMonth.record(1, at: instant.month, sign)
        let position =
            profiles[profile].mentioned.position(of: thread) ?? profiles[profile].mentioned.insert(thread, DecayedSum())
        profiles[profile].mentioned.update(at: position) { $0.record(1, at: instant.day, sign) }
        if profiles[profile].mentioned.entries[position].value.isEmpty { profiles[profile].mentioned.remove(thread) }
    }

    private mutating func applyAnswer(
        _ by: UInt32, _ asker: UInt32, _ room: UInt32, _ instant: Instant, _ sign: Sign
    ) {
        let profile = profile(of: by)
        profiles[profile].answersWeek.record(1, at: instant.week, sign)
        profiles[profile].answersMonth.record(1, at: instant.month, sign)
        let position =
            profiles[profile].answers.position(of: room) ?? profiles[profile].answers.insert(room, AnswerTie())
        profiles[profile].answers.update(at: position) {
            $0.month.record(1, at: instant.month, sign)
            $0.quarter.record(1, at: instant.quarter, sign)
        }
        if profiles[profile].answers.entries[position].value.isEmpty { profiles[profile].answers.remove(room) }
        updateContact(by, asker) { $0.answered.record(1, at: instant.quarter, sign) }
    }

    /// Counts the terms of `contributions` for their author: together, since finding the profile costs more than a term.
    mutating func applyTerms(_ contributions: ContiguousArray<Contribution>, _ instant: Instant, _ sign: Sign) {
        guard let author = contributions.lazy.compactMap(\.termAuthor).first else { return }
        let profile = profile(of: author)
        Self.count(contributions, in: &profiles[profile].terms, instant, sign)
    }

    private static func count(
        _ contributions: ContiguousArray<Contribution>, in terms: inout CellMap<DecayedSum>, _ instant: Instant,
        _ sign: Sign
    ) {
        for contribution in contributions {
            guard case .term(let term, _) = contribution else { continue }
            let position = terms.position(of: term) ?? terms.insert(term, DecayedSum())
            terms.update(at: position) { $0.record(1, at: instant.quarter, sign) }
            if sign == .remove, terms.entries[position].value.isEmpty { terms.remove(term) }
        }
    }

    private mutating func applyThreadTerm(_ term: UInt32, _ thread: UInt32, _ isTitle: Bool, _ sign: Sign) {
        if isTitle { terms[term].titles = sign == .add ? terms[term].titles + 1 : terms[term].titles - 1 }
        if sign == .add {
            if !threads[thread].terms.contains(term) { terms[term].threads.append(thread) }
            threads[thread].terms[term, default: 0] += 1
        } else if let position = threads[thread].terms.position(of: term) {
            threads[thread].terms.update(at: position) { $0 -= 1 }
            guard threads[thread].terms.entries[position].value == 0 else { return }
            threads[thread].terms.remove(term)
            terms[term].threads.removeAll { $0 == thread }
        }
    }

    private mutating func applyTally(_ member: UInt32, _ week: Int32, _ field: WeekRow.Field, _ amount: Int) {
        // Nearly always the newest week.
        var position = members[member].weeks.count
        while position > 0, members[member].weeks[position - 1].week > week { position -= 1 }
        if position > 0, members[member].weeks[position - 1].week == week {
            members[member].weeks[position - 1].add(amount, to: field)
            if members[member].weeks[position - 1].isEmpty { members[member].weeks.remove(at: position - 1) }
        } else {
            var row = WeekRow(week: week)
            row.add(amount, to: field)
            members[member].weeks.insert(row, at: position)
        }
    }

    mutating func topic(of term: UInt32) -> UInt32 {
        if terms[term].topic == Member.none {
            terms[term].topic = topics.append(TopicState(term: term))
            topicLinks.append()
        }
        return terms[term].topic
    }
}
