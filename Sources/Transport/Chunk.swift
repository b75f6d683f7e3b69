/// Immutable bytes of one or more whole, already framed server-to-client frames.
///
/// Frame an event once and give the same chunk to every recipient: the bytes are shared, never copied for one
/// recipient alone and never written to, so a chunk may go to connections on several event loops at once.
public final class Chunk: Sendable {
    let bytes: [UInt8]

    /// The length on the wire, frame headers included.
    public var byteCount: Int { bytes.count }

    /// Wraps bytes that are already framed, such as several calls of ``FrameEncoder/appendText(_:to:)-([UInt8],_)``.
    public init(framed bytes: [UInt8]) {
        self.bytes = bytes
    }

    /// One chunk of several text messages, each in a frame of its own, in order.
    public convenience init(texts payloads: [[UInt8]]) {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(payloads.reduce(0) { $0 + FrameEncoder.frameLength(payloadBytes: $1.count) })
        for payload in payloads { FrameEncoder.appendText(payload, to: &bytes) }
        self.init(framed: bytes)
    }

    /// One text message, which must be valid UTF-8.
    public static func text(_ payload: [UInt8]) -> Chunk { Chunk(texts: [payload]) }

    /// One text message, which must be valid UTF-8; the bytes are copied.
    public static func text(_ payload: UnsafeRawBufferPointer) -> Chunk {
        var bytes: [UInt8] = []
        FrameEncoder.appendText(payload, to: &bytes)
        return Chunk(framed: bytes)
    }
}
