/// The request line and header fields of one HTTP request, as received.
public struct RequestHead: Sendable {
    /// An upper-case token, such as `GET`; any valid token gets here, known or not.
    public let method: String
    /// Begins with `/` (or is `*` for `OPTIONS`); percent-encoding and dot segments are left as they came.
    public let path: String
    /// What follows the first `?`, percent-encoded; nil if there was none.
    public let query: String?
    /// The peer's address in numbers without its port; an IPv4 address has four parts on any listener.
    public let peerAddress: String
    /// The label of the listener that accepted the connection.
    public let listenerLabel: String
    /// Whether this hop is encrypted.
    public let isTLS: Bool
    /// Header fields in order; names are in lower case, values without surrounding white space.
    ///
    /// Bytes outside ASCII in a value are kept if they are UTF-8 and repaired if they are not. A value never holds
    /// a control character other than a tab.
    public let headers: [(name: String, value: String)]

    /// False for HTTP/1.0.
    let isVersion11: Bool

    /// The first value of the field called `name`, in any case.
    public func header(_ name: String) -> String? {
        headers.first { $0.name.matchesField(name) }?.value
    }

    /// Every value of the field called `name`, in order.
    public func headerValues(_ name: String) -> [String] {
        headers.lazy.filter { $0.name.matchesField(name) }.map(\.value)
    }

    /// The comma-separated members of all fields called `name`, trimmed.
    public func headerList(_ name: String) -> [String] {
        headerValues(name).flatMap { value in
            value.split(separator: ",").map { String($0.trimmingWhiteSpace()) }.filter { !$0.isEmpty }
        }
    }

    /// Whether a list-valued field such as `Connection` has the member `token`, in any case.
    func headerList(_ name: String, contains token: String) -> Bool {
        headerList(name).contains { $0.matchesField(token) }
    }
}

extension StringProtocol {
    /// Equality as HTTP compares field names and tokens: ASCII letters in any case.
    func matchesField(_ other: some StringProtocol) -> Bool {
        utf8.count == other.utf8.count && zip(utf8, other.utf8).allSatisfy { $0.asciiLowercased == $1.asciiLowercased }
    }

    /// The value without spaces and tabs at either end (RFC 9110 section 5.6.3).
    func trimmingWhiteSpace() -> SubSequence {
        let trimmed = drop { $0 == " " || $0 == "\t" }
        guard let last = trimmed.lastIndex(where: { $0 != " " && $0 != "\t" }) else { return trimmed }
        return trimmed[...last]
    }
}

extension UInt8 {
    var asciiLowercased: UInt8 { (0x41...0x5a).contains(self) ? self | 0x20 : self }
}
