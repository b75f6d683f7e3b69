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
            let profile = profile(of: from)
            profiles[profile].partners.change(to, PartnerTie()) {
                $0.affinity.record(weight, at: instant.quarter, sign)
                $0.recent.record(weight, at: instant.week, sign)
                return $0.isEmpty
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
        case .edge, .term, .asked:
            break
        }
    }

    private mutating func applyPost(
        _ author: UInt32, _ thread: UInt32, _ room: UInt32, _ weight: Double, _ instant: Instant, _ sign: Sign
    ) {
        threads[thread].record(weight, by: author, instant, sign)
        rooms[room].heat.record(weight, instant, sign)
        rooms[room].heat.count(author, sign)
        postCount = sign == .add ? postCount + 1 : postCount - 1
        let profile = profile(of: author)
        profiles[profile].recordPost(weight, instant, sign)
        updateTie(profile, room, weight, instant, sign)
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
        let isLeft = profiles[profile].recordTie(room, weight, instant, sign)
        guard sign == .remove, !isLeft else { return }
        forgetArrival(profile, room)
        profiles[profile].rooms.remove(room)
    }

    private mutating func applyContact(
        _ from: UInt32, _ to: UInt32, _ thread: UInt32, _ instant: Instant, _ sign: Sign
    ) {
        let own = profile(of: from)
        profiles[own].contacts.change(to, ContactTie()) {
            $0.contact.record(1, at: instant.month, sign)
            return $0.isEmpty
        }
        let profile = profile(of: to)
        profiles[profile].namedWeek.record(1, at: instant.week, sign)
        profiles[profile].namedMonth.record(1, at: instant.month, sign)
        profiles[profile].mentioned.change(thread, DecayedSum()) {
            $0.record(1, at: instant.day, sign)
            return $0.isEmpty
        }
    }

    private mutating func applyAnswer(
        _ by: UInt32, _ asker: UInt32, _ room: UInt32, _ instant: Instant, _ sign: Sign
    ) {
        let profile = profile(of: by)
        profiles[profile].recordAnswer(to: asker, room, instant, sign)
    }

    /// Counts the terms of `contributions` for their author: together, since finding the profile costs more than a term.
    mutating func applyTerms(_ contributions: ContiguousArray<Contribution>, _ instant: Instant, _ sign: Sign) {
        guard let author = contributions.lazy.compactMap(\.termAuthor).first else { return }
        let profile = profile(of: author)
        for contribution in contributions {
            if case .term(let term, _) = contribution { approached ^= profiles[profile].terms.approach(term) }
        }
        Self.count(contributions, in: &profiles[profile].terms, instant, sign)
    }

    private static func count(
        _ contributions: ContiguousArray<Contribution>, in terms: inout CellMap<DecayedSum>, _ instant: Instant,
        _ sign: Sign
    ) {
        for contribution in contributions {
            guard case .term(let term, _) = contribution else { continue }
            terms.change(term, DecayedSum()) {
                $0.record(1, at: instant.quarter, sign)
                return $0.isEmpty
            }
        }
    }

    private mutating func applyThreadTerm(_ term: UInt32, _ thread: UInt32, _ isTitle: Bool, _ sign: Sign) {
        if isTitle { terms[term].titles = sign == .add ? terms[term].titles + 1 : terms[term].titles - 1 }
        if sign == .add {
            if !threads[thread].terms.contains(term) { file(thread, under: term, sign) }
            threads[thread].terms[term, default: 0] += 1
        } else if let position = threads[thread].terms.position(of: term) {
            threads[thread].terms.update(at: position) { $0 -= 1 }
            guard threads[thread].terms.value(at: position) == 0 else { return }
            threads[thread].terms.remove(term)
            file(thread, under: term, sign)
        }
    }

    private mutating func applyTally(_ member: UInt32, _ week: Int32, _ field: WeekRow.Field, _ amount: Int) {
        members[member].weeks.tally(amount, field, in: week)
    }

    mutating func topic(of term: UInt32) -> UInt32 {
        if terms[term].topic == Member.none {
            terms[term].topic = topics.append(TopicState(term: term))
            topicLinks.append()
        }
        return terms[term].topic
    }
}

extension ThreadState {
    @inline(__always)
    fileprivate mutating func record(_ weight: Double, by author: UInt32, _ instant: Instant, _ sign: Sign) {
        heat.record(weight, instant, sign)
        heat.count(author, sign)
        posts = sign == .add ? posts + 1 : posts - 1
    }
}

extension Profile {
    @inline(__always) fileprivate mutating func recordPost(_ weight: Double, _ instant: Instant, _ sign: Sign) {
        activityWeek.record(weight, at: instant.week, sign)
        activityMonth.record(weight, at: instant.month, sign)
        clock.change(instant.hourOfDay, 0) {
            $0 = sign == .add ? $0 + 1 : $0 - 1
            return $0 == 0
        }
    }

    /// - Returns: Whether anything is left of the bond.
    @inline(__always)
    fileprivate mutating func recordTie(_ room: UInt32, _ weight: Double, _ instant: Instant, _ sign: Sign) -> Bool {
        let position = rooms.position(of: room) ?? rooms.insert(room, RoomTie())
        var isLeft = true
        rooms.update(at: position) {
            $0.week.record(weight, at: instant.week, sign)
            $0.month.record(weight, at: instant.month, sign)
            isLeft = !$0.isEmpty
        }
        return isLeft
    }

    @inline(__always)
    fileprivate mutating func recordAnswer(to asker: UInt32, _ room: UInt32, _ instant: Instant, _ sign: Sign) {
        answersWeek.record(1, at: instant.week, sign)
        answersMonth.record(1, at: instant.month, sign)
        answers.change(room, AnswerTie()) {
            $0.month.record(1, at: instant.month, sign)
            $0.quarter.record(1, at: instant.quarter, sign)
            return $0.isEmpty
        }
        contacts.change(asker, ContactTie()) {
            $0.answered.record(1, at: instant.quarter, sign)
            return $0.isEmpty
        }
    }
}
