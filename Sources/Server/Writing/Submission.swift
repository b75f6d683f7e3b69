import Community
import LyceumProtocol

/// Who sent a command, as the loop knew it when the command arrived.
struct Actor: Sendable {
    /// `nil` before sign-in.
    var member: MemberID?
    var session: SessionID?
    /// The peer's address, or what a trusted proxy says it is; for limits and logs.
    var address: String
}

/// Where an answer goes: a connection or a waiting HTTP request of one event loop.
struct ReplyAddress: Hashable, Sendable {
    let loop: Int
    /// The connection's or the request's key on that loop.
    let key: UInt64
    /// The command's `id`; `nil` for HTTP, and for commands of a frame without a usable `id`.
    let id: Int64?
}

/// What became of a command.
enum Outcome: Sendable {
    /// The object that stands under `"ok"`.
    case done([UInt8])
    case refused(Refusal)
}

/// A command that changes the record. It is performed on the writer's thread, inside the transaction of its batch.
protocol WriteCommand: Sendable {
    /// The room it is about, which the gate checks its row's requirement in.
    var room: RoomID? { get }
    /// The room whose thresholds its texts are judged by, where the command itself does not name one.
    func place(in community: borrowing Community, actor: MemberID?) -> RoomID?
    /// What members would get to read through it; each passes the moderation stage before ``perform(in:)``.
    var texts: [SubmittedText] { get }
    /// What makes a repeat of the command recognisable; a repeat is judged as it was the first time.
    var nonce: String? { get }
    /// Whether nobody is to learn who sent it; what it costs its sender is then told without its text.
    var hidesSender: Bool { get }
    /// Whether it takes things away, and so is carried out even when the disk is full.
    var freesSpace: Bool { get }
    /// Checks, decides, commits and tells, in this order: a ``Refusal`` may be thrown only before the first change.
    /// - Returns: The object that stands under `"ok"`.
    func perform(in context: WriteContext) throws -> [UInt8]
}

extension WriteCommand {
    func place(in community: borrowing Community, actor: MemberID?) -> RoomID? { room }
    var texts: [SubmittedText] { [] }
    var nonce: String? { nil }
    var freesSpace: Bool { false }
    var hidesSender: Bool { false }
}

/// A command on its way to the writer, with a verdict on each of its texts.
///
/// There is one way to make one, and it leads through the moderation stage: no text reaches the writer without.
struct Submission: Sendable {
    let actor: Actor
    let requirement: Requirement
    let command: any WriteCommand
    /// The stage's word on each of the command's texts, in their order.
    let judgements: [Judged]
    /// Called on the writer's thread when the outcome is not told through the batch's delivery: `nil` for commands
    /// that answer to a client.
    let reply: ReplyAddress?
    /// Called once with the outcome, on the writer's thread and after the commit.
    let completion: (@Sendable (Outcome) -> Void)?
    /// About what it holds in memory; bounds the queue.
    let byteCount: Int

    init(
        _ command: any WriteCommand, needs requirement: Requirement, as actor: Actor, reply: ReplyAddress? = nil,
        byteCount: Int = 512, through server: ServerState, completion: (@Sendable (Outcome) -> Void)? = nil
    ) {
        self.actor = actor
        self.requirement = requirement
        self.command = command
        self.reply = reply
        self.completion = completion
        self.byteCount = byteCount
        let texts = command.texts
        judgements = texts.isEmpty ? [] : server.judge(texts, of: command, by: actor.member)
    }
}

/// A text that members would get to read, and what it is.
struct SubmittedText: Sendable {
    enum Kind: String, Sendable {
        case message, edit, title, topic, name, report, question, answer, poll, file
        /// Names and labels that a bot declares, and values given to its commands.
        case bot
        case pollAnswer = "poll_answer"
        /// A sentence with which a host explains a step.
        case reason
    }

    let kind: Kind
    let text: String
}
