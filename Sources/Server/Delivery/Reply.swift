import LyceumProtocol
import Transport

/// Answers as they go over a socket.
enum Reply {
    /// - Parameter id: The command's; an answer to a frame whose `id` could not be read has none.
    static func chunk(_ outcome: Outcome, to id: Int64?) -> Chunk {
        var json = JSONWriter(capacity: 128)
        json.object { json in
            json.field("re", id)
            switch outcome {
            case .done(let ok): json.field("ok", raw: ok)
            case .refused(let refusal):
                json.name("error")
                refusal.write(to: &json)
            }
        }
        return .text(json.bytes)
    }
}
