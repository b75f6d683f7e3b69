import Community
import LyceumProtocol

/// A file as the message that it hangs on carries it.
struct Attachment: Sendable {
    /// Files of one message.
    static let limit = 10

    let id: String
    /// The object as it stands in the message.
    let json: [UInt8]

    init(_ file: FileRecord) {
        id = file.id
        json = object { file.write(to: &$0) }
    }

    /// Reads one out of a stored message.
    init?(_ value: JSONValue) {
        guard let id = (try? JSONObject(value))?["id"]?.string else { return nil }
        self.id = id
        json = Array(value.rawBytes)
    }

    static func write(_ attachments: [Attachment], to json: inout JSONWriter) {
        if !attachments.isEmpty { json.field("attachments", array: attachments) { $0.raw($1.json) } }
    }
}

extension WriteContext {
    /// The files that a member wants to hang on a new message: their own, for this room, and on no other message.
    func filesToAttach(_ ids: [String], to room: RoomID, by member: MemberID) throws -> [FileRecord] {
        guard Set(ids).count == ids.count else { throw Refusal(.malformed, "A file hangs on a message once.") }
        return try ids.map { id in
            guard let file = try transaction.file(id), file.member == member, file.room == room, file.message == nil,
                file.review == nil
            else { throw Refusal(.notFound, "There is no such file to attach.") }
            return file
        }
    }

    /// Hangs files on a message, so that whoever sees it sees them.
    func attach(_ files: [FileRecord], to message: RoomEvent) throws {
        for var file in files {
            file.message = message.seq
            file.goneAt = nil
            try transaction.put(file)
        }
    }

    /// Keeps files with a message that waits for a moderator.
    func hold(_ files: [FileRecord], with item: ReviewItemID) throws {
        for var file in files {
            file.review = item
            try transaction.put(file)
        }
    }
}
