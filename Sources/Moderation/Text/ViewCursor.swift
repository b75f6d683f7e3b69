/// Room to write one view in before its length is known; kept between messages.
struct ViewWorkspace: Sendable {
    fileprivate var bytes: [UInt8] = []
    fileprivate var units: [UInt32] = []
}

/// Writes one view: checks for room once and not for each byte, which is half of the normaliser's time.
///
/// The pointers are valid while ``TextView/write(atMost:using:_:)`` runs; its caller says how much it may write.
struct ViewCursor {
    fileprivate let bytes: UnsafeMutablePointer<UInt8>
    fileprivate let units: UnsafeMutablePointer<UInt32>
    fileprivate let capacity: Int
    private(set) var count = 0

    fileprivate init(bytes: UnsafeMutablePointer<UInt8>, units: UnsafeMutablePointer<UInt32>, capacity: Int) {
        self.bytes = bytes
        self.units = units
        self.capacity = capacity
    }

    @inline(__always)
    mutating func append(_ scalar: UInt32, unit: Int) {
        if scalar < 0x80 { return put(UInt8(truncatingIfNeeded: scalar), unit) }
        let tail = UInt8(truncatingIfNeeded: scalar & 0x3F | 0x80)
        if scalar < 0x800 {
            put(UInt8(truncatingIfNeeded: scalar >> 6 | 0xC0), unit)
            return put(tail, unit)
        }
        if scalar < 0x1_0000 {
            put(UInt8(truncatingIfNeeded: scalar >> 12 | 0xE0), unit)
        } else {
            put(UInt8(truncatingIfNeeded: scalar >> 18 | 0xF0), unit)
            put(UInt8(truncatingIfNeeded: scalar >> 12 & 0x3F | 0x80), unit)
        }
        put(UInt8(truncatingIfNeeded: scalar >> 6 & 0x3F | 0x80), unit)
        put(tail, unit)
    }

    /// Makes the byte written last another ASCII character.
    mutating func replaceLast(_ byte: UInt8) { if count > 0 { bytes[count - 1] = byte } }

    @inline(__always)
    private mutating func put(_ byte: UInt8, _ unit: Int) {
        precondition(count < capacity, "a view is longer than its writer said")
        bytes[count] = byte
        units[count] = UInt32(truncatingIfNeeded: unit)
        count += 1
    }
}

extension TextView {
    /// Replaces the view by what `body` writes, at most `capacity` bytes.
    @inline(__always)
    mutating func write(atMost capacity: Int, using workspace: inout ViewWorkspace, _ body: (inout ViewCursor) -> Void)
    {
        bytes.removeAll(keepingCapacity: true)
        unitOf.removeAll(keepingCapacity: true)
        guard capacity > 0 else { return }
        if workspace.bytes.count < capacity {
            workspace.bytes = Array(repeating: 0, count: max(1_024, capacity))
            workspace.units = Array(repeating: 0, count: max(1_024, capacity))
        }
        workspace.bytes.withUnsafeMutableBufferPointer { bytes in
            workspace.units.withUnsafeMutableBufferPointer { units in
                guard let first = bytes.baseAddress, let firstUnit = units.baseAddress else { return }
                var cursor = ViewCursor(bytes: first, units: firstUnit, capacity: bytes.count)
                body(&cursor)
                self.bytes.append(contentsOf: UnsafeBufferPointer(start: first, count: cursor.count))
                self.unitOf.append(contentsOf: UnsafeBufferPointer(start: firstUnit, count: cursor.count))
            }
        }
    }
}
