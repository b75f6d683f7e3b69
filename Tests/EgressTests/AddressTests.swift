import Egress
import Testing

/// Whom the server may be asked to call (attack A21).
@Suite struct `The policy on addresses` {
    @Test(arguments: [
        "127.0.0.1", "127.255.255.254", "0.0.0.0", "0.1.2.3", "10.0.0.1", "100.64.0.1", "100.127.255.255",
        "169.254.169.254", "172.16.0.1", "172.31.255.255", "192.0.0.8", "192.0.2.1", "192.168.1.1", "198.18.0.1",
        "198.19.255.255", "198.51.100.1", "203.0.113.1", "224.0.0.1", "239.255.255.255", "240.0.0.1",
        "255.255.255.255", "::", "::1", "::ffff:127.0.0.1", "::ffff:10.0.0.1", "::127.0.0.1", "fc00::1", "fd12::1",
        "fe80::1", "fec0::1", "ff02::1", "64:ff9b::7f00:1", "64:ff9b:1::1", "2001::1", "2001:db8::1", "2002:7f00:1::",
        "3fff::1", "100::1", "5f00::1",
    ])
    func `refuses what is not public`(literal: String) throws {
        #expect(!AddressPolicy().admits(try #require(IPAddress(literal))))
    }

    @Test(arguments: [
        "1.1.1.1", "8.8.8.8", "11.0.0.1", "100.63.255.255", "100.128.0.0", "126.255.255.255", "128.0.0.1",
        "169.253.255.255", "172.15.255.255", "172.32.0.0", "192.167.255.255", "192.169.0.0", "198.17.255.255",
        "198.20.0.0", "223.255.255.255", "2606:4700::1111", "2a00:1450::1", "::ffff:8.8.8.8",
    ])
    func `lets the public Internet be called`(literal: String) throws {
        #expect(AddressPolicy().admits(try #require(IPAddress(literal))))
    }

    @Test func `lets be called what the operator allows, and no more`() throws {
        let policy = AddressPolicy(allowed: [try #require(Network("10.1.0.0/16")), try #require(Network("fd00::/8"))])
        for literal in ["10.1.2.3", "::ffff:10.1.2.3", "fd12::1"] {
            #expect(policy.admits(try #require(IPAddress(literal))), "\(literal)")
        }
        for literal in ["10.2.0.1", "127.0.0.1", "fc00::1"] {
            #expect(!policy.admits(try #require(IPAddress(literal))), "\(literal)")
        }
    }

    @Test(arguments: ["", "10.0.0.0/33", "10.0.0/8", "::/129", "10.0.0.0/-1", "10.0.0.0/x", "name/8", "10.0.0.0/"])
    func `knows what is no network`(text: String) { #expect(Network(text) == nil) }

    /// The same address in every spelling that the parser of URLs takes.
    @Test(arguments: [
        "http://127.0.0.1/", "http://127.1/", "http://2130706433/", "http://0x7f000001/", "http://0x7f.1/",
        "http://0177.0.0.1/", "http://[::1]/", "http://[::ffff:127.0.0.1]/", "http://[::ffff:7f00:1]/",
        "http://169.254.169.254/latest/meta-data/", "http://0/", "http://[fe80::1%25eth0]/", "http://127.0.0.1:8080/x",
    ])
    func `refuses URLs whose host is such an address`(url: String) {
        #expect(throws: OutboundURL.Flaw.address) { try OutboundURL(url, policy: AddressPolicy()) }
    }

    @Test(arguments: [
        "ftp://example.org/", "file:///etc/passwd", "gopher://example.org/", "//example.org/", "example.org", "http://",
        "javascript:alert(1)", "http://exam ple.org/", "http://example.org/\r\nX: y",
        "http://example.org:99999/", "http://例え.example/",
    ])
    func `refuses what is no absolute URL of the web`(url: String) {
        #expect(throws: OutboundURL.Flaw.malformed) { try OutboundURL(url, policy: AddressPolicy()) }
    }

    @Test func `refuses URLs with credentials and takes plain ones`() throws {
        #expect(throws: OutboundURL.Flaw.credentials) {
            try OutboundURL("http://a:b@example.org/", policy: AddressPolicy())
        }
        #expect(throws: OutboundURL.Flaw.credentials) {
            try OutboundURL("http://127.0.0.1@example.org/", policy: AddressPolicy())
        }
        let url = try OutboundURL("https://example.org/hooks?x=1", policy: AddressPolicy())
        #expect(url.text == "https://example.org/hooks?x=1")
    }
}
