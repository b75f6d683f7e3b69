import Foundation
import LyceumProtocol
import Testing

@testable import Activity

@Suite struct TrendTests {
    /// One topic's traffic: exponential gaps at `perHour`, thirty authors; judged at every event and every ten minutes.
    struct Traffic {
        var random: SplitMix64
        var heat = Heat()
        var clock: Int64 = 1_760_000_000_000
        var isBursting = false
        var alarms = 0
        var firstAlarm: Int64?

        init(seed: UInt64) { random = SplitMix64(seed: seed) }

        mutating func run(perHour: Double, hours: Double) {
            let end = clock + Int64(hours * 3_600_000)
            while true {
                let gap = -log(Double.random(in: .leastNonzeroMagnitude..<1, using: &random)) / perHour
                let next = clock + Int64(gap * 3_600_000)
                guard next < end else { break }
                clock = next
                let author = UInt32.random(in: 0..<30, using: &random)
                let instant = Instant(clock)
                heat.record(1, instant, .add)
                heat.count(author, .add)
                heat.hear(author, instant)
                judge(instant)
            }
            clock = end
            judge(Instant(clock))
        }

        private mutating func judge(_ now: Instant) {
            let burst = heat.burst(at: now)
            let after = burst.isBursting(before: isBursting)
            if after, !isBursting {
                alarms += 1
                firstAlarm = firstAlarm ?? now.at
            }
            isBursting = after
        }
    }

    @Test func `steady traffic raises at most one false alarm in twenty topic-months`() {
        var alarms = 0
        var months = 0.0
        for rate in [0.05, 0.2, 0.5, 1, 3, 8, 20] {
            // A busy topic has enough events in a few days to be judged as often as a quiet one in a month.
            let topics = rate > 2 ? 16 : 40
            for seed in 0..<UInt64(topics) {
                var traffic = Traffic(seed: seed &* 977 &+ UInt64(rate * 100))
                traffic.run(perHour: rate, hours: 24 * 14)
                traffic.alarms = 0
                traffic.run(perHour: rate, hours: 24 * 30)
                alarms += traffic.alarms
                months += 1
            }
        }
        print("bursts: \(alarms) false alarms in \(months) topic-months, seeds 0 to 39 at each rate")
        #expect(Double(alarms) / months <= 0.05, "\(alarms) alarms in \(months) topic-months")
    }

    @Test func `a burst of fifteen times the rate is found nineteen times in twenty`() {
        var found = 0
        var tried = 0
        for rate in [0.5, 1, 3, 8] {
            for seed in 0..<UInt64(25) {
                var traffic = Traffic(seed: seed &* 31 &+ UInt64(rate * 10))
                traffic.run(perHour: rate, hours: 24 * 10)
                traffic.isBursting = false
                traffic.firstAlarm = nil
                traffic.run(perHour: rate * 15, hours: 2)
                tried += 1
                if traffic.firstAlarm != nil { found += 1 }
            }
        }
        print("bursts: \(found) of \(tried) found, seeds 0 to 24 at each rate")
        #expect(Double(found) >= 0.95 * Double(tried), "\(found) of \(tried)")
    }

    @Test func `one member cannot make a trend`() {
        var community = Community()
        for seq in 1...500 {
            let at = RandomEvents.start + Int64(seq) * 1_000
            community.perform(
                .event(
                    ActivityEvent(
                        seq: Int64(seq), at: at, member: MemberID(1), room: RoomID(1),
                        kind: .post(.init(thread: 1, text: "#spam")))))
        }
        let now = RandomEvents.start + 500_000
        for window in Trend.Window.allCases {
            #expect(community.tracker.everyone.trends(at: now, window: window).isEmpty)
        }
        let heat = community.tracker.everyone.threads[0].heat
        #expect(abs(heat.voicesDay.value(at: Instant(now).day) - 1) < 1e-9)
    }

    @Test func `a thread that heats up is a trend to those who may read it and nobody else`() {
        var community = Community()
        for seq in 1...40 {
            let event = ActivityEvent(
                seq: Int64(seq), at: RandomEvents.start + Int64(seq) * 20_000, member: MemberID(Int64(seq % 8) + 1),
                room: RoomID(11), audience: .room, kind: .post(.init(thread: 1, text: "#outage now")))
            community.perform(.event(event))
        }
        let now = RandomEvents.start + 40 * 20_000
        let inside = community.tracker.engines { $0 == RoomID(11) }.flatMap { $0.trends(at: now) }
        let subjects = inside.map(\.subject)
        #expect(subjects.contains(.thread(RoomID(11), 1)))
        let outside = community.tracker.engines { _ in false }.flatMap { $0.trends(at: now) }
        #expect(outside.isEmpty)
    }
}
