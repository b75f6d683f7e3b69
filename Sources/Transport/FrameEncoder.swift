/// Writes server-to-client WebSocket frames (RFC 6455 section 5.2): final, unmasked, no extension.
public enum FrameEncoder {
    /// Appends one text frame that carries `payload`, which must be valid UTF-8.
    public static func appendText(_ payload: UnsafeRawBufferPointer, to bytes: inout [UInt8]) {
        append(.text, payload, mask: nil, to: &bytes)
    }

    /// Appends one text frame that carries `payload`, which must be valid UTF-8.
    public static func appendText(_ payload: [UInt8], to bytes: inout [UInt8]) {
        payload.withUnsafeBytes { append(.text, $0, mask: nil, to: &bytes) }
    }

    /// The length of the frame that carries a payload of `payloadBytes` bytes.
    public static func frameLength(payloadBytes: Int) -> Int {
        payloadBytes + (payloadBytes < 126 ? 2 : payloadBytes <= 0xffff ? 4 : 10)
    }

    /// Appends one frame; with `mask` the payload is masked, as RFC 6455 section 5.3 asks of clients.
    static func append(_ opcode: Opcode, _ payload: UnsafeRawBufferPointer, mask: UInt32?, to bytes: inout [UInt8]) {
        let length = payload.count
        // Only at the beginning: later it would keep a buffer of many frames from growing geometrically.
        if bytes.isEmpty { bytes.reserveCapacity(length + 14) }
        bytes.append(0x80 | opcode.rawValue)
        let maskBit: UInt8 = mask == nil ? 0 : 0x80
        if length < 126 {
            bytes.append(maskBit | UInt8(length))
        } else if length <= 0xffff {
            bytes.append(maskBit | 126)
            bytes.append(UInt8(length >> 8))
            bytes.append(UInt8(length & 0xff))
        } else {
            bytes.append(maskBit | 127)
            for shift in stride(from: 56, through: 0, by: -8) { bytes.append(UInt8(length >> shift & 0xff)) }
        }
        guard let mask else {
            bytes.append(contentsOf: payload)
            return
        }
        withUnsafeBytes(of: mask) { bytes.append(contentsOf: $0) }
        let start = bytes.count
        bytes.append(contentsOf: payload)
        bytes.withUnsafeMutableBytes { Masking.apply(mask, to: .init(rebasing: $0[start...])) }
    }

    /// Appends a close frame; a reason longer than 123 bytes, the most that fits, is cut at a character.
    static func appendClose(code: UInt16, reason: String, mask: UInt32?, to bytes: inout [UInt8]) {
        var payload = [UInt8(code >> 8), UInt8(code & 0xff)]
        for character in reason {
            guard payload.count + character.utf8.count <= Frame.maximumControlPayload else { break }
            payload.append(contentsOf: character.utf8)
        }
        payload.withUnsafeBytes { append(.close, $0, mask: mask, to: &bytes) }
    }
}

/// XOR masking of payloads, RFC 6455 section 5.3; the mask's bytes are in memory order.
enum Masking {
    static func apply(_ mask: UInt32, to payload: UnsafeMutableRawBufferPointer) {
        let wide = UInt64(mask) << 32 | UInt64(mask)
        var offset = 0
        while offset + 8 <= payload.count {
            let word = payload.loadUnaligned(fromByteOffset: offset, as: UInt64.self)
            payload.storeBytes(of: word ^ wide, toByteOffset: offset, as: UInt64.self)
            offset += 8
        }
        withUnsafeBytes(of: mask) { key in
            for index in offset..<payload.count { payload[index] ^= key[index & 3] }
        }
    }
}
