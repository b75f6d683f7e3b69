import Foundation
import LyceumProtocol

/// What the rows of `lyceum bench moderate` share: the messages and the way of measuring.
enum ModerateBench {
    struct Row: Codable {
        let name: String
        let perSecond: Double
        var note: String
        /// Of one call, in microseconds of wall-clock time.
        var p50: Double?
        var p99: Double?

        init(name: String, perSecond: Double, note: String) {
            self.name = name
            self.perSecond = perSecond.rounded()
            self.note = note
        }

        enum CodingKeys: String, CodingKey {
            case name, note
            case perSecond = "per_second"
            case p50 = "p50_us"
            case p99 = "p99_us"
        }
    }

    /// What is measured with.
    struct Material {
        /// `nil` for made-up words.
        var keywords: [String]?
        var messages = ModerateBench.messages

        init(keywords: String?, texts: [String], bytes: Int) throws {
            self.keywords = try keywords.map { path in
                let words = String(decoding: try readInput(path), as: UTF8.self).split(separator: "\n")
                return words.map { $0.trimmingCharacters(in: .whitespaces) }.filter { !$0.isEmpty }
            }
            guard !texts.isEmpty else { return }
            messages = try texts.flatMap { try LabelledText.read($0) }.map { text in
                String(decoding: text.text.utf8.prefix(bytes), as: UTF8.self).filter { $0 != "\u{FFFD}" }
            }
            messages.removeAll(where: \.isEmpty)
            var random = SplitMix64(seed: 1)
            messages.shuffle(using: &random)
        }
    }

    /// About 65 bytes each, half English and half Chinese, with links, digits and an evasion now and then.
    static let messages: [String] = [
        "does anybody know why the build fails on Debian since yesterday?",
        "I pushed a fix for the login page, please review it when you can",
        "thanks, that worked! see you at the meetup tomorrow at 10:30 :)",
        "check https://example.com/docs/setup for the new install guide",
        "今天的直播几点开始？我想提前准备一下问题。",
        "这个问题我也遇到过，重启一下服务就好了，试试看",
        "老师讲得很清楚，请问课件在哪里可以下载呢？",
        "推荐大家看看第3章，里面有完整的例子和说明",
        "加 微 信 ①③⑧ 领 取 福利，名额有限",
        "Fr3e m0ney, cl1ck h e r e to get your b-o-n-u-s right now!!!!",
    ]

    /// Calls `body` with rising numbers for about `seconds` and tells how often a second it returned, by the processor
    /// time of this thread: other programs then only slow the measuring, not what is measured.
    static func rate(_ name: String, note: String = "", seconds: Double = 1, _ body: (Int) -> Void) -> Row {
        var (count, batch) = (0, 256)
        for index in 0..<2_000 { body(index) }
        let start = processorSeconds()
        var elapsed = 0.0
        while elapsed < seconds {
            for offset in 0..<batch { body(count + offset) }
            count += batch
            batch = min(batch * 2, 8_192)
            elapsed = processorSeconds() - start
        }
        return Row(name: name, perSecond: Double(count) / elapsed, note: note)
    }

    /// As ``rate(_:note:seconds:_:)``, and how long single calls take.
    static func latency(_ name: String, note: String = "", seconds: Double = 2, _ body: (Int) -> Void) -> Row {
        var times: [Double] = []
        times.reserveCapacity(1 << 21)
        var row = rate(name, note: note, seconds: seconds) { index in
            let start = nanoseconds()
            body(index)
            times.append(Double(nanoseconds() - start) / 1000)
        }
        times.sort()
        row.p50 = times[times.count / 2]
        row.p99 = times[times.count * 99 / 100]
        return row
    }

    private static func nanoseconds() -> Int {
        var time = timespec()
        clock_gettime(CLOCK_MONOTONIC, &time)
        return time.tv_sec * 1_000_000_000 + time.tv_nsec
    }

    private static func processorSeconds() -> Double {
        var time = timespec()
        clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time)
        return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
    }
}
