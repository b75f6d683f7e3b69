import LyceumProtocol

/// The socket's contract as AsyncAPI 3.0, made from the command table and the event schemas, so it cannot say other
/// than what the code checks.
enum AsyncAPIDocument {
    static let bytes = object { json in
        json.field("asyncapi", "3.0.0")
        json.field(
            "info",
            object: { json in
                json.field("title", "Lyceum socket")
                json.field("version", "1")
                json.field(
                    "description", "GET /v1/socket, WebSocket, subprotocol lyceum.v1.json; one JSON object a frame.")
            })
        json.field(
            "channels",
            object: { json in
                json.field(
                    "socket",
                    object: { json in
                        json.field("address", "/v1/socket")
                        json.field(
                            "messages",
                            object: { json in
                                for name in messageNames { reference(name, "#/components/messages/\(name)", to: &json) }
                            })
                    })
            })
        json.field(
            "operations",
            object: { json in
                operation("command", "receive", names: commandMessages, to: &json)
                operation("event", "send", names: ["reply"] + eventMessages, to: &json)
            })
        json.field("components", object: { json in json.field("messages", object: writeMessages) })
    }

    static let eventNames =
        EventKind.allCases.map { "\($0.name)" } + MeEventKind.allCases.map(\.rawValue)
        + ReviewEventKind.allCases.map(\.rawValue)
        + SignalKind.allCases.map(\.rawValue)
    // A command and an event may share a name, as `typing` does; their messages may not.
    private static let commandMessages = CommandTable.rows.map { "do.\($0.name)" }
    private static let eventMessages = eventNames.map { "event.\($0)" }
    static let messageNames = commandMessages + ["reply"] + eventMessages

    private static func reference(_ name: String, _ target: String, to json: inout JSONWriter) {
        json.name(dynamic: name)
        json.object { $0.field("$ref", target) }
    }

    private static func operation(_ name: String, _ action: String, names: [String], to json: inout JSONWriter) {
        json.name(dynamic: name)
        json.object { json in
            json.field("action", action)
            json.field("channel", object: { $0.field("$ref", "#/channels/socket") })
            json.field("messages", array: names) { json, name in
                json.object { $0.field("$ref", "#/channels/socket/messages/\(name)") }
            }
        }
    }

    private static func writeMessages(to json: inout JSONWriter) {
        for row in CommandTable.rows {
            let envelope: [Field] = [.required("id", .number), .required("do", .word([row.name]))]
            message("do.\(row.name)", envelope + row.fields, to: &json) { json in
                json.field(
                    "x-answer",
                    object: { json in
                        json.name("ok")
                        JSONSchema.write(row.answer, to: &json)
                    })
                json.field("x-cost", row.cost)
                json.field("x-requires", row.requirement.description)
            }
        }
        json.field(
            "reply",
            object: { json in
                json.field(
                    "payload",
                    object: { json in
                        json.field("type", "object")
                        json.field(
                            "properties",
                            object: { json in
                                json.name("re")
                                JSONSchema.write(.number, to: &json)
                                json.field("ok", object: { $0.field("type", "object") })
                                json.name("error")
                                JSONSchema.writeError(to: &json)
                                json.name("limit")
                                JSONSchema.write(BotAllowance.fields, to: &json)
                            })
                    })
            })
        for kind in EventKind.allCases {
            message("event.\(kind.name)", EventSchemas.room + EventSchemas.fields(of: kind), to: &json)
        }
        for kind in MeEventKind.allCases {
            message("event.\(kind.rawValue)", EventSchemas.me + EventSchemas.fields(of: kind), to: &json)
        }
        for kind in ReviewEventKind.allCases {
            message("event.\(kind.rawValue)", EventSchemas.review + EventSchemas.fields(of: kind), to: &json)
        }
        for kind in SignalKind.allCases {
            message(
                "event.\(kind.rawValue)", [.required("event", .word([kind.rawValue]))] + EventSchemas.fields(of: kind),
                to: &json)
        }
    }

    private static func message(
        _ name: String, _ fields: [Field], to json: inout JSONWriter, more: (inout JSONWriter) -> Void = { _ in }
    ) {
        json.name(dynamic: name)
        json.object { json in
            json.name("payload")
            JSONSchema.write(fields, to: &json)
            more(&json)
        }
    }
}
