/// A file's name as people read it. It is never a path: files are stored under ids of our own.
enum FileName {
    /// In Unicode scalars.
    static let longest = 120

    /// - Parameter header: Percent-encoded UTF-8, as the upload's header carries it.
    /// - Returns: `nil` for what is no encoding of a text.
    static func clean(_ header: String) -> String? {
        guard let text = decode(header) else { return nil }
        let last = text.split(whereSeparator: { $0 == "/" || $0 == "\\" }).last.map(String.init) ?? ""
        var scalars = String.UnicodeScalarView()
        for scalar in last.unicodeScalars where isShown(scalar) { scalars.append(scalar) }
        // Leading dots hide files, and ends of dots and spaces are dropped by some systems.
        let trimmed = String(scalars).drop { $0 == "." || $0 == " " }.reversed().drop { $0 == "." || $0 == " " }
        return shorten(String(trimmed.reversed()))
    }

    /// Controls, and what reorders or hides characters, so that `exe` cannot pass for the end of another name.
    private static func isShown(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.properties.generalCategory {
        case .control, .format, .surrogate, .privateUse, .unassigned, .lineSeparator, .paragraphSeparator: false
        default: true
        }
    }

    /// Keeps the ending, which says what the file is.
    private static func shorten(_ name: String) -> String {
        guard !name.isEmpty else { return "file" }
        let scalars = Array(name.unicodeScalars)
        guard scalars.count > longest else { return name }
        let ending = scalars.lastIndex(of: ".").map { scalars[$0...] } ?? []
        let kept = ending.count <= 16 ? ending : []
        var short = String.UnicodeScalarView()
        short.append(contentsOf: scalars.prefix(longest - kept.count))
        short.append(contentsOf: kept)
        return String(short)
    }

    private static func decode(_ text: String) -> String? {
        var bytes: [UInt8] = []
        var rest = text.utf8[...]
        while let byte = rest.popFirst() {
            guard byte == UInt8(ascii: "%") else {
                bytes.append(byte)
                continue
            }
            guard let high = rest.popFirst().flatMap(hexadecimal), let low = rest.popFirst().flatMap(hexadecimal) else {
                return nil
            }
            bytes.append(high << 4 | low)
        }
        return String(validating: bytes, as: UTF8.self)
    }

    private static func hexadecimal(_ byte: UInt8) -> UInt8? {
        Character(Unicode.Scalar(byte)).hexDigitValue.map { UInt8($0) }
    }

    /// The parameters of `Content-Disposition` (RFC 6266 with RFC 8187).
    static func disposition(_ name: String) -> String {
        let plain = name.unicodeScalars.map { scalar -> Character in
            let isSafe = scalar.isASCII && scalar.value >= 0x20 && !["\"", "\\", "%", ";"].contains(scalar)
            return isSafe ? Character(scalar) : "_"
        }
        let encoded = name.utf8.map { byte in
            let scalar = Unicode.Scalar(byte)
            let isPlain = scalar.isASCII && (scalar.properties.isAlphabetic || ("0"..."9").contains(scalar))
            if isPlain || [".", "-", "_"].contains(scalar) { return String(Character(scalar)) }
            return "%" + (byte < 16 ? "0" : "") + String(byte, radix: 16, uppercase: true)
        }
        return "filename=\"\(String(plain))\"; filename*=UTF-8''\(encoded.joined())"
    }
}
