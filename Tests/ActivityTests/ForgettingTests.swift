import LyceumProtocol
import Testing

@testable import Activity

@Suite struct ForgettingTests {
    static let later = RandomEvents.start + 30 * 86_400_000

    /// What is left after `forget` is what a log without those events gives, by a tracker that never saw them.
    private func expectNeverHeld(
        _ steps: [Step], seed: UInt64, without isForgotten: (ActivityEvent) -> Bool,
        forget: (inout Community) -> Void
    ) {
        var community = Community.after(steps)
        forget(&community)
        var never = Community()
        for step in steps {
            guard case .event(let event) = step, !isForgotten(event) else { continue }
            never.perform(step)
        }
        for member in community.tracker.excluded { never.tracker.exclude(member, history: never.history) }
        for (found, wanted) in [(community.tracker.everyone, never.tracker.everyone)] {
            let lines = differences(
                Flattened(found, now: Self.later).values, Flattened(wanted, now: Self.later).values)
            #expect(lines.isEmpty, "seed \(seed): \(lines)")
        }
    }

    private func plainSteps(_ seed: UInt64) -> [Step] {
        var events = RandomEvents(seed: seed)
        events.rooms = [1, 2]
        return events.steps(25).filter { step in
            guard case .event(let event) = step else { return false }
            return event.changed == nil
        }
    }

    /// One of the posts, with others before and after it.
    private static func victim(among steps: [Step]) -> ActivityEvent? {
        let posts = steps.compactMap { step -> ActivityEvent? in
            guard case .event(let event) = step, case .post = event.kind else { return nil }
            return event
        }
        return posts.dropFirst(posts.count / 3).first
    }

    private func change(_ event: ActivityEvent, _ seq: SequenceNumber, _ kind: ActivityEvent.Kind) -> Step {
        .event(ActivityEvent(seq: seq, at: Self.later, member: event.member, room: event.room, kind: kind))
    }

    @Test func `a post that is brought back counts as if it had never been deleted`() {
        for seed in Sequences.seeds {
            let steps = plainSteps(seed)
            guard let victim = Self.victim(among: steps) else { continue }
            expectNeverHeld(
                steps, seed: seed, without: { _ in false },
                forget: {
                    $0.perform(change(victim, 1_000, .deletion(of: victim.seq)))
                    $0.perform(change(victim, 1_001, .restoration(of: victim.seq)))
                    #expect($0.outcomes.suffix(2) == [.forgotten, .forgotten])
                })
        }
    }

    @Test func `a thread that is renamed counts as if it had always had that name`() {
        for seed in Sequences.seeds {
            let steps = plainSteps(seed)
            let roots = steps.compactMap { step -> ActivityEvent? in
                guard case .event(let event) = step, case .post(let post) = event.kind, post.thread == event.seq else {
                    return nil
                }
                return event
            }
            guard let root = roots.first, case .post(var post) = root.kind else { continue }
            post.title = "kernel memory #tuning"
            var renamed = root
            renamed.kind = .post(post)
            let always = steps.map { step -> Step in
                guard case .event(let event) = step, event == root else { return step }
                return .event(renamed)
            }
            var community = Community.after(steps)
            community.perform(change(root, 1_000, .title(of: root.seq, post.title)))
            let lines = differences(
                Flattened(community.tracker.everyone, now: Self.later).values,
                Flattened(Community.after(always).tracker.everyone, now: Self.later).values)
            #expect(lines.isEmpty, "seed \(seed): \(lines)")
        }
    }

    @Test func `deleting a post leaves the state of a log that never held it`() {
        for seed in Sequences.seeds {
            let steps = plainSteps(seed)
            guard let victim = Self.victim(among: steps) else { continue }
            let deletion = change(victim, 1_000, .deletion(of: victim.seq))
            expectNeverHeld(
                steps, seed: seed,
                without: { event in
                    guard event.room == victim.room else { return false }
                    if event.seq == victim.seq { return true }
                    switch event.kind {
                    case .reaction(let target), .vote(let target, _), .accepted(let target):
                        return target.seq == victim.seq
                    default: return false
                    }
                },
                forget: { $0.perform(deletion) })
        }
    }

    @Test func `excluding a member leaves the state of a log without their events`() {
        for seed in Sequences.seeds {
            let steps = plainSteps(seed)
            expectNeverHeld(
                steps, seed: seed, without: { $0.member == MemberID(2) },
                forget: { $0.perform(.exclude(MemberID(2))) })
        }
    }

    @Test func `a member who is counted again is counted as if they always had been`() {
        for seed in Sequences.seeds {
            let steps = plainSteps(seed)
            expectNeverHeld(
                steps, seed: seed, without: { _ in false },
                forget: {
                    $0.perform(.exclude(MemberID(2)))
                    $0.perform(.include(MemberID(2)))
                })
        }
    }

    @Test func `forgetting everything leaves nothing but names`() {
        var community = Community.after(plainSteps(7))
        for member in 1...6 { community.perform(.exclude(MemberID(Int64(member)))) }
        #expect(Flattened(community.tracker.everyone, now: Self.later).values.isEmpty)
        #expect(community.tracker.everyone.allThreads.newest == nil)
        #expect(community.tracker.everyone.activeProfiles.newest == nil)
        #expect(community.tracker.everyone.activeTopics.newest == nil)
        #expect(
            community.tracker.everyone.terms.indices.allSatisfy { community.tracker.everyone.terms[$0].threads.isEmpty }
        )
    }

    @Test func `lists by recency stand by time after any history`() {
        for seed in Sequences.seeds {
            var events = RandomEvents(seed: seed)
            events.rooms = [1, 2]
            let engine = Community.after(events.steps(30)).tracker.everyone
            let live = engine.threads.indices.filter { !engine.threads[$0].fold.isEmpty }
            let wanted = live.sorted { (engine.threads[$0].newest, $0) > (engine.threads[$1].newest, $1) }
            #expect(engine.allLinks.newest(.max, of: engine.allThreads) == wanted, "seed \(seed)")
            let active = engine.profiles.indices.filter { engine.profiles[$0].last != .min }
            let byTime = active.sorted { (engine.profiles[$0].last, $0) > (engine.profiles[$1].last, $1) }
            #expect(engine.activeLinks.newest(.max, of: engine.activeProfiles) == byTime, "seed \(seed)")
        }
    }
}
