import LyceumProtocol

/// The conditions that are asked one by one.
extension RuleSet {
    /// Where rule `index` matches, possibly nowhere in particular; nil if it does not.
    func judge(_ index: Int, _ text: NormalisedText, _ context: RuleContext) -> [Range<Int>]? {
        let shape = text.shape
        switch rules[index].condition {
        case .link(let condition): return links(condition, text)
        case .mentions(let moreThan): return context.mentions > moreThan ? [] : nil
        case .capitals(let share, let letters):
            // Han has no case: letters here are all but Han.
            return shape.letters >= letters && Double(shape.upperLetters) >= share * Double(shape.letters) ? [] : nil
        case .emoji(let moreThan): return shape.emoji > moreThan ? [] : nil
        case .marks(let moreThan): return shape.longestMarkRun > moreThan ? [] : nil
        case .scripts(let condition): return matches(condition, text) ? [] : nil
        case .length(let characters, let lines):
            return shape.characters > characters ?? .max || shape.lines > lines ?? .max ? [] : nil
        case .newcomer: return []
        case .evasion(let changes, let moreThan):
            return changes.reduce(0) { $0 + text.count(of: $1) } > moreThan ? [] : nil
        case .keyword, .regex, .composite, .flood, .repeated: return nil
        }
    }

    private func links(_ condition: LinkCondition, _ text: NormalisedText) -> [Range<Int>]? {
        if text.links.count <= condition.moreThan { return nil }
        let found = text.links.filter { link in
            if Self.names(link, allowedDomains) || Self.names(link, condition.exceptions) { return false }
            if condition.onlyDisguised, !link.isDisguised { return false }
            if condition.onlyInternational, !link.isInternational { return false }
            return condition.domains.isEmpty || Self.names(link, condition.domains)
        }
        return found.count > condition.moreThan ? found.map(\.span) : nil
    }

    /// Whether the host or a domain above it is in the set.
    private static func names(_ link: Link, _ domains: Set<String>) -> Bool {
        guard !domains.isEmpty else { return false }
        var rest = link.host[...]
        while true {
            if domains.contains(String(rest)) { return true }
            guard let dot = rest.firstIndex(of: ".") else { return false }
            rest = rest[rest.index(after: dot)...]
        }
    }

    private func matches(_ condition: ScriptCondition, _ text: NormalisedText) -> Bool {
        if !condition.present.isEmpty, !text.scripts.isDisjoint(with: condition.present) { return true }
        if !condition.allowed.isEmpty, !text.scripts.subtracting(condition.allowed).isEmpty { return true }
        return condition.mixedInWord && text.count(of: .mixedWord) > 0
    }
}
