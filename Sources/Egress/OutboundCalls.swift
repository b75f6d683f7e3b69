import CCurl
import Glibc

/// Calls under way, many at once on one thread, over libcurl's multi interface.
///
/// Each address is judged at the moment it is connected to, and the connection goes to that very address: a name that
/// leads elsewhere at the second look-up gains nothing. Redirects are not followed, proxies of the environment not
/// used, and what an answer may cost is bounded in time and bytes.
///
/// `@unchecked Sendable`: everything but ``wake()``, which libcurl lets any thread call, is for one thread.
public final class OutboundCalls: @unchecked Sendable {
    private let multi: UnsafeMutableRawPointer
    private let policy: AddressPolicy
    private let limits: OutboundLimits
    private var calls: [UnsafeMutableRawPointer: Call] = [:]

    private static let isReady: Bool = curl_global_init(Int(CURL_GLOBAL_DEFAULT)) == CURLE_OK

    public init(policy: AddressPolicy, limits: OutboundLimits = OutboundLimits()) {
        guard Self.isReady, let multi = curl_multi_init() else { preconditionFailure("libcurl could not be started") }
        self.multi = multi
        self.policy = policy
        self.limits = limits
    }

    deinit {
        for easy in calls.keys { release(easy) }
        curl_multi_cleanup(multi)
    }

    public var count: Int { calls.count }

    /// Begins a call; its result comes from ``advance(waiting:)`` under `key`.
    public func start(_ request: OutboundRequest, key: Int64) {
        guard let easy = curl_easy_init() else { preconditionFailure("no memory for a request") }
        let call = Call(key: key, policy: policy, byteLimit: limits.answerBytes, request.headers)
        calls[easy] = call
        let isSet = configure(easy, request, call)
        precondition(isSet, "libcurl refused an option; a call without its bounds may not begin")
        curl_multi_add_handle(multi, easy)
    }

    /// Moves every call on, after waiting at most so many milliseconds for something to do.
    public func advance(waiting milliseconds: Int32) -> [(key: Int64, result: OutboundResult)] {
        var running: Int32 = 0
        curl_multi_perform(multi, &running)
        if running == calls.count { curl_multi_poll(multi, nil, 0, milliseconds, nil) }
        curl_multi_perform(multi, &running)
        var results: [(Int64, OutboundResult)] = []
        var easy: UnsafeMutableRawPointer?
        var code = CURLE_OK
        while ccurl_take_finished(multi, &easy, &code) {
            guard let easy, let call = calls.removeValue(forKey: easy) else { continue }
            results.append((call.key, call.result(of: code, easy)))
            release(easy)
        }
        return results
    }

    /// Ends the wait of ``advance(waiting:)``, from any thread.
    public func wake() { curl_multi_wakeup(multi) }

    private func release(_ easy: UnsafeMutableRawPointer) {
        curl_multi_remove_handle(multi, easy)
        curl_easy_cleanup(easy)
    }

    private func configure(_ easy: UnsafeMutableRawPointer, _ request: OutboundRequest, _ call: Call) -> Bool {
        let context = Unmanaged.passUnretained(call).toOpaque()
        let numbers: [(CURLoption, Int)] = [
            (CURLOPT_NOSIGNAL, 1), (CURLOPT_FOLLOWLOCATION, 0), (CURLOPT_TIMEOUT_MS, limits.milliseconds),
            (CURLOPT_CONNECTTIMEOUT_MS, limits.milliseconds), (CURLOPT_POST, 1),
            (CURLOPT_POSTFIELDSIZE, request.body.count), (CURLOPT_HTTP_VERSION, Int(CURL_HTTP_VERSION_1_1)),
            (CURLOPT_SSL_VERIFYPEER, 1), (CURLOPT_SSL_VERIFYHOST, 2), (CURLOPT_DNS_CACHE_TIMEOUT, 0),
            (CURLOPT_MAXAGE_CONN, 60),
        ]
        let texts: [(CURLoption, String)] = [
            (CURLOPT_URL, request.url), (CURLOPT_PROTOCOLS_STR, "http,https"), (CURLOPT_PROXY, ""),
            (CURLOPT_NOPROXY, "*"), (CURLOPT_USERAGENT, "lyceum"),
        ]
        let receive: CCurlReceiver = { _, size, count, context in
            Call.from(context).receive(size * count)
        }
        return numbers.allSatisfy { ccurl_set_long(easy, $0, $1) }
            && texts.allSatisfy { ccurl_set_string(easy, $0, $1) }
            && setBody(easy, request.body)
            && ccurl_set_pointer(easy, CURLOPT_HTTPHEADER, call.headers)
            && ccurl_set_receiver(easy, CURLOPT_WRITEFUNCTION, receive)
            && ccurl_set_receiver(easy, CURLOPT_HEADERFUNCTION, receive)
            && [CURLOPT_WRITEDATA, CURLOPT_HEADERDATA, CURLOPT_OPENSOCKETDATA].allSatisfy {
                ccurl_set_pointer(easy, $0, context)
            }
            && ccurl_set_socket_opener(easy) { context, _, address in
                guard let address else { return CURL_SOCKET_BAD }
                return Call.from(context).open(address)
            }
    }

