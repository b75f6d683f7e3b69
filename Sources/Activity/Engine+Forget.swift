import LyceumProtocol

/// Taking events out again, or putting them back.
///
/// The events of each touched thread are folded twice, as they counted and as they shall count, and only what differs is
/// taken out and put in. What is a maximum is wiped for the members concerned and noted again from the record.
extension Engine {
    /// A member whose events stop or begin to count.
    struct Flip {
        let member: UInt32
        let isExcluded: Bool
    }

    /// Changes what `old` contributed into what `new` contributes; both are aligned and of one thread, or of none.
    ///
    /// - Returns: The members whose extremes must be noted again.
    mutating func refold(_ old: [ActivityEvent?], _ new: [ActivityEvent?], _ flip: Flip? = nil) -> Set<UInt32> {
        var touched: Set<UInt32> = []
        var oldFold = ThreadFold()
        var newFold = ThreadFold()
        for (before, after) in zip(old, new) {
            if before == after, oldFold == newFold, !concerns(before, flip) {
                if let before { advance(&oldFold, before) }
                newFold = oldFold
                continue
            }
            setExclusion(flip, isNew: false)
            let removed = before.map { planned($0, &oldFold) } ?? []
            setExclusion(flip, isNew: true)
            let added = after.map { planned($0, &newFold) } ?? []
            guard removed != added else { continue }
            exchange(removed, before, added, after, &touched)
        }
        setExclusion(flip, isNew: true)
        if let first = (old + new).compactMap({ $0 }).first, let root = first.thread {
            settle(root, first.room, new, newFold)
        }
        return touched
    }

    private func concerns(_ event: ActivityEvent?, _ flip: Flip?) -> Bool {
        guard let event, let flip else { return false }
        let member = member(flip.member)
        return event.member == member || event.named.contains(member)
    }

    private mutating func setExclusion(_ flip: Flip?, isNew: Bool) {
        guard let flip else { return }
        members[flip.member].isExcluded = flip.isExcluded == isNew
    }

    private mutating func planned(_ event: ActivityEvent, _ fold: inout ThreadFold) -> ContiguousArray<Contribution> {
        plan(event, &fold)
        return scratch
    }

    private mutating func advance(_ fold: inout ThreadFold, _ event: ActivityEvent) {
        guard case .post(let post) = event.kind else { return }
        let actor = number(of: event.member)
        if !members[actor].isExcluded { fold.advance(actor, event, post.form) }
    }

    private mutating func exchange(
        _ removed: ContiguousArray<Contribution>, _ before: ActivityEvent?, _ added: ContiguousArray<Contribution>,
        _ after: ActivityEvent?, _ touched: inout Set<UInt32>
    ) {
        if let before, !removed.isEmpty {
            let instant = Instant(before.at)
            apply(removed, instant, .remove)
        }
        if let after, !added.isEmpty {
            let instant = Instant(after.at)
            apply(added, instant, .add)
        }
        for contribution in removed { if let member = contribution.extremeOf { touched.insert(member) } }
        for contribution in added { if let member = contribution.extremeOf { touched.insert(member) } }
    }

    /// Sets what the thread as a whole is now: its fold, title, newest post and place in the lists.
    private mutating func settle(
        _ root: SequenceNumber, _ roomID: RoomID, _ events: [ActivityEvent?], _ fold: ThreadFold
    ) {
        let room = number(of: roomID)
        let thread = number(ofThread: root, in: room)
        if threads[thread].fold.isEmpty != fold.isEmpty {
            threadCount = fold.isEmpty ? threadCount - 1 : threadCount + 1
            rooms[room].threads = fold.isEmpty ? rooms[room].threads - 1 : rooms[room].threads + 1
        }
        threads[thread].fold = fold
        threads[thread].title = nil
        var latest = UnixMilliseconds.min
        for event in events {
            guard let event, case .post(let post) = event.kind, counts(event) else { continue }
            if event.seq == fold.root { threads[thread].title = post.title }
            latest = max(latest, Instant(event.at).at)
        }
        if latest != .min {
            move(thread, to: latest)
        } else {
            threads[thread].newest = .min
            roomLinks.unlink(thread, from: &rooms[room].recent)
            allLinks.unlink(thread, from: &allThreads)
        }
    }

    private func counts(_ event: ActivityEvent) -> Bool {
        memberNumbers.find(UInt64(bitPattern: event.member.rawValue)).map { !members[$0].isExcluded } ?? false
    }

    /// Wipes the extremes of `member` and notes them again.
    ///
    /// - Parameters:
    ///   - old: Their events as they counted before.
    ///   - new: Their events as they count now.
    mutating func renote(_ member: UInt32, old: [ActivityEvent], new: [ActivityEvent]) {
        let id = self.member(member)
        for event in old where event.member == id { silence(member, event) }
        wipeExtremes(of: member)
        for event in new where event.member == id {
            var before = fold(before: event)
            plan(event, &before)
            let instant = Instant(event.at)
            let planned = scratch
            for contribution in planned { note(contribution, instant) }
        }
    }

    private mutating func silence(_ member: UInt32, _ event: ActivityEvent) {
        let wasExcluded = members[member].isExcluded
        members[member].isExcluded = false
        // As if it had begun its thread: whether it still does is not known any more, and silence twice is silence.
        var before = ThreadFold()
        plan(event, &before)
        members[member].isExcluded = wasExcluded
        for contribution in scratch {
            if case .topic(let term, _, _) = contribution {
                silenceTopic(terms[term].topic, member)
            } else if case .post(_, let thread, let room, _) = contribution {
                threads[thread].heat.silence(member)
                rooms[room].heat.silence(member)
            }
        }
    }

    private mutating func silenceTopic(_ topic: UInt32, _ member: UInt32) {
        guard topic != Member.none else { return }
        topics[topic].heat.silence(member)
        let newest = topics[topic].heat.newest
        if newest == .min {
            topicLinks.unlink(topic, from: &activeTopics)
        } else {
            topicLinks.place(topic, at: newest, in: &activeTopics)
        }
    }

    /// A stand-in for what the thread held before `event`: only whether it began the thread matters to extremes.
    private func fold(before event: ActivityEvent) -> ThreadFold {
        var fold = ThreadFold()
        guard let root = event.thread, let room = roomNumbers.find(UInt64(bitPattern: event.room.rawValue)),
            let thread = threadNumbers.find(Self.threadKey(root, room)), threads[thread].fold.root != event.seq
        else { return fold }
        fold.starter = Member.none - 1
        return fold
    }
}
