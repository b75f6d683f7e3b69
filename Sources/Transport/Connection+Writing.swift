import CLibwebsockets

extension Connection {
    /// Queues a chunk of whole frames; it is written once with everything else of this loop turn.
    ///
    /// A peer that does not read and whose outbox passes `limits.outboxBytes` is closed with 4000 (slow reader).
    ///
    /// - Returns: False if the connection is closed, or is closed by this.
    @discardableResult
    public func send(_ chunk: Chunk) -> Bool {
        guard phase == .webSocket else { return false }
        precondition(client == nil, "a client's frames must be masked: use send(text:)")
        guard hasRoom(for: chunk.byteCount) else {
            closeSlowReader()
            return false
        }
        enqueue(chunk)
        return true
    }

    /// Whether a chunk of so many bytes would be taken, and the peer not be closed as a slow reader over it.
    public func hasRoom(for byteCount: Int) -> Bool {
        outbox.byteCount + heldBytes + byteCount <= core.limits.outboxBytes || makeRoom(for: byteCount)
    }

    /// Queues one text message, which must be valid UTF-8; for messages to one peer only.
    @discardableResult
    public func send(text: UnsafeRawBufferPointer) -> Bool {
        guard phase == .webSocket else { return false }
        guard client != nil else { return send(.text(text)) }
        var bytes: [UInt8] = []
        FrameEncoder.append(.text, text, mask: core.masks.next(), to: &bytes)
        enqueue(Chunk(framed: bytes))
        return true
    }

    /// Queues one text message, which must be valid UTF-8; for messages to one peer only.
    @discardableResult
    public func send(text: [UInt8]) -> Bool {
        text.withUnsafeBytes { send(text: $0) }
    }

    func enqueue(_ chunk: Chunk) {
        outbox.append(chunk)
        core.statistics.chunksSent += 1
        markDirty()
    }

    func markDirty() {
        guard !flags.contains(.dirty) else { return }
        flags.insert(.dirty)
        core.markDirty(self)
    }

    /// A burst within one turn is no sign of a slow reader: what is queued is first offered to the socket.
    private func makeRoom(for byteCount: Int) -> Bool {
        write()
        return outbox.isEmpty && heldBytes == 0 || outboxBytes + byteCount <= core.limits.outboxBytes
    }

    private func closeSlowReader() {
        core.statistics.slowReaders += 1
        outbox.dropUnstarted()
        beginClosing(code: 4000, reason: "slow reader")
    }

    /// Writes what is queued, at the end of a turn.
    func flush() {
        flags.remove(.dirty)
        write()
        guard outbox.isEmpty, !flags.contains(.blocked) else { return }
        if phase == .finishing { drain() }
        askForPiece()
        if phase == .head, !stash.isEmpty { consumeStash() }
    }

    private func write() {
        guard let wsi else { return }
        while !outbox.isEmpty, !flags.contains(.blocked) {
            var status: Int32 = 0
            var count = 0
            outbox.takePiece(scratch: core.scratch) { piece in
                count = piece.count
                status = write(piece, to: wsi)
            }
            core.statistics.writes += 1
            core.statistics.bytesSent += count
            guard status >= 0 else {
                outbox.removeAll()
                doom()
                return
            }
            if lws_partial_buffered(wsi) != 0 { block(wsi, holding: count) }
        }
    }

    private func write(_ piece: UnsafeRawBufferPointer, to wsi: OpaquePointer) -> Int32 {
        if let tls = client?.tls {
            do throws(ClientTLS.Failure) {
                try tls.write(piece)
                return writeRecords(of: tls)
            } catch {
                return -1
            }
        }
        // LWS_WRITE_HTTP hands the bytes to the socket as they are and never writes to them.
        let bytes = piece.bindMemory(to: UInt8.self).baseAddress
        return lws_write(wsi, UnsafeMutablePointer(mutating: bytes), piece.count, LWS_WRITE_HTTP)
    }

    /// The socket is full: libwebsockets holds the rest of the last piece and says when it is gone.
    ///
    /// Until then it would not read either, but find the same input ready for ever, so input is switched off too.
    private func block(_ wsi: OpaquePointer, holding count: Int) {
        flags.insert(.blocked)
        heldBytes = count
        lws_rx_flow_control(wsi, 0)
        lws_callback_on_writable(wsi)
    }
}
