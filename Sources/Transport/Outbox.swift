/// Bytes waiting for one peer: shared chunks in order, the first perhaps partly written.
///
/// Pure: it never touches a socket; ``Connection`` writes the pieces that it is handed.
/// Invariant: `byteCount` is the sum of the queued chunks less what was taken of the first.
struct Outbox {
    /// The next to be written, apart from the rest: usually nothing follows it, and then nothing else is touched.
    private var first: Chunk?
    private var firstOffset = 0
    private var rest: [Chunk] = []
    private var restIndex = 0
    private(set) var byteCount = 0

    /// Capacity in chunks that an empty outbox may keep: enough for usual turns, little for ten thousand idle peers.
    private static let keptCapacity = 16

    var isEmpty: Bool { byteCount == 0 }

    mutating func append(_ chunk: Chunk) {
        if first == nil { first = chunk } else { rest.append(chunk) }
        byteCount += chunk.byteCount
    }

    /// Hands the next bytes to `body` and removes them, `scratch.count` at most.
    ///
    /// A chunk that comes alone is read where it lies; several are copied into `scratch` so that one write carries them.
    mutating func takePiece(scratch: UnsafeMutableRawBufferPointer, _ body: (UnsafeRawBufferPointer) -> Void) {
        guard let first else { return }
        let firstCount = first.byteCount - firstOffset
        if restIndex == rest.count || firstCount >= scratch.count {
            let count = min(firstCount, scratch.count)
            first.bytes.withUnsafeBytes {
                body(UnsafeRawBufferPointer(rebasing: $0[firstOffset..<firstOffset + count]))
            }
            remove(count)
            return
        }
        let count = gather(into: scratch)
        body(UnsafeRawBufferPointer(rebasing: scratch[..<count]))
        remove(count)
    }

    /// Drops all that has not begun to be written, so that whatever follows still starts at a frame.
    mutating func dropUnstarted() {
        let started = firstOffset > 0 ? first : nil
        let offset = firstOffset
        removeAll()
        if let started {
            append(started)
            firstOffset = offset
            byteCount -= offset
        }
    }

    mutating func removeAll() { self = Outbox() }

    private func gather(into scratch: UnsafeMutableRawBufferPointer) -> Int {
        var filled = 0
        var chunk = first
        var (next, offset) = (restIndex, firstOffset)
        while let bytes = chunk?.bytes, filled < scratch.count {
            let count = min(bytes.count - offset, scratch.count - filled)
            bytes.withUnsafeBytes {
                scratch.baseAddress?.advanced(by: filled).copyMemory(
                    from: $0.baseAddress.unsafelyUnwrapped + offset, byteCount: count)
            }
            filled += count
            offset = 0
            chunk = next < rest.count ? rest[next] : nil
            next += 1
        }
        return filled
    }

    private mutating func remove(_ count: Int) {
        byteCount -= count
        firstOffset += count
        while let chunk = first, firstOffset >= chunk.byteCount {
            firstOffset -= chunk.byteCount
            takeFirst()
        }
    }

    /// Brings the next of the rest to the front.
    private mutating func takeFirst() {
        guard restIndex < rest.count else {
            first = nil
            rest.removeAll(keepingCapacity: rest.count <= Self.keptCapacity)
            restIndex = 0
            return
        }
        first = rest[restIndex]
        restIndex += 1
        if restIndex > 64, restIndex * 2 > rest.count {
            rest.removeFirst(restIndex)
            restIndex = 0
        }
    }
}
