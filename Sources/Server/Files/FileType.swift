/// What a file is by its first bytes; what its sender calls it does not count.
enum FileType: Sendable {
    case jpeg, png, gif, webp
    /// Nothing that is shown inline; the media type is told for clients' icons.
    case other(String)
    /// Pictures that carry place and time in ways that are not cleaned here.
    case uncleanable

    /// As many bytes as tell all of them apart.
    static let headBytes = 512

    init(_ head: ArraySlice<UInt8>) {
        self =
            switch head {
            case _ where head.starts(with: [0xFF, 0xD8, 0xFF]): .jpeg
            case _ where head.starts(with: [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A]): .png
            case _ where head.has("GIF87a") || head.has("GIF89a"): .gif
            case _ where head.has("RIFF") && head.has("WEBP", at: 8): .webp
            case _ where head.has("II*\0") || head.has("MM\0*"): .uncleanable
            case _ where head.has("ftyp", at: 4): Self.box(head)
            default: .other(Self.mediaType(head))
            }
    }

    /// The ISO base media file format (ISO/IEC 14496-12): pictures and films share it.
    private static func box(_ head: ArraySlice<UInt8>) -> FileType {
        let brand = String(decoding: head.dropFirst(8).prefix(4), as: UTF8.self)
        let pictures = ["heic", "heix", "hevc", "hevx", "heim", "heis", "mif1", "msf1", "avif", "avis"]
        if pictures.contains(brand) { return .uncleanable }
        return .other(brand.hasPrefix("M4A") ? "audio/mp4" : "video/mp4")
    }

    private static func mediaType(_ head: ArraySlice<UInt8>) -> String {
        switch head {
        case _ where head.has("%PDF-"): "application/pdf"
        case _ where head.has("PK\u{3}\u{4}"): "application/zip"
        case _ where head.starts(with: [0x1F, 0x8B]): "application/gzip"
        case _ where head.starts(with: [0x37, 0x7A, 0xBC, 0xAF, 0x27, 0x1C]): "application/x-7z-compressed"
        case _ where head.starts(with: [0x1A, 0x45, 0xDF, 0xA3]): "video/webm"
        case _ where head.has("OggS"): "application/ogg"
        case _ where head.has("ID3") || head.starts(with: [0xFF, 0xFB]): "audio/mpeg"
        case _ where head.has("fLaC"): "audio/flac"
        case _ where head.has("RIFF") && head.has("WAVE", at: 8): "audio/wav"
        case _ where isText(head): "text/plain"
        default: "application/octet-stream"
        }
    }

    /// UTF-8 without controls; a character that the end of the head cuts does not count.
    private static func isText(_ head: ArraySlice<UInt8>) -> Bool {
        guard !head.isEmpty, head.allSatisfy({ $0 >= 0x20 && $0 != 0x7F || [0x09, 0x0A, 0x0C, 0x0D].contains($0) })
        else { return false }
        return (0...3).contains { cut in
            String(validating: head.dropLast(head.count < headBytes ? 0 : cut), as: UTF8.self) != nil
        }
    }

    var mediaType: String {
        switch self {
        case .jpeg: "image/jpeg"
        case .png: "image/png"
        case .gif: "image/gif"
        case .webp: "image/webp"
        case .other(let type): type
        case .uncleanable: "application/octet-stream"
        }
    }

    /// The types that browsers are allowed to show in a page; see ``FileResponse``.
    static let inlineTypes: Set<String> = ["image/jpeg", "image/png", "image/gif", "image/webp"]

    var cleaner: any FileCleaner {
        switch self {
        case .jpeg: JPEGCleaner()
        case .png: PNGCleaner()
        case .gif: GIFCleaner()
        case .webp: WebPCleaner()
        case .other, .uncleanable: PlainCleaner()
        }
    }
}
