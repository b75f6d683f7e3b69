import Community
import LyceumProtocol

extension ServerState {
    /// How long a file stays whose message was deleted: as long as a moderator may want the message back.
    private static let goneTime: UnixMilliseconds = 7 * .day

    /// The file, if the member may see it: its uploader until it hangs on a message, those who review while the message
    /// waits, and from then on whoever sees the message.
    ///
    /// - Throws: ``Refusal/notFound`` for what is not there and what may not be seen alike.
    func visibleFile(_ id: String, to member: MemberID) throws -> FileRecord {
        try store.read { reader throws in
            guard let file = try reader.file(id) else { throw Refusal.notFound }
            guard let message = file.message else {
                let isTheirs = file.member == member
                let reviews = file.review != nil && committed.withLock { Gate.mayReview(file.room, member, of: $0) }
                guard isTheirs || reviews else { throw Refusal.notFound }
                return file
            }
            guard committed.withLock({ Gate.canSee(file.room, member, of: $0) }),
                let event = try reader.event(message, in: file.room)
            else { throw Refusal.notFound }
            let body = try MessageBody(event)
            guard !body.isDeleted, body.attachments.contains(where: { $0.id == id }) else { throw Refusal.notFound }
            return file
        }
    }

    /// What came of work with files, as a client is told.
    func outcome<Value>(_ work: () throws -> Value) -> Result<Value, Refusal> {
        do {
            return .success(try work())
        } catch let refusal as Refusal {
            return .failure(refusal)
        } catch let error as StoreError {
            return .failure(refusal(for: error))
        } catch {
            log.error("work with a file failed", metadata: ["error": "\(error)"])
            return .failure(Refusal(.internal, "The server failed; it has been logged."))
        }
    }

    /// Removes the bytes of files that the record does not know any more. What cannot be removed now is at the next
    /// start.
    func removeFiles(_ ids: [String]) {
        try? filePool.submit { [self] in
            for id in ids { _ = outcome { try files.removeFile(id) } }
        }
    }

    /// Forgets files that were never attached, and those of deleted messages.
    func tendFiles(at now: UnixMilliseconds) {
        guard fileSweeps.withLock({ $0.isDue(at: now) }) else { return }
        sweepFiles(at: now)
    }

    func sweepFiles(at now: UnixMilliseconds) {
        let unattached = now - UnixMilliseconds(settings.files.unattachedHours) * 3_600_000
        try? filePool.submit { [self] in
            let found = outcome {
                try store.read {
                    try $0.filesToForget(unattachedSince: unattached, goneSince: now - Self.goneTime, limit: 500)
                }
            }
            guard case .success(let ids) = found, !ids.isEmpty else { return }
            write(ForgetFiles(ids: ids), as: Actor(address: "")) { [self] outcome in
                if case .done = outcome { removeFiles(ids) }
            }
        }
    }
}

/// Takes files out of the record.
private struct ForgetFiles: WriteCommand {
    let ids: [String]
    var room: RoomID? { nil }
    var freesSpace: Bool { true }

    func perform(in context: WriteContext) throws -> [UInt8] {
        for id in ids { try context.transaction.removeFile(id) }
        return emptyObject
    }
}
