import LyceumProtocol

/// What comes in of one file: told by its content, cleaned, measured. Pure; the caller writes what it gives.
struct FileIntake {
    private let pixelLimit: Int
    private var reader = SegmentReader()
    private var cleaner: any FileCleaner = PlainCleaner()
    private(set) var type: FileType?

    var size: PixelSize? { cleaner.size }
    /// To be written over what was written, once all is.
    var patch: (offset: Int, bytes: [UInt8])? { cleaner.patch }
    /// How many bytes are to be written in all.
    var byteCount: Int { reader.keptCount }

    /// - Parameter pixelLimit: The most pixels that a picture may have.
    init(pixelLimit: Int) { self.pixelLimit = pixelLimit }

    /// Takes the next bytes.
    /// - Returns: What is to be written of them and of those before.
    mutating func take(_ bytes: [UInt8]) throws(Refusal) -> [UInt8] {
        reader.append(bytes)
        guard type != nil || reader.available >= FileType.headBytes else { return [] }
        return try read()
    }

    /// - Returns: What is left to be written, now that nothing more comes.
    mutating func end() throws(Refusal) -> [UInt8] {
        let rest = try read()
        guard reader.advance(), cleaner.isWhole(reader) else { throw Self.damaged }
        return rest
    }

    private mutating func read() throws(Refusal) -> [UInt8] {
        if type == nil { try begin(FileType(reader.rest.prefix(FileType.headBytes))) }
        do {
            while reader.advance(), try cleaner.step(&reader) {
                if let size = cleaner.size { try check(size) }
            }
        } catch let refusal as Refusal {
            throw refusal
        } catch {
            throw Self.damaged
        }
        return reader.takeOutput()
    }

    private mutating func begin(_ type: FileType) throws(Refusal) {
        if case .uncleanable = type {
            throw Refusal(
                .rejected, "Pictures of this format may tell where they were taken; send a JPEG, PNG, WebP or GIF.")
        }
        self.type = type
        cleaner = type.cleaner
    }

    private func check(_ size: PixelSize) throws(Refusal) {
        guard size.width > 0, size.height > 0 else { throw Self.damaged }
        let (pixels, overflows) = size.width.multipliedReportingOverflow(by: size.height)
        guard !overflows, pixels <= pixelLimit else {
            throw Refusal(.tooLarge, "A picture may have \(pixelLimit) pixels.")
        }
    }

    private static let damaged = Refusal(.malformed, "This picture is damaged.")
}
