import LyceumProtocol

extension ReasonWriter {
    func peerSentence(_ candidate: UInt32, _ order: [Int]) -> Sentence {
        let other = engine.profiles[candidate]
        for index in order {
            guard let feature = PeerFeature(rawValue: index), let sentence = peerSentence(other, feature) else {
                continue
            }
            return sentence
        }
        return sharedRoom(other) ?? Sentence(code: "active_member", en: "Takes part a lot these days.", zh: "最近很活跃。")
    }

    private func peerSentence(_ other: Profile, _ feature: PeerFeature) -> Sentence? {
        let tie = profile?.partners[other.member]
        switch feature {
        case .affinity, .recent, .theirAffinity, .lastThread:
            guard let tie, !tie.affinity.isEmpty else { return nil }
            return Sentence(
                code: "same_threads", en: "You often write in the same threads.", zh: "你们常在同一个讨论里发言。",
                evidence: [.count("encounters", Int(tie.affinity.count))])
        case .contact, .sinceContact:
            guard let tie = profile?.contacts[other.member], !tie.contact.isEmpty else { return nil }
            return Sentence(
                code: "you_wrote_them", en: "You have written to them before.", zh: "你曾与对方交流过。",
                evidence: [.count("messages", Int(tie.contact.count))])
        case .unanswered, .sinceTheirs:
            guard let viewer = profile?.member, let theirs = other.contacts[viewer], !theirs.contact.isEmpty else {
                return nil
            }
            return Sentence(
                code: "they_wrote_you", en: "They wrote to you.", zh: "对方提到过你。",
                evidence: [.count("messages", Int(theirs.contact.count))])
        case .sharedRooms, .lastRoom, .company:
            return sharedRoom(other)
        default:
            return nil
        }
    }

    /// The room that both take part in most.
    private func sharedRoom(_ other: Profile) -> Sentence? {
        guard let profile else { return nil }
        let shared = other.rooms.entries.compactMap { entry -> (room: UInt32, share: Double)? in
            guard let own = profile.rooms[entry.key] else { return nil }
            return (entry.key, min(own.month.value(at: now.month), entry.value.month.value(at: now.month)))
        }
        guard let best = shared.max(by: { $0.share != $1.share ? $0.share < $1.share : $0.room > $1.room }) else {
            return nil
        }
        let room = engine.room(best.room)
        let name = names.room(room)
        return Sentence(
            code: "same_room", en: "You both take part in \(name).", zh: "你们都参与 \(name)。", evidence: [.room(room)])
    }

    func expertSentence(_ candidate: UInt32, _ query: ExpertQuery, _ order: [Int]) -> Sentence {
        let other = engine.profiles[candidate]
        for index in order {
            guard let feature = ExpertFeature(rawValue: index), let sentence = expertSentence(other, query, feature)
            else {
                continue
            }
            return sentence
        }
        return Sentence(
            code: "answers_often", en: "Answers many questions here.", zh: "经常回答问题。",
            evidence: [.count("answers", Int(other.answersMonth.count))])
    }

    private func expertSentence(_ other: Profile, _ query: ExpertQuery, _ feature: ExpertFeature) -> Sentence? {
        switch feature {
        case .terms, .saturated, .similar:
            return answersAbout(other, query)
        case .roomMonth, .roomQuarter, .lastInRoom, .roomWeek, .roomShare:
            guard let room = query.room, let tie = other.answers[room] else { return nil }
            let name = names.room(engine.room(room))
            return Sentence(
                code: "answers_in_room", en: "Answered \(tie.quarter.count) times in \(name).",
                zh: "在 \(name) 回答过 \(tie.quarter.count) 次。",
                evidence: [.room(engine.room(room)), .count("answers", Int(tie.quarter.count))])
        case .answeredAsker, .affinity, .theirAffinity:
            guard let asker = query.asker, let tie = other.contacts[asker], !tie.answered.isEmpty else { return nil }
            return Sentence(
                code: "answered_you", en: "Answered you \(tie.answered.count) times before.",
                zh: "曾回答过你 \(tie.answered.count) 次。", evidence: [.count("answers", Int(tie.answered.count))])
        default:
            return nil
        }
    }

