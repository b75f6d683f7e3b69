import Activity
import Foundation
import LyceumProtocol

/// The state of recommendations as it is kept between runs: a line of JSON, then the tracker's own bytes.
struct KeptActivity {
    var epoch: String
    var position: Int64
    /// As ``Tracker`` encodes itself.
    var tracker: [UInt8]
    var recommender: Recommender
    var erasures: [MemberID: Int64]
    var uncounted: Set<MemberID>
    var banned: Set<MemberID>

    private struct Header: Codable {
        var epoch: String
        var position: Int64
        var recommender: RecommenderState
        var erasures: [Int64: Int64]
        var uncounted: [Int64]
        var banned: [Int64]
    }

    var encoded: [UInt8] {
        get throws {
            let header = Header(
                epoch: epoch, position: position, recommender: recommender.state,
                erasures: Dictionary(uniqueKeysWithValues: erasures.map { ($0.key.rawValue, $0.value) }),
                uncounted: uncounted.map(\.rawValue), banned: banned.map(\.rawValue))
            return [UInt8](try JSONEncoder().encode(header)) + [UInt8(ascii: "\n")] + tracker
        }
    }

    init(
        epoch: String, position: Int64, tracker: [UInt8], recommender: Recommender, erasures: [MemberID: Int64],
        uncounted: Set<MemberID>, banned: Set<MemberID>
    ) {
        self.epoch = epoch
        self.position = position
        self.tracker = tracker
        self.recommender = recommender
        self.erasures = erasures
        self.uncounted = uncounted
        self.banned = banned
    }

    /// - Throws: A ``SnapshotError`` or a decoding error for bytes that ``encoded`` did not write. The tracker's own bytes
    ///   are checked by whoever decodes them: they are most of the file, and what was learnt outlives damage to them.
    init(decoding bytes: [UInt8]) throws {
        guard let end = bytes.firstIndex(of: UInt8(ascii: "\n")) else { throw SnapshotError.truncated }
        let header = try JSONDecoder().decode(Header.self, from: Data(bytes[..<end]))
        self.init(
            epoch: header.epoch, position: header.position, tracker: Array(bytes[(end + 1)...]),
            recommender: Recommender(header.recommender),
            erasures: Dictionary(uniqueKeysWithValues: header.erasures.map { (MemberID($0.key), $0.value) }),
            uncounted: Set(header.uncounted.map { MemberID($0) }), banned: Set(header.banned.map { MemberID($0) }))
    }
}
