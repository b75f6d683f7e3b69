import ArgumentParser
import Foundation
import Server

/// Exit codes by sysexits.h, which systemd shows by name. Beside them 1 says that what was to be checked does not hold.
extension ExitCode {
    static let badData = ExitCode(EX_DATAERR)
    static let noInput = ExitCode(EX_NOINPUT)
    static let unavailable = ExitCode(EX_UNAVAILABLE)
    static let cannotCreate = ExitCode(EX_CANTCREAT)
    static let inputOutputError = ExitCode(EX_IOERR)
    static let refused = ExitCode(EX_NOPERM)
    static let badConfiguration = ExitCode(EX_CONFIG)
}

/// Says why a command ends, and returns what it throws for that.
///
/// For what its arguments cannot show; a mistake in those is a `ValidationError`, which prints the usage besides.
func failure(_ code: ExitCode, _ sentence: String) -> ExitCode {
    printError(sentence)
    return code
}

func printError(_ line: String) { FileHandle.standardError.write(Data((line + "\n").utf8)) }

/// Reads a file that an argument names.
func readInput(_ path: String) throws -> Data {
    do {
        return try OperatorFile.read(path)
    } catch {
        throw failure(.noInput, "\(path) cannot be read: \(error)")
    }
}

/// Writes a file that an argument names, whole or not at all.
func writeOutput(_ data: Data, to path: String) throws {
    do {
        try data.write(to: URL(fileURLWithPath: path), options: .atomic)
    } catch {
        throw failure(.cannotCreate, "\(path) cannot be written: \(OperatorFile.systemReason(error))")
    }
}

/// Prints one JSON value with sorted keys, for other programs.
func printJSON(_ value: some Encodable) throws {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
    print(String(decoding: try encoder.encode(value), as: UTF8.self))
}

/// Refuses options that must be above zero and are not.
func requirePositive<Number: Numeric & Comparable>(_ options: KeyValuePairs<String, Number>) throws {
    for (name, value) in options where !(value > 0) {
        throw ValidationError("--\(name) must be above zero, not \(value).")
    }
}
