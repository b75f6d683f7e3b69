import Foundation
import LyceumProtocol

/// What the bot keeps from one run to the next, in one small file that is replaced whole.
struct Memory: Codable, Sendable {
    /// The most votes that are remembered so that none counts twice; the oldest are forgotten.
    private static let mostVoters = 5000

    var confidence = Confidence()
    /// Up to where each room was read, by its id.
    var positions: [String: SequenceNumber] = [:]
    private var voters: [String] = []

    /// - Returns: Whether the member had not yet said anything of the message.
    mutating func noteVote(on message: SequenceNumber, in room: RoomID, by member: MemberID) -> Bool {
        let key = "\(room):\(message):\(member)"
        guard !voters.contains(key) else { return false }
        voters.append(key)
        if voters.count > Self.mostVoters { voters.removeFirst(voters.count - Self.mostVoters) }
        return true
    }

    /// - Throws: If there is a file that is none of the bot's: it is not overwritten.
    static func read(from path: String) throws -> Memory {
        guard FileManager.default.fileExists(atPath: path) else { return Memory() }
        return try JSONDecoder().decode(Memory.self, from: Data(contentsOf: URL(fileURLWithPath: path)))
    }

    func write(to path: String) throws {
        try JSONEncoder().encode(self).write(to: URL(fileURLWithPath: path), options: .atomic)
    }
}
