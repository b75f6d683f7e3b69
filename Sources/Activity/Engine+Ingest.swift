import LyceumProtocol

extension Engine {
    /// Counts an event that neither deletes nor edits.
    mutating func count(_ event: ActivityEvent) {
        let instant = Instant(event.at)
        guard let root = event.thread else {
            var fold = ThreadFold()
            plan(event, &fold)
            applyPlanned(instant)
            return
        }
        let room = number(of: event.room)
        let thread = number(ofThread: root, in: room)
        var fold = threads[thread].fold
        let wasEmpty = fold.isEmpty
        plan(event, &fold)
        applyPlanned(instant)
        guard case .post(let post) = event.kind, !scratch.isEmpty else { return }
        threads[thread].fold = fold
        if wasEmpty {
            threads[thread].title = post.title
            threadCount += 1
            rooms[room].threads += 1
        }
        if instant.at > threads[thread].newest { move(thread, to: instant.at) }
    }

    private mutating func applyPlanned(_ instant: Instant) {
        // `scratch` is taken out so that the loop does not hold the engine while it changes it.
        let planned = scratch
        approach(planned)
        apply(planned, instant, .add)
        for contribution in planned { note(contribution, instant) }
    }

    mutating func move(_ thread: UInt32, to time: UnixMilliseconds) {
        threads[thread].newest = time
        let room = threads[thread].room
        roomLinks.place(thread, at: time, in: &rooms[room].recent)
        allLinks.place(thread, at: time, in: &allThreads)
    }
}
