struct Phrases: Sendable {
    mutating func count(_ post: ActivityEvent.Post, at instant: Instant, _ sign: Sign) {}
}
