import Transport

/// Everything an operator can set, with the defaults. ``SettingTable`` says how each is written.
public struct Settings: Sendable {
    /// Address and port to serve on; port 0 lets the system choose.
    public var listen = ListenAddress(host: "127.0.0.1", port: 8080)
    /// Where OpenMetrics is served, on a listener of its own.
    public var metricsListen = ListenAddress(host: "127.0.0.1", port: 0)
    /// The data folder.
    public var data = "data"
    /// What the community is called.
    public var communityName = "Lyceum"
    /// Event loops, each a thread.
    public var loops = 1
    /// Origins besides the server's own whose pages may connect.
    public var allowedOrigins: Set<String> = []
    /// Proxies whose `X-Forwarded-For` is believed.
    public var trustedProxies: Set<String> = []
    public var tlsCertificate: String?
    public var tlsKey: String?
    public var limits = Limits()
    public var accounts = AccountSettings()
    public var log = LogSettings()
    public var activity = ActivitySettings()
    /// How long a stop may take.
    public var drainSeconds = 25

    public init() {}

    var community: CommunitySettings {
        CommunitySettings(
            textCharacters: limits.textCharacters, sessionsPerMember: limits.sessionsPerMember)
    }
}

/// What one client may ask of the server; `hello` announces them.
public struct Limits: Sendable {
    /// Tokens of a bucket that refills over a minute; the dearer commands take several.
    public var commandsPerMinute = 1200
    /// In Unicode scalars.
    public var textCharacters = 4000
    public var frameBytes = 65_536
    public var outboxBytes = 1_048_576
    public var connections = 100_000
    public var connectionsPerAddress = 20_000
    public var sessionsPerMember = 50
    /// HTTP requests of one address in a minute.
    public var requestsPerMinute = 6000
    public init() {}
}

public struct AccountSettings: Sendable {
    public enum Registration: String, CaseIterable, Sendable {
        case open, invite, closed
    }

    public var registration = Registration.open
    public var scryptLogCost = 15
    public var scryptParallelism = 3
    /// Sign-ins and registrations that may wait for the hash thread.
    public var hashQueue = 256
    public init() {}

    var passwordHash: PasswordHash { PasswordHash(logCost: scryptLogCost, parallelism: scryptParallelism) }
}

public struct LogSettings: Sendable {
    public enum Format: String, CaseIterable, Sendable {
        case text, json
    }

    public enum Level: String, CaseIterable, Sendable {
        case debug, info, notice, warning, error
    }

    public var format = Format.text
    public var level = Level.notice
    public init() {}
}

/// A numeric address and a port.
public struct ListenAddress: Sendable, Equatable {
    public var host: String
    public var port: UInt16

    public init(host: String, port: UInt16) {
        self.host = host
        self.port = port
    }

    /// `127.0.0.1:8080` or `[::1]:8080`.
    public init?(_ text: String) {
        guard let colon = text.lastIndex(of: ":"), let port = UInt16(text[text.index(after: colon)...]) else {
            return nil
        }
        var host = text[..<colon]
        if host.hasPrefix("["), host.hasSuffix("]") { host = host.dropFirst().dropLast() }
        guard !host.isEmpty else { return nil }
        self.init(host: String(host), port: port)
    }
}

/// What decisions about the community need to know of the settings.
struct CommunitySettings: Sendable {
    let textCharacters: Int
    let sessionsPerMember: Int
}
