/// WebSocket frames (RFC 6455 section 5) as a client writes them, masked.
public enum ClientFrame {
    public static let text: UInt8 = 1
    public static let binary: UInt8 = 2
    public static let close: UInt8 = 8
    public static let ping: UInt8 = 9
    public static let pong: UInt8 = 10

    /// Appends one whole frame. The mask is fixed: it protects intermediaries, of which a load has none.
    public static func append(_ opcode: UInt8, _ payload: some Collection<UInt8>, to out: inout [UInt8]) {
        let mask: [UInt8] = [0x3A, 0x7F, 0x19, 0xC4]
        out.append(0x80 | opcode)
        switch payload.count {
        case ..<126: out.append(0x80 | UInt8(payload.count))
        case ..<65_536:
            out.append(0x80 | 126)
            out.append(UInt8(payload.count >> 8))
            out.append(UInt8(payload.count & 0xFF))
        default:
            out.append(0x80 | 127)
            for shift in stride(from: 56, through: 0, by: -8) { out.append(UInt8(payload.count >> shift & 0xFF)) }
        }
        out.append(contentsOf: mask)
        for (index, byte) in payload.enumerated() { out.append(byte ^ mask[index & 3]) }
    }
}

/// A server's frame as it stands in received bytes.
struct ServerFrame {
    let opcode: UInt8
    let payload: Range<Int>

    /// The frame that begins at `start`, or `nil` if it has not come whole.
    @inline(__always)
    init?(in bytes: UnsafeRawBufferPointer, at start: Int) {
        let available = bytes.count - start
        guard available >= 2 else { return nil }
        opcode = bytes[start] & 15
        var (length, header) = (Int(bytes[start + 1] & 127), 2)
        if length == 126 {
            guard available >= 4 else { return nil }
            length = Int(bytes[start + 2]) << 8 | Int(bytes[start + 3])
            header = 4
        } else if length == 127 {
            guard available >= 10 else { return nil }
            length = 0
            for index in 2..<10 { length = length << 8 | Int(bytes[start + index]) }
            header = 10
        }
        guard available - header >= length else { return nil }
        payload = start + header..<start + header + length
    }
}
