import ArgumentParser
import Harness
import LyceumProtocol
import Server
import Storage

/// Makes the community that a bench runs on, offline and fast.
struct SeedCommunity: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "seed", abstract: "Make a community to load (what the other benches start).")

    @OptionGroup var options: SettingsOptions

    @Option(help: "How many members.") var members = 1000
    @Option(help: "How many public rooms.") var rooms = 1
    @Option(help: "How many of them each member is in, spread evenly.") var roomsEach = 1
    @Flag(help: "Puts everybody into the first room besides.") var commonRoom = false
    @Option(help: "How many questions of an open Q&A session in the first room.") var questions = 0
    @Option(help: "Where to write the accounts: JSON lines with a \"token\" and its \"rooms\".") var accounts: String

    func validate() throws { try requirePositive(["members": members, "rooms": rooms]) }

    func run() throws {
        try options.withStore(mayBegin: true, seed)
    }

    private func seed(_ store: SQLiteStore, _ settings: Settings) throws {
        let administration = OfflineAdministration(store: store, settings: settings)
        let tokens = try administration.seed(members: members, rooms: rooms, roomsOf: roomNumbers)
        if questions > 0 { try administration.seedQuestions(questions) }
        let community = try store.loadCommunity()
        let ids = (0..<rooms).map { community.publicRoom(named: "room-\($0)")?.id.rawValue ?? 0 }
        var lines = ""
        for (number, token) in tokens.enumerated() {
            var json = JSONWriter()
            json.object { json in
                json.field("token", token)
                json.field("rooms", array: roomNumbers(of: number)) { $0.value(ids[$1]) }
            }
            lines += String(decoding: json.bytes, as: UTF8.self) + "\n"
        }
        try writeFile(accounts, lines)
    }

    private func roomNumbers(of member: Int) -> [Int] {
        let own = (0..<roomsEach).map { (member * roomsEach + $0) % rooms }
        return commonRoom ? [0] + own.filter { $0 != 0 } : own
    }
}
