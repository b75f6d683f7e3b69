import CLinux
import Glibc

/// Drives one daemon from one thread over raw sockets and epoll, cheaply enough to measure it.
///
/// A delivery is a ``Marker`` found in a received frame. Client and daemon share a clock, as they share a machine.
public final class LoadGenerator {
    let plan: LoadPlan
    let epoll: Int32
    var connections: [LoadConnection] = []
    var report = LoadReport()

    /// Deliveries seen and due since the load began, which the window is the difference of.
    var seen: UInt64 = 0
    var due: UInt64 = 0
    /// Answers to commands since the load began.
    var answers: UInt64 = 0
    /// What was sent in this span of monotonic nanoseconds counts.
    var counted: Range<UInt64> = .max..<UInt64.max
    var isSending = false

    private var opened = 0
    private var opening = 0
    var scratch: [UInt8] = []
    var frame: [UInt8] = []
    var filler: [UInt8]
    private let input = UnsafeMutableRawBufferPointer.allocate(byteCount: 1 << 20, alignment: 64)

    public init(_ plan: LoadPlan) {
        self.plan = plan
        epoll = epoll_create1(Int32(EPOLL_CLOEXEC))
        let words = Array("the quick brown fox jumps over a lazy dog ".utf8)
        filler = (0..<max(Marker.length, plan.textBytes)).map { words[$0 % words.count] }
    }

    deinit {
        for connection in connections { connection.close() }
        close(epoll)
        input.deallocate()
    }

    /// Connects, loads, measures; blocks until the load is over.
    public func run() -> LoadReport {
        FileLimit.raise()
        report.residentBytesBefore = plan.daemon.map { ProcessMeter($0).residentBytes } ?? 0
        connectAll()
        switch plan.work {
        case .idle(let settle):
            runTurns(until: Self.now() + settle.nanoseconds) {}
            report.residentBytes = plan.daemon.map { ProcessMeter($0).residentBytes } ?? 0
        case .fanout(let senders, let pace):
            let posts = FanoutPacer(self, senders: senders, pace: pace)
            let votes = plan.votes.map { VotePacer($0, self) }
            votePacer = votes
            measure {
                posts.turn()
                votes?.turn()
            }
            report.votes = votes?.report
        case .commands(let template, let inFlight, let total):
            let pacer = CommandPacer(template: template, inFlight: inFlight)
            commandPacer = pacer
            pacer.start(self)
            if let total { runCommands(total) } else { measure {} }
        }
        return report
    }

    var commandPacer: CommandPacer?
    var votePacer: VotePacer?

    // MARK: Time

    static func now() -> UInt64 {
        var time = timespec()
        clock_gettime(CLOCK_MONOTONIC, &time)
        return UInt64(time.tv_sec) * 1_000_000_000 + UInt64(time.tv_nsec)
    }

    private func measure(_ pace: () -> Void) {
        let meter = plan.daemon.map(ProcessMeter.init)
        let own = ProcessMeter(getpid())
        let start = Self.now() + plan.warmUp.nanoseconds
        counted = start..<start + plan.measured.nanoseconds
        isSending = true
        runTurns(until: counted.lowerBound, pace)
        let (daemonBefore, ownBefore) = (meter?.processorTime ?? .zero, own.processorTime)
        let (workBefore, from) = (seen + answers, Self.now())
        runTurns(until: counted.upperBound, pace)
        let (daemonAfter, ownAfter) = (meter?.processorTime ?? .zero, own.processorTime)
        let work = Double(seen + answers - workBefore)
        let seconds = Double(Self.now() - from) / 1e9
        report.residentBytes = meter?.residentBytes ?? 0
        isSending = false
        drain()
        report.perSecond = work / seconds
        report.daemonCores = (daemonAfter - daemonBefore).seconds / seconds
        report.clientCores = (ownAfter - ownBefore).seconds / seconds
        report.perDaemonSecond = report.daemonCores > 0 ? report.perSecond / report.daemonCores : 0
    }

    private func runCommands(_ total: Int) {
        while answers + report.refused < total, report.lost < report.connected { turn(timeout: 100) {} }
        isSending = false
    }

