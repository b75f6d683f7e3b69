import Foundation
import Testing

@testable import Server

struct SettingsTests {
    private static func load(
        yaml: String = "", environment: [String: String] = [:], flags: [(key: String, value: String)] = []
    ) throws -> SettingsLoader {
        let file = FileManager.default.temporaryDirectory.appending(path: "lyceum-\(UUID().uuidString).yaml")
        try Data(yaml.utf8).write(to: file)
        defer { try? FileManager.default.removeItem(at: file) }
        var loader = SettingsLoader()
        loader.read(file: file.path)
        loader.read(environment: environment)
        loader.read(flags: flags)
        loader.checkTogether()
        return loader
    }

    @Test func `flags stand over the environment, and that over the file`() throws {
        let yaml = "loops: 2\nlimits:\n  text_chars: 100\n  frame_bytes: 8192\n"
        let loader = try Self.load(
            yaml: yaml, environment: ["LYCEUM_LIMITS_TEXT_CHARS": "200", "LYCEUM_LOOPS": "3"], flags: [("loops", "4")])
        #expect(loader.complaints.isEmpty)
        #expect(loader.settings.limits.frameBytes == 8192)
        #expect(loader.settings.limits.textCharacters == 200)
        #expect(loader.settings.loops == 4)
    }

    @Test func `what is wrong in a file is named with its line`() throws {
        let loader = try Self.load(
            yaml: "loops: many\n\nlimit:\n  x: 1\nlimits:\n  text_chars: 0\n  speed: 9\nlisten: [a, [b]]\n")
        let complaints = loader.complaints.map(\.description)
        for (line, word) in [(1, "loops"), (3, "limit "), (6, "text_chars"), (7, "limits.speed"), (8, "listen")] {
            #expect(
                complaints.contains { $0.contains(".yaml:\(line): ") && $0.contains(word) },
                "line \(line) in \(complaints)")
        }
    }

    @Test func `every default can be written as the list of settings shows it`() throws {
        for row in SettingTable.rows {
            let standard = row.form.write(Settings())
            guard !standard.isEmpty else { continue }
            var settings = Settings()
            try row.form.read(&settings, standard)
            #expect(row.form.write(settings) == standard, "\(row.key)")
            #expect(row.reference.hasSuffix("by default \(standard))"), "\(row.key)")
        }
        let loops = try #require(SettingTable.rows.first { $0.key == "loops" })
        #expect(loops.reference == "loops  (LYCEUM_LOOPS)  event loops, each a thread (1...64, by default 1)")
    }

    @Test func `YAML that breaks off is named with its line`() throws {
        let complaint = try #require(try Self.load(yaml: "loops: 2\nlimits: [\n").complaints.first)
        #expect(complaint.description.contains(".yaml:3: not YAML: "))
    }

    @Test func `a misspelt variable is named`() throws {
        #expect(try Self.load(environment: ["LYCEUM_LOOPZ": "1"]).complaints.map(\.place) == ["LYCEUM_LOOPZ"])
    }

    @Test func `broken YAML and half a certificate are complaints, not crashes`() throws {
        #expect(try Self.load(yaml: "a: [").complaints.count == 1)
        let half = try Self.load(flags: [("tls.key", #filePath)]).complaints
        #expect(half.map(\.description) == ["tls: needs both certificate and key"])
    }

    @Test(arguments: [
        ("127.0.0.1:8080", "127.0.0.1", UInt16(8080)), ("[::1]:0", "::1", 0), ("0.0.0.0:65535", "0.0.0.0", 65535),
    ])
    func `addresses are read with their ports`(text: String, host: String, port: UInt16) {
        #expect(ListenAddress(text) == ListenAddress(host: host, port: port))
    }

    @Test(arguments: ["", "localhost", ":80", "1.2.3.4:", "1.2.3.4:70000", "1.2.3.4:x"])
    func `what is no address is refused`(text: String) { #expect(ListenAddress(text) == nil) }
}
