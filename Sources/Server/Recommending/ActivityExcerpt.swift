import Community
import LyceumProtocol

/// A part of the log of activity with the events it names, read at once.
///
/// At once, because while a snapshot of the store lives nothing newer leaves SQLite's write-ahead log, and counting what
/// was read takes ten times as long as reading it.
struct ActivityExcerpt {
    /// Read at most; the entry that reaches it is read to its end.
    private static let most = (events: 1024, bytes: 4 << 20)

    private(set) var entries: [(entry: ActivityLogEntry, events: [RoomEvent])] = []
    /// Up to which entry members have had their activity erased; read with the log's beginning only.
    let erasures: [MemberID: Int64]?
    let mayBeMore: Bool

    /// - Parameter handed: Events that need not be read.
    init(
        after position: Int64, limit: Int, _ handed: HandedOver.Events, from reader: any CommunityReader
    ) throws {
        erasures = position == 0 ? try reader.activityErasures() : nil
        let log = try reader.activityLog(after: position, limit: limit)
        var (count, bytes) = (0, 0)
        for entry in log where count < Self.most.events && bytes < Self.most.bytes {
            let events = try entry.events.compactMap { try handed[$0] ?? reader.event($0.seq, in: $0.room) }
            entries.append((entry, events))
            count += entry.events.count
            bytes += events.reduce(0) { $0 + $1.body.count }
        }
        mayBeMore = log.count == limit || entries.count < log.count
    }
}
