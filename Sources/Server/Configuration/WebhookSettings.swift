import Egress

/// What an operator can set about webhooks.
public struct WebhookSettings: Sendable {
    /// Whom they may call besides the public Internet.
    public var policy = AddressPolicy()
    /// How often one delivery is tried before it is given up.
    public var attempts = 10
    /// Seconds before the second attempt; each further wait is four times as long, up to ``RetrySchedule/longest``.
    public var retrySeconds = 5
    /// A hook is switched off after so many deliveries in a row were given up.
    public var disableAfter = 5
    /// Posts that one incoming hook may make in a minute.
    public var postsPerMinute = 60

    public init() {}

    /// - Parameter text: Networks in CIDR notation, separated by commas.
    mutating func readAllowedNetworks(_ text: String) throws(SettingError) {
        var networks: [Network] = []
        for part in text.split(separator: ",") {
            guard let network = Network(part.drop { $0 == " " }) else {
                throw SettingError(message: "must be networks such as 10.1.0.0/16 or fd00::/8, separated by commas")
            }
            networks.append(network)
        }
        policy.allowed = networks
    }
}
