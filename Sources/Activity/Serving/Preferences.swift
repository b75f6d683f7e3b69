import LyceumProtocol

/// What one member does not want to see.
struct Preferences: Sendable, Equatable {
    /// Dismissed subjects stay away this long, in milliseconds.
    static let dismissal: Int64 = 30 * 86_400_000

    var dismissed: [Subject: UnixMilliseconds] = [:]
    var fewer: [Subject: Double] = [:]
    var damped: [String: Double] = [:]

    func hides(_ subject: Subject, at now: UnixMilliseconds) -> Bool {
        dismissed[subject].map { now - $0 < Self.dismissal } ?? false
    }

    /// How much less of a subject, or of its room, is wanted.
    func less(of subject: Subject) -> Double {
        (fewer[subject] ?? 0) + (subject.room.map { $0 == subject.onlyRoom ? 0 : fewer[.room($0)] ?? 0 } ?? 0)
    }

    /// The factor left of a feature's weight.
    func damping(_ surface: Surface, _ feature: String) -> Double { damped["\(surface.rawValue).\(feature)"] ?? 1 }

    mutating func dismiss(_ subject: Subject, at now: UnixMilliseconds) {
        dismissed = dismissed.filter { now - $0.value < Self.dismissal }
        dismissed[subject] = now
    }

    mutating func wantLess(of subject: Subject) { fewer[subject, default: 0] += 1 }
    mutating func dampen(_ surface: Surface, _ feature: String) {
        damped["\(surface.rawValue).\(feature)", default: 1] *= 0.5
    }
}

extension Subject {
    fileprivate var onlyRoom: RoomID? { if case .room(let room) = self { room } else { nil } }
}
