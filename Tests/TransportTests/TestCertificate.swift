import Foundation

@testable import Transport

/// Certificates for `localhost` and 127.0.0.1, valid for a hundred years and trusted by nobody.
struct TestCertificate {
    static let shared = TestCertificate(certificate: firstCertificate, key: firstKey)
    /// Another key and certificate for the same names.
    static let other = TestCertificate(certificate: secondCertificate, key: secondKey)

    let configuration: TLSConfiguration
    let certificate: String
    let key: String

    /// Writes the PEM texts to files that no other test touches.
    init(certificate: String, key: String) {
        let folder = FileManager.default.temporaryDirectory
        let name = "lyceum-transport-\(UUID().uuidString)"
        configuration = TLSConfiguration(
            certificateChain: folder.appending(path: name + ".pem").path,
            privateKey: folder.appending(path: name + ".key").path)
        (self.certificate, self.key) = (certificate, key)
        replaceFiles(certificate: certificate, key: key)
    }

    /// The same texts in files of its own.
    init(_ certificate: TestCertificate) {
        self.init(certificate: certificate.certificate, key: certificate.key)
    }

    func replaceFiles(certificate: String, key: String) {
        for (path, text) in [(configuration.certificateChain, certificate), (configuration.privateKey, key)] {
            guard FileManager.default.createFile(atPath: path, contents: Data(text.utf8)) else {
                preconditionFailure("the temporary folder cannot be written")
            }
        }
    }

    private static let firstCertificate = """
        -----BEGIN CERTIFICATE-----
        MIIBmzCCAUGgAwIBAgIUFMMnIpXBzGzex5W98hlykFIwOc4wCgYIKoZIzj0EAwIw
        FDESMBAGA1UEAwwJbG9jYWxob3N0MCAXDTI2MTEyMTAzMTMyNFoYDzIxMjYxMDI4
        MDMxMzI0WjAUMRIwEAYDVQQDDAlsb2NhbGhvc3QwWTATBgcqhkjOPQIBBggqhkjO
        PQMBBwNCAAQZFtVr56uGWXm8xbATX5mh8QXcastk1gvMg1DWxUvFRYlYUBHzO3wT
        1mNz1pudp6Iv0+UkEYofD4zU08iazCdIo28wbTAdBgNVHQ4EFgQU5dSgWQ1pSDC8
        TcNNn9FrVBengqUwHwYDVR0jBBgwFoAU5dSgWQ1pSDC8TcNNn9FrVBengqUwDwYD
        VR0TAQH/BAUwAwEB/zAaBgNVHREEEzARgglsb2NhbGhvc3SHBH8AAAEwCgYIKoZI
        zj0EAwIDSAAwRQIhAPs1yNjdw5arfLZlzVy5K6K6Af3JdZYePIWGj7cLOhguAiA0
        uKGunsKNq4lSPgpE1h8D2LbX6kslfdxmi2WHrb40rQ==
        -----END CERTIFICATE-----
        """

    private static let firstKey = """
        -----BEGIN PRIVATE KEY-----
        MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQgW2nJNYkAOnzsrHsg
        qoFVoPsJbRru6GtKUP2cSu+BhcuhRANCAAQZFtVr56uGWXm8xbATX5mh8QXcastk
        1gvMg1DWxUvFRYlYUBHzO3wT1mNz1pudp6Iv0+UkEYofD4zU08iazCdI
        -----END PRIVATE KEY-----
        """

    private static let secondCertificate = """
        -----BEGIN CERTIFICATE-----
        MIIBnDCCAUGgAwIBAgIUOQw7myQ7gap7gA5aG19ZfJDNmaEwCgYIKoZIzj0EAwIw
        FDESMBAGA1UEAwwJbG9jYWxob3N0MCAXDTI2MTEyMTAzMTMyNFoYDzIxMjYxMDI4
        MDMxMzI0WjAUMRIwEAYDVQQDDAlsb2NhbGhvc3QwWTATBgcqhkjOPQIBBggqhkjO
        PQMBBwNCAAQoM7RMqQcf+QIdGpCWnjnggsb9JuOzL5OqaQ/5Dmdjl/5j1V3W+lnf
        7Uzx3TPTplTa+dDwZwpNyMOeK1bYGNHDo28wbTAdBgNVHQ4EFgQUGuOjYvjxg7Aa
        DzxCZFTujOn/zRowHwYDVR0jBBgwFoAUGuOjYvjxg7AaDzxCZFTujOn/zRowDwYD
        VR0TAQH/BAUwAwEB/zAaBgNVHREEEzARgglsb2NhbGhvc3SHBH8AAAEwCgYIKoZI
        zj0EAwIDSQAwRgIhAMbBPI6nfhWr5MnjIIS2e5qhkMObHGl4X7PeQeU3YvhAAiEA
        rjbwawefmiKUVA7e3JUarX57wZrGMMEgbpCZSRX4yXA=
        -----END CERTIFICATE-----
        """

    private static let secondKey = """
        -----BEGIN PRIVATE KEY-----
        MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQgIKCPgNlXaJbVrk4t
        Ev6FmUnUw82tnfNHX4dxVdg9DauhRANCAAQoM7RMqQcf+QIdGpCWnjnggsb9JuOz
        L5OqaQ/5Dmdjl/5j1V3W+lnf7Uzx3TPTplTa+dDwZwpNyMOeK1bYGNHD
        -----END PRIVATE KEY-----
        """
}
