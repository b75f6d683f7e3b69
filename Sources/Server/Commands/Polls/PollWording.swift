import Community
import LyceumProtocol
import Moderation

/// A poll's question and options, judged as the one text that members read.
///
/// Judged one by one, the options of an honest poll would look like a flood, and a disguised text could be cut up among
/// them.
struct PollWording: Sendable {
    let question: String
    let options: [String]

    /// Line breaks and other controls become spaces, so that each piece is one line.
    init(question: String, options: [String]) {
        self.question = Self.line(question)
        self.options = options.map(Self.line)
    }

    private init(lines: [String]) {
        question = lines.first ?? ""
        options = Array(lines.dropFirst())
    }

    /// Question and options, each a line.
    var text: String { ([question] + options).joined(separator: "\n") }

    func masked(by verdict: Verdict) -> PollWording {
        let masked = verdict.masked(text).split(separator: "\n", omittingEmptySubsequences: false)
        return PollWording(lines: masked.map(String.init))
    }

    private static func line(_ text: String) -> String {
        var scalars = String.UnicodeScalarView()
        for scalar in text.unicodeScalars {
            let breaks =
                scalar.properties.generalCategory == .control || scalar.value == 0x2028 || scalar.value == 0x2029
            scalars.append(breaks ? " " : scalar)
        }
        return String(String(scalars).drop(while: \.isWhitespace).reversed().drop(while: \.isWhitespace).reversed())
    }
}
