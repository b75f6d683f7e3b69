import Testing

/// Everything that drives the built daemon. One after the other, since each test has the machine's cores to itself
/// that way: a daemon that waits for a core looks like a slow one.
@Suite(.serialized) struct EndToEnd {}
