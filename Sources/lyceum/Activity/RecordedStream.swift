import Activity
import ArgumentParser
import Foundation
import LyceumProtocol

/// A recorded stream of messages, one JSON object a line: `at kind member room thread mentions text title?`.
struct RecordedStream {
    private(set) var events: [ActivityEvent] = []
    /// Streams of private messages have no threads: every message then stands alone.
    private(set) var hasThreads = false

    private struct Line: Decodable {
        let at: Int64
        let member: Int64
        let room: Int64?
        let thread: Int64?
        let mentions: [Int64]?
        let text: String?
        let title: String?
    }

    /// - Throws: ``ExitCode/badData`` after naming the first line that is not an event.
    init(path: String) throws {
        let data = try readInput(path)
        let decoder = JSONDecoder()
        for (number, line) in data.split(separator: UInt8(ascii: "\n")).enumerated() {
            do {
                append(try decoder.decode(Line.self, from: line), number: number)
            } catch {
                throw failure(.badData, "\(path):\(number + 1): not an event, which has at least \"at\" and \"member\"")
            }
        }
    }

    private mutating func append(_ line: Line, number: Int) {
        if line.thread != nil { hasThreads = true }
        // A message without a thread gets one of its own, named so that no recorded thread has its name.
        let thread = line.thread ?? Int64(number) + 1 << 32
        let post = ActivityEvent.Post(
            thread: thread, title: line.title, text: line.text ?? "",
            mentions: (line.mentions ?? []).map { MemberID($0) })
        events.append(
            ActivityEvent(
                seq: Int64(number) + 1, at: line.at, member: MemberID(line.member), room: RoomID(line.room ?? 0),
                kind: .post(post)))
    }
}
