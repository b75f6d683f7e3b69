import LyceumProtocol

/// The HTTP contract as OpenAPI 3.1, made from the routes and the command table.
enum OpenAPIDocument {
    static let bytes = object { json in
        json.field("openapi", "3.1.0")
        json.field(
            "info",
            object: { json in
                json.field("title", "Lyceum HTTP")
                json.field("version", "1")
            })
        json.field(
            "paths",
            object: { json in
                let paths = Dictionary(grouping: HTTPRouter.routes) { "/" + $0.path.joined(separator: "/") }
                for (path, routes) in paths.sorted(by: { $0.key < $1.key }) {
                    json.name(dynamic: path)
                    json.object { json in for route in routes { operation(route, to: &json) } }
                }
                writeFiles(to: &json)
                for path in OperatorPages.paths { page(path, to: &json) }
                page(
                    "/v1/socket", status: "101", "upgrades to the WebSocket that /v1/asyncapi.json describes", to: &json
                )
            })
        json.field(
            "components",
            object: { json in
                json.field(
                    "securitySchemes",
                    object: { json in
                        json.field(
                            "token",
                            object: { json in
                                json.field("type", "http")
                                json.field("scheme", "bearer")
                            })
                    })
                json.field("schemas", object: { json in json.field("Problem", object: writeProblem) })
            })
    }

    private static func operation(_ route: HTTPRoute, to json: inout JSONWriter) {
        guard let row = CommandTable.row(named: route.command) else {
            preconditionFailure("route \(route.method) \(route.path) names no command")
        }
        let inPath = route.path.filter { $0.hasPrefix("{") }.map { String($0.dropFirst().dropLast()) }
        json.name(dynamic: route.method.lowercased())
        json.object { json in
            json.field("operationId", "\(row.name)")
            if row.requirement != .anyone { writeSecurity(to: &json) }
            json.field("parameters", array: inPath.map { ($0, "path") } + route.query.map { ($0, "query") }) {
                json, parameter in
                self.parameter(parameter.0, in: parameter.1, row, to: &json)
            }
            if route.method == "POST" {
                json.field("requestBody", object: { content(row.fields, to: &$0) })
            }
            json.field(
                "responses",
                object: { json in
                    json.name(dynamic: String(route.successStatus))
                    json.object { json in
                        json.field("description", "done")
                        content(row.answer, to: &json)
                    }
                    writeFailure(to: &json)
                })
        }
    }

    static func writeSecurity(to json: inout JSONWriter) {
        json.field("security", array: ["token"]) { json, name in
            json.object { json in
                json.name(dynamic: name)
                json.array([String]()) { $0.value($1) }
            }
        }
    }

    private static func parameter(_ name: String, in place: String, _ row: CommandRow, to json: inout JSONWriter) {
        json.object { json in
            json.field("name", name)
            json.field("in", place)
            json.field("required", place == "path")
            json.name("schema")
            JSONSchema.write(row.fields.first { $0.name == name }?.kind ?? .number, to: &json)
        }
    }

    static func content(_ fields: [Field], to json: inout JSONWriter) {
        json.field(
            "content",
            object: { json in
                json.field(
                    "application/json",
                    object: { json in
                        json.name("schema")
                        JSONSchema.write(fields, to: &json)
                    })
            })
    }

    private static func page(
        _ path: String, status: String = "200", _ description: String = "see the description of the daemon",
        to json: inout JSONWriter
    ) {
        json.name(dynamic: path)
        json.object { json in
            json.field(
                "get",
                object: { json in
                    json.field(
                        "responses",
                        object: { json in
                            json.name(dynamic: status)
                            json.object { $0.field("description", description) }
                            writeFailure(to: &json)
                        })
                })
        }
    }

    static func writeFailure(to json: inout JSONWriter) {
        json.field(
            "default",
            object: { json in
                json.field("description", "refused: problem details, RFC 9457")
                json.field(
                    "content",
                    object: { json in
                        json.field(
                            "application/problem+json",
                            object: { json in
                                json.field("schema", object: { $0.field("$ref", "#/components/schemas/Problem") })
                            })
                    })
            })
    }

    private static func writeProblem(to json: inout JSONWriter) {
        json.field("type", "object")
        json.field("required", array: ["type", "title", "status", "code"]) { $0.value($1) }
        json.field(
            "properties",
            object: { json in
                for name in ["type", "title", "detail"] {
                    json.name(dynamic: name)
                    json.object { $0.field("type", "string") }
                }
                json.field("status", object: { $0.field("type", "integer") })
                json.field(
                    "code",
                    object: { json in
                        json.field("enum", array: ErrorCode.allCases.map(\.rawValue)) { $0.value($1) }
                    })
                json.field("retryable", object: { $0.field("type", "boolean") })
                json.field("retry_after_ms", object: { $0.field("type", "integer") })
            })
    }
}
