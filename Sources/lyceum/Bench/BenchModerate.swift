import ArgumentParser
import Foundation

extension Bench {
    struct Moderate: ParsableCommand {
        static let configuration = CommandConfiguration(abstract: "The moderation stage, part by part, as JSON.")

        func run() throws {
            let encoder = JSONEncoder()
            encoder.outputFormatting = [.prettyPrinted, .sortedKeys]
            print(String(decoding: try encoder.encode(RuleBench.rows() + ClassifierBench.rows()), as: UTF8.self))
        }
    }
}
