import Glibc

/// The 24 bytes in a posted text by which a delivery is known and timed, whatever envelope it comes in:
/// `^^`, the monotonic time in nanoseconds as 16 hexadecimal digits, 4 more that name the sender, `^^`.
///
/// A caret is rare in JSON envelopes, so `memchr` finds the marker in a few nanoseconds. It is no markup either: a text
/// between tildes would be struck, and every delivery would carry it a second time, in its tree.
enum Marker {
    static let length = 24
    private static let fence = UInt8(ascii: "^")

    static func write(time: UInt64, sender: Int, to target: UnsafeMutableRawBufferPointer) {
        target[0] = fence
        target[1] = fence
        writeHexadecimal(time, digits: 16, to: target, at: 2)
        writeHexadecimal(UInt64(sender & 0xFFFF), digits: 4, to: target, at: 18)
        target[22] = fence
        target[23] = fence
    }

    /// Calls `found` with the time of every marker in `bytes`.
    @inline(__always)
    static func scan(_ bytes: UnsafeRawBufferPointer, _ found: (UInt64) -> Void) {
        guard var position = bytes.baseAddress else { return }
        let end = position + bytes.count
        while end - position >= length, let hit = memchr(position, Int32(fence), end - position - length + 1) {
            let candidate = UnsafeRawPointer(hit)
            if candidate.load(fromByteOffset: 1, as: UInt8.self) == fence,
                candidate.load(fromByteOffset: 22, as: UInt8.self) == fence,
                candidate.load(fromByteOffset: 23, as: UInt8.self) == fence
            {
                found(hexadecimal(candidate + 2))
                position = candidate + length
            } else {
                position = candidate + 1
            }
        }
    }

    private static func writeHexadecimal(
        _ value: UInt64, digits: Int, to target: UnsafeMutableRawBufferPointer, at start: Int
    ) {
        for digit in 0..<digits {
            let nibble = UInt8(truncatingIfNeeded: value >> UInt64(4 * (digits - 1 - digit))) & 15
            target[start + digit] = nibble < 10 ? nibble + 48 : nibble + 87
        }
    }

    /// Sixteen digits at once: each byte becomes its nibble, then neighbours are joined pair by pair.
    @inline(__always)
    private static func hexadecimal(_ digits: UnsafeRawPointer) -> UInt64 {
        nibbles(digits.loadUnaligned(as: UInt64.self)) << 32
            | nibbles(digits.loadUnaligned(fromByteOffset: 8, as: UInt64.self))
    }

    @inline(__always)
    private static func nibbles(_ text: UInt64) -> UInt64 {
        // Letters have bit 6 set and count from 1 in their low four bits, digits from 0.
        let letters = (text & 0x4040_4040_4040_4040) >> 6
        var value = (text & 0x0F0F_0F0F_0F0F_0F0F) &+ letters &* 9
        value = value.byteSwapped
        value = (value | value >> 4) & 0x00FF_00FF_00FF_00FF
        value = (value | value >> 8) & 0x0000_FFFF_0000_FFFF
        return (value | value >> 16) & 0x0000_0000_FFFF_FFFF
    }
}
