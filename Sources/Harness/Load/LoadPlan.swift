import LyceumProtocol

/// What a load is: who connects, what they send, and when it counts.
public struct LoadPlan: Sendable {
    public enum Dialect: String, Sendable, CaseIterable {
        case lyceum
        /// The NATS protocol over WebSocket, for the peer that Lyceum is measured against.
        case nats
    }

    /// A member that a connection signs in as.
    public struct Account: Sendable {
        public var token: String
        /// Where it posts; fan-out uses the first.
        public var rooms: [Int64]

        public init(token: String, rooms: [Int64]) {
            self.token = token
            self.rooms = rooms
        }
    }

    public enum Work: Sendable {
        /// Senders post to one room that all connections are in; every delivery to every connection counts.
        case fanout(senders: Int, pace: Pace)
        /// Every connection keeps `inFlight` commands unanswered; every `ok` counts. With a `total` the load ends once
        /// so many are answered, and nothing is measured.
        case commands(CommandTemplate, inFlight: Int, total: Int? = nil)
        /// Nothing is sent; the daemon's memory is read after this time.
        case idle(settle: Duration)
    }

    public enum Pace: Sendable {
        /// So many messages under way at once over all senders: a new one goes out once an old one reached everybody.
        case window(Int)
        /// So many messages a second, whatever becomes of them; latency counts from the time each was due.
        case rate(Double)
    }

    /// Votes that members cast while the work goes on: each on every question once, in turn.
    public struct Votes: Sendable {
        public var questions: [Int64]
        public var perSecond: Double

        public init(questions: [Int64], perSecond: Double) {
            self.questions = questions
            self.perSecond = perSecond
        }
    }

    public var port: UInt16
    public var dialect = Dialect.lyceum
    public var connections: Int
    /// Who signs in, one per connection, for ``Dialect/lyceum``.
    public var accounts: [Account] = []
    public var work: Work
    /// Beside a fan-out.
    public var votes: Votes?
    /// Bytes of a posted text.
    public var textBytes = 200
    public var warmUp = Duration.seconds(1)
    public var measured = Duration.seconds(5)
    /// The daemon's process, for its processor time and memory.
    public var daemon: Int32?

    public init(port: UInt16, connections: Int, work: Work) {
        self.port = port
        self.connections = connections
        self.work = work
    }
}

/// What came of a load.
public struct LoadReport: Sendable {
    public var connected = 0
    public var failed = 0
    /// Connections that ended while it ran.
    public var lost = 0
    /// Messages or commands sent in the measured time.
    public var sent: UInt64 = 0
    /// Deliveries that must come of them.
    public var expected: UInt64 = 0
    /// Deliveries or answers that came in time.
    public var completed: UInt64 = 0
    /// Commands answered by an error.
    public var refused: UInt64 = 0
    public var firstRefusal: String?
    /// Completions a second of wall-clock time.
    public var perSecond = 0.0
    /// Processor seconds a second, in the measured time.
    public var daemonCores = 0.0
    public var clientCores = 0.0
    public var perDaemonSecond = 0.0
    public var latency = LatencyHistogram()
    public var residentBytesBefore = 0
    public var residentBytes = 0
    public var connectSeconds = 0.0
    public var votes: VoteReport?

    public init() {}

    /// Deliveries that never came.
    public var missing: UInt64 { expected > completed ? expected - completed : 0 }

    public func write(to json: inout JSONWriter) {
        json.object { json in
            json.field("connected", connected)
            json.field("failed", failed)
            json.field("lost", lost)
            json.field("sent", sent)
            json.field("expected", expected)
            json.field("completed", completed)
            json.field("missing", missing)
            json.field("refused", refused)
            json.field("first_refusal", firstRefusal)
            json.field("per_second", perSecond.rounded())
            json.field("per_daemon_cpu_second", perDaemonSecond.rounded())
            json.field("daemon_cores", (daemonCores * 1000).rounded() / 1000)
            json.field("client_cores", (clientCores * 1000).rounded() / 1000)
            for (name, share) in Self.percentiles { json.field(name, latency.milliseconds(atShare: share)) }
            json.field("max_ms", Double(latency.maximum) / 1000)
            json.field("connect_s", connectSeconds)
            json.field("resident_bytes_before", residentBytesBefore)
            json.field("resident_bytes", residentBytes)
            if let votes { json.field("votes", object: { votes.write(to: &$0) }) }
        }
    }

    private static let percentiles: [(StaticString, Double)] = [
        ("p50_ms", 0.5), ("p90_ms", 0.9), ("p99_ms", 0.99), ("p999_ms", 0.999),
    ]
}
