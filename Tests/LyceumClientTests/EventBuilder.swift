import LyceumClient
import LyceumProtocol

/// Room events as a server would send them.
func roomEvent(
    _ name: String, room: Int64 = 1, seq: Int64, by: Int64 = 1, _ fields: (inout JSONWriter) -> Void = { _ in }
) throws -> Event {
    var json = JSONWriter()
    json.object { json in
        json.field("event", name)
        json.field("room", room)
        json.field("seq", seq)
        json.field("at", 1_000 + seq)
        json.field("by", by)
        fields(&json)
    }
    return try Event(JSONText(json.bytes))
}

/// Steele, Lea and Flood's generator: small, seeded, the same everywhere.
struct SplitMix64: RandomNumberGenerator {
    private var state: UInt64
    init(seed: UInt64) { state = seed }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }
}
