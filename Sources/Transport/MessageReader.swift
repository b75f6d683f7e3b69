/// Turns received bytes into WebSocket messages and control frames, strict by RFC 6455.
///
/// Pure: it never touches a socket. Frames are read where they lie and unmasked in place, so an unfragmented message
/// is never copied. Memory is bounded: the caller keeps at most one incomplete frame, this at most one message.
struct MessageReader {
    enum Event {
        case text(UnsafeRawBufferPointer)
        case binary(UnsafeRawBufferPointer)
        /// A message that came in fragments is complete; ``takeAssembled()`` hands it over.
        case assembled(isText: Bool)
        /// More of a message that is not complete yet.
        case fragment
        case ping(UnsafeRawBufferPointer)
        case pong
        /// `code` is nil if the peer gave none.
        case close(code: UInt16?, reason: String)
    }

    /// Whether the peer is a client, whose frames must be masked; a server's must not be.
    let peerIsClient: Bool
    /// Most bytes in one message, over all its fragments.
    let messageLimit: Int
    /// The opcode of the message whose fragments are being collected.
    private var assembling: Opcode?
    private var assembled: [UInt8] = []

    init(peerIsClient: Bool, messageLimit: Int) {
        self.peerIsClient = peerIsClient
        self.messageLimit = messageLimit
    }

    /// Reads the frame at the start of `bytes`.
    ///
    /// - Returns: What the frame means and its length, or `nil` if it is not whole yet. Payloads point into `bytes`.
    /// - Throws: ``FrameViolation`` as early as the frame's header when that is what is wrong.
    mutating func next(
        in bytes: UnsafeMutableRawBufferPointer
    ) throws(FrameViolation) -> (event: Event, byteCount: Int)? {
        guard let frame = try Frame.readHeader(UnsafeRawBufferPointer(bytes)) else { return nil }
        try check(frame)
        let byteCount = frame.headerLength + frame.payloadLength
        guard bytes.count >= byteCount else { return nil }
        let payload = UnsafeMutableRawBufferPointer(rebasing: bytes[frame.headerLength..<byteCount])
        if let mask = frame.mask { Masking.apply(mask, to: payload) }
        return (try event(of: frame, UnsafeRawBufferPointer(payload)), byteCount)
    }

    /// The message that ``Event/assembled(isText:)`` announced.
    mutating func takeAssembled() -> [UInt8] {
        defer { assembled = [] }
        return assembled
    }

    private func check(_ frame: Frame) throws(FrameViolation) {
        guard (frame.mask != nil) == peerIsClient else {
            throw .protocolError(peerIsClient ? "frame is not masked" : "frame is masked")
        }
        switch frame.opcode {
        case .continuation:
            guard assembling != nil else { throw .protocolError("continuation of nothing") }
        case .text, .binary:
            guard assembling == nil else { throw .protocolError("new message inside a fragmented one") }
        case .close, .ping, .pong:
            return
        }
        guard frame.payloadLength <= messageLimit - assembled.count else { throw .messageTooBig }
    }

    private mutating func event(
        of frame: Frame, _ payload: UnsafeRawBufferPointer
    ) throws(FrameViolation) -> Event {
        switch frame.opcode {
        case .text where frame.isFinal:
            guard UTF8Check.isValid(payload) else { throw .invalidText }
            return .text(payload)
        case .binary where frame.isFinal: return .binary(payload)
        case .text, .binary, .continuation: return try collect(frame, payload)
        case .ping: return .ping(payload)
        case .pong: return .pong
        case .close: return try close(payload)
        }
    }

    private mutating func collect(
        _ frame: Frame, _ payload: UnsafeRawBufferPointer
    ) throws(FrameViolation) -> Event {
        let opcode = assembling ?? frame.opcode
        assembling = opcode
        assembled.append(contentsOf: payload)
        guard frame.isFinal else { return .fragment }
        assembling = nil
        guard opcode == .text else { return .assembled(isText: false) }
        guard assembled.withUnsafeBytes(UTF8Check.isValid) else { throw .invalidText }
        return .assembled(isText: true)
    }

    private func close(_ payload: UnsafeRawBufferPointer) throws(FrameViolation) -> Event {
        guard !payload.isEmpty else { return .close(code: nil, reason: "") }
        guard payload.count >= 2 else { throw .protocolError("close code is cut short") }
        let code = UInt16(payload[0]) << 8 | UInt16(payload[1])
        guard CloseCode.isAllowedOnWire(code) else { throw .protocolError("close code is not allowed") }
        let reason = UnsafeRawBufferPointer(rebasing: payload[2...])
        guard UTF8Check.isValid(reason) else { throw .invalidText }
        return .close(code: code, reason: String(decoding: reason, as: UTF8.self))
    }
}

enum UTF8Check {
    /// Whether the bytes are well-formed UTF-8 (no surrogates, nothing overlong, nothing above U+10FFFF).
    static func isValid(_ bytes: UnsafeRawBufferPointer) -> Bool {
        bytes.withMemoryRebound(to: UInt8.self) { buffer in
            do {
                _ = try UTF8Span(validating: buffer.span)
                return true
            } catch {
                return false
            }
        }
    }
}
