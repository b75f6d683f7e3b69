/// Small files of the formats that are told apart, made here byte by byte.
public enum SampleFiles {
    /// A place, as phones write it into pictures.
    public static let secret = "GPS-31.2304N-121.4737E"

    // MARK: PNG

    /// - Parameter extras: Chunks between the header and the data.
    public static func png(width: UInt32 = 2, height: UInt32 = 2, extras: [(String, [UInt8])] = []) -> [UInt8] {
        var bytes: [UInt8] = [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A]
        bytes += chunk("IHDR", all(big(width), big(height), [8, 2, 0, 0, 0]))
        for (name, data) in extras { bytes += chunk(name, data) }
        // zlib's form of a few stored bytes; nobody here decodes them.
        bytes += chunk("IDAT", [0x78, 0x01, 0x01, 0x02, 0x00, 0xFD, 0xFF, 0x00, 0x00, 0x00, 0x02, 0x00, 0x01])
        return bytes + chunk("IEND", [])
    }

    private static func chunk(_ name: String, _ data: [UInt8]) -> [UInt8] {
        let body = Array(name.utf8) + data
        return all(big(UInt32(data.count)), body, big(crc(body)))
    }

    /// CRC-32 as PNG defines it (annex D).
    private static func crc(_ bytes: [UInt8]) -> UInt32 {
        ~bytes.reduce(0xFFFF_FFFF as UInt32) { sum, byte in
            (0..<8).reduce(sum ^ UInt32(byte)) { value, _ in value & 1 == 1 ? 0xEDB8_8320 ^ value >> 1 : value >> 1 }
        }
    }

    // MARK: JPEG

    /// - Parameter orientation: Told by Exif, beside the ``secret``.
    public static func jpeg(
        width: UInt16 = 40, height: UInt16 = 30, orientation: UInt8 = 1, trailing: [UInt8] = []
    ) -> [UInt8] {
        var bytes: [UInt8] = [0xFF, 0xD8]
        bytes += segment(0xE0, all(Array("JFIF\0".utf8), [1, 1, 0, 0, 1, 0, 1, 0, 0]))
        bytes += segment(0xE1, exif(orientation))
        bytes += segment(0xE1, Array("http://ns.adobe.com/xap/1.0/\0\(secret)".utf8))
        bytes += segment(0xED, Array("Photoshop 3.0\0\(secret)".utf8))
        bytes += segment(0xFE, Array(secret.utf8))
        bytes += segment(0xDB, [UInt8](repeating: 1, count: 65))
        bytes += segment(0xC0, all([8], big(height), big(width), [1, 1, 0x11, 0]))
        bytes += segment(0xC4, [UInt8](repeating: 0, count: 17))
        bytes += segment(0xDA, [1, 1, 0, 0, 63, 0])
        bytes += [0x12, 0xFF, 0x00, 0x34, 0xFF, 0xD0, 0x56]
        return all(bytes, [0xFF, 0xD9], trailing)
    }

    private static func segment(_ marker: UInt8, _ data: [UInt8]) -> [UInt8] {
        all([0xFF, marker], big(UInt16(data.count + 2)), data)
    }

    private static func exif(_ orientation: UInt8) -> [UInt8] {
        let camera = all(Array(secret.utf8), [0])
        var tiff = all(Array("II*\0".utf8), [8, 0, 0, 0, 2, 0])
        tiff += [0x0F, 0x01, 2, 0, UInt8(camera.count), 0, 0, 0, 38, 0, 0, 0]
        tiff += [0x12, 0x01, 3, 0, 1, 0, 0, 0, orientation, 0, 0, 0]
        return all(Array("Exif\0\0".utf8), tiff, [0, 0, 0, 0], camera)
    }

    // MARK: GIF and WebP

    public static func gif(width: UInt16 = 3, height: UInt16 = 3, trailing: [UInt8] = []) -> [UInt8] {
        let hidden = Array(secret.utf8)
        return all(
            Array("GIF89a".utf8), little(width), little(height), [0x80, 0, 0, 0, 0, 0, 255, 255, 255],
            [0x21, 0xFF, 11], Array("NETSCAPE2.0".utf8), [3, 1, 0, 0, 0],
            [0x21, 0xFE, UInt8(hidden.count)], hidden, [0],
            [0x21, 0xFF, 11], Array("XMP DataXMP".utf8), [UInt8(hidden.count)], hidden, [0],
            [0x21, 0xF9, 4, 0, 10, 0, 0, 0],
            [0x2C, 0, 0, 0, 0], little(width), little(height), [0, 2, 2, 0x4C, 0x01, 0],
            [0x3B], trailing)
    }

    public static func webp(width: Int = 16, height: Int = 9) -> [UInt8] {
        let packed = (width - 1) | (height - 1) << 14
        let body = all(
            Array("WEBP".utf8),
            riff("VP8X", all([0x0C, 0, 0, 0], little(width - 1, bytes: 3), little(height - 1, bytes: 3))),
            riff("VP8L", all([0x2F], little(packed, bytes: 4), [0, 1, 2])),
            riff("EXIF", exif(6)), riff("XMP ", Array(secret.utf8)))
        return all(Array("RIFF".utf8), little(body.count, bytes: 4), body)
    }

    private static func riff(_ name: String, _ data: [UInt8]) -> [UInt8] {
        let padding: [UInt8] = data.count % 2 == 1 ? [0] : []
        return all(Array(name.utf8), little(data.count, bytes: 4), data, padding)
    }

    private static func all(_ parts: [UInt8]...) -> [UInt8] { parts.flatMap(\.self) }

    private static func little(_ number: Int, bytes: Int) -> [UInt8] {
        (0..<bytes).map { UInt8(truncatingIfNeeded: number >> (8 * $0)) }
    }

    private static func big(_ number: UInt32) -> [UInt8] { withUnsafeBytes(of: number.bigEndian) { Array($0) } }
    private static func big(_ number: UInt16) -> [UInt8] { withUnsafeBytes(of: number.bigEndian) { Array($0) } }
    private static func little(_ number: UInt16) -> [UInt8] { withUnsafeBytes(of: number.littleEndian) { Array($0) } }
}

extension Array<UInt8> {
    /// Whether the bytes of a text stand in it.
    public func contains(_ text: String) -> Bool {
        let wanted = Array(text.utf8)
        guard count >= wanted.count else { return false }
        return (0...(count - wanted.count)).contains { self[$0..<$0 + wanted.count].elementsEqual(wanted) }
    }
}