    /// libcurl keeps a copy.
    private func setBody(_ easy: UnsafeMutableRawPointer, _ body: [UInt8]) -> Bool {
        var body = body
        return body.withUnsafeMutableBytes { ccurl_set_pointer(easy, CURLOPT_COPYPOSTFIELDS, $0.baseAddress) }
    }
}

/// What libcurl's callbacks know of one call. ``OutboundCalls`` keeps it alive for as long as the call lasts.
private final class Call {
    let key: Int64
    let headers: UnsafeMutablePointer<curl_slist>?
    private let policy: AddressPolicy
    private let byteLimit: Int
    private var received = 0
    private var wasRefused = false

    init(key: Int64, policy: AddressPolicy, byteLimit: Int, _ headers: [(name: String, value: String)]) {
        self.key = key
        self.policy = policy
        self.byteLimit = byteLimit
        // An empty "Expect" keeps libcurl from waiting for a "100 Continue" before a larger body.
        self.headers = (headers + [("Expect", "")]).reduce(nil) { curl_slist_append($0, "\($1.name): \($1.value)") }
    }

    deinit { curl_slist_free_all(headers) }

    static func from(_ context: UnsafeMutableRawPointer?) -> Call {
        guard let context else { preconditionFailure("libcurl lost a call's context") }
        return Unmanaged<Call>.fromOpaque(context).takeUnretainedValue()
    }

    /// Counts what came; less than was given tells libcurl to end the call.
    func receive(_ count: Int) -> Int {
        received += count
        return received <= byteLimit ? count : 0
    }

    /// Opens the socket for an address that may be called.
    func open(_ address: UnsafeMutablePointer<curl_sockaddr>) -> curl_socket_t {
        // The field is as long as the family needs, longer than the type that C gives it.
        let offset = MemoryLayout<curl_sockaddr>.offset(of: \.addr) ?? 16
        guard let target = IPAddress(sockaddr: UnsafeRawPointer(address) + offset), policy.admits(target) else {
            wasRefused = true
            return CURL_SOCKET_BAD
        }
        let kind = address.pointee.socktype | Int32(SOCK_CLOEXEC.rawValue)
        return socket(address.pointee.family, kind, address.pointee.protocol)
    }

    func result(of code: CURLcode, _ easy: UnsafeMutableRawPointer) -> OutboundResult {
        switch code {
        case CURLE_OK: .answered(status: ccurl_status(easy), retryAfterSeconds: Int64(ccurl_retry_after(easy)))
        case _ where received > byteLimit: .failed(.tooLarge)
        case CURLE_OPERATION_TIMEDOUT: .failed(.timeout)
        case _ where wasRefused: .failed(.address)
        case CURLE_COULDNT_RESOLVE_HOST: .failed(.nameNotFound)
        case CURLE_COULDNT_CONNECT: .failed(.notConnected)
        case CURLE_SSL_CONNECT_ERROR, CURLE_PEER_FAILED_VERIFICATION, CURLE_SSL_CERTPROBLEM, CURLE_SSL_CIPHER:
            .failed(.tls)
        default: .failed(.interrupted)
        }
    }
}
