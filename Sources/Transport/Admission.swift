import Glibc
import Locking
import Synchronization

/// Counts the connections of all loops against the limits on them.
final class Admission: Sendable {
    private let limits: TransportLimits
    private let maximum: Int
    private let total = Atomic<Int>(0)
    /// By ``PeerAddress/subscriber``.
    private let perAddress = Locked<[PeerAddress: Int]>([:])

    /// Descriptors that are left to the rest of the process: databases, logs, listeners, other connections.
    private static let reservedDescriptors = 64

    init(limits: TransportLimits) {
        self.limits = limits
        var descriptors = rlimit()
        getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &descriptors)
        let available = Int(clamping: descriptors.rlim_cur) - Self.reservedDescriptors
        maximum = max(1, min(limits.maximumConnections, available))
    }

    /// Whether one more connection from `address` may come; if so it is counted until ``leave(_:)``.
    func admit(_ address: PeerAddress) -> Bool {
        guard total.add(1, ordering: .relaxed).newValue <= maximum else {
            total.subtract(1, ordering: .relaxed)
            return false
        }
        guard isCounted(address) else { return true }
        let isAdmitted = perAddress.withLock { counts in
            let count = counts[address.subscriber, default: 0]
            guard count < limits.connectionsPerAddress else { return false }
            counts[address.subscriber] = count + 1
            return true
        }
        if !isAdmitted { total.subtract(1, ordering: .relaxed) }
        return isAdmitted
    }

    func leave(_ address: PeerAddress) {
        total.subtract(1, ordering: .relaxed)
        guard isCounted(address) else { return }
        perAddress.withLock { counts in
            let count = counts[address.subscriber, default: 1]
            counts[address.subscriber] = count > 1 ? count - 1 : nil
        }
    }

    private func isCounted(_ address: PeerAddress) -> Bool {
        limits.connectionsPerAddress > 0
            && (limits.unlimitedAddresses.isEmpty || !limits.unlimitedAddresses.contains(address.description))
    }
}
