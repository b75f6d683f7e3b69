/// Joins the modules that are needed at once into one, so that they travel in one answer and are compressed as one
/// text: a fifth of what they weigh apart, and no module waits for the one that names it.
///
/// Each module becomes a function that is called once, after those that it imports, and what it exports becomes
/// constants round the functions after it. So imports need nothing in their place, and names that a module keeps to
/// itself stay there. It takes what the client's modules are, and stops where one is not: named imports that stand
/// first, exported declarations that are never assigned to, names that are exported once among all, and no cycles.
/// Modules that come later stay apart and import from the one.
struct ModuleLinker {
    /// Where the joined modules stand.
    static let root = "main.js"

    private let modules: [String: ScriptModule]
    private let isLater: (String) -> Bool

    /// - Parameter scripts: What ``ScriptMinifier`` leaves of each, by path.
    init(_ scripts: [String: String], isLater: @escaping (String) -> Bool) {
        modules = Dictionary(uniqueKeysWithValues: scripts.map { ($0, ScriptModule(path: $0, script: $1)) })
        self.isLater = isLater
    }

    /// The scripts that are served, by path.
    func linked() -> [String: String] {
        var scripts = modules.filter { isLater($0.key) }.mapValues(relinked)
        scripts[Self.root] = joined()
        return scripts
    }

    // MARK: Together

    private func joined() -> String {
        let order = evaluationOrder()
        let names = order.flatMap(\.exports)
        precondition(Set(names).count == names.count, "two modules of the web client export the same name")
        let wanted = modules.values.filter { isLater($0.path) }.flatMap { namesFromRoot(of: $0) }
        return order.map(\.asFunction).joined() + "export{\(Set(wanted).sorted().joined(separator: ","))};"
    }

    /// Depth first, each after what it imports; the root, which starts the client, is the last.
    private func evaluationOrder() -> [ScriptModule] {
        var order: [ScriptModule] = []
        var begun: Set<String> = []
        func visit(_ path: String) {
            guard let module = modules[path] else { preconditionFailure("the web client has no module \(path)") }
            begun.insert(path)
            for imported in module.imports where !order.contains(where: { $0.path == imported.path }) {
                precondition(!begun.contains(imported.path), "modules of the web client import each other: \(path)")
                visit(imported.path)
            }
            order.append(module)
        }
        let early = modules.keys.filter { !isLater($0) && $0 != Self.root }.sorted() + [Self.root]
        for path in early where !order.contains(where: { $0.path == path }) { visit(path) }
        return order
    }

    // MARK: Apart

    private func namesFromRoot(of module: ScriptModule) -> [String] {
        module.imports.filter { !isLater($0.path) }.flatMap(\.names)
    }

    private func relinked(_ module: ScriptModule) -> String {
        let up = String(repeating: "../", count: module.path.utf8.count { $0 == UInt8(ascii: "/") })
        let names = namesFromRoot(of: module).joined(separator: ",")
        let later = module.imports.filter { isLater($0.path) }
            .map { "import{\($0.names.joined(separator: ","))}from\"\(up)\($0.path)\";" }
        return "import{\(names)}from\"\(up)\(Self.root)\";" + later.joined() + module.statements
    }
}

/// One module of the web client, its imports apart from its statements.
struct ScriptModule {
    struct Import {
        let names: [String]
        let path: String
    }

    let path: String
    let imports: [Import]
    /// Everything after the imports.
    let statements: String
    let exports: [String]

    init(path: String, script: String) {
        var rest = script[...]
        var imports: [Import] = []
        while rest.hasPrefix("import{") || rest.hasPrefix("import\""), let end = rest.firstIndex(of: ";") {
            let parts = rest[..<end].split(separator: "\"")
            let words = parts[0].split { "{}, ".contains($0) }.map(String.init)
            let names = words.filter { $0 != "import" && $0 != "from" }
            imports.append(Import(names: names, path: Self.resolve(String(parts[1]), from: path)))
            rest = rest[rest.index(after: end)...]
        }
        self.path = path
        self.imports = imports
        statements = String(rest)
        exports = Self.exported(rest).map(\.name)
    }

    /// Calls the module as a function whose answer is what it exports.
    var asFunction: String {
        var body = ""
        var position = statements.startIndex
        for export in Self.exported(statements[...]) {
            body += statements[position..<export.keyword.lowerBound]
            position = export.keyword.upperBound
        }
        body += statements[position...]
        // What comes later is now asked for from beside the root, and every module stands one folder below that.
        body = body.replacing("import(\"../", with: "import(\"./")
        if exports.isEmpty { return "(()=>{\(body)})();" }
        let names = exports.joined(separator: ",")
        return "const{\(names)}=(()=>{\(body);return{\(names)}})();"
    }

    private static let declarations = ["const ", "function ", "async function ", "class "]

    /// The names of exported declarations, and where the word stands that exports them.
    private static func exported(_ text: Substring) -> [(name: String, keyword: Range<String.Index>)] {
        text.ranges(of: "export ").compactMap { keyword in
            let after = text[keyword.upperBound...]
            // Elsewhere it is a word in a text.
            guard text[..<keyword.lowerBound].last.map({ ";}\n".contains($0) }) ?? true else { return nil }
            guard let declaration = declarations.first(where: { after.hasPrefix($0) }) else { return nil }
            let rest = after.dropFirst(declaration.count)
            let name = rest.prefix { $0.isLetter || $0.isNumber || $0 == "_" || $0 == "$" }
            return (String(name), keyword)
        }
    }

    private static func resolve(_ specifier: String, from path: String) -> String {
        var segments = path.split(separator: "/").dropLast()
        for segment in specifier.split(separator: "/") where segment != "." {
            if segment == ".." { segments = segments.dropLast() } else { segments.append(segment) }
        }
        return segments.joined(separator: "/")
    }
}
