import LyceumProtocol

/// A command's JSON with holes that are filled anew for every sending: `{id}`, `{room}`, `{nonce}`, `{text}`.
public struct CommandTemplate: Sendable {
    enum Part: Sendable {
        case literal([UInt8])
        case id, room, nonce, text
    }

    let parts: [Part]

    public init(_ template: String) {
        var parts: [Part] = []
        var rest = template[...]
        while let hit = Self.firstHole(in: rest) {
            parts.append(.literal(Array(rest[..<hit.range.lowerBound].utf8)))
            parts.append(hit.part)
            rest = rest[hit.range.upperBound...]
        }
        self.parts = parts + [.literal(Array(rest.utf8))]
    }

    public static let post = CommandTemplate(
        #"{"id":{id},"do":"message.post","room":{room},"nonce":"{nonce}","text":"{text}"}"#)

    private static func firstHole(in text: Substring) -> (range: Range<String.Index>, part: Part)? {
        let holes: [(String, Part)] = [("{id}", .id), ("{room}", .room), ("{nonce}", .nonce), ("{text}", .text)]
        return holes.compactMap { name, part in text.range(of: name).map { ($0, part) } }
            .min { $0.range.lowerBound < $1.range.lowerBound }
    }
}

extension Substring {
    /// The first place where `needle` stands.
    fileprivate func range(of needle: String) -> Range<String.Index>? {
        var start = startIndex
        while start < endIndex {
            if self[start...].hasPrefix(needle) { return start..<index(start, offsetBy: needle.count) }
            start = index(after: start)
        }
        return nil
    }
}
