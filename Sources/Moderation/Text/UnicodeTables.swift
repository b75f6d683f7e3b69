/// Everything the normaliser knows of Unicode: one record a code point in shared pages of 256, built once from ICU.
///
/// Immutable after `init`. About 3 MB; building takes 0.2–0.3 s, most of it ICU's Han-Latin transliterator.
final class UnicodeTables: Sendable {
    static let shared = UnicodeTables()

    /// Page number of each block of 256 code points.
    let pageOf: [UInt16]
    let records: [CodePoint]
    /// Mappings to more than one scalar.
    let pool: [UInt32]
    /// Toneless pinyin syllables in ASCII; index 0 is empty.
    let syllables: [[UInt8]]
    /// Primary composites by `first << 32 | mark`.
    let composites: [UInt64: UInt32]
    /// Characters that were written as their two halves, by `left << 32 | right`.
    let splitHan: [UInt64: UInt32]

    private init() {
        var builder = UnicodeTablesBuilder()
        builder.build()
        pageOf = builder.pageOf
        records = builder.records
        pool = builder.pool
        syllables = builder.syllables
        composites = builder.composites
        splitHan = Dictionary(
            LookAlikes.splitHan.map { (UInt64($0.0.value) << 32 | UInt64($0.1.value), $0.2.value) },
            uniquingKeysWith: { first, _ in first })
    }

    subscript(scalar: UInt32) -> CodePoint {
        records[Int(pageOf[Int(scalar >> 8)]) << 8 | Int(scalar & 0xFF)]
    }

    /// Both arrays without their bounds checks. The indices are in bounds for every scalar up to U+10FFFF, since all
    /// 0x1100 blocks have a page number below the number of pages, and the pointers live as long as the call.
    struct Lookup {
        let pageOf: UnsafePointer<UInt16>
        let records: UnsafePointer<CodePoint>

        @inline(__always)
        subscript(scalar: UInt32) -> CodePoint {
            records[Int(pageOf[Int(scalar >> 8)]) << 8 | Int(scalar & 0xFF)]
        }
    }

    func withLookup(_ body: (Lookup) -> Void) {
        pageOf.withUnsafeBufferPointer { pages in
            records.withUnsafeBufferPointer { records in
                guard let pages = pages.baseAddress, let records = records.baseAddress else { return }
                body(Lookup(pageOf: pages, records: records))
            }
        }
    }

    func scalars(of mapped: Mapped) -> ArraySlice<UInt32> {
        if mapped.isSingle { return mapped == .nothing ? [] : [mapped.rawValue] }
        return pool[mapped.poolOffset..<mapped.poolOffset + mapped.count]
    }

    /// The primary composite of a starter and a mark or jamo (UAX #15, with the Hangul arithmetic), or nil.
    func composite(_ first: UInt32, _ second: UInt32) -> UInt32? {
        if (0x1100...0x1112).contains(first), (0x1161...0x1175).contains(second) {
            return 0xAC00 + ((first - 0x1100) * 21 + (second - 0x1161)) * 28
        }
        if (0xAC00...0xD7A3).contains(first), (first - 0xAC00).isMultiple(of: 28), (0x11A8...0x11C2).contains(second) {
            return first + (second - 0x11A7)
        }
        return composites[UInt64(first) << 32 | UInt64(second)]
    }
}
