import Egress
import LyceumProtocol
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
    public var files = FileSettings()
    public var accounts = AccountSettings()
    public var moderation = ModerationSettings()
    public var log = LogSettings()
    public var activity = ActivitySettings()
    public var webhooks = WebhookSettings()
    /// How long a stop may take.
    public var drainSeconds = 25

    public init() {}

    var community: CommunitySettings {
        CommunitySettings(
            textCharacters: limits.textCharacters, sessionsPerMember: limits.sessionsPerMember,
            heldMilliseconds: UnixMilliseconds(moderation.heldHours * 3_600_000),
            botAnswerMilliseconds: UnixMilliseconds(limits.botAnswerSeconds) * 1000, egress: webhooks.policy,
            fileQuota: Int64(files.quotaBytes))
    }
}

/// What one client may ask of the server; `hello` announces them.
public struct Limits: Sendable {
    /// Tokens of a bucket that refills over a minute; the dearer commands take several.
    public var commandsPerMinute = 1200
    /// As above, of one bot over all of its connections.
    public var botCommandsPerMinute = 300
    /// How long a bot may take to answer an invocation.
    public var botAnswerSeconds = 900
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

/// What members may upload.
public struct FileSettings: Sendable {
    /// Bytes of one file.
    public var bytes = 25_000_000
    /// Bytes of all files of one member.
    public var quotaBytes = 1_000_000_000
    /// Pixels of one picture.
    public var pixels = 50_000_000
    /// How long a file waits for the message that it was uploaded for.
    public var unattachedHours = 24
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

/// How strict the moderation stage is where a room does not say otherwise, and where its packs are.
public struct ModerationSettings: Sendable {
    /// Folder of rule packs; `nil` for those that came with the program.
    public var rules: String?
    /// Scores from which on a text is posted and flagged, held, and blocked.
    public var flag = 3.0
    public var hold = 5.0
    public var block = 20.0
    /// A member's first so many posts are held.
    public var firstPosts = 0
    /// How long a held item waits for a moderator before it falls.
    public var heldHours = 72.0
    /// Labels of passed texts that moderators may be asked for; 0 asks for none.
    public var checksPerHour = 30
    /// The share of passed texts that is drawn at random for that.
    public var sampleShare = 0.02
    public init() {}
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
public struct ListenAddress: Sendable, Equatable, CustomStringConvertible {
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
        guard IPAddress(host) != nil else { return nil }
        self.init(host: String(host), port: port)
    }

    public var description: String { host.contains(":") ? "[\(host)]:\(port)" : "\(host):\(port)" }
}

/// What decisions about the community need to know of the settings.
struct CommunitySettings: Sendable {
    let textCharacters: Int
    let sessionsPerMember: Int
    let heldMilliseconds: UnixMilliseconds
    let botAnswerMilliseconds: UnixMilliseconds
    /// Whom webhooks may call.
    let egress: AddressPolicy
    /// Bytes of files that one member may keep.
    let fileQuota: Int64
}
