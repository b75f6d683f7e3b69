import LyceumProtocol

/// Questions to the store about files; their bytes are ``FileKeeping``'s.
public protocol FileReader {
    func file(_ id: String) throws -> FileRecord?
    /// The files of a message that waits for a moderator, in their order.
    func files(waitingWith item: ReviewItemID) throws -> [FileRecord]
    /// How many bytes of files a member has, those included whose message was deleted until they are forgotten.
    func fileBytes(of member: MemberID) throws -> Int64
    /// Files that hang on nothing, and have since `unattached`, and files whose message is gone since `gone`.
    func filesToForget(unattachedSince unattached: UnixMilliseconds, goneSince gone: UnixMilliseconds, limit: Int)
        throws -> [String]
}

/// Changes of files.
public protocol FileTransaction: FileReader {
    func put(_ file: FileRecord) throws
    func removeFile(_ id: String) throws
    /// Marks the files of a message as gone with it, or with `nil` as there again.
    func setGone(_ time: UnixMilliseconds?, filesOf message: SequenceNumber, in room: RoomID) throws
}

/// Where the bytes of files are.
public protocol FileKeeping: Sendable {
    /// Begins a file that nobody can see until it is whole.
    func makeFile() throws(StoreError) -> any IncomingFile
    func openFile(_ id: String) throws(StoreError) -> any StoredFile
    /// Does nothing if there is none.
    func removeFile(_ id: String) throws(StoreError)
    /// Removes what a crash has left behind: half files, and whole ones that the record does not know. To be called
    /// before anything is uploaded.
    func removeStrayFiles() throws
}

/// A file that is being written, by one thread at a time.
public protocol IncomingFile: AnyObject, Sendable {
    func append(_ bytes: [UInt8]) throws(StoreError)
    /// Writes over bytes that were appended.
    func write(_ bytes: [UInt8], at offset: Int) throws(StoreError)
    /// Puts it on the disk for good under an id of its own.
    /// - Returns: The SHA-256 in hexadecimal digits.
    func finish(as id: String) throws(StoreError) -> String
    /// Removes it; what is not finished is removed with the last reference.
    func discard()
}

/// A file that is read, from any thread.
public protocol StoredFile: AnyObject, Sendable {
    /// The bytes from `offset` on, `count` at most; fewer only at the end.
    func read(at offset: Int, count: Int) throws(StoreError) -> [UInt8]
}
