import Transport

/// One connection of a client: hands what happens on the loop to the client, which lives on the same thread.
///
/// `@unchecked Sendable`: the loop and the client are two actors on one executor, so that everything here is touched on
/// one thread, which the compiler cannot see.
final class ClientLink: ClientDelegate, @unchecked Sendable {
    private weak var client: Client?
    private let generation: Int
    private var connection: Connection?
    private var isGivenUp = false

    init(_ client: Client, generation: Int) {
        self.client = client
        self.generation = generation
    }

    func send(_ text: [UInt8]) { connection?.send(text: text) }

    /// Closes it without telling the client.
    func giveUp() {
        isGivenUp = true
        connection?.close(code: 1000, reason: "")
    }

    func opened(_ connection: Connection) {
        self.connection = connection
        if isGivenUp { return connection.close(code: 1000, reason: "") }
        tell { $0.connectionOpened() }
    }

    func received(_ connection: Connection, text: UnsafeRawBufferPointer) {
        let text = JSONText(text)
        tell { $0.received(text) }
    }

    func closed(_ connection: Connection) {
        self.connection = nil
        let code: UInt16? = if case .byPeer(let code, _) = connection.ending { code } else { nil }
        tell { $0.connectionEnded(code: code) }
    }

    func failed(_ connection: Connection, status: Int?, reason: String) {
        tell { $0.connectionFailed(status: status, reason: reason) }
    }

    private func tell(_ body: @Sendable (isolated Client) -> Void) {
        guard !isGivenUp, let client else { return }
        let generation = generation
        client.assumeIsolated { client in
            // What a connection says after another took its place is of no interest.
            if client.generation == generation { body(client) }
        }
    }
}
