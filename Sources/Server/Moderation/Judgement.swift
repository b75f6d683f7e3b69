import Community
import LyceumProtocol
import Moderation

/// What the stage says of one submitted text, and what the queue needs to know of it.
struct Judged: Sendable {
    let kind: SubmittedText.Kind
    let verdict: Verdict
    /// SimHash of the text's features; 0 where nobody will look at the text.
    var fingerprint: UInt64 = 0
    /// Why moderators are asked about a text that passed.
    var request: LabelRequests.Reason?

    /// For what an operator does at the machine itself.
    static func byOperator(_ kind: SubmittedText.Kind) -> Judged {
        Judged(
            kind: kind,
            verdict: Verdict(action: .allow, score: 0, rulesVersion: "operator", modelVersion: "operator", reasons: []))
    }
}

/// SimHash (Charikar 2002) over the 64-bit hashes of a text's features: near-equal texts differ in few bits.
enum Fingerprint {
    /// Of 64 bits; two unrelated texts differ in 32 ± 4.
    static let nearness = 10

    static func of(_ features: Features) -> UInt64 {
        var sums = [Int32](repeating: 0, count: 64)
        for hash in features.hashes {
            for bit in 0..<64 { sums[bit] += hash >> UInt64(bit) & 1 == 1 ? 1 : -1 }
        }
        return sums.indices.reduce(0) { $0 | (sums[$1] > 0 ? 1 << UInt64($1) : 0) }
    }

    static func areNear(_ a: UInt64, _ b: UInt64) -> Bool { (a ^ b).nonzeroBitCount <= nearness }
}
