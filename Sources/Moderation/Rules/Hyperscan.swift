import CHyperscan
import Foundation

/// A compiled set of literals or expressions, immutable; many threads may scan with it, each with its own scratch.
///
/// Hyperscan and Vectorscan share this interface; either library serves.
final class HyperscanDatabase: @unchecked Sendable {
    // Never written after `init`; Hyperscan documents databases as read-only and safe to share between threads.
    fileprivate let database: OpaquePointer

    struct Failure: Error {
        /// Index of the expression at fault; nil if it is the set as a whole.
        let expression: Int?
        let message: String
    }

    private init(_ database: OpaquePointer) { self.database = database }

    deinit { hs_free_database(database) }

    /// Literal byte strings; reports every end of each.
    convenience init(literals: [[UInt8]]) throws(Failure) {
        let storage = CStrings(literals)
        let flags = [UInt32](repeating: 0, count: literals.count)
        let ids = (0..<UInt32(literals.count)).map { $0 }
        let lengths = literals.map(\.count)
        self.init(
            try Self.compiled { database, error in
                hs_compile_lit_multi(
                    storage.pointers, flags, ids, lengths, UInt32(literals.count), UInt32(HS_MODE_BLOCK), nil,
                    &database, &error)
            })
    }

    /// Regular expressions over UTF-8, letter case aside.
    ///
    /// - Parameter findsStart: Reports where each match begins, which costs memory and time, instead of once that there is one.
    convenience init(expressions: [String], findsStart: Bool) throws(Failure) {
        let storage = CStrings(expressions.map { Array($0.utf8) })
        let common = UInt32(HS_FLAG_UTF8 | HS_FLAG_CASELESS)
        let flag = common | UInt32(findsStart ? HS_FLAG_SOM_LEFTMOST : HS_FLAG_SINGLEMATCH)
        let flags = [UInt32](repeating: flag, count: expressions.count)
        let ids = (0..<UInt32(expressions.count)).map { $0 }
        self.init(
            try Self.compiled { database, error in
                hs_compile_multi(
                    storage.pointers, flags, ids, UInt32(expressions.count), UInt32(HS_MODE_BLOCK), nil, &database,
                    &error)
            })
    }

    /// A database that ``serialised()`` wrote; nil if it is damaged or of another version or processor.
    convenience init?(serialised bytes: [UInt8]) {
        var database: OpaquePointer?
        let result = bytes.withUnsafeBytes { raw in
            hs_deserialize_database(raw.baseAddress?.assumingMemoryBound(to: CChar.self), raw.count, &database)
        }
        guard result == HS_SUCCESS, let database else { return nil }
        self.init(database)
    }

    func serialised() -> [UInt8]? {
        var bytes: UnsafeMutablePointer<CChar>?
        var count = 0
        guard hs_serialize_database(database, &bytes, &count) == HS_SUCCESS, let bytes else { return nil }
        defer { free(bytes) }
        return bytes.withMemoryRebound(to: UInt8.self, capacity: count) {
            Array(UnsafeBufferPointer(start: $0, count: count))
        }
    }

    /// In bytes.
    var size: Int {
        var size = 0
        return hs_database_size(database, &size) == HS_SUCCESS ? size : 0
    }

    private static func compiled(
        _ compile: (inout OpaquePointer?, inout UnsafeMutablePointer<hs_compile_error_t>?) -> hs_error_t
    ) throws(Failure) -> OpaquePointer {
        var database: OpaquePointer?
        var error: UnsafeMutablePointer<hs_compile_error_t>?
        let result = compile(&database, &error)
        defer { hs_free_compile_error(error) }
        if result == HS_SUCCESS, let database { return database }
        let message = error.flatMap { $0.pointee.message }.map { String(cString: $0) } ?? "Hyperscan error \(result)"
        let index = error.map { Int($0.pointee.expression) } ?? -1
        throw Failure(expression: index < 0 ? nil : index, message: message)
    }

    /// The least and most bytes that an expression matches; the most is nil if there is no bound.
    static func width(of expression: String) throws(Failure) -> (least: Int, most: Int?) {
        var info: UnsafeMutablePointer<hs_expr_info_t>?
        var error: UnsafeMutablePointer<hs_compile_error_t>?
        let result = hs_expression_info(
            expression, UInt32(HS_FLAG_UTF8 | HS_FLAG_CASELESS | HS_FLAG_ALLOWEMPTY), &info, &error)
        defer {
            hs_free_compile_error(error)
            free(info)
        }
        guard result == HS_SUCCESS, let info else {
            let message =
                error.flatMap { $0.pointee.message }.map { String(cString: $0) } ?? "Hyperscan error \(result)"
            throw Failure(expression: 0, message: message)
        }
        let most = info.pointee.max_width
        return (Int(info.pointee.min_width), most == UInt32.max ? nil : Int(most))
    }
}

/// NUL-terminated copies that live as long as the value.
private final class CStrings {
    private var storage: [UnsafeMutablePointer<CChar>] = []
    private(set) var pointers: [UnsafePointer<CChar>?] = []

    init(_ strings: [[UInt8]]) {
        for bytes in strings {
            let copy = UnsafeMutablePointer<CChar>.allocate(capacity: bytes.count + 1)
            for (index, byte) in bytes.enumerated() { copy[index] = CChar(bitPattern: byte) }
            copy[bytes.count] = 0
            storage.append(copy)
            pointers.append(UnsafePointer(copy))
        }
    }

    deinit { for pointer in storage { pointer.deallocate() } }
}

/// What one thread needs to scan: Hyperscan's work space and the list of what was found.
final class HyperscanScratch {
    private var scratch: OpaquePointer?
    private(set) var found: [(id: UInt32, start: Int, end: Int)] = []

    deinit { hs_free_scratch(scratch) }

    /// Makes room for a database; call once for each before scanning with it.
    func prepare(for database: HyperscanDatabase) {
        let result = hs_alloc_scratch(database.database, &scratch)
        precondition(result == HS_SUCCESS, "no memory for the work space of a rule set")
    }

    /// Replaces ``found`` by the matches in `bytes`, in order of their ends, and tells whether there are any.
    func finds(in bytes: [UInt8], with database: HyperscanDatabase) -> Bool {
        if !found.isEmpty { found.removeAll(keepingCapacity: true) }
        if bytes.isEmpty { return false }
        let this = Unmanaged.passUnretained(self).toOpaque()
        let result = bytes.withUnsafeBytes { raw in
            hs_scan(
                database.database, raw.baseAddress?.assumingMemoryBound(to: CChar.self), UInt32(raw.count), 0, scratch,
                { id, start, end, _, context in
                    guard let context else { return 1 }
                    Unmanaged<HyperscanScratch>.fromOpaque(context).takeUnretainedValue()
                        .found.append((id, Int(start), Int(end)))
                    return 0
                }, this)
        }
        // Anything else would be a message that no rule has seen.
        precondition(result == HS_SUCCESS, "Hyperscan refused to scan: error \(result)")
        return !found.isEmpty
    }
}
