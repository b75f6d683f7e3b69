import Foundation
import Moderation

/// The rows of `lyceum bench moderate`: how many messages a second one core takes through each part of the stage.
enum ModerateBench {
    struct Row: Codable {
        let name: String
        let perSecond: Double
        let note: String

        enum CodingKeys: String, CodingKey {
            case name, note
            case perSecond = "per_second"
        }
    }

    /// About 65 bytes each, half Chinese and half English, with links, digits and an evasion now and then.
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

    static func rate(_ name: String, note: String = "", seconds: Double = 1, _ body: (Int) -> Void) -> Row {
        let clock = ContinuousClock()
        var (count, batch) = (0, 256)
        for index in 0..<2_000 { body(index) }
        let start = clock.now
        var elapsed = Duration.zero
        while elapsed < .seconds(seconds) {
            for offset in 0..<batch { body(count + offset) }
            count += batch
            batch = min(batch * 2, 8_192)
            elapsed = clock.now - start
        }
        return Row(name: name, perSecond: Double(count) / (elapsed / .seconds(1)), note: note)
    }

    static func normaliserRows() -> [Row] {
        let normaliser = Normaliser()
        var text = NormalisedText()
        let messages = messages.map { Array($0.utf8) }
        let bytes = messages.map(\.count).reduce(0, +) / messages.count
        let row = rate("normalise", note: "\(bytes) bytes a message on average, one core") { index in
            messages[index % messages.count].withUnsafeBufferPointer { normaliser.normalise($0, into: &text) }
        }
        return [row]
    }
}