    /// Waits for what is still under way, but not for what is lost.
    private func drain() {
        let deadline = Self.now() + 5_000_000_000
        while report.completed + report.refused < report.expected, Self.now() < deadline { turn(timeout: 10) {} }
    }

    private func runTurns(until deadline: UInt64, _ pace: () -> Void) {
        while Self.now() < deadline { turn(timeout: 1, pace) }
    }

    // MARK: Sockets

    private func connectAll() {
        connections = (0..<plan.connections).map(LoadConnection.init)
        let start = Self.now()
        var (last, lastChange) = (0, start)
        while report.connected + report.failed < plan.connections {
            while opened < plan.connections, opening < 256 {
                opening += 1
                if !connections[opened].open(port: plan.port, epoll: epoll) { fail(connections[opened]) }
                opened += 1
            }
            turn(timeout: 50) {}
            if report.connected + report.failed != last {
                (last, lastChange) = (report.connected + report.failed, Self.now())
            } else if Self.now() - lastChange > 20_000_000_000 {
                // Those that answer nothing count as failed; the report says how many.
                for connection in connections where connection.state != .ready && connection.state != .dead {
                    fail(connection)
                }
            }
        }
        report.connectSeconds = Double(Self.now() - start) / 1e9
    }

    private func turn(timeout: Int32, _ pace: () -> Void) {
        withUnsafeTemporaryAllocation(of: epoll_event.self, capacity: 512) { events in
            let count = epoll_wait(epoll, events.baseAddress, 512, timeout)
            if count > 0 { for event in events[..<Int(count)] { handle(event) } }
        }
        pace()
    }

    private func handle(_ event: epoll_event) {
        let connection = connections[Int(event.data.u64)]
        guard connection.state != .dead else { return }
        if connection.state == .connecting {
            guard connection.connectError() == 0 else { return fail(connection) }
            connection.state = .upgrading
            connection.watch(EPOLL_CTL_MOD, output: false, epoll: epoll)
            send(upgradeRequest(), on: connection)
        } else if event.events & EPOLLOUT.rawValue != 0, !connection.flush(epoll: epoll) {
            return fail(connection)
        }
        if event.events & ~EPOLLOUT.rawValue != 0 { receive(on: connection) }
    }

    func send(_ bytes: [UInt8], on connection: LoadConnection) {
        if connection.state != .dead, !connection.send(bytes, epoll: epoll) { fail(connection) }
    }

    func ready(_ connection: LoadConnection) {
        connection.state = .ready
        report.connected += 1
        opening -= 1
    }

    func fail(_ connection: LoadConnection) {
        guard connection.state != .dead else { return }
        if connection.state == .ready {
            report.lost += 1
        } else {
            report.failed += 1
            opening -= 1
        }
        connection.close()
    }

    private func receive(on connection: LoadConnection) {
        while connection.state != .dead {
            let kept = connection.unread.count
            input.copyBytes(from: connection.unread)
            let room = UnsafeMutableRawBufferPointer(rebasing: input[kept...])
            let count = recv(connection.descriptor, room.baseAddress, room.count, 0)
            if count < 0, errno == EAGAIN || errno == EINTR { return }
            guard count > 0 else { return fail(connection) }
            let bytes = UnsafeRawBufferPointer(rebasing: input[..<(kept + count)])
            let used = consume(bytes, on: connection)
            if connection.state == .dead { return }
            connection.unread.removeAll(keepingCapacity: true)
            if used < bytes.count { connection.unread.append(contentsOf: bytes[used...]) }
            // A short read emptied the socket; asking again would cost a system call to learn it.
            if count < room.count { return }
        }
    }
}

extension Duration {
    var nanoseconds: UInt64 {
        let (seconds, attoseconds) = components
        return UInt64(seconds) * 1_000_000_000 + UInt64(attoseconds / 1_000_000_000)
    }

    /// In seconds, as a fraction.
    public var seconds: Double { Double(components.seconds) + Double(components.attoseconds) / 1e18 }
}

/// The most files a process may have open.
public enum FileLimit {
    /// Raises the soft limit to the hard one, for this process and those it starts.
    public static func raise() {
        var limit = rlimit()
        guard getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit) == 0 else { return }
        limit.rlim_cur = limit.rlim_max
        setrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit)
    }
}
