import Community
import LyceumProtocol

/// Puts an uploaded file into the record, which is when it begins to exist.
struct AddFile: WriteCommand {
    let file: FileRecord
    var room: RoomID? { file.room }
    var texts: [SubmittedText] { [SubmittedText(kind: .file, text: file.name)] }

    func perform(in context: WriteContext) throws -> [UInt8] {
        let used = try context.transaction.fileBytes(of: file.member)
        try context.settings.checkQuota(used: used, more: file.byteCount)
        let name = try context.admit(file.name, as: .file)
        let shown = file.named(name)
        try context.transaction.put(shown)
        return object { shown.write(to: &$0) }
    }
}

extension FileRecord {
    /// What messages and answers say of it.
    static let fields: [Field] = [
        .required("id", .string(27...27)), .required("name", .string(1...200)), .required("type", .string(1...100)),
        .required("bytes", .number), .optional("width", .number), .optional("height", .number),
    ]

    func write(to json: inout JSONWriter) {
        json.field("id", id)
        json.field("name", name)
        json.field("type", type)
        json.field("bytes", byteCount)
        json.field("width", width)
        json.field("height", height)
    }

    func named(_ name: String) -> FileRecord {
        FileRecord(
            id: id, room: room, member: member, name: name, type: type, byteCount: byteCount, width: width,
            height: height, digest: digest, at: at, message: message, review: review, goneAt: goneAt)
    }
}
