import LyceumProtocol

/// Threads by newest post, newest first; a doubly linked list through ``RecencyLinks``.
struct RecencyList: Sendable {
    static let end = UInt32.max
    fileprivate(set) var head = RecencyList.end
    fileprivate(set) var tail = RecencyList.end

    /// The newest entry, if there is one.
    var newest: UInt32? { head == Self.end ? nil : head }
}

struct RecencyLinks: Sendable {
    private struct Link: Sendable {
        var newer = RecencyList.end
        var older = RecencyList.end
        var time: UnixMilliseconds = .min
        var isLinked = false
    }

    private var links = PagedArray<Link>()

    /// The entry after `entry`, going back in time.
    @inline(__always) func older(than entry: UInt32) -> UInt32 { links[entry].older }
    func time(of entry: UInt32) -> UnixMilliseconds { links[entry].time }

    mutating func append() { links.append(Link()) }

    /// Puts `entry` where `time` belongs; equal times stand by number, so the order depends on nothing else.
    mutating func place(_ entry: UInt32, at time: UnixMilliseconds, in list: inout RecencyList) {
        unlink(entry, from: &list)
        var older = list.head
        var newer = RecencyList.end
        while older != RecencyList.end, links[older].time > time || (links[older].time == time && older > entry) {
            newer = older
            older = links[older].older
        }
        links[entry] = Link(newer: newer, older: older, time: time, isLinked: true)
        if newer == RecencyList.end { list.head = entry } else { links[newer].older = entry }
        if older == RecencyList.end { list.tail = entry } else { links[older].newer = entry }
    }

    mutating func unlink(_ entry: UInt32, from list: inout RecencyList) {
        let link = links[entry]
        guard link.isLinked else { return }
        if link.newer == RecencyList.end { list.head = link.older } else { links[link.newer].older = link.older }
        if link.older == RecencyList.end { list.tail = link.newer } else { links[link.older].newer = link.newer }
        links[entry] = Link()
    }

    /// Up to `limit` entries, newest first.
    func newest(_ limit: Int, of list: RecencyList) -> [UInt32] {
        var result: [UInt32] = []
        var entry = list.head
        while entry != RecencyList.end, result.count < limit {
            result.append(entry)
            entry = links[entry].older
        }
        return result
    }
}

extension RecencyList: ByteCodable {
    func write(to writer: inout ByteWriter) {
        writer.write(head)
        writer.write(tail)
    }

    init(from reader: inout ByteReader) throws(SnapshotError) {
        self.init(head: try reader.integer(), tail: try reader.integer())
    }
}

extension RecencyLinks: ByteCodable {
    func write(to writer: inout ByteWriter) {
        writer.write(UInt32(links.count))
        for index in links.indices {
            let link = links[index]
            writer.write(link.newer)
            writer.write(link.older)
            writer.write(link.time)
            writer.write(link.isLinked)
        }
    }

    init(from reader: inout ByteReader) throws(SnapshotError) {
        self.init()
        for _ in 0..<(try reader.count()) {
            links.append(
                Link(
                    newer: try reader.integer(), older: try reader.integer(), time: try reader.integer(),
                    isLinked: try reader.flag()))
        }
    }
}
