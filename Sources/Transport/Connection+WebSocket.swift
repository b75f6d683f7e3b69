import CLibwebsockets

extension Connection {
    /// Sends what is queued, then a close frame, and waits for the peer's within `limits.closeTimeout`.
    ///
    /// - Parameters:
    ///   - code: 1000, 1001, 1008, 1011 … or 3000–4999.
    ///   - reason: For people; what does not fit in 123 bytes is cut.
    public func close(code: UInt16, reason: String) {
        guard phase == .webSocket else { return }
        beginClosing(code: code, reason: reason)
    }

    func beginClosing(code: UInt16, reason: String) {
        enqueueClose(code: code, reason: reason)
        phase = .closing
        deadline = core.now + core.limits.closeTimeout.milliseconds
        noteEnd(.byUs(code: code, reason: reason))
    }

    /// Ends the connection in the way of its phase, because the loop stops.
    func goAway(code: UInt16, reason: String) {
        switch phase {
        case .webSocket: beginClosing(code: code, reason: reason)
        case .connecting, .handshake, .head, .body: doom()
        // An answer under way is finished; the loop's deadline bounds it.
        case .responding: exchange?.isLast = true
        case .closing, .finishing, .draining, .gone: break
        }
    }

    func openWebSocket() {
        phase = .webSocket
        flags.insert(.announced)
        core.statistics.webSockets += 1
    }

    /// Reads one frame; returns its length, or 0 if it is not whole yet.
    func consumeFrame(_ bytes: UnsafeMutableRawBufferPointer) -> Int {
        do {
            guard let (event, byteCount) = try reader.next(in: bytes) else { return 0 }
            handle(event)
            return byteCount
        } catch {
            fail(error)
            return bytes.count
        }
    }

    private func handle(_ event: MessageReader.Event) {
        // Once we have sent a close frame only the peer's own counts (RFC 6455 section 5.5.1).
        if phase == .closing {
            if case .close = event { finish() }
            return
        }
        switch event {
        case .text(let text): deliver(text)
        case .binary: deliverBinary()
        case .assembled(let isText):
            let message = reader.takeAssembled()
            if isText { message.withUnsafeBytes { deliver($0) } } else { deliverBinary() }
        case .ping(let payload): sendControl(.pong, payload)
        case .fragment, .pong: break
        case .close(let code, let reason): peerClosed(code: code, reason: reason)
        }
    }

    private func deliver(_ text: UnsafeRawBufferPointer) {
        core.statistics.messagesReceived += 1
        if let client {
            client.delegate.received(self, text: text)
        } else {
            core.delegate?.received(self, text: text)
        }
    }

    private func deliverBinary() {
        core.statistics.messagesReceived += 1
        if client == nil { core.delegate?.receivedBinary(self) }
    }

    private func peerClosed(code: UInt16?, reason: String) {
        if let code {
            enqueueClose(code: code, reason: "")
        } else {
            sendControl(.close, UnsafeRawBufferPointer(start: nil, count: 0))
        }
        finish()
        noteEnd(.byPeer(code: code, reason: reason))
    }

    private func fail(_ violation: FrameViolation) {
        if phase == .webSocket {
            core.statistics.violations += 1
            enqueueClose(code: violation.code, reason: violation.reason)
            noteEnd(.byUs(code: violation.code, reason: violation.reason))
        }
        finish()
    }

    /// Writes what is queued and ends; input is dropped from here on.
    func finish() {
        phase = .finishing
        stash = []
        lastProgress = core.now
        markDirty()
    }

    /// Queues a ping, pong or empty close. Pongs of a peer that floods us with pings and never reads are bounded as
    /// everything else that waits for it.
    func sendControl(_ opcode: Opcode, _ payload: UnsafeRawBufferPointer) {
        guard outboxBytes <= core.limits.outboxBytes else {
            doom()
            return
        }
        var bytes: [UInt8] = []
        FrameEncoder.append(opcode, payload, mask: client == nil ? nil : core.masks.next(), to: &bytes)
        enqueue(Chunk(framed: bytes))
    }

    private func enqueueClose(code: UInt16, reason: String) {
        var bytes: [UInt8] = []
        let mask = client == nil ? nil : core.masks.next()
        FrameEncoder.appendClose(code: code, reason: reason, mask: mask, to: &bytes)
        enqueue(Chunk(framed: bytes))
    }
}
