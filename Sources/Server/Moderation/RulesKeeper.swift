import Community
import Foundation
import Locking
import Logging
import LyceumProtocol
import Moderation

/// Loads the packs and keeps them up to date with their folder.
final class RulesKeeper: Sendable {
    /// The set that was loaded at the start.
    let initial: RulesInForce
    private let folder: RulesFolder?
    private let normaliser = Normaliser()
    private let cache: RuleCache

    private struct Watch {
        /// Of the files that were loaded or refused last.
        var handled: String?
        /// Seen once; files that are still being written look different the next time.
        var candidate: String?
    }

    private let watch: Locked<Watch>

    /// - Throws: ``RulesTrouble`` if the packs are wrong: there is no old set that could stay.
    init(settings: Settings, log: Logger) throws(RulesTrouble) {
        folder = RulesFolder.resolve(settings.moderation.rules)
        cache = Self.cache(in: settings.data)
        watch = Locked(Watch(handled: folder?.stamp))
        if let folder {
            initial = try folder.load(normaliser, cache: cache)
        } else {
            initial = .empty(normaliser)
            if settings.moderation.rules == nil { log.warning("there are no rule packs; set moderation.rules") }
        }
    }

    /// Reads the packs again.
    func load() throws(RulesTrouble) -> RulesInForce {
        guard let folder else { return .empty(normaliser) }
        watch.withLock { $0.handled = folder.stamp }
        return try folder.load(normaliser, cache: cache)
    }

    /// Compiles one pack for itself, as for a check or a backtest.
    func compile(_ yaml: String, file: String) throws(RulesTrouble) -> RulesInForce {
        try RulesInForce([(file, yaml)], normaliser, cache: nil)
    }

    /// Whether files changed, and stayed as they are for two looks.
    func hasChanged() -> Bool {
        guard let stamp = folder?.stamp else { return false }
        return watch.withLock { watch in
            guard stamp != watch.handled else { return false }
            defer { watch.candidate = stamp }
            return watch.candidate == stamp
        }
    }

    /// The classifier that came with the packs; `nil` without one.
    func starterModel() throws(RulesTrouble) -> Classifier? {
        guard let folder, let bytes = try? Data(contentsOf: URL(fileURLWithPath: folder.starterModelPath)) else {
            return nil
        }
        do {
            return try Classifier(snapshot: Array(bytes))
        } catch {
            throw RulesTrouble(lines: ["\(folder.starterModelPath):0: \(error)"])
        }
    }

    /// Compiled databases beside the data: derived, so nothing is lost with them.
    private static func cache(in data: String) -> RuleCache {
        let folder = URL(fileURLWithPath: data).appending(path: "rule-cache")
        return RuleCache(
            load: { key in (try? Data(contentsOf: folder.appending(path: key))).map(Array.init) },
            store: { key, database in
                // Without the cache the next start compiles again, which costs time and nothing else.
                try? FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
                try? Data(database).write(to: folder.appending(path: key), options: .atomic)
            })
    }
}

extension RulesFolder {
    var starterModelPath: String { "\(path)/starter-model.lycm" }
}

extension ServerState {
    /// Reads the rule packs again, off the event loops. A bad pack leaves the old set in force, and everybody who should
    /// know is told: the operator by log and metric, the moderators on their stream.
    func reloadRules(completion: (@Sendable (Result<String, RulesTrouble>) -> Void)? = nil) {
        let work: @Sendable () -> Void = { [self] in
            let result: Result<RulesInForce, RulesTrouble>
            do throws(RulesTrouble) {
                result = .success(try rules.load())
            } catch {
                result = .failure(error)
            }
            announce(result)
            completion?(result.map(\.set.version))
        }
        do {
            try slowPool.submit(work)
        } catch {
            completion?(.failure(RulesTrouble(lines: [error.message])))
        }
    }

    private func announce(_ result: Result<RulesInForce, RulesTrouble>) {
        switch result {
        case .success(let new):
            let isNew = new.set.version != stage.rulesInForce.set.version
            stage.replace(rules: new)
            metrics.rulesReloads.increment()
            log.notice(
                "the rules are loaded", metadata: ["version": "\(new.set.version)", "rules": "\(new.set.rules.count)"])
            if isNew { write(AnnounceRules(version: new.set.version, errors: []), as: Actor(address: "")) }
        case .failure(let trouble):
            metrics.rulesErrors.increment()
            log.error(
                "the rules are refused; the old ones stay",
                metadata: ["errors": "\(LogText.clean(trouble.description))"])
            write(
                AnnounceRules(version: stage.rulesInForce.set.version, errors: trouble.lines), as: Actor(address: ""))
        }
    }
}

/// Tells the moderators of a change of the rules, or of packs that were refused.
private struct AnnounceRules: WriteCommand {
    let version: String
    let errors: [String]
    var room: RoomID? { nil }

    func perform(in context: WriteContext) throws -> [UInt8] {
        try context.tellReview(.rules, about: nil) { json in
            json.field("version", version)
            if !errors.isEmpty { json.field("errors", array: errors.prefix(100)) { $0.value(String($1.prefix(1000))) } }
        }
        try context.audit("rules.loaded") { json in
            json.field("version", version)
            json.field("errors", errors.count)
        }
        return emptyObject
    }
}
