import LyceumProtocol

/// Fields as JSON Schema 2020-12.
enum JSONSchema {
    /// An object with these fields; others may stand beside them, as the contract says.
    static func write(_ fields: [Field], to json: inout JSONWriter) {
        json.object { json in
            json.field("type", "object")
            json.field(
                "properties",
                object: { json in
                    for field in fields {
                        json.name(dynamic: field.name)
                        write(field.kind, to: &json)
                    }
                })
            let required = fields.filter(\.isRequired).map(\.name)
            if !required.isEmpty { json.field("required", array: required) { $0.value($1) } }
        }
    }

    static func write(_ kind: Field.Kind, to json: inout JSONWriter) {
        json.object { json in
            switch kind {
            case .integer(let range):
                json.field("type", "integer")
                json.field("minimum", range.lowerBound)
                json.field("maximum", range.upperBound)
            case .string(let range):
                json.field("type", "string")
                json.field("minLength", range.lowerBound)
                json.field("maxLength", range.upperBound)
            case .word(let words): json.field("enum", array: words) { $0.value($1) }
            case .boolean: json.field("type", "boolean")
            case .array(let element, let limit):
                json.field("type", "array")
                json.field("maxItems", limit)
                json.name("items")
                write(element, to: &json)
            case .object(let description):
                json.field("type", "object")
                json.field("description", description)
            case .list(let description):
                json.field("type", "array")
                json.field("description", description)
            }
        }
    }

    /// The object that stands under `"error"`.
    static func writeError(to json: inout JSONWriter) {
        write(
            [
                .required("code", .word(ErrorCode.allCases.map(\.rawValue))), .required("message", .string(1...1000)),
                .required("retryable", .boolean), .optional("retry_after_ms", .position),
                .optional("details", .object("depends on the code")),
            ], to: &json)
    }
}
