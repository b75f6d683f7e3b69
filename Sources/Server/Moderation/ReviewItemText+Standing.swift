import LyceumProtocol

/// Review items for those who moderate single rooms, as everybody does who has made one.
///
/// An author's standing (trust, strikes, what is proposed because of them) and what it added to a verdict's score come
/// from the whole community, private rooms included. They are for the community's moderators, as in `member.history`.
extension ReviewItemText {
    private static let standing: Set<String> = ["trust", "strikes", "posts", "since"]

    /// An event of the review stream without its author's standing; `nil` for one that cannot be read, so that nothing is
    /// told by mistake.
    static func withoutStanding(event: [UInt8]) -> [UInt8]? {
        event.withUnsafeBytes { bytes in
            guard let parsed = try? JSONObject(parsing: bytes) else { return nil }
            return object { json in
                copy(parsed, to: &json) { name, value, json in
                    guard name == "item", let item = try? JSONObject(value) else { return json.raw(value.rawBytes) }
                    json.object { writeWithoutStanding(item, to: &$0) }
                }
            }
        }
    }

    /// The fields of an item without its author's standing.
    static func writeWithoutStanding(_ item: [UInt8], to json: inout JSONWriter) {
        item.withUnsafeBytes { bytes in
            guard let item = try? JSONObject(parsing: bytes) else { return }
            writeWithoutStanding(item, to: &json)
        }
    }

    private static func writeWithoutStanding(_ item: JSONObject, to json: inout JSONWriter) {
        copy(item, without: ["proposed"], to: &json) { name, value, json in
            guard name == "member" || name == "verdict", let inner = try? JSONObject(value) else {
                return json.raw(value.rawBytes)
            }
            json.object { json in
                if name == "verdict" { return writeVerdict(inner, to: &json) }
                copy(inner, without: standing, to: &json) { $2.raw($1.rawBytes) }
            }
        }
    }

    private static func writeVerdict(_ verdict: JSONObject, to json: inout JSONWriter) {
        let reasons = verdict["reasons"]?.elements ?? []
        let added = reasons.compactMap(score(ofStanding:)).reduce(0, +)
        copy(verdict, to: &json) { name, value, json in
            switch name {
            case "reasons": json.array(reasons.filter { score(ofStanding: $0) == nil }) { $0.raw($1.rawBytes) }
            case "score": json.value((value.number ?? 0) - added)
            default: json.raw(value.rawBytes)
            }
        }
    }

    /// What a reason that is the author's standing added; `nil` for other reasons.
    private static func score(ofStanding reason: JSONValue) -> Double? {
        (try? JSONObject(reason))?["standing"]?.number
    }

    private static func copy(
        _ object: JSONObject, without left: Set<String> = [], to json: inout JSONWriter,
        _ writeValue: (String, JSONValue, inout JSONWriter) -> Void
    ) {
        for name in object.keys where !left.contains(name) {
            guard let value = object[dynamic: name] else { continue }
            json.name(dynamic: name)
            writeValue(name, value, &json)
        }
    }
}
