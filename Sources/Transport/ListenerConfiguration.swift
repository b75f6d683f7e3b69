/// One address that the server accepts connections on.
public struct ListenerConfiguration: Sendable {
    /// A numeric IPv4 or IPv6 address; `::` takes both families.
    public var host: String
    /// 0 lets the system choose; ``TransportServer/start()`` tells the choice.
    public var port: UInt16
    /// What requests and connections that came this way are marked with, such as `main` or `metrics`.
    public var label: String
    /// Speaks TLS if present.
    public var tls: TLSConfiguration?
    /// A listening socket inherited from a supervisor, used in place of `host` and `port`. The loops share it.
    public var inheritedDescriptor: Int32?

    public init(
        host: String, port: UInt16, label: String, tls: TLSConfiguration? = nil, inheritedDescriptor: Int32? = nil
    ) {
        self.host = host
        self.port = port
        self.label = label
        self.tls = tls
        self.inheritedDescriptor = inheritedDescriptor
    }
}

/// Where a bound listener can be reached.
public struct BoundAddress: Sendable, Equatable {
    public let label: String
    public let host: String
    public let port: UInt16
    public let isTLS: Bool

    /// Such as `http://127.0.0.1:8080`; an IPv6 host stands in brackets.
    public var url: String {
        "\(isTLS ? "https" : "http")://\(host.contains(":") ? "[\(host)]" : host):\(port)"
    }
}
