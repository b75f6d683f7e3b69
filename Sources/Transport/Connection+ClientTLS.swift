import CLibwebsockets
import Glibc

extension Connection {
    /// Takes bytes of a server that speaks TLS; `body` gets what they mean.
    func decrypt(
        _ bytes: UnsafeRawBufferPointer, with tls: ClientTLS, _ body: (UnsafeMutableRawBufferPointer) -> Void
    ) {
        do throws(ClientTLS.Failure) {
            try tls.feed(bytes)
            if phase == .connecting, tls.isEstablished { startHandshake() }
            let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: Self.recordBytes, alignment: 16)
            defer { buffer.deallocate() }
            while tls.isEstablished, phase != .gone {
                let count = try tls.read(into: buffer)
                guard count > 0 else { break }
                body(UnsafeMutableRawBufferPointer(rebasing: buffer[..<count]))
            }
            writeRecords(of: tls)
        } catch {
            writeRecords(of: tls)
            failClient(error.reason)
            doom()
        }
    }

    /// Sends what OpenSSL has made; returns libwebsockets' status.
    @discardableResult
    func writeRecords(of tls: ClientTLS) -> Int32 {
        var records = tls.takeOutput()
        guard let wsi, !records.isEmpty else { return 0 }
        return records.withUnsafeMutableBytes { buffer in
            lws_write(wsi, buffer.bindMemory(to: UInt8.self).baseAddress, buffer.count, LWS_WRITE_HTTP)
        }
    }

    /// The most plain bytes in one TLS record (RFC 8446 section 5.1).
    private static let recordBytes = 16_384
}
