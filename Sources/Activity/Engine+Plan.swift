import LyceumProtocol

extension Engine {
    /// What `event` contributes after what `fold` says of its thread, which is brought up to date; into ``scratch``.
    mutating func plan(_ event: ActivityEvent, _ fold: inout ThreadFold) {
        scratch.removeAll(keepingCapacity: true)
        let actor = number(of: event.member)
        guard !members[actor].isExcluded else { return }
        let room = number(of: event.room)
        let week = Self.week(of: event.at)
        switch event.kind {
        case .post(let post):
            planPost(post, event, actor, room, week, &fold)
        case .reaction(let target):
            planReaction(target, weights.reaction, knowledge: 0.5, .given, actor, room, week)
        case .vote(let target, let value):
            planReaction(
                target, weights.vote * Double(value.signum()), knowledge: Double(value.signum()), .votes, actor, room,
                week)
        case .accepted(let target):
            planAccepted(target, actor, room, week)
        case .follow(let thread):
            planVisit(thread, weights.follow, .given, actor, room, week)
        case .read(let thread):
            planVisit(thread, weights.read, .reads, actor, room, week)
        case .join:
            scratch.append(.edge(member: actor, item: Item.room(room), weight: weights.join))
            tally(actor, week, .joins)
        case .leave, .deletion, .edit, .restoration, .title:
            break
        }
    }

    static func week(of at: UnixMilliseconds) -> Int32 { Phase(at, .week).exponent }

    private mutating func tally(_ member: UInt32, _ week: Int32, _ field: WeekRow.Field, _ amount: Int = 1) {
        scratch.append(.tally(member: member, week: week, field: field, amount: amount))
    }

    private mutating func planPost(
        _ post: ActivityEvent.Post, _ event: ActivityEvent, _ actor: UInt32, _ room: UInt32, _ week: Int32,
        _ fold: inout ThreadFold
    ) {
        let thread = number(ofThread: post.thread, in: room)
        let weight = weights.weight(of: post.form)
        scratch.append(.post(author: actor, thread: thread, room: room, weight: weight))
        scratch.append(.edge(member: actor, item: Item.room(room), weight: weight))
        tally(actor, week, .posts)
        if fold.isEmpty {
            tally(actor, week, .asked)
            scratch.append(.asked(by: actor, thread: thread))
        } else if fold.starter != actor {
            planAnswer(event, actor, thread, room, week, fold)
        }
        planCompany(actor, weight, fold)
        planContacts(post, actor, thread, weight, week)
        planText(post, actor, thread, weight, isRoot: fold.isEmpty)
        fold.advance(actor, event, post.form)
    }

    /// Whoever writes in a thread that another began answers them; the first to do so answers the question.
    private mutating func planAnswer(
        _ event: ActivityEvent, _ actor: UInt32, _ thread: UInt32, _ room: UInt32, _ week: Int32, _ fold: ThreadFold
    ) {
        scratch.append(.answer(by: actor, asker: fold.starter, room: room))
        scratch.append(.knowledge(of: actor, thread: thread, room: room, weight: weights.answer))
        tally(actor, week, .answers)
        guard !fold.isAnswered else { return }
        let asked = Self.week(of: fold.startedAt)
        let hours = Double(max(0, event.at - fold.startedAt)) / 3_600_000
        tally(fold.starter, asked, .answeredQuestions)
        tally(fold.starter, asked, .answerSpeed, Int((16 / (1 + hours)).rounded()))
    }

    /// Those who wrote last in the thread, nearest first, are who this post is company to.
    private mutating func planCompany(_ actor: UInt32, _ weight: Double, _ fold: ThreadFold) {
        var rank = 0.0
        for author in fold.authors where author != actor {
            rank += 1
            scratch.append(.affinity(from: actor, to: author, weight: weight / rank))
            scratch.append(.affinity(from: author, to: actor, weight: 0.5 * weight / rank))
        }
    }

    private mutating func planContacts(
        _ post: ActivityEvent.Post, _ actor: UInt32, _ thread: UInt32, _ weight: Double, _ week: Int32
    ) {
        // A post that names the whole community is an announcement, not fifty friendships.
        var left = 16
        var seen: ContiguousArray<UInt32> = []
        for named in post.replyTo.map({ [$0] + post.mentions }) ?? post.mentions where left > 0 {
            let other = number(of: named)
            guard other != actor, !members[other].isExcluded, !seen.contains(other) else { continue }
            seen.append(other)
            left -= 1
            scratch.append(.affinity(from: actor, to: other, weight: 2 * weight))
            scratch.append(.contact(from: actor, to: other, thread: thread))
            tally(other, week, .received)
        }
    }

