/// Posts into one room such that a stated number of messages is under way, or at a stated rate.
final class FanoutPacer {
    private unowned let load: LoadGenerator
    private let senders: Int
    private let pace: LoadPlan.Pace
    private var next = 0
    private var nextDue: UInt64?
    private var lastSeen: UInt64 = 0
    private var lastProgress: UInt64 = 0

    init(_ load: LoadGenerator, senders: Int, pace: LoadPlan.Pace) {
        self.load = load
        self.senders = min(senders, load.plan.connections)
        self.pace = pace
    }

    /// Sends what may be sent now.
    func turn() {
        let now = LoadGenerator.now()
        switch pace {
        case .window(let messages):
            reopenIfLost(at: now)
            let room = UInt64(messages * load.report.connected)
            while load.due < load.seen + room {
                guard post(at: LoadGenerator.now()) else { return }
            }
        case .rate(let perSecond):
            // The time it was due counts, not the time it went out, so that a stall cannot hide itself.
            var time = nextDue ?? now
            while time <= now, post(at: time) { time += UInt64(1e9 / perSecond) }
            nextDue = time
        }
    }

    private func reopenIfLost(at now: UInt64) {
        if load.seen != lastSeen || lastProgress == 0 {
            (lastSeen, lastProgress) = (load.seen, now)
        } else if now - lastProgress > 2_000_000_000 {
            load.due = load.seen
            lastProgress = now
        }
    }

    /// - Returns: False if no sender is left.
    private func post(at time: UInt64) -> Bool {
        for _ in 0..<senders {
            let connection = load.connections[next % senders]
            next += 1
            guard connection.state == .ready else { continue }
            load.post(on: connection, number: Int64(next), at: time)
            load.due += UInt64(load.report.connected - load.report.lost)
            if load.counted.contains(time) {
                load.report.sent += 1
                load.report.expected += UInt64(load.report.connected - load.report.lost)
            }
            return true
        }
        return false
    }
}

/// Keeps a stated number of commands unanswered on every connection.
///
/// Each command holds a slot until its answer comes, so answers may come in any order.
final class CommandPacer {
    private let template: CommandTemplate
    private let inFlight: Int

    init(template: CommandTemplate, inFlight: Int) {
        self.template = template
        self.inFlight = inFlight
    }

    func start(_ load: LoadGenerator) {
        load.isSending = true
        for connection in load.connections where connection.state == .ready {
            connection.sentAt = Array(repeating: 0, count: inFlight)
            connection.slotIDs = (0..<Int64(inFlight)).map { $0 + 2 }
            for slot in 0..<inFlight { send(slot: slot, on: connection, load) }
        }
    }

    func answered(_ id: Int64, isRefusal: Bool, at now: UInt64, on connection: LoadConnection, _ load: LoadGenerator) {
        let slot = Int((id - 2) % Int64(inFlight))
        guard id >= 2, connection.slotIDs[slot] == id else { return }
        let sent = connection.sentAt[slot]
        if !isRefusal {
            load.answers += 1
            if load.counted.contains(sent) {
                load.report.completed += 1
                load.report.latency.record(microseconds: (now - sent) / 1000)
            }
        }
        connection.slotIDs[slot] += Int64(inFlight)
        if load.isSending { send(slot: slot, on: connection, load) }
    }

    private func send(slot: Int, on connection: LoadConnection, _ load: LoadGenerator) {
        let now = LoadGenerator.now()
        connection.sentAt[slot] = now
        let id = connection.slotIDs[slot]
        let rooms = load.account(of: connection).rooms
        let room = rooms[Int(id % Int64(rooms.count))]
        load.sendCommand(template, id: id, room: room, at: now, on: connection)
        if load.counted.contains(now) {
            load.report.sent += 1
            load.report.expected += 1
        }
    }
}

extension LoadGenerator {
    /// Posts one message with a marker into the first room.
    func post(on connection: LoadConnection, number: Int64, at time: UInt64) {
        switch plan.dialect {
        case .lyceum:
            let room = account(of: connection).rooms[0]
            sendCommand(.post, id: number + 1, room: room, at: time, on: connection)
        case .nats:
            scratch.removeAll(keepingCapacity: true)
            scratch.append(contentsOf: "PUB room \(filler.count)\r\n".utf8)
            appendText(at: time, sender: connection.index)
            scratch.append(contentsOf: [13, 10])
            sendFrame(ClientFrame.binary, scratch, on: connection)
        }
    }

    func sendCommand(
        _ template: CommandTemplate, id: Int64, room: Int64, at time: UInt64, on connection: LoadConnection
    ) {
        scratch.removeAll(keepingCapacity: true)
        for part in template.parts {
            switch part {
            case .literal(let bytes): scratch.append(contentsOf: bytes)
            case .id: scratch.append(contentsOf: String(id).utf8)
            case .room: scratch.append(contentsOf: String(room).utf8)
            // Unique for each author is all it must be; the time keeps it so over runs on one data folder.
            case .nonce: scratch.append(contentsOf: "load-\(time)-\(id)".utf8)
            case .text: appendText(at: time, sender: connection.index)
            }
        }
        sendFrame(ClientFrame.text, scratch, on: connection)
    }

    private func appendText(at time: UInt64, sender: Int) {
        filler.withUnsafeMutableBytes { Marker.write(time: time, sender: sender, to: $0) }
        scratch.append(contentsOf: filler)
    }
}
