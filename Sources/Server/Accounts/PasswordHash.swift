import COpenSSL

/// Password hashes by scrypt (RFC 7914) in PHC string format: `$scrypt$ln=15,r=8,p=3$salt$hash`.
///
/// scrypt is the memory-hard function of OpenSSL 3.0; Argon2 came with 3.2. The parameters travel in the string, so
/// they can be raised for new passwords without touching old ones.
struct PasswordHash: Sendable {
    /// In bytes of UTF-8. The upper bound caps what a stranger can make the server hash.
    static let passwordLength = 8...256

    /// Binary logarithm of the cost; 15 with r = 8 takes 32 MiB.
    var logCost: Int
    /// How many times in sequence. OWASP's Password Storage Cheat Sheet gives ln=15, r=8, p=3 as one of its minima.
    var parallelism: Int
    private let blockSize = 8
    private static let hashBytes = 32

    init(logCost: Int = 15, parallelism: Int = 3) {
        self.logCost = logCost
        self.parallelism = parallelism
    }

    /// Hashes under a fresh salt of 128 bits.
    func hash(_ password: String) -> String? {
        let salt = Secrets.randomBytes(16)
        return Self.derive(password, salt, logCost, blockSize, parallelism).map { phc(salt, $0) }
    }

    /// Whether `password` is what `phc` was made from; false for a string that is not one of ours.
    static func verify(_ password: String, against phc: String) -> Bool {
        let parts = phc.split(separator: "$")
        guard parts.count == 4, parts[0] == "scrypt", let parameters = parse(parts[1]),
            let salt = Secrets.decodeBase64(parts[2]), let expected = Secrets.decodeBase64(parts[3]),
            let digest = derive(password, salt, parameters.ln, parameters.r, parameters.p)
        else { return false }
        return Secrets.equal(digest, expected)
    }

    /// A hash that is no password's, for names that nobody has: as dear to check as a real one of these parameters.
    func decoy() -> String { phc(Secrets.randomBytes(16), Secrets.randomBytes(Self.hashBytes)) }

    private func phc(_ salt: [UInt8], _ digest: [UInt8]) -> String {
        "$scrypt$ln=\(logCost),r=\(blockSize),p=\(parallelism)$\(Secrets.base64(salt))$\(Secrets.base64(digest))"
    }

    private static func parse(_ text: Substring) -> (ln: Int, r: Int, p: Int)? {
        var values: [Substring: Int] = [:]
        for pair in text.split(separator: ",") {
            let sides = pair.split(separator: "=")
            guard sides.count == 2, let value = Int(sides[1]) else { return nil }
            values[sides[0]] = value
        }
        guard let ln = values["ln"], let r = values["r"], let p = values["p"], (1...20).contains(ln),
            (1...32).contains(r), (1...16).contains(p)
        else { return nil }
        return (ln, r, p)
    }

    private static func derive(_ password: String, _ salt: [UInt8], _ ln: Int, _ r: Int, _ p: Int) -> [UInt8]? {
        var digest = [UInt8](repeating: 0, count: hashBytes)
        let bytes = password.utf8.map(CChar.init(bitPattern:))
        let memoryLimit = UInt64(128 * r) * (UInt64(1) << UInt64(ln)) + 64 * 1024 * 1024
        let done = EVP_PBE_scrypt(
            bytes, bytes.count, salt, salt.count, UInt64(1) << UInt64(ln), UInt64(r), UInt64(p), memoryLimit, &digest,
            digest.count)
        return done == 1 ? digest : nil
    }
}
