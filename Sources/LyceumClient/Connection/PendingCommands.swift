import LyceumProtocol

/// Commands that wait for their answer, or for a connection to be sent on.
struct PendingCommands {
    struct Command {
        let text: [UInt8]
        let isRepeatable: Bool
        let deadline: ContinuousClock.Instant
        let isForSession: Bool
        /// Whether it went out on the connection that is open now.
        var isSent = false
        fileprivate var continuation: CheckedContinuation<JSONText, any Error>?

        init(text: [UInt8], isRepeatable: Bool, deadline: ContinuousClock.Instant, isForSession: Bool) {
            self.text = text
            self.isRepeatable = isRepeatable
            self.deadline = deadline
            self.isForSession = isForSession
        }
    }

    private var commands: [Int64: Command] = [:]
    private var lastID: Int64 = 0

    var isEmpty: Bool { commands.isEmpty }

    mutating func makeID() -> Int64 {
        lastID += 1
        return lastID
    }

    mutating func add(_ command: Command, id: Int64, _ continuation: CheckedContinuation<JSONText, any Error>) {
        commands[id] = command
        commands[id]?.continuation = continuation
    }

    /// The unsent ones in the order they were given.
    var unsent: [(id: Int64, command: Command)] {
        commands.filter { !$0.value.isSent }.sorted { $0.key < $1.key }.map { ($0.key, $0.value) }
    }

    /// The text of a command that is sent now.
    mutating func markSent(_ id: Int64) -> [UInt8]? {
        commands[id]?.isSent = true
        return commands[id]?.text
    }

    mutating func finish(_ id: Int64, _ result: Result<JSONText, any Error>) {
        commands.removeValue(forKey: id)?.continuation?.resume(with: result)
    }

    /// The connection ended: what may be repeated waits for the next one, of the rest nobody knows what became.
    mutating func connectionEnded() {
        for (id, command) in commands where command.isSent {
            if command.isRepeatable {
                commands[id]?.isSent = false
            } else {
                finish(id, .failure(ClientError.disconnected))
            }
        }
    }

    mutating func expire(at now: ContinuousClock.Instant) {
        for (id, command) in commands where command.deadline <= now { finish(id, .failure(ClientError.timedOut)) }
    }

    mutating func failAll(_ error: ClientError) {
        for id in commands.keys { finish(id, .failure(error)) }
    }
}
