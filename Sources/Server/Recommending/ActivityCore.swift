import Activity
import Community
import LyceumProtocol

/// The tracker with its archive and recommender, as far as the log of activity has been taken.
///
/// Owned by the one thread of ``ActivityService``, or by the tool that rebuilds it.
final class ActivityCore {
    private(set) var tracker = Tracker()
    /// What ranks, and learns from what members do.
    var recommender = Recommender()
    let archive: any ActivityArchive
    /// The last entry of the log that has been taken.
    private(set) var position: Int64 = 0
    private(set) var eventsTaken = 0
    /// Of them, those that the archive has been asked to bring to the disk.
    private var eventsFlushed = 0
    /// How many events may wait for that while there are more to take: one transaction writes a page once that several
    /// would write again and again.
    private static let unflushedLimit = 8192
    private let view: ActivityMapping.CommunityView
    private var pace: LearningPace
    /// Up to which entry the recommender has learnt already, where it outlived the tracker.
    private var learnt: Int64 = 0
    private(set) var erasures: [MemberID: Int64] = [:]
    /// Why members do not count; the tracker knows only that they do not.
    private var isUncounted: Set<MemberID> = []
    private var isBanned: Set<MemberID> = []

    init(
        archive: any ActivityArchive, view: ActivityMapping.CommunityView, pace: LearningPace = LearningPace()
    ) {
        self.archive = archive
        self.pace = pace
        self.view = view
    }

    /// Takes the entries after ``position``, at most `limit` of them.
    ///
    /// - Parameters:
    ///   - now: The caller's clock.
    ///   - handed: Events of the log that need not be read.
    ///   - touched: Called with each event that counts: it may change the lists of those it concerns.
    ///   - judged: Called with each member who has said what they think of a recommendation.
    /// - Returns: Whether there may be more.
    func advance(
        through store: any CommunityStore, limit: Int, at now: UnixMilliseconds, handed: HandedOver.Events = [:],
        touched: (ActivityEvent) -> Void = { _ in }, judged: (MemberID) -> Void = { _ in }
    ) throws -> Bool {
        let excerpt = try store.read { try ActivityExcerpt(after: position, limit: limit, handed, from: $0) }
        if let all = excerpt.erasures { erasures = all }
        let mapping = ActivityMapping(archive: archive, store: store, server: view)
        for (entry, events) in excerpt.entries {
            for event in events {
                if let mapped = try mapping.map(event) { take(mapped, of: entry, now, touched) }
            }
            for note in entry.notes {
                take(note, of: entry, mapping, now, touched)
                if note.kind == .feedback { judged(note.member) }
            }
            position = entry.id
        }
        if !excerpt.mayBeMore || eventsTaken - eventsFlushed >= Self.unflushedLimit { try flush() }
        return excerpt.mayBeMore
    }

    private func flush() throws {
        eventsFlushed = eventsTaken
        try archive.flush(at: position)
    }

    private func take(
        _ mapped: ActivityMapping.Mapped, of entry: ActivityLogEntry, _ now: UnixMilliseconds,
        _ touched: (ActivityEvent) -> Void
    ) {
        guard let event = withoutErased(mapped.event, entry.id) else { return }
        if entry.id > learnt {
            recommender.observe(event, tracker: tracker, learns: pace.admits(event, at: now))
        }
        // The server dates its own events, so none comes from the future.
        tracker.ingest(event, now: event.at, history: archive)
        archive.append(event, log: entry.id, tag: mapped.tag)
        eventsTaken += 1
        touched(event)
    }

    /// What is left of an event of the time before members had their activity erased.
    private func withoutErased(_ event: ActivityEvent, _ log: Int64) -> ActivityEvent? {
        guard !erasures.isEmpty else { return event }
        var rest: ActivityEvent? = event
        for member in Set(event.named + [event.member]) where log <= erasures[member] ?? 0 {
            rest = rest?.redacted(of: member)
        }
        return rest
    }

