import Testing

/// Everything that opens real sockets, one at a time: some tests count or exhaust the process's descriptors.
@Suite(.serialized) enum SocketTests {}