    private mutating func planText(
        _ post: ActivityEvent.Post, _ actor: UInt32, _ thread: UInt32, _ weight: Double, isRoot: Bool
    ) {
        scan(post.text)
        for index in scanner.terms.indices where scanner.terms[index].kind != .character {
            let kind = scanner.terms[index].kind
            guard let number = newTerm(at: index, of: post.text) else { continue }
            scratch.append(.term(number, author: actor))
            if isRoot, seenTerms.count <= Self.termsPerThread {
                scratch.append(.threadTerm(number, thread: thread, isTitle: false))
            }
            if kind == .tag || kind == .code {
                scratch.append(.topic(term: number, author: actor, weight: weight))
            }
            if kind == .tag { scratch.append(.edge(member: actor, item: Item.tag(number), weight: weight)) }
            if seenTerms.count == Self.termsPerPost { break }
        }
        guard isRoot else { return }
        if let title = post.title { planTitle(title, actor, thread, weight) }
        phrases.scan(post.title ?? post.text)
        for gram in phrases.found { scratch.append(.gram(gram)) }
    }

    private mutating func planTitle(_ title: String, _ actor: UInt32, _ thread: UInt32, _ weight: Double) {
        scan(title)
        for index in scanner.terms.indices
        where scanner.terms[index].kind != .character && seenTerms.count < Self.termsPerThread {
            guard let number = newTerm(at: index, of: title) else { continue }
            scratch.append(.threadTerm(number, thread: thread, isTitle: true))
            scratch.append(.term(number, author: actor))
            scratch.append(.topic(term: number, author: actor, weight: weight))
        }
    }

    /// Finds the terms of `text`, none of them seen yet.
    private mutating func scan(_ text: String) {
        scanner.scan(text)
        seenTerms.removeAll(keepingCapacity: true)
        for term in scanner.terms where term.kind != .character { approached ^= termNumbers.approach(term.hash) }
    }

    /// The number of a scanned term, unless it has been seen before in its text.
    private mutating func newTerm(at index: Int, of text: String) -> UInt32? {
        let number = number(of: scanner.terms[index], in: text)
        guard !seenTerms.contains(number) else { return nil }
        seenTerms.append(number)
        return number
    }

    /// Distinct terms of one post that enter its author's profile, and of a first message that describe its thread.
    static var termsPerPost: Int { 48 }
    static var termsPerThread: Int { 32 }

    private mutating func planReaction(
        _ target: ActivityEvent.Target, _ weight: Double, knowledge: Double, _ field: WeekRow.Field, _ actor: UInt32,
        _ room: UInt32, _ week: Int32
    ) {
        let author = number(of: target.author)
        guard author != actor, !members[author].isExcluded else { return }
        let thread = number(ofThread: target.thread, in: room)
        scratch.append(.warmth(member: actor, thread: thread, room: room, weight: weight))
        scratch.append(.affinity(from: actor, to: author, weight: weight))
        scratch.append(.knowledge(of: author, thread: thread, room: room, weight: knowledge))
        tally(actor, week, field)
        tally(author, week, .reactionsReceived)
    }

    private mutating func planAccepted(
        _ target: ActivityEvent.Target, _ actor: UInt32, _ room: UInt32, _ week: Int32
    ) {
        let author = number(of: target.author)
        guard !members[author].isExcluded else { return }
        let thread = number(ofThread: target.thread, in: room)
        scratch.append(.knowledge(of: author, thread: thread, room: room, weight: weights.accepted))
        tally(author, week, .accepted)
        guard author != actor else { return }
        scratch.append(.affinity(from: actor, to: author, weight: weights.accepted))
        scratch.append(.answer(by: author, asker: actor, room: room))
    }

    private mutating func planVisit(
        _ root: SequenceNumber?, _ weight: Double, _ field: WeekRow.Field, _ actor: UInt32, _ room: UInt32,
        _ week: Int32
    ) {
        let thread = root.map { number(ofThread: $0, in: room) }
        scratch.append(.warmth(member: actor, thread: thread, room: room, weight: weight))
        scratch.append(.edge(member: actor, item: Item.room(room), weight: weight))
        tally(actor, week, field)
    }
}