    private func take(
        _ note: ActivityNote, of entry: ActivityLogEntry, _ mapping: ActivityMapping, _ now: UnixMilliseconds,
        _ touched: (ActivityEvent) -> Void
    ) {
        switch note.kind {
        case .read, .followed, .unfollowed, .voted, .unvoted:
            guard let room = note.room else { return }
            let last = max(tracker.positions[room] ?? 0, ActivityMapping.stride)
            if let mapped = mapping.map(note, after: last) { take(mapped, of: entry, now, touched) }
        case .uncounted: exclude(note.member) { isUncounted.insert(note.member) }
        case .counted: include(note.member) { isUncounted.remove(note.member) }
        case .banned: exclude(note.member) { isBanned.insert(note.member) }
        case .pardoned: include(note.member) { isBanned.remove(note.member) }
        case .erased: erase(note.member, entry.id)
        case .dismissed:
            guard let subject = note.detail.flatMap(Subject.init(key:)) else { return }
            recommender.dismiss(subject, by: note.member, at: note.at)
        case .feedback:
            guard entry.id > learnt, let feedback = note.detail.flatMap(Feedback.init(json:)) else { return }
            recommender.take(feedback, by: note.member, at: note.at)
        }
    }

    private func exclude(_ member: MemberID, _ reason: () -> Void) {
        reason()
        tracker.exclude(member, history: archive)
        recommender.forget(member)
    }

    private func include(_ member: MemberID, _ reason: () -> Void) {
        reason()
        if !isUncounted.contains(member), !isBanned.contains(member) { tracker.include(member, history: archive) }
    }

    /// As if nothing of theirs had ever been counted; what they do from now on counts again.
    private func erase(_ member: MemberID, _ log: Int64) {
        erasures[member] = log
        exclude(member) {}
        archive.redact(member)
        include(member) {}
    }

    /// Whether what `member` does counts.
    func counts(_ member: MemberID) -> Bool { !tracker.excluded.contains(member) }

    /// Whether the tracker's state is that of another core, bit for bit.
    func hasSameTracker(as other: ActivityCore) -> Bool { tracker.encoded() == other.tracker.encoded() }
}

extension ActivityCore {
    /// Why a kept state could not be used.
    enum Loss: Error, CustomStringConvertible {
        case missing, foreign, damaged(String), behind

        var description: String {
            switch self {
            case .missing: "There is none."
            case .foreign: "It belongs to another numbering of the record."
            case .damaged(let reason): reason
            case .behind: "The archive of its events is older."
            }
        }
    }

    /// The state for ``ActivityArchive/keep(_:)``, which must not be ahead of the archive.
    func encoded(epoch: String) throws -> [UInt8] {
        try flush()
        return try KeptActivity(
            epoch: epoch, position: position, tracker: tracker.encoded(), recommender: recommender, erasures: erasures,
            uncounted: isUncounted, banned: isBanned
        ).encoded
    }

    /// Goes on from the kept state.
    ///
    /// - Throws: A ``Loss``; the core is then as new and must take the log from its beginning.
    func restore(epoch: String) throws(Loss) {
        guard let bytes = archive.keptState() else { throw .missing }
        let kept: KeptActivity
        do {
            kept = try KeptActivity(decoding: bytes)
        } catch {
            throw .damaged("\(error)")
        }
        guard kept.epoch == epoch else { throw .foreign }
        // What was learnt is worth keeping even where the rest must be derived again.
        (recommender, learnt) = (kept.recommender, kept.position)
        let tracker: Tracker
        do throws(SnapshotError) {
            tracker = try Tracker(decoding: kept.tracker)
        } catch {
            throw .damaged(error.description)
        }
        guard archive.position >= kept.position else { throw .behind }
        if archive.position > kept.position { archive.truncate(after: kept.position) }
        (self.tracker, position) = (tracker, kept.position)
        (erasures, isUncounted, isBanned) = (kept.erasures, kept.uncounted, kept.banned)
    }

    /// Begins anew, keeping what the recommender has learnt.
    func startOver() {
        tracker = Tracker()
        position = 0
        (erasures, isUncounted, isBanned) = ([:], [], [])
        archive.truncate(after: -1)
    }
}
