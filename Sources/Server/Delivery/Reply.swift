import LyceumProtocol
import Transport

/// Answers as they go over a socket.
enum Reply {
    /// - Parameter id: The command's; an answer to a frame whose `id` could not be read has none.
    /// - Parameter allowance: What a bot may still ask, which each of its answers tells.
    static func chunk(_ outcome: Outcome, to id: Int64?, within allowance: BotAllowance? = nil) -> Chunk {
        var json = JSONWriter(capacity: 128)
        json.object { json in
            json.field("re", id)
            switch outcome {
            case .done(let ok): json.field("ok", raw: ok)
            case .refused(let refusal):
                json.name("error")
                refusal.write(to: &json)
            }
            if let allowance { json.field("limit", object: { allowance.write(to: &$0) }) }
        }
        return .text(json.bytes)
    }
}
