import Foundation
import LyceumProtocol
import Testing

@testable import Server

/// The contract that independent clients are written against, as the issue of version 1 gave it: what stands here may
/// never be renamed or removed.
struct ContractTests {
    private struct Contract: Decodable {
        let commands: [String: [String]]
        let events: [String: [String]]
        let errors: [String]
        let closes: [UInt16]
        let paths: [String]
    }

    private static func promised() throws -> Contract {
        let file = URL(fileURLWithPath: #filePath).deletingLastPathComponent().appending(path: "contract-v1.json")
        return try JSONDecoder().decode(Contract.self, from: Data(contentsOf: file))
    }

    @Test func `every promised command is there with its fields`() throws {
        for (name, fields) in try Self.promised().commands {
            let row = try #require(CommandTable.row(named: name), "command \(name)")
            for field in fields { #expect(row.fields.contains { $0.name == field }, "\(name) \(field)") }
        }
    }

    @Test func `every command and event is in the contract file, so adding one without writing it down fails`() throws {
        let promised = try Self.promised()
        for row in CommandTable.rows {
            let fields = try #require(promised.commands[row.name], "command \(row.name) is not in contract-v1.json")
            #expect(Set(fields) == Set(row.fields.map(\.name)), "fields of \(row.name)")
        }
        #expect(Set(promised.events.keys) == Set(AsyncAPIDocument.eventNames))
    }

    @Test func `every promised event carries its fields`() throws {
        let promised = try Self.promised().events
        for kind in EventKind.allCases {
            #expect(
                Set(promised["\(kind.name)"] ?? []) == Set(EventSchemas.fields(of: kind).map(\.name)), "\(kind.name)")
        }
        for kind in MeEventKind.allCases {
            #expect(Set(promised[kind.rawValue] ?? []) == Set(EventSchemas.fields(of: kind).map(\.name)), "\(kind)")
        }
        for kind in ReviewEventKind.allCases {
            #expect(Set(promised[kind.rawValue] ?? []) == Set(EventSchemas.fields(of: kind).map(\.name)), "\(kind)")
        }
        for kind in SignalKind.allCases {
            #expect(Set(promised[kind.rawValue] ?? []) == Set(EventSchemas.fields(of: kind).map(\.name)), "\(kind)")
        }
    }

    @Test func `every promised error, close code and path is there`() throws {
        let promised = try Self.promised()
        #expect(Set(promised.errors) == Set(ErrorCode.allCases.map(\.rawValue)))
        #expect(Set(promised.closes) == Set(CloseCode.allCases.map(\.rawValue)))
        let document = try #require(
            JSONSerialization.jsonObject(with: Data(OpenAPIDocument.bytes)) as? [String: Any])
        let paths = try #require(document["paths"] as? [String: Any])
        #expect(Set(promised.paths) == Set(paths.keys))
    }

    @Test func `the published socket contract is JSON that names every command and event`() throws {
        let document = try #require(
            JSONSerialization.jsonObject(with: Data(AsyncAPIDocument.bytes)) as? [String: Any])
        #expect(document["asyncapi"] as? String == "3.0.0")
        let components = try #require(document["components"] as? [String: Any])
        let messages = try #require(components["messages"] as? [String: Any])
        #expect(AsyncAPIDocument.messageNames.count == CommandTable.rows.count + AsyncAPIDocument.eventNames.count + 1)
        #expect(Set(messages.keys) == Set(AsyncAPIDocument.messageNames))
    }

    @Test func `a text's tree is of the type that the published contract says`() throws {
        for kind in ["message.posted", "message.edited", "bot.answered"] {
            let fields =
                (EventKind.allCases.first { "\($0.name)" == kind }.map(EventSchemas.fields)
                    ?? MeEventKind(rawValue: kind).map(EventSchemas.fields)) ?? []
            let tree = try #require(fields.first { $0.name == "tree" })
            try object { Markdown.writeTree(of: "# T\n> **b**\n\n- a", to: &$0) }.withUnsafeBytes { bytes in
                let json = try JSONObject(parsing: bytes)
                #expect(json["tree"]?.elements?.count == 3)
                try tree.check(json)
            }
        }
    }
}
