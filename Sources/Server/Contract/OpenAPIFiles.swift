import Community
import LyceumProtocol

/// The routes of files, whose bodies are no JSON.
extension OpenAPIDocument {
    static func writeFiles(to json: inout JSONWriter) {
        json.name(dynamic: FileRoutes.path)
        json.object { json in
            json.field(
                "post",
                object: { json in
                    json.field("operationId", "file.upload")
                    json.field(
                        "description",
                        """
                        Uploads one file for a room; name its id in attachments of message.post. Its type is told by its \
                        content, and pictures lose what they say of place, time and device.
                        """)
                    writeSecurity(to: &json)
                    json.field(
                        "parameters",
                        array: [
                            ("lyceum-room", "the room's id"), ("lyceum-file-name", "its name, percent-encoded UTF-8"),
                        ]
                    ) { json, header in
                        writeParameter(header.0, in: "header", header.1, to: &json)
                    }
                    json.field("requestBody", object: { writeBytes("application/octet-stream", to: &$0) })
                    json.field(
                        "responses",
                        object: { json in
                            json.name("201")
                            json.object { json in
                                json.field("description", "stored")
                                content(FileRecord.fields, to: &json)
                            }
                            writeFailure(to: &json)
                        })
                })
        }
        json.name(dynamic: FileRoutes.path + "/{id}")
        json.object { json in json.field("get", object: writeDownload) }
    }

    private static func writeDownload(to json: inout JSONWriter) {
        json.field("operationId", "file.get")
        writeSecurity(to: &json)
        json.field("parameters", array: ["id"]) { json, name in
            writeParameter(name, in: "path", "the file's id", to: &json)
        }
        json.field(
            "responses",
            object: { json in
                json.name("200")
                json.object { json in
                    json.field("description", "the file; pictures inline, everything else to be saved")
                    writeBytes("*/*", to: &json)
                }
                json.name("206")
                json.object { json in
                    json.field("description", "the one range of it that the Range field asks for")
                    writeBytes("*/*", to: &json)
                }
                writeFailure(to: &json)
            })
    }

    private static func writeParameter(
        _ name: String, in place: String, _ description: String, to json: inout JSONWriter
    ) {
        json.object { json in
            json.field("name", name)
            json.field("in", place)
            json.field("required", true)
            json.field("description", description)
            json.field("schema", object: { $0.field("type", "string") })
        }
    }

    private static func writeBytes(_ type: String, to json: inout JSONWriter) {
        json.field(
            "content",
            object: { json in
                json.name(dynamic: type)
                json.object { json in
                    json.field(
                        "schema",
                        object: { json in
                            json.field("type", "string")
                            json.field("format", "binary")
                        })
                }
            })
    }
}
