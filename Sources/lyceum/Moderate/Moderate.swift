import ArgumentParser
import Foundation
import Server

/// `lyceum moderate`: one text a line in, one verdict a line out.
struct ModerateLines: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "moderate",
        abstract: "Judge texts: one a line on standard input, one verdict as JSON a line on standard output.",
        discussion: """
            With --data the classifier knows the decisions of that community, whose daemon must be stopped. A line that \
            is no UTF-8 or longer than 1 MiB gets {"error": …} in its place, and the exit code is 65 then.
            """)

    @OptionGroup var options: SettingsOptions

    func run() throws {
        var options = options
        let folder = FileManager.default.temporaryDirectory.appending(path: "lyceum-moderate-\(UUID().uuidString)")
        let isOfNobody = options.data == nil
        if isOfNobody { options.data = folder.path }
        defer { if isOfNobody { try? FileManager.default.removeItem(at: folder) } }
        try options.withStore(mayBegin: isOfNobody) { store, settings in
            do {
                guard try judgeLines(with: OfflineModerator(settings: settings, store: store)) else {
                    throw ExitCode.badData
                }
            } catch let error as RulesTrouble {
                throw failure(.badConfiguration, "the rule packs cannot be used:\n\(error)")
            }
        }
    }

    /// - Returns: Whether every line could be judged.
    private func judgeLines(with moderator: OfflineModerator) throws -> Bool {
        var lines = LineReader(descriptor: STDIN_FILENO)
        var (answers, number, areFine) = ([UInt8](), 0, true)
        do {
            while let line = try lines.next() {
                number += 1
                let (answer, isFine) = Self.answer(to: line, number, moderator)
                answers += answer + [UInt8(ascii: "\n")]
                areFine = areFine && isFine
                // Whoever waits for an answer before the next line gets it; whoever sends many, many at once.
                if !lines.hasMore || answers.count > 1 << 16 { try Self.write(&answers) }
            }
        } catch let error as LineReader.ReadError {
            throw failure(
                .inputOutputError, "standard input cannot be read: \(String(cString: strerror(error.number)))")
        }
        try Self.write(&answers)
        return areFine
    }

    private static func answer(
        to line: LineReader.Line, _ number: Int, _ moderator: OfflineModerator
    ) -> (json: [UInt8], isFine: Bool) {
        switch line {
        case .text(let text): (moderator.verdict(on: text), true)
        case .notUTF8: (Array("{\"error\":\"line \(number) is not UTF-8\"}".utf8), false)
        case .tooLong: (Array("{\"error\":\"line \(number) is longer than \(LineReader.longest) bytes\"}".utf8), false)
        }
    }

    private static func write(_ bytes: inout [UInt8]) throws {
        try FileHandle.standardOutput.write(contentsOf: Data(bytes))
        bytes.removeAll(keepingCapacity: true)
    }
}
