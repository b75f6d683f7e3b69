import Glibc
import LyceumProtocol

/// Who a text calls by `@name`, or everybody by `@room`.
public struct Mentions: Hashable, Sendable {
    /// The most members one message can call by name.
    public static let limit = 50

    public var members: [MemberID] = []
    public var wholeRoom = false

    public init() {}

    /// Finds the mentions in `text`; what is no member's name is just text.
    ///
    /// A name may stand directly before Han text without a space (`@张三你好`), so when the whole run of name
    /// characters names nobody, shorter beginnings of it are tried, longest first. None ends within a word of a script
    /// that writes spaces: `@roommate` calls neither the room nor a member `roo`.
    public init(in text: String, community: borrowing Community) {
        guard Self.mayStand(in: text) else { return }
        var rest = text.unicodeScalars[...]
        while let at = rest.firstIndex(of: "@"), members.count < Self.limit {
            rest = rest[rest.index(after: at)...]
            guard at == text.unicodeScalars.startIndex || !Self.joinsWord(before: at, in: text) else { continue }
            note(rest.prefix(while: NameRules.isNameScalar), in: community)
        }
    }

    /// Most texts call nobody, and are told so by their bytes.
    public static func mayStand(in text: String) -> Bool {
        let at = UInt8(ascii: "@")
        return text.utf8.withContiguousStorageIfAvailable { bytes in
            guard let start = bytes.baseAddress else { return false }
            return memchr(start, Int32(at), bytes.count) != nil
        } ?? text.utf8.contains(at)
    }

    /// `mail@example` is an address, not a mention.
    private static func joinsWord(before index: String.Index, in text: String) -> Bool {
        let previous = text.unicodeScalars[text.unicodeScalars.index(before: index)]
        return previous.isASCII && (previous.properties.isAlphabetic || ("0"..."9").contains(previous))
    }

    private mutating func note(_ run: Substring.UnicodeScalarView, in community: borrowing Community) {
        let scalars = Array(run.prefix(NameRules.length.upperBound + 1))
        for end in stride(from: min(scalars.count, NameRules.length.upperBound), to: 1, by: -1) {
            if end < scalars.count, Self.isLetterOfWord(scalars[end - 1]), Self.isLetterOfWord(scalars[end]) {
                continue
            }
            let candidate = String(String.UnicodeScalarView(scalars[..<end]))
            if candidate == "room" {
                wholeRoom = true
                return
            }
            if let member = community.member(named: candidate) {
                if !members.contains(member.id) { members.append(member.id) }
                return
            }
        }
    }

    /// Digits, and letters of the scripts with capitals: Latin, Greek, Cyrillic and their like, which write spaces.
    private static func isLetterOfWord(_ scalar: Unicode.Scalar) -> Bool {
        ("0"..."9").contains(scalar) || scalar.properties.isCased
    }
}
