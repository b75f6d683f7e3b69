import Yams

/// The keys of one mapping in a pack. Reading removes a key, so what is left at the end is unknown; every complaint has
/// its line and the reading goes on, so that an author sees all mistakes at once.
struct PackFields {
    let file: String
    let line: Int
    private var left: [String: Node] = [:]
    private(set) var errors: [RuleError] = []

    init(_ node: Node, file: String, what: String) {
        self.file = file
        line = node.mark?.line ?? 0
        guard case .mapping(let mapping) = node else {
            complain("\(what) must be a mapping of keys to values", at: node)
            return
        }
        for (key, value) in mapping {
            guard let name = key.string else {
                complain("a key must be a word", at: key)
                continue
            }
            left[name] = value
        }
    }

    func has(_ key: String) -> Bool { left[key] != nil }

    mutating func node(_ key: String) -> Node? { left.removeValue(forKey: key) }

    mutating func complain(_ reason: String, at node: Node? = nil) {
        errors.append(RuleError(RulePlace(file: file, line: node?.mark?.line ?? line), reason))
    }

    mutating func absorb(_ other: [RuleError]) { errors += other }

    /// Call last: complains of every key that nobody asked for.
    mutating func finish(known: String) {
        for (key, node) in left.sorted(by: { $0.key < $1.key }) {
            complain("unknown key \"\(key)\"; \(known)", at: node)
        }
        left = [:]
    }

    // MARK: Values

    mutating func string(_ key: String) -> String? {
        guard let node = node(key) else { return nil }
        guard case .scalar(let scalar) = node else {
            complain("\"\(key)\" must be a text", at: node)
            return nil
        }
        return scalar.string
    }

    mutating func requiredString(_ key: String) -> String {
        if let value = string(key), !value.isEmpty { return value }
        complain("\"\(key)\" is missing")
        return ""
    }

    mutating func integer(_ key: String, in range: ClosedRange<Int>) -> Int? {
        guard let node = node(key) else { return nil }
        if case .scalar = node, let value = node.int, range.contains(value) { return value }
        complain("\"\(key)\" must be a whole number from \(range.lowerBound) to \(range.upperBound)", at: node)
        return nil
    }

    mutating func requiredInteger(_ key: String, in range: ClosedRange<Int>) -> Int {
        if has(key) { return integer(key, in: range) ?? range.lowerBound }
        complain("\"\(key)\" is missing")
        return range.lowerBound
    }

    mutating func number(_ key: String, in range: ClosedRange<Double>) -> Double? {
        guard let node = node(key) else { return nil }
        if case .scalar = node, let value = node.float ?? node.int.map(Double.init), range.contains(value) {
            return value
        }
        complain("\"\(key)\" must be a number from \(range.lowerBound) to \(range.upperBound)", at: node)
        return nil
    }

    mutating func bool(_ key: String) -> Bool? {
        guard let node = node(key) else { return nil }
        if case .scalar = node, let value = node.bool { return value }
        complain("\"\(key)\" must be true or false", at: node)
        return nil
    }

    /// `10s`, `5m`, `2h`, `7d`.
    mutating func duration(_ key: String) -> Duration? {
        guard let node = node(key) else { return nil }
        let units: [Character: Int] = ["s": 1, "m": 60, "h": 3_600, "d": 86_400]
        if let text = node.string, let unit = text.last.flatMap({ units[$0] }), let count = Int(text.dropLast()),
            (1...1_000_000).contains(count)
        {
            return .seconds(count * unit)
        }
        complain("\"\(key)\" must be a duration such as 30s, 10m, 2h or 7d", at: node)
        return nil
    }

    mutating func requiredDuration(_ key: String) -> Duration {
        if has(key) { return duration(key) ?? .seconds(1) }
        complain("\"\(key)\" is missing")
        return .seconds(1)
    }

    mutating func choice<Value: RawRepresentable & CaseIterable>(_ key: String, _ type: Value.Type) -> Value?
    where Value.RawValue == String {
        guard let node = node(key) else { return nil }
        if let value = node.string.flatMap(Value.init(rawValue:)) { return value }
        let names = Value.allCases.map(\.rawValue).joined(separator: ", ")
        complain("\"\(key)\" must be one of: \(names)", at: node)
        return nil
    }

    /// One text or a list of texts, each with its line.
    mutating func strings(_ key: String) -> [(text: String, line: Int)] {
        guard let node = node(key) else { return [] }
        let nodes: [Node] = if case .sequence(let sequence) = node { Array(sequence) } else { [node] }
        return nodes.compactMap { node in
            guard case .scalar(let scalar) = node, !scalar.string.isEmpty else {
                complain("\"\(key)\" must be a list of texts", at: node)
                return nil
            }
            return (scalar.string, node.mark?.line ?? line)
        }
    }

    mutating func set(_ key: String) -> Set<String> { Set(strings(key).map(\.text)) }

    /// Reads one mapping with a reader of its own and takes over its complaints.
    mutating func nested<Value>(_ key: String, _ read: (inout PackFields) -> Value) -> Value? {
        guard let node = node(key) else { return nil }
        var fields = PackFields(node, file: file, what: "\"\(key)\"")
        let value = read(&fields)
        absorb(fields.errors)
        return value
    }
}
