import LyceumProtocol
import Transport

/// How a client connects, notices that it is cut off, and comes back.
extension Client {
    func beginConnecting() {
        generation += 1
        phase = .connecting
        let link = ClientLink(self, generation: generation)
        self.link = link
        let (url, headers) = (options.url, options.headers)
        do {
            try loop.assumeIsolated { loop in
                _ = try loop.connect(to: url, headers: headers, subprotocol: "lyceum.v1.json", delegate: link)
            }
        } catch {
            stop(.cannotConnect(status: nil, "\(error)"))
        }
    }

    func connectionOpened() {
        phase = .greeting
        lastHeard = .now
    }

    func connectionFailed(status: Int?, reason: String) {
        link = nil
        // An answer in the 400s will be the same next time, but for "too many" and "took too long".
        if let status, (400..<500).contains(status), status != 429, status != 408 {
            return stop(.cannotConnect(status: status, reason))
        }
        retry(atLeast: .zero)
    }

    func connectionEnded(code: UInt16?) {
        link = nil
        if phase == .signedIn { queue?.append(.disconnected) }
        pending.connectionEnded()
        positions.abandonRepairs()
        switch code {
        case .some(4100..<4200):
            // A token that was revoked opens nothing any more; a password may.
            credentials?.token = nil
            guard credentials?.password != nil, code != CloseCode.signedOut.rawValue else {
                return stop(.signedOut(code: code))
            }
            retry(atLeast: .zero)
        case .some(let code) where (4200..<4300).contains(code): stop(.unwelcome(code: code))
        default: retry(atLeast: .zero)
        }
    }

    func dropLink() {
        link?.giveUp()
        link = nil
        generation += 1
    }

    /// Connects again after a while.
    func retry(atLeast least: Duration) {
        if case .stopped = phase { return }
        phase = .waiting
        var random = SystemRandomNumberGenerator()
        let wait = backoff.next(atLeast: least, using: &random)
        let generation = generation
        Task { [weak self] in
            try? await Task.sleep(for: wait)
            await self?.waited(since: generation)
        }
    }

    private func waited(since generation: Int) {
        if generation == self.generation, phase == .waiting { beginConnecting() }
    }

    func stop(_ reason: StopReason) {
        if case .stopped = phase, link == nil, pending.isEmpty, arrivals.isEmpty { return }
        dropLink()
        phase = .stopped(reason)
        credentials = nil
        watcher?.cancel()
        watcher = nil
        pending.failAll(.stopped(reason))
        let waiting = arrivals
        arrivals = []
        for arrival in waiting { arrival.continuation.resume(throwing: ClientError.stopped(reason)) }
        queue?.end()
    }

    /// The reader of events has no room: nothing is taken until it has.
    func pause() {
        dropLink()
        pending.connectionEnded()
        positions.abandonRepairs()
        phase = .paused
    }

    func readerCaughtUp() {
        if phase == .paused { beginConnecting() }
    }

    /// Looks once a second for commands that waited too long and for a server that has gone silent.
    func startWatching() {
        watcher = Task { [weak self] in
            while (try? await Task.sleep(for: .seconds(1))) != nil { await self?.look() }
        }
    }

    private func look() {
        pending.expire(at: .now)
        if link != nil, phase != .connecting, lastHeard + heartbeat * 2 < .now { breakConnection() }
    }
}
