import Community
import LyceumProtocol

/// What each event carries besides the fields that all of its stream share. The switches have no default, so an event
/// that is added without its schema does not compile.
enum EventSchemas {
    /// `event`, `room`, `seq`, `at`, `by`: what every room event carries.
    static let room: [Field] = [
        .required("event", .string(1...64)), .required("room", .number), .required("seq", .number),
        .required("at", .number), .required("by", .position),
    ]
    /// What every event of a member's own stream carries.
    static let me: [Field] = [
        .required("event", .string(1...64)), .required("stream", .word(["me"])), .required("seq", .number),
        .required("at", .number),
    ]

    private static let text: [Field] = [
        .required("text", .string(0...32_000)),
        tree, .optional("thread", .number),
        .optional("mentions", .array(.number, atMost: 50)), .optional("mentions_room", .boolean),
        .optional("bot", .object("on a bot's message: components, invoked {invocation, command, by}")),
    ]
    /// See ``MarkdownNode``.
    private static let tree = Field.optional(
        "tree",
        .array(
            .list("a piece of the text's Markdown: its tag, then pieces and strings; absent if the text has none"),
            atMost: 32_000))
    private static let attachments = Field.optional(
        "attachments", .array(.object("id, name, type, bytes, width, height"), atMost: Attachment.limit))

    static func fields(of kind: EventKind) -> [Field] {
        switch kind {
        case .roomCreated:
            [
                .required("kind", .word(["public", "private", "direct"])), .optional("name", .string(2...32)),
                .optional("title", .string(0...200)), .optional("topic", .string(0...1000)),
            ]
        case .roomUpdated:
            [
                .optional("name", .string(2...40)), .optional("title", .string(0...200)),
                .optional("topic", .string(0...1000)),
                .optional("slow_mode_s", .integer(0...21_600)), .optional("members_only_post", .boolean),
                .optional("archived", .boolean),
            ]
        case .memberJoined, .memberRenamed: [.required("member", .object("id, name, role"))]
        case .memberLeft: [.required("member", .number), .required("reason", .word(["left", "removed", "banned"]))]
        case .messagePosted:
            text + [
                attachments, .optional("reply_to", .number), .optional("edited_at", .number),
                .optional("deleted", .boolean),
            ]
        case .messageEdited: text + [.required("message", .number), .optional("superseded", .boolean)]
        case .messageDeleted: [.required("message", .number), .optional("thread", .number)]
        case .reactionAdded, .reactionRemoved:
            [.required("message", .number), .required("emoji", .string(1...16))]
        case .messagePinned, .messageUnpinned: [.required("message", .number)]
        case .messageRestored:
            text + [
                attachments, .required("message", .number), .required("author", .number),
                .required("posted_at", .number),
                .optional("reply_to", .number), .optional("edited_at", .number),
            ]
        case .threadUpdated:
            [.required("thread", .number), .required("title", .string(0...200)), .required("closed", .boolean)]
        case .qaOpened: QuestionText.session
        case .qaUpdated:
            QuestionText.session + [
                .required("qa", .number), .required("change", .word(["updated", "opened", "reopened", "reminder"])),
                .optional("reminder", .word(["start", "end"])),
            ]
        case .qaClosed: QuestionText.session + [.required("qa", .number), .optional("reason", .string(1...500))]
        case .questionAsked: QuestionText.asked
        case .questionUpdated: QuestionText.updated
        case .questionTally: QuestionText.tally
        case .pollOpened:
            [
                .required("question", .string(0...300)),
                .required("options", .array(.string(1...200), atMost: Poll.optionCounts.upperBound)),
                .required("kind", .word(Poll.Kind.allCases.map(\.rawValue))), .optional("multiple", .boolean),
                .optional("anonymous", .boolean), .optional("results_hidden", .boolean),
                .optional("closes_at", .number), .optional("deleted", .boolean),
            ]
        case .pollTally, .pollClosed: pollResults
        case .pollDeleted: [.required("poll", .number)]
        }
    }

    private static let pollResults: [Field] = [
        .required("poll", .number), .required("voters", .position),
        .optional("counts", .array(.position, atMost: Poll.optionCounts.upperBound)),
        .optional("words", .array(.object("text, count"), atMost: PollText.cloudLimit)),
        .optional("ranking", .array(.array(.position, atMost: 20), atMost: 20)),
        .optional("pairs", .array(.array(.position, atMost: 20), atMost: 20)), .optional("quiz_answer", .position),
        .optional("superseded", .boolean),
    ]

