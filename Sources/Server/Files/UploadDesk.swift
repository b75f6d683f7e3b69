import Community
import Foundation
import Locking
import LyceumProtocol

/// One upload where it may wait for the disk: cleans what comes and writes it. Used by one worker at a time.
final class UploadDesk: Sendable {
    private struct State {
        var file: (any IncomingFile)?
        var intake: FileIntake
    }

    private let state: Locked<State>
    private let server: ServerState

    init(_ server: ServerState) {
        self.server = server
        state = Locked(State(file: nil, intake: FileIntake(pixelLimit: server.settings.files.pixels)))
    }

    /// Makes place for the file.
    /// - Throws: A ``Refusal`` if there is none, on the disk or in the member's quota.
    func begin(for member: MemberID, byteCount: Int) throws {
        guard server.store.hasRoom() else { throw StoreError.full("no room for files") }
        let used = try server.store.read { try $0.fileBytes(of: member) }
        try server.settings.community.checkQuota(used: used, more: Int64(byteCount))
        let file = try server.files.makeFile()
        state.withLock { $0.file = file }
    }

    func take(_ bytes: [UInt8]) throws {
        try state.withLock { state in try state.file?.append(try state.intake.take(bytes)) }
    }

    /// Puts the whole file where it stays; nobody can see it before its row is there.
    func finish(as name: String, of member: MemberID, in room: RoomID) throws -> FileRecord {
        try state.withLock { state throws in
            try state.file?.append(try state.intake.end())
            if let patch = state.intake.patch { try state.file?.write(patch.bytes, at: patch.offset) }
            let id = Secrets.base64URL(Secrets.randomBytes(20))
            guard let digest = try state.file?.finish(as: id) else { throw Refusal(.malformed, "A file has content.") }
            let size = state.intake.size
            return FileRecord(
                id: id, room: room, member: member, name: name,
                type: state.intake.type?.mediaType ?? "application/octet-stream",
                byteCount: Int64(state.intake.byteCount), width: size.map { Int64($0.width) },
                height: size.map { Int64($0.height) }, digest: digest, at: server.now())
        }
    }

    func discard() { state.withLock { $0.file = nil } }
}

extension CommunitySettings {
    /// Refuses what would be more than one member may keep here.
    func checkQuota(used: Int64, more: Int64) throws(Refusal) {
        guard used + more > fileQuota else { return }
        let (kept, most) = (used / 1_000_000, fileQuota / 1_000_000)
        throw Refusal(.tooLarge, "Your files may take \(most) MB in all; they take \(kept) MB.")
    }
}

/// How many uploads are under way, by member; bounds what half files can take of the disk.
struct UploadPlaces: Sendable {
    static let perMember = 4
    static let inAll = 64

    private var taken: [MemberID: Int] = [:]
    private var count = 0

    mutating func take(for member: MemberID) -> Bool {
        guard count < Self.inAll, taken[member, default: 0] < Self.perMember else { return false }
        taken[member, default: 0] += 1
        count += 1
        return true
    }

    mutating func give(back member: MemberID) {
        count -= 1
        taken[member] = taken[member].flatMap { $0 > 1 ? $0 - 1 : nil }
    }
}
