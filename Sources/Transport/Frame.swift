/// What a WebSocket frame is for (RFC 6455 section 5.2).
enum Opcode: UInt8 {
    case continuation = 0x0
    case text = 0x1
    case binary = 0x2
    case close = 0x8
    case ping = 0x9
    case pong = 0xa

    var isControl: Bool { rawValue & 0x8 != 0 }
}

/// A rule of RFC 6455 that a peer broke, with the close code that answers it (section 7.4.1).
struct FrameViolation: Error, Equatable {
    let code: UInt16
    let reason: String

    static func protocolError(_ reason: String) -> Self { .init(code: 1002, reason: reason) }
    static let invalidText = Self(code: 1007, reason: "text is not valid UTF-8")
    static let messageTooBig = Self(code: 1009, reason: "message is too big")
}

/// The header of one frame.
///
/// Which peer must mask is for the reader to say, since servers must and clients must not receive masked frames.
struct Frame: Equatable {
    /// Most bytes of payload in a close, ping or pong (section 5.5).
    static let maximumControlPayload = 125

    let opcode: Opcode
    let isFinal: Bool
    /// The mask's four bytes in memory order; nil if the frame is not masked.
    let mask: UInt32?
    let headerLength: Int
    let payloadLength: Int

    /// Reads the header at the start of `bytes`.
    ///
    /// - Returns: `nil` if more bytes are needed to know.
    /// - Throws: ``FrameViolation`` as soon as the bytes at hand prove one, even if the header is not complete.
    static func readHeader(_ bytes: UnsafeRawBufferPointer) throws(FrameViolation) -> Frame? {
        guard let first = bytes.first else { return nil }
        guard first & 0x70 == 0 else { throw .protocolError("reserved bits are set") }
        guard let opcode = Opcode(rawValue: first & 0x0f) else { throw .protocolError("reserved opcode") }
        let isFinal = first & 0x80 != 0
        guard isFinal || !opcode.isControl else { throw .protocolError("control frame is fragmented") }
        guard bytes.count >= 2 else { return nil }
        let isMasked = bytes[1] & 0x80 != 0
        let shortLength = Int(bytes[1] & 0x7f)
        guard !opcode.isControl || shortLength <= maximumControlPayload else {
            throw .protocolError("control frame is too long")
        }
        let lengthBytes = shortLength == 126 ? 2 : shortLength == 127 ? 8 : 0
        guard bytes.count >= 2 + lengthBytes else { return nil }
        let length = try payloadLength(shortLength, UnsafeRawBufferPointer(rebasing: bytes[2..<2 + lengthBytes]))
        let headerLength = 2 + lengthBytes + (isMasked ? 4 : 0)
        guard bytes.count >= headerLength else { return nil }
        let mask = isMasked ? bytes.loadUnaligned(fromByteOffset: 2 + lengthBytes, as: UInt32.self) : nil
        return Frame(
            opcode: opcode, isFinal: isFinal, mask: mask, headerLength: headerLength, payloadLength: length)
    }

    private static func payloadLength(
        _ shortLength: Int, _ extended: UnsafeRawBufferPointer
    ) throws(FrameViolation) -> Int {
        guard !extended.isEmpty else { return shortLength }
        var length: UInt64 = 0
        for byte in extended { length = length << 8 | UInt64(byte) }
        guard length <= UInt64(Int.max) else { throw .protocolError("length has its highest bit set") }
        guard length >= (extended.count == 2 ? 126 : 0x10000) else { throw .protocolError("length is not minimal") }
        return Int(length)
    }
}

/// The codes a peer may send in a close frame (RFC 6455 section 7.4).
enum CloseCode {
    static func isAllowedOnWire(_ code: UInt16) -> Bool {
        switch code {
        case 1000...1003, 1007...1014, 3000...4999: true
        default: false
        }
    }
}
