import Community
import Foundation
import LyceumProtocol
import Testing

@testable import Server

/// Who may use which command where, checked against the table that stands beside this file.
///
/// A command, role or permission that is added or changed without its line here fails; the failure prints the line as
/// the code has it, to be read and then copied.
struct PermissionMatrixTests {
    /// Where the acting member stands: in the room or not, of a public or a private one.
    private enum Place: CaseIterable {
        case publicInside, publicOutside, privateInside, privateOutside
    }

    @Test func `every command admits whom the table says and nobody else`() throws {
        let expected = try Self.table()
        let rows = CommandTable.rows.map { ($0.name, Self.line(of: $0)) }
        for (name, line) in rows {
            #expect(expected[name] == line, "the table has no such line for \(name): \(name) \(line)")
        }
        let names = Set(rows.map(\.0))
        for name in expected.keys {
            #expect(names.contains(name), "the table has a line for \(name), which is no command")
        }
    }

    @Test func `the table has a column for every role`() throws {
        for (name, line) in try Self.table() {
            #expect(line.split(separator: " ").count == 1 + Role.allCases.count, "line of \(name)")
        }
    }

    private static func table() throws -> [String: String] {
        let file = URL(fileURLWithPath: #filePath).deletingLastPathComponent().appending(path: "permission-matrix.txt")
        var lines: [String: String] = [:]
        for line in try String(contentsOf: file, encoding: .utf8).split(separator: "\n") where !line.hasPrefix("#") {
            let words = line.split(separator: " ")
            lines[String(words[0])] = words.dropFirst().joined(separator: " ")
        }
        return lines
    }

    /// One letter for a stranger, then four for each role.
    private static func line(of row: CommandRow) -> String {
        var words = [letter(row, nil, .publicInside)]
        for role in Role.allCases { words.append(Place.allCases.map { letter(row, role, $0) }.joined()) }
        return words.joined(separator: " ")
    }

    private static func letter(_ row: CommandRow, _ role: Role?, _ place: Place) -> String {
        var community = Community(epoch: "e")
        let room = RoomID(1)
        let isPublic = place == .publicInside || place == .publicOutside
        community.apply(
            .room(
                Room(
                    id: room, kind: isPublic ? .public : .private, name: "here", title: "", createdBy: MemberID(9),
                    createdAt: 0)))
        if let role { community.apply(.member(Member(id: MemberID(1), name: "actor", role: role, createdAt: 0))) }
        // A bot is shown at its strongest: every scope there is, and the community's owner behind it.
        if role == .bot {
            community.apply(.member(Member(id: MemberID(2), name: "owner", role: .owner, createdAt: 0)))
            community.apply(
                .bot(Bot(member: MemberID(1), owner: MemberID(2), scopes: .all, intents: [], createdAt: 0)))
        }
        if place == .publicInside || place == .privateInside {
            for member in [1, 2] {
                community.apply(
                    .joined(room, MemberID(Int64(member)), Membership(joinedSeq: 0, readSeq: 0, readOrdinal: 0)))
            }
        }
        do throws(Refusal) {
            try Gate.admit(row.requirement, for: role.map { _ in MemberID(1) }, in: room, of: community, at: 1000)
            return "+"
        } catch {
            switch error.code {
            case .forbidden: return "f"
            case .notFound: return "n"
            case .unauthenticated: return "u"
            default: return "?"
            }
        }
    }
}