    static func fields(of kind: MeEventKind) -> [Field] {
        switch kind {
        case .mentioned:
            [
                .required("room", .number), .required("message", .number), .required("by", .number),
                .optional("thread", .number),
            ]
        case .roomAdded: [.required("room", .number), .required("by", .number)]
        case .roomRemoved: [.required("room", .number)]
        case .held:
            [
                .required("review", .number), .required("room", .number), .optional("message", .number),
                .required("text", .string(0...32_000)),
                .required("reasons", .array(.object("rule, en, zh"), atMost: 100)),
            ]
        case .decided:
            [
                .required("review", .number),
                .required("action", .word(ReviewItem.Action.allCases.map(\.rawValue) + ["expired"])),
                .optional("room", .number), .optional("message", .number), .required("reason", .string(0...1000)),
                .optional("undone", .boolean), .optional("name", .string(2...40)),
            ]
        case .sanctioned:
            [
                .required("sanction", .number), .required("kind", .word(Sanction.Kind.allCases.map(\.rawValue))),
                .optional("room", .number), .optional("until", .number), .required("reason", .string(0...1000)),
                .required("review", .number),
            ]
        case .pardoned:
            [
                .required("sanction", .number), .required("kind", .word(Sanction.Kind.allCases.map(\.rawValue))),
                .optional("room", .number),
            ]
        case .botInvoked:
            invocation + [.required("command", .string(1...32)), .required("options", .object("name → value"))]
        case .componentInvoked:
            invocation + [
                .required("component", .string(1...64)), .required("values", .array(.string(1...100), atMost: 50)),
                .optional("message", .number),
            ]
        case .botAnswered:
            [
                .required("invocation", .number), .required("bot", .number), .required("room", .number),
                .required("state", .word(["deferred", "acknowledged", "answered", "held", "expired"])),
                .optional("message", .number), .optional("text", .string(0...32_000)),
                tree, .optional("components", .array(.object("a button or select"), atMost: 25)),
                .optional("error", .object("code, message, retryable: why there will be no answer")),
            ]
        case .webhookDisabled:
            [
                .required("webhook", .number), .required("name", .string(2...32)),
                .required("reason", .word(["failing", "gone"])),
            ]
        case .roleChanged: [.required("role", .string(1...20)), .optional("room", .number)]
        }
    }

    /// What every invocation of a bot carries.
    private static let invocation: [Field] = [
        .required("invocation", .number), .required("room", .number), .optional("thread", .number),
        .required("by", .object("id, name, role")), .optional("locale", .word(["en", "zh"])),
        .required("expires_at", .number),
    ]

    /// What every event of the review stream carries.
    static let review: [Field] = [
        .required("event", .string(1...64)), .required("stream", .word(["review"])), .required("seq", .number),
        .required("at", .number),
    ]

    static func fields(of kind: ReviewEventKind) -> [Field] {
        switch kind {
        case .added, .claimed, .released, .updated, .decided, .undone:
            [.required("item", .object(ReviewItemText.fields))]
        case .rules:
            [.required("version", .string(1...100)), .optional("errors", .array(.string(1...1000), atMost: 100))]
        case .raid: [.optional("room", .number), .optional("until", .number), .required("by", .number)]
        case .hidden: []
        }
    }

    static func fields(of kind: SignalKind) -> [Field] {
        switch kind {
        case .hello:
            [
                .required("protocol", .integer(1...1)), .required("server", .string(1...100)),
                .required("community", .string(1...200)), .required("heartbeat_ms", .number),
                .required("limits", .object("frame_bytes, text_chars, commands_per_minute, outbox_bytes")),
                .required("features", .array(.string(1...50), atMost: 100)),
            ]
        case .heartbeat: [.required("at", .number), .required("heads", .object("room → its newest seq"))]
        case .typing: [.required("room", .number), .required("member", .number), .optional("thread", .number)]
        case .presence:
            [.required("room", .number), .required("members", .array(.object("member, state"), atMost: 200))]
        case .read: [.required("room", .number), .required("read_seq", .position)]
        case .recommendations:
            [
                .required("version", .number),
                .required(
                    "kinds",
                    .object(
                        "rooms, threads, questions, topics, peers, experts → add [{place, item}], remove [key], order [key]"
                    )),
            ]
        case .backtestProgress:
            [.optional("request", .number), .required("done", .position), .required("total", .position)]
        }
    }
}
