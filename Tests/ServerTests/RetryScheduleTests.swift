import Testing

@testable import Server

@Suite struct `The schedule of retries` {
    private let schedule = RetrySchedule(first: 5000, attempts: 10)

    @Test(
        arguments: [
            (1, 2500, 5000), (2, 10_000, 20_000), (3, 40_000, 80_000), (6, 2_560_000, 5_120_000),
            (9, 10_800_000, 21_600_000),
        ] as [(Int64, Int64, Int64)])
    func `waits four times as long after each attempt, up to six hours`(attempt: Int64, least: Int64, most: Int64) {
        #expect(schedule.wait(after: attempt, asked: 0, random: 0) == least)
        let latest = schedule.wait(after: attempt, asked: 0, random: 0.999_999)
        #expect(latest.map { (least...most).contains($0) && $0 >= most - 100 } == true)
    }

    @Test func `waits as long as is asked, within its bound, and not less than it would`() {
        #expect(schedule.wait(after: 1, asked: 60_000, random: 0.5) == 60_000)
        #expect(schedule.wait(after: 3, asked: 1, random: 0) == 40_000)
        #expect(schedule.wait(after: 1, asked: .max, random: 0) == RetrySchedule.longest)
    }

    @Test func `gives up after the last attempt`() {
        #expect(schedule.wait(after: 9, asked: 0, random: 0) != nil)
        #expect(schedule.wait(after: 10, asked: 0, random: 0) == nil)
    }
}
