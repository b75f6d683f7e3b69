import Community
import Locking
import LyceumProtocol

/// One-time tickets by which a browser, which holds its token in a cookie that scripts cannot read, opens a socket
/// session. A ticket works once, within 30 seconds, and is never a token.
final class Tickets: Sendable {
    private static let lifetime: UnixMilliseconds = 30_000
    /// More unused tickets than this cannot be honest; the oldest go.
    private static let capacity = 10_000

    private struct Ticket {
        let session: SessionID
        let expiresAt: UnixMilliseconds
    }

    private let open = Locked<[TokenHash: Ticket]>([:])

    func issue(for session: SessionID, at now: UnixMilliseconds) -> String {
        let secret = Secrets.makeToken()
        open.withLock { tickets in
            if tickets.count >= Self.capacity { tickets = tickets.filter { $0.value.expiresAt > now } }
            if tickets.count >= Self.capacity { tickets.removeAll() }
            tickets[Secrets.hash(secret)] = Ticket(session: session, expiresAt: now + Self.lifetime)
        }
        return secret
    }

    /// The session a ticket was issued for, which ends the ticket; `nil` if it is unknown, used or too old.
    func redeem(_ secret: String, at now: UnixMilliseconds) -> SessionID? {
        let ticket = open.withLock { $0.removeValue(forKey: Secrets.hash(secret)) }
        return ticket.flatMap { $0.expiresAt > now ? $0.session : nil }
    }
}
