import LyceumProtocol
import Transport

/// What every connection is told first: the protocol, and the limits it will be held to.
enum Hello {
    static let version = "lyceum/0.1.0"
    static let heartbeatMilliseconds: UnixMilliseconds = 25_000

    static func chunk(_ settings: Settings) -> Chunk {
        .text(
            object { json in
                json.field("event", SignalKind.hello.rawValue)
                json.field("protocol", 1)
                json.field("server", version)
                json.field("community", settings.communityName)
                json.field("heartbeat_ms", heartbeatMilliseconds)
                json.field(
                    "limits",
                    object: { json in
                        json.field("frame_bytes", settings.limits.frameBytes)
                        json.field("text_chars", settings.limits.textCharacters)
                        json.field("commands_per_minute", settings.limits.commandsPerMinute)
                        json.field("outbox_bytes", settings.limits.outboxBytes)
                    })
                json.field("features", array: ["rooms", "threads", "search", "resume", "polls", "files"]) {
                    $0.value($1)
                }
            })
    }
}
