import Activity
import Community
import Foundation
import LyceumProtocol

/// Work on the state of recommendations while no daemon runs.
public struct OfflineActivity {
    private let store: any CommunityStore & ActivityArchiving
    private let community: Community
    private let view: ActivityMapping.CommunityView

    public init(store: any CommunityStore & ActivityArchiving) throws {
        self.store = store
        let community = try store.loadCommunity()
        self.community = community
        view = ActivityMapping.CommunityView(
            kind: { community.rooms[$0]?.kind },
            mentions: { text, at in Mentions.members(named: text, at: at, in: community) })
    }

    /// Derives the state from the record anew and keeps it.
    ///
    /// - Returns: How many events it was made of.
    public func rebuild() throws -> Int {
        let core = ActivityCore(archive: try store.openArchive(), view: view)
        core.startOver()
        try catchUp(core)
        try core.archive.keep(try core.encoded(epoch: community.epoch))
        return core.eventsTaken
    }

    /// Whether the kept state, carried on to the end of the log, is what the record gives from its beginning.
    ///
    /// - Returns: What is wrong, a sentence each; none if all is well.
    public func verify() throws -> [String] {
        let kept = ActivityCore(archive: try store.openArchive(), view: view)
        do throws(ActivityCore.Loss) {
            try kept.restore(epoch: community.epoch)
        } catch {
            return ["The kept state cannot be used: \(error)"]
        }
        try catchUp(kept)
        let folder = FileManager.default.temporaryDirectory.appending(path: "lyceum-activity-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let derived = ActivityCore(archive: try store.openScratchArchive(in: folder.path), view: view)
        try catchUp(derived)
        // An erasure leaves the numbers that its events were given, which nothing is told from; then what every
        // member's activity comes to is compared instead.
        if derived.erasures.isEmpty {
            return kept.hasSameTracker(as: derived) ? [] : ["The kept state differs from what the record gives."]
        }
        return differences(kept, derived)
    }

    private func differences(_ kept: ActivityCore, _ derived: ActivityCore) -> [String] {
        let now = UnixMilliseconds(Date().timeIntervalSince1970 * 1000)
        return community.members.keys.sorted().compactMap { member in
            let one = kept.tracker.portrait(of: member, at: now) { _ in true }
            let other = derived.tracker.portrait(of: member, at: now) { _ in true }
            return one.isClose(to: other) ? nil : "What is kept about member \(member) differs from the record."
        }
    }

    /// What is kept about every member, a JSON object a line.
    public func export(_ line: (String) -> Void) throws {
        let core = try current()
        let now = UnixMilliseconds(Date().timeIntervalSince1970 * 1000)
        for member in community.members.keys.sorted() {
            let portrait = try core.tracker.portrait(of: member, at: now) { _ in true }.encoded
            let body = object { json in
                json.field("member", member.rawValue)
                json.field("portrait", raw: portrait)
            }
            line(String(decoding: body, as: UTF8.self))
        }
    }

    /// What became of each arm on each surface, as far as the state was last kept.
    public func experimentReport() throws -> [ArmReport] { try current().recommender.experiments.report() }

    private func current() throws -> ActivityCore {
        let core = ActivityCore(archive: try store.openArchive(), view: view)
        do throws(ActivityCore.Loss) {
            try core.restore(epoch: community.epoch)
        } catch {
            core.startOver()
        }
        try catchUp(core)
        return core
    }

    private func catchUp(_ core: ActivityCore) throws {
        let now = UnixMilliseconds(Date().timeIntervalSince1970 * 1000)
        while try core.advance(through: store, limit: 1024, at: now) {}
    }
}

extension Portrait {
    /// Whether all figures are equal to a billionth; ties in weight may stand in another order.
    fileprivate func isClose(to other: Portrait) -> Bool {
        func isClose(_ path: KeyPath<Portrait, [Share]>) -> Bool {
            let one = self[keyPath: path].sorted { $0.name < $1.name }
            let two = other[keyPath: path].sorted { $0.name < $1.name }
            return one.map(\.name) == two.map(\.name)
                && zip(one, two).allSatisfy { abs($0.weight - $1.weight) <= 1e-9 * max(1, abs($0.weight)) }
        }
        return isClose(\.rooms) && isClose(\.topics) && isClose(\.partners) && isClose(\.interests)
            && clock.filter { $0 > 0 } == other.clock.filter { $0 > 0 } && weeks == other.weeks
            && points == other.points
    }
}

extension Mentions {
    /// The members whom a text named when it was written: who came later cannot have been meant.
    static func members(named text: String, at: UnixMilliseconds, in community: Community) -> [MemberID] {
        Mentions(in: text, community: community).members.filter {
            community.members[$0].map { $0.createdAt <= at } ?? false
        }
    }
}
