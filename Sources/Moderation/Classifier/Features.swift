/// The distinct features of one text: what the classifier counts, and where each stands in the text.
public struct Features: Sendable, Equatable {
    /// One 64-bit hash a feature, without duplicates.
    public internal(set) var hashes: [UInt64] = []
    /// For each hash that of what the Han characters sound like which it stands for; 0 for others. See
    /// ``CountTable/letSoundsSpeak(_:_:_:)``.
    var sounds: [UInt64] = []
    /// One more than the place of the last Han character among the tokens; 0 without any.
    var hanTokens = 0
    /// What each hash stands for, in the same order.
    public internal(set) var origins: [Origin] = []

    /// Words whose letters stood apart, in the order of the text.
    var chains: [Chain] = []
    /// How many features have no part in a chain; they come first. The others are what the chains are as written.
    var outsideChains = 0

    public init() {}
    public var count: Int { hashes.count }

    /// A word whose letters stood apart, so that nobody can tell whether it is one; see ``ChainReader``.
    struct Chain: Sendable, Equatable {
        /// Index in ``NormalisedText/tokens``.
        var token: Int
        var letters: [UInt32]
        /// Whether one of the letters was drawn out.
        var isDrawnOut: Bool
        /// What neighbours know its own neighbours by.
        var before: UInt64?
        var after: UInt64?
    }

    mutating func append(_ hash: UInt64, _ origin: Origin) {
        hashes.append(hash)
        sounds.append(0)
        origins.append(origin)
    }

    /// What a feature was made from.
    public struct Origin: Sendable, Equatable {
        public enum Kind: UInt8, Sendable {
            case word, single, pair, skippingPair, triple, fragment, digits, sound
            case length, digitCount, capitals, link
        }
        public var kind: Kind
        /// First and last token of ``NormalisedText/tokens`` that it covers; for a shape, both are its value.
        public var first: UInt32
        public var last: UInt32

        @inline(__always)
        init(_ kind: Kind, _ first: Int, _ last: Int) {
            self.kind = kind
            self.first = UInt32(truncatingIfNeeded: first)
            self.last = UInt32(truncatingIfNeeded: last)
        }
    }
}

/// The hash of every feature: wyhash's multiply-and-fold (Wang Yi, "wyhash", final version 4), twice.
///
/// These values are stored in snapshots and logs: to change them is to change ``FeatureExtractor/version``.
enum FeatureHash {
    @inline(__always)
    static func fold(_ a: UInt64, _ b: UInt64) -> UInt64 {
        let product = (a ^ 0xA076_1D64_78BD_642F).multipliedFullWidth(by: b ^ 0xE703_7ED1_A0B4_28DB)
        return product.high ^ product.low
    }

    @inline(__always)
    static func of(_ kind: Features.Origin.Kind, _ a: UInt64, _ b: UInt64 = 0) -> UInt64 {
        fold(fold(a, b), UInt64(kind.rawValue) &* 0x9E37_79B9_7F4A_7C15 ^ a)
    }

    static func of(_ bytes: some Sequence<UInt8>) -> UInt64 { bytes.reduce(1) { fold($0, UInt64($1)) } }
}