    /// "Answers what you ask about", with the question's terms that they use themselves.
    private func answersAbout(_ other: Profile, _ query: ExpertQuery) -> Sentence? {
        let shared = query.terms.compactMap { entry -> (name: String, weight: Double, score: Double)? in
            guard let sum = other.terms[entry.term], engine.terms[entry.term].kind != .character else { return nil }
            let weight = sum.value(at: now.quarter)
            return (engine.terms[entry.term].name, weight, entry.rarity * weight / (weight + 2))
        }
        .sorted { $0.score != $1.score ? $0.score > $1.score : $0.name < $1.name }.prefix(3)
        guard !shared.isEmpty else { return nil }
        let answers = Int(other.answersMonth.count)
        let words = shared.map(\.name)
        return Sentence(
            code: "answers_your_topics",
            en: "Answered \(answers) times, and writes about \(words.joined(separator: ", ")).",
            zh: "回答过 \(answers) 次，常谈 \(words.joined(separator: "、"))。",
            evidence: [.count("answers", answers)] + shared.map { .topic($0.name, weight: $0.weight) })
    }

    func roomSentence(_ number: UInt32, _ order: [Int]) -> Sentence {
        let room = engine.room(number)
        for index in order {
            guard let feature = RoomFeature(rawValue: index), let sentence = roomSentence(number, room, feature) else {
                continue
            }
            return sentence
        }
        return Sentence(code: "active_room", en: "People are talking there.", zh: "那里正在讨论。", evidence: [.room(room)])
    }

    private func roomSentence(_ number: UInt32, _ room: RoomID, _ feature: RoomFeature) -> Sentence? {
        switch feature {
        case .membersWeek, .membersDay, .arrivals, .authors:
            let voices = engine.rooms[number].heat.voices(since: now.at - HalfLife.week.milliseconds)
            guard voices >= Engine.leastShown else { return nil }
            return Sentence(
                code: "active_room", en: "\(voices) members wrote there this week.", zh: "本周有 \(voices) 位成员在那里发言。",
                evidence: [.room(room), .count("members", voices)])
        case .collaborative, .collaborativeNow:
            return alsoIn(Item.room(number), room)
        case .partners, .partnersNow:
            guard let partners = profile?.strongestPartners(16, now) else { return nil }
            let there = partners.map(\.key).filter { engine.rooms[number].heat.authors.contains($0) }
            return people(there).map { people in
                let who = people.map(names.member)
                return Sentence(
                    code: "people_you_know", en: "\(who.joined(separator: ", ")) write there.",
                    zh: "\(who.joined(separator: "、")) 在那里发言。", evidence: people.map { .member($0) })
            }
        case .mention:
            return Sentence(
                code: "mentioned", en: "You were mentioned there.", zh: "有人在那里提到了你。", evidence: [.room(room)])
        case .text:
            let threads = engine.roomLinks.newest(12, of: engine.rooms[number].recent)
            return sharedTerms(Array(Set(threads.flatMap { engine.threads[$0].terms.entries.map(\.key) })).sorted()).map
            { shared in
                Sentence(
                    code: "your_topics", en: "They talk about what you write about: \(Self.list(shared)).",
                    zh: "那里在聊你常聊的内容：\(Self.list(shared, "、"))。", evidence: shared)
            }
        default:
            return nil
        }
    }

    func topicSentence(_ topic: UInt32, _ order: [Int]) -> Sentence {
        let state = engine.topics[topic]
        let name = engine.terms[state.term].name
        if let first = order.first, TopicFeature(rawValue: first) == .own, let own = profile?.terms[state.term] {
            return Sentence(
                code: "your_topics", en: "You write about \(name).", zh: "你常聊 \(name)。",
                evidence: [.topic(name, weight: own.value(at: now.quarter))])
        }
        return Sentence(code: "rising", en: "More and more people talk about \(name).", zh: "越来越多人在聊 \(name)。")
    }
}
