/// Bytes waiting for one peer: shared chunks in order, the first perhaps partly written.
///
/// Pure: it never touches a socket; ``Connection`` writes the pieces that it is handed.
/// Invariant: `byteCount` is the sum of the queued chunks less what was taken of the first.
struct Outbox {
    private var chunks: [Chunk] = []
    private var firstIndex = 0
    private var firstOffset = 0
    private(set) var byteCount = 0

    /// Capacity in chunks that an empty outbox may keep: enough for usual turns, little for ten thousand idle peers.
    private static let keptCapacity = 16

    var isEmpty: Bool { byteCount == 0 }

    mutating func append(_ chunk: Chunk) {
        chunks.append(chunk)
        byteCount += chunk.byteCount
    }

    /// Hands the next bytes to `body` and removes them, `scratch.count` at most.
    ///
    /// A chunk that comes alone is read where it lies; several are copied into `scratch` so that one write carries them.
    mutating func takePiece(scratch: UnsafeMutableRawBufferPointer, _ body: (UnsafeRawBufferPointer) -> Void) {
        let first = chunks[firstIndex]
        let firstCount = first.byteCount - firstOffset
        if firstIndex + 1 == chunks.count || firstCount >= scratch.count {
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
        let started = firstOffset > 0 ? chunks[firstIndex] : nil
        let offset = firstOffset
        removeAll()
        if let started {
            append(started)
            firstOffset = offset
            byteCount -= offset
        }
    }

    mutating func removeAll() {
        chunks = []
        firstIndex = 0
        firstOffset = 0
        byteCount = 0
    }

    private func gather(into scratch: UnsafeMutableRawBufferPointer) -> Int {
        var filled = 0
        var index = firstIndex
        var offset = firstOffset
        while index < chunks.count, filled < scratch.count {
            let bytes = chunks[index].bytes
            let count = min(bytes.count - offset, scratch.count - filled)
            bytes.withUnsafeBytes {
                scratch.baseAddress?.advanced(by: filled).copyMemory(
                    from: $0.baseAddress.unsafelyUnwrapped + offset, byteCount: count)
            }
            filled += count
            index += 1
            offset = 0
        }
        return filled
    }

    private mutating func remove(_ count: Int) {
        byteCount -= count
        guard byteCount > 0 else {
            chunks.removeAll(keepingCapacity: chunks.count <= Self.keptCapacity)
            firstIndex = 0
            firstOffset = 0
            return
        }
        var left = count
        while left > 0 {
            let available = chunks[firstIndex].byteCount - firstOffset
            guard left >= available else { break }
            left -= available
            firstIndex += 1
            firstOffset = 0
        }
        firstOffset += left
        if firstIndex > 64, firstIndex * 2 > chunks.count {
            chunks.removeFirst(firstIndex)
            firstIndex = 0
        }
    }
}
