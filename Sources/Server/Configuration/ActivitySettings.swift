import Activity
import Foundation

/// What an operator can set about recommendations.
public struct ActivitySettings: Sendable {
    public enum Switch: String, CaseIterable, Sendable { case on, off }

    public var enabled = Switch.on
    /// Seconds between two keepings of the state.
    public var keepSeconds = 300
    /// A JSON file with the running experiments.
    public var experimentsPath: String?
    /// What stands in that file.
    public private(set) var running: [Experiment] = []

    public init() {}

    /// Reads the file of experiments: a list of objects with `name`, `design`, `salt` and `arms`, each of these with
    /// `name`, `surface` and `weights`.
    mutating func readExperiments(from path: String) throws(SettingError) {
        experimentsPath = path
        do {
            let data = try OperatorFile.read(path)
            running = try JSONDecoder().decode([Experiment].self, from: data)
        } catch let error as OperatorFile.Unreadable {
            throw SettingError(message: "must be a file that can be read; \(path): \(error)")
        } catch {
            throw SettingError(message: "must be a list of experiments in JSON: \(error)")
        }
        for arm in running.flatMap(\.arms) where arm.weights.count != arm.surface.featureNames.count {
            let count = arm.surface.featureNames.count
            throw SettingError(message: "arm \(arm.name) needs \(count) weights for \(arm.surface.rawValue)")
        }
    }
}
