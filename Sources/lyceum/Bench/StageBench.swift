import Foundation
import Harness
import LyceumProtocol
import Moderation
import Server
import Storage

/// The rows of `lyceum bench moderate` for the whole stage: what stands in the way of a post, from text to verdict.
enum StageBench {
    static func rows(_ material: ModerateBench.Material) throws -> [ModerateBench.Row] {
        let folder = try TemporaryFolder(prefix: "lyceum-bench-stage")
        try Data(RuleBench.mixedPack(material).utf8).write(to: URL(fileURLWithPath: "\(folder.path)/bench.yaml"))
        try Data(ClassifierBench.taught().snapshot()).write(
            to: URL(fileURLWithPath: "\(folder.path)/starter-model.lycm"))
        return [
            try measure("whole stage", "10,000 keywords, 500 expressions, 4 heads", rules: folder.path, material),
            try measure("whole stage, shipped packs", "rates, repeats, the starter model", rules: nil, material),
            try measure("whole stage, no packs", "3 heads", rules: "none", material),
        ]
    }

    private static func measure(
        _ name: String, _ note: String, rules: String?, _ material: ModerateBench.Material
    ) throws -> ModerateBench.Row {
        let folder = try TemporaryFolder(prefix: "lyceum-bench-stage")
        var settings = Settings()
        settings.data = folder.path
        settings.moderation.rules = rules
        let moderator = try OfflineModerator(
            settings: settings, store: SQLiteStore(folder: URL(fileURLWithPath: folder.path)))
        let messages = material.messages
        var held = 0
        var row = ModerateBench.latency(name) { index in
            // A thousand members, a hundred rooms, a post each half millisecond.
            let action = moderator.judge(
                messages[index % messages.count], by: MemberID(Int64(index % 1_000) + 1),
                in: RoomID(Int64(index % 100) + 1), at: UnixMilliseconds(index / 2))
            if action != .allow { held += 1 }
        }
        row.note = "\(note); \(held > 0 ? "some" : "none") held"
        return row
    }
}
