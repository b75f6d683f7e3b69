import Glibc
import Harness

/// Debian's `nats-server` with its WebSocket listener, on one core and one thread: the peer that fan-out is held against.
struct NATSPeer {
    private let folder: TemporaryFolder
    private let server: ChildProcess
    let port: UInt16

    /// - Throws: If it cannot be started or does not listen within ten seconds.
    init() throws {
        FileLimit.raise()
        let folder = try TemporaryFolder(prefix: "lyceum-nats")
        let (web, plain) = try (Loopback.freePort(), Loopback.freePort())
        let configuration = """
            listen: "127.0.0.1:\(plain)"
            websocket { listen: "127.0.0.1:\(web)", no_tls: true }
            """
        try writeFile("\(folder.path)/nats.conf", configuration)
        server = try ChildProcess(
            ["nats-server", "-c", "\(folder.path)/nats.conf"], environment: ["GOMAXPROCS": "1"],
            standardError: "\(folder.path)/log", core: CoreAffinity.daemonCore)
        self.folder = folder
        port = web
        guard poll(within: .seconds(10), { Loopback.accepts(web) }) else {
            let log = readFile("\(folder.path)/log")
            stop()
            throw ChildProcess.Failure.silent("nats-server does not listen: \(log)")
        }
    }

    var options: [String] { ["--port", "\(port)", "--daemon", "\(server.id)", "--dialect", "nats"] }

    func stop() {
        server.signal(SIGTERM)
        if !server.waitForExit(within: .seconds(5)) { server.signal(SIGKILL) }
        _ = server.waitForExit(within: .seconds(5))
    }
}
