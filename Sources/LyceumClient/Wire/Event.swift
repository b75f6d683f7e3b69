import LyceumProtocol

/// One event as the server sent it.
public struct Event: Sendable, Hashable {
    /// Where a durable event has its number.
    public enum Stream: Sendable, Hashable {
        case room(RoomID)
        /// The member's own stream.
        case me
        /// Another named stream, such as the review queue's.
        case named(String)
    }

    /// Such as `message.posted`.
    public let name: String
    /// `nil` for events that are not stored, such as `typing`.
    public let stream: Stream?
    /// In its stream; `nil` for events that are not stored.
    public let seq: SequenceNumber?
    /// All of it.
    public let json: JSONText

    /// - Throws: ``JSONError`` if it is not an event.
    public init(_ json: JSONText) throws {
        self = try json.read { object in
            let seq = object["seq"]?.integer
            return Event(
                name: try object.string("event"), stream: seq == nil ? nil : Self.stream(of: object), seq: seq,
                json: json)
        }
    }

    private init(name: String, stream: Stream?, seq: SequenceNumber?, json: JSONText) {
        self.name = name
        self.stream = stream
        self.seq = seq
        self.json = json
    }

    private static func stream(of object: JSONObject) -> Stream? {
        if let name = object["stream"]?.string { return name == "me" ? .me : .named(name) }
        return object["room"]?.integer.map { .room(RoomID($0)) }
    }

    /// The room of a room event, stored or not.
    public var room: RoomID? { json.integer("room").map { RoomID($0) } }
}
