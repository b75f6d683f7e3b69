import Foundation
import Moderation

/// The rules that judge now, with what people are told when one of them matches. Immutable; swapped whole.
final class RulesInForce: Sendable {
    let set: RuleSet
    let normaliser: Normaliser
    private let reasons: [String: RuleReason]

    init(set: RuleSet, normaliser: Normaliser) {
        self.set = set
        self.normaliser = normaliser
        reasons = Dictionary(set.rules.map { ($0.id, $0.reason) }, uniquingKeysWith: { first, _ in first })
    }

    /// - Throws: ``RulesTrouble`` with all that is wrong.
    convenience init(
        _ sources: [(file: String, yaml: String)], _ normaliser: Normaliser, cache: RuleCache?
    ) throws(RulesTrouble) {
        let set: RuleSet
        do {
            set = try RuleSet(sources: sources, normaliser: normaliser, cache: cache)
        } catch {
            throw RulesTrouble(lines: error.errors.map(\.description))
        }
        self.init(set: set, normaliser: normaliser)
    }

    static func empty(_ normaliser: Normaliser) -> RulesInForce {
        RulesInForce(set: .empty(normaliser: normaliser), normaliser: normaliser)
    }

    /// What a member is told of a rule, in English and Chinese.
    func reason(of rule: String) -> (english: String, chinese: String) {
        if let reason = reasons[rule] { return (reason.english, reason.chinese) }
        return switch AuthorFacts.HoldReason(rawValue: rule) {
        case .raid: ("Posts of new members wait for a moderator at the moment.", "目前新成员的发言需要管理员审核。")
        case .firstPost: ("First posts wait for a moderator here.", "这里的首次发言需要管理员审核。")
        case nil: ("A rule of this community matched.", "触发了社区规则。")
        }
    }
}

/// Where packs come from: a folder of `*.yaml` files.
public struct RulesFolder: Sendable {
    let path: String

    /// The folder that the settings name (`none` for none at all), or the packs that came with the program: beside it, in the `share` folder of
    /// its installation, or in the checkout that it was built in.
    static func resolve(_ setting: String?) -> RulesFolder? {
        if let setting { return setting == "none" ? nil : RulesFolder(path: setting) }
        let program = URL(fileURLWithPath: CommandLine.arguments.first ?? "").resolvingSymlinksInPath()
        let executable =
            (try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe"))
            .map { URL(fileURLWithPath: $0) } ?? program
        var candidates: [URL] = []
        var place = executable.deletingLastPathComponent()
        candidates.append(place.deletingLastPathComponent().appending(path: "share/lyceum/moderation-rules"))
        for _ in 0..<5 {
            candidates.append(place.appending(path: "moderation-rules"))
            place = place.deletingLastPathComponent()
        }
        return candidates.map(\.path).first(where: isFolder).map { RulesFolder(path: $0) }
    }

    private static func isFolder(_ path: String) -> Bool {
        var isFolder: ObjCBool = false
        return FileManager.default.fileExists(atPath: path, isDirectory: &isFolder) && isFolder.boolValue
    }

    private var files: [String] {
        get throws {
            try FileManager.default.contentsOfDirectory(atPath: path).filter { $0.hasSuffix(".yaml") }.sorted()
        }
    }

    /// Changes with every change of a file; `nil` if the folder cannot be read.
    var stamp: String? {
        guard let files = try? files else { return nil }
        return files.map { file in
            var status = stat()
            guard stat("\(path)/\(file)", &status) == 0 else { return "\(file) gone" }
            let modified = status.st_mtim
            return "\(file) \(status.st_size) \(status.st_ino) \(modified.tv_sec).\(modified.tv_nsec)"
        }.joined(separator: "\n")
    }

    /// Reads and compiles all packs; slow, so never on an event loop.
    func load(_ normaliser: Normaliser, cache: RuleCache?) throws(RulesTrouble) -> RulesInForce {
        try RulesInForce(Self.sources(at: path), normaliser, cache: cache)
    }

    /// In bytes. A hundred thousand words take three million.
    private static let largestFile = 32 << 20

    /// The packs at a path: a file, or a folder's.
    public static func sources(at path: String) throws(RulesTrouble) -> [(file: String, yaml: String)] {
        var sources: [(file: String, yaml: String)] = []
        do {
            let paths = isFolder(path) ? try RulesFolder(path: path).files.map { "\(path)/\($0)" } : [path]
            for path in paths {
                guard try OperatorFile.size(path) <= largestFile else {
                    throw RulesTrouble(lines: ["\(path): the file is larger than \(largestFile) bytes"])
                }
                let bytes = try OperatorFile.read(path)
                guard let yaml = String(validating: bytes, as: UTF8.self) else {
                    throw RulesTrouble(lines: ["\(path): the file is not UTF-8"])
                }
                sources.append((path, yaml))
            }
        } catch {
            throw error as? RulesTrouble
                ?? RulesTrouble(lines: ["\(path): cannot be read: \(OperatorFile.systemReason(error))"])
        }
        return sources
    }
}

/// Why packs are not taken; each line is `file:line: reason`.
public struct RulesTrouble: Error, CustomStringConvertible {
    public let lines: [String]
    public var description: String { lines.joined(separator: "\n") }
}
