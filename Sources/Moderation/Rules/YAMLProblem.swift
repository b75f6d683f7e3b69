import Yams

/// Where a file is not YAML, and why.
package struct YAMLProblem {
    /// From 1; 0 where the parser names none.
    package let line: Int
    package let reason: String

    package init(_ error: YamlError) {
        switch error {
        case .scanner(_, let problem, let mark, _), .parser(_, let problem, let mark, _),
            .composer(_, let problem, let mark, _):
            (line, reason) = (mark.line, "not YAML: \(problem)")
        case .duplicatedKeysInMapping(let duplicates, let context):
            let keys = duplicates.map { $0.description }.joined(separator: ", ")
            (line, reason) = (context.mark.line, "the same key twice: \(keys)")
        case .reader(let problem, _, _, _): (line, reason) = (0, "not YAML: \(problem)")
        default: (line, reason) = (0, "not YAML: \(error)")
        }
    }
}
