import CICU

/// Finds web addresses on the units: with a scheme, bare (`example.com/x`), and disguised (`example[.]com`,
/// `example dot com`, `example。com`, `example点com`, `hxxp://`).
extension Normaliser {
    /// More links than this in one message are not resolved; the message has long been remarkable by then.
    static let maximumLinks = 64

    func findLinks(in result: inout NormalisedText) {
        var scanner = LinkScanner(units: result.units)
        var linked: [Range<Int>] = []
        var at = 0
        while at < result.units.count, result.links.count < Self.maximumLinks {
            let folded = result.units[at].folded
            // Every address has one of these; nearly all characters leave here.
            guard folded == 0x2E || folded == 0x3A || folded == 0x3002 || folded == 0x70B9 || folded == 0x64 else {
                at += 1
                continue
            }
            guard let found = scanner.link(around: at) else {
                at += 1
                continue
            }
            if let link = found.link { result.links.append(link) }
            if !found.units.isEmpty { linked.append(found.units) }
            scanner.floor = found.units.upperBound
            at = max(at + 1, found.units.upperBound)
        }
        // The scanner shares the array until here; changing it earlier would copy it.
        scanner = LinkScanner(units: [])
        for range in linked {
            for index in range { result.units[index].flags.insert(.inLink) }
        }
    }
}

private struct LinkScanner {
    let units: [Unit]
    /// Units before this one belong to an earlier link.
    var floor = 0

    /// What was looked at: an empty range behind it if there is no link, so that nothing is looked at twice.
    struct Found {
        var link: Link?
        var units: Range<Int>

        static func nothing(until end: Int) -> Found { Found(link: nil, units: end..<end) }
    }

    private struct Dot {
        var before: Int
        var after: Int
        var isDisguised: Bool
    }

    /// DNS allows 253 characters in a host; more is none, and looking further would cost quadratic time.
    private static let longestHost = 253

    init(units: [Unit]) { self.units = units }

    func link(around at: Int) -> Found? {
        if units[at].folded == 0x3A {
            guard at + 3 < units.count, units[at + 1].folded == 0x2F, units[at + 2].folded == 0x2F else { return nil }
            return linkWithScheme(at)
        }
        guard let dot = dot(at) else { return nil }
        let start = hostStart(before: dot.before)
        guard start <= dot.before else { return nil }
        return build(host: start, firstDot: dot, hasScheme: false, from: start)
    }

    // MARK: Parts

    private func linkWithScheme(_ colon: Int) -> Found? {
        var start = colon
        while start > floor, colon - start < 8, units[start - 1].folded < 0x80, units[start - 1].kind == .letter {
            start -= 1
        }
        let scheme = text(start, colon - start)
        guard ["http", "https", "hxxp", "hxxps", "ftp", "tg", "weixin"].contains(scheme) else { return nil }
        return build(host: colon + 3, firstDot: nil, hasScheme: true, from: start, isDisguised: scheme.hasPrefix("hxx"))
    }

    /// A dot between two host characters, also in disguise.
    private func dot(_ at: Int) -> Dot? {
        switch units[at].folded {
        case 0x2E, 0x3002:
            if at > 0, at + 1 < units.count, isHostCharacter(at - 1), isHostCharacter(at + 1) {
                return Dot(before: at - 1, after: at + 1, isDisguised: units[at].folded == 0x3002)
            }
            return bracketed(at, length: 1)
        case 0x70B9:
            guard at > 0, isASCIIHostCharacter(at - 1), isDisguisableSuffix(at + 1) else { return nil }
            return Dot(before: at - 1, after: at + 1, isDisguised: true)
        case 0x64:
            guard at + 2 < units.count, units[at + 1].folded == 0x6F, units[at + 2].folded == 0x74 else { return nil }
            if let dot = bracketed(at, length: 3) { return dot }
            guard at > 1, units[at - 1].kind == .space, isASCIIHostCharacter(at - 2), at + 4 < units.count,
                units[at + 3].kind == .space, isDisguisableSuffix(at + 4), !endsInArticle(at - 2)
            else { return nil }
            return Dot(before: at - 2, after: at + 4, isDisguised: true)
        default: return nil
        }
    }

    private func bracketed(_ at: Int, length: Int) -> Dot? {
        let (open, close) = (at - 1, at + length)
        guard open > 0, close + 1 < units.count, units[open].kind == .punctuation, units[close].kind == .punctuation,
            isHostCharacter(open - 1), isHostCharacter(close + 1)
        else { return nil }
        return Dot(before: open - 1, after: close + 1, isDisguised: true)
    }

    private func isDisguisableSuffix(_ at: Int) -> Bool {
        let label = asciiLabel(at)
        return DomainNames.disguisable.contains(label)
    }

    /// Whether the word that ends here is "the" or "a": then "dot com" is spoken of.
    private func endsInArticle(_ at: Int) -> Bool {
        let start = hostStart(before: at)
        return ["the", "a", "of", "this", "every"].contains(text(start, at + 1 - start))
    }

    private func asciiLabel(_ at: Int) -> String {
        var end = at
        while end < units.count, end - at < 8, isASCIIHostCharacter(end) { end += 1 }
        return text(at, end - at)
    }

    private func isASCIIHostCharacter(_ at: Int) -> Bool {
        units[at].folded < 0x80 && (units[at].kind == .letter || units[at].kind == .digit)
    }

