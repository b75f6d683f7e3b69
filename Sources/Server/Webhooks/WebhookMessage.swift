import Community
import Egress
import Foundation
import LyceumProtocol
import Webhooks

/// What is sent to an outgoing hook: one event in a CloudEvents 1.0 envelope (JSON format, structured mode), signed.
struct WebhookMessage {
    private static let prefix = "lyceum."
    static let testType = "webhook.test"

    let delivery: WebhookDelivery
    /// As subscribers know it: `message.posted`.
    let type: String
    /// When it happened.
    let at: UnixMilliseconds
    /// The event as members of its room get it, a JSON object.
    let data: [UInt8]

    /// A room's event, as it reads now: what was edited or deleted meanwhile is not sent as it was.
    init(_ delivery: WebhookDelivery, event: RoomEvent) {
        self.init(delivery: delivery, type: "\(event.kind.name)", at: event.at, data: event.body)
    }

    /// A test.
    init(_ delivery: WebhookDelivery, testing hook: Webhook) {
        let data = object { json in
            json.field("webhook", hook.id)
            json.field("name", hook.name)
        }
        self.init(delivery: delivery, type: Self.testType, at: delivery.createdAt, data: data)
    }

    private init(delivery: WebhookDelivery, type: String, at: UnixMilliseconds, data: [UInt8]) {
        self.delivery = delivery
        self.type = type
        self.at = at
        self.data = data
    }

    /// What names a delivery at every attempt: the event's place under the store's epoch, so that an event that has the
    /// same number after a restore is another one.
    static func identifier(of place: ActivityLogEntry.Place, epoch: String) -> String {
        "evt.\(epoch).\(place.room).\(place.seq)"
    }

    static func identifier(ofTest id: Int64, epoch: String) -> String { "test.\(epoch).\(id)" }

    private var envelope: [UInt8] {
        object { json in
            json.field("specversion", "1.0")
            json.field("id", delivery.message)
            json.field("source", delivery.event.map { "/v1/rooms/\($0.room)" } ?? "/v1/webhooks/\(delivery.hook)")
            json.field("type", Self.prefix + type)
            json.field("subject", delivery.event.map { "\($0.seq)" })
            json.field("time", Date(timeIntervalSince1970: Double(at) / 1000).formatted(Self.time))
            json.field("datacontenttype", "application/json")
            json.field("data", raw: data)
        }
    }

    /// RFC 3339 with milliseconds.
    private static let time = Date.ISO8601FormatStyle(includingFractionalSeconds: true)

    func request(to hook: Webhook.Outgoing, at now: UnixMilliseconds) -> OutboundRequest {
        let body = envelope
        let timestamp = now / 1000
        var secrets = [hook.secret]
        if let former = hook.formerSecret, former.until > now { secrets.append(former.bytes) }
        let signatures = secrets.compactMap { WebhookSecret(bytes: $0) }
            .map { $0.signature(id: delivery.message, timestamp: timestamp, body: body) }
        let headers = [
            ("Content-Type", "application/cloudevents+json; charset=utf-8"), ("webhook-id", delivery.message),
            ("webhook-timestamp", "\(timestamp)"), ("webhook-signature", signatures.joined(separator: " ")),
        ]
        return OutboundRequest(url: hook.url, headers: headers, body: body)
    }
}
