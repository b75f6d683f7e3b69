import LyceumProtocol

extension RuleSet {
    /// Runs the examples of every rule.
    ///
    /// - Returns: How many were run, and an error for each that does not hold.
    public func runExamples() -> (count: Int, failures: [RuleError]) {
        var (count, failures) = (0, [RuleError]())
        for rule in rules {
            for example in rule.examples {
                count += 1
                if let failure = run(example, of: rule) { failures.append(failure) }
            }
        }
        return (count, failures)
    }

    private func run(_ example: RuleExample, of rule: Rule) -> RuleError? {
        var state = RuleState()
        var text = NormalisedText()
        var matched = false
        for (index, message) in example.texts.enumerated() {
            var context = example.context
            context.now = UnixMilliseconds(index) * 1_000
            normaliser.normalise(message, into: &text)
            matched = evaluate(text, context, &state).matches.contains { $0.rule == rule.id }
        }
        guard matched != example.mustMatch else { return nil }
        let shown = example.texts.joined(separator: " / ").prefix(80)
        return RuleError(
            example.place, "\(rule.id) \(example.mustMatch ? "does not match" : "matches") its example \"\(shown)\"")
    }
}