    /// Han is left out, since nothing divides it from the sentence before; with a scheme it counts.
    private func isHostCharacter(_ at: Int) -> Bool {
        let kind = units[at].kind
        return kind == .letter || kind == .digit || units[at].folded == 0x2D
    }

    private func hostStart(before: Int) -> Int {
        var start = before
        while start > floor, before - start < Self.longestHost, isHostCharacter(start - 1) { start -= 1 }
        return start
    }

    // MARK: Putting a link together

    private func build(host: Int, firstDot: Dot?, hasScheme: Bool, from: Int, isDisguised: Bool = false) -> Found? {
        var labels: [String] = []
        var (at, isDisguised) = (host, isDisguised)
        var end = at
        while at < units.count, at - host < Self.longestHost {
            let labelStart = at
            while at < units.count, isHostCharacter(at) || (hasScheme && units[at].kind == .han) { at += 1 }
            guard at > labelStart else { break }
            labels.append(text(labelStart, at - labelStart))
            end = at
            guard let dot = nextDot(at, expected: firstDot, isFirst: labels.count == 1) else { break }
            isDisguised = isDisguised || dot.isDisguised
            at = dot.after
        }
        return finish(labels, host: host, end: end, hasScheme: hasScheme, from: from, isDisguised: isDisguised)
    }

    private func nextDot(_ at: Int, expected: Dot?, isFirst: Bool) -> Dot? {
        if isFirst, let expected { return expected }
        for probe in at..<min(at + 2, units.count) where [0x2E, 0x3002, 0x64].contains(units[probe].folded) {
            if let dot = dot(probe), dot.before == at - 1 { return dot }
        }
        return nil
    }

    private func finish(
        _ labels: [String], host: Int, end: Int, hasScheme: Bool, from: Int, isDisguised: Bool
    ) -> Found? {
        guard labels.count > 1, let last = labels.last else { return .nothing(until: end) }
        let (pathEnd, path) = path(from: end)
        let isAddress = labels.count == 4 && labels.allSatisfy { (UInt16($0) ?? 256) < 256 }
        let isNamed = DomainNames.isTopLevel(last)
        if !hasScheme {
            let isPlausible =
                isAddress
                ? path.hasPrefix("/")
                : isNamed
                    && (!DomainNames.ambiguousTopLevel.contains(last) || !path.isEmpty || labels[0] == "www"
                        || DomainNames.knownHosts.contains(labels.joined(separator: ".")))
            guard isPlausible else { return .nothing(until: end) }
        } else if !isAddress, !isNamed {
            return .nothing(until: end)
        }
        // The name before an @ is a mailbox: its digits and dots are not evasion, but it is no link.
        if !hasScheme, host > 0, units[host - 1].folded == 0x40, host > 1, isHostCharacter(host - 2) {
            return Found(link: nil, units: hostStart(before: host - 2)..<end)
        }
        let name = labels.joined(separator: ".")
        let ascii = name.utf8.allSatisfy { $0 < 0x80 } ? name : Self.punycode(name)
        let link = Link(
            host: ascii, registeredDomain: DomainNames.registeredDomain(of: ascii), path: path,
            isInternational: ascii != name || ascii.contains("xn--"), isDisguised: isDisguised,
            span: Int(units[from].start)..<Int(units[pathEnd - 1].end))
        return Found(link: link, units: from..<pathEnd)
    }

    /// From the end of the host: port, path, query and fragment, without the punctuation that ends a sentence.
    private func path(from end: Int) -> (end: Int, path: String) {
        guard end < units.count, [0x2F, 0x3F, 0x23, 0x3A].contains(units[end].folded) else { return (end, "") }
        var (at, last) = (end, end)
        while at < units.count, isPathCharacter(at) {
            if units[at].kind != .stop, units[at].folded != 0x29 { last = at + 1 }
            at += 1
        }
        return (last, text(end, last - end))
    }

    private func isPathCharacter(_ at: Int) -> Bool {
        switch units[at].kind {
        case .space, .newline, .han, .emoji, .mark: false
        case .stop, .punctuation, .symbol: units[at].folded < 0x80 && ![0x22, 0x3C, 0x3E].contains(units[at].folded)
        case .letter, .digit, .invisible: true
        }
    }

    private func text(_ start: Int, _ count: Int) -> String {
        var view = String.UnicodeScalarView()
        for unit in units[start..<min(start + max(count, 0), units.count)] where unit.folded != 0 {
            if let scalar = Unicode.Scalar(unit.folded) { view.append(scalar) }
        }
        return String(view)
    }

    private static func punycode(_ name: String) -> String {
        var name = name
        let ascii = name.withUTF8 { utf8 in
            [UInt8](unsafeUninitializedCapacity: 512) { buffer, count in
                count = 0
                utf8.withMemoryRebound(to: CChar.self) { input in
                    buffer.withMemoryRebound(to: CChar.self) { output in
                        count = max(
                            0, Int(cicu_domain_to_ascii(input.baseAddress, Int32(input.count), output.baseAddress, 512))
                        )
                    }
                }
            }
        }
        // A name that UTS #46 refuses has no ASCII form; rules then see it as it stands.
        return ascii.isEmpty ? name : String(decoding: ascii, as: UTF8.self)
    }
}
