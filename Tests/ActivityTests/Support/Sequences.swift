import Foundation

/// The random histories that every property is tried on, by their seeds.
///
/// Few for the one who works on the tracker, from seed 0; `deploy/test` asks for ten thousand, and from another seed every
/// time, which it prints.
enum Sequences {
    static let first = number("LYCEUM_TEST_SEED") ?? 0
    static let count = number("LYCEUM_TEST_SEQUENCES") ?? 300
    static var seeds: Range<UInt64> { first..<first + count }

    private static func number(_ name: String) -> UInt64? {
        ProcessInfo.processInfo.environment[name].flatMap { UInt64($0) }
    }
}
