import LyceumProtocol
import TestSupport
import Testing

@testable import Server

/// What comes in, however it is cut on the way: told by its content, cleaned and measured.
struct FileIntakeTests {
    /// - Parameter pieces: How many bytes the network brings at a time.
    private static func clean(
        _ bytes: [UInt8], pieces: Int = 1, pixels: Int = 1000
    ) throws -> (output: [UInt8], intake: FileIntake) {
        var intake = FileIntake(pixelLimit: pixels)
        var output: [UInt8] = []
        for start in stride(from: 0, to: bytes.count, by: pieces) {
            output += try intake.take(Array(bytes[start..<min(start + pieces, bytes.count)]))
        }
        output += try intake.end()
        if let patch = intake.patch { output.replaceSubrange(patch.offset..<patch.offset + 4, with: patch.bytes) }
        #expect(output.count == intake.byteCount)
        return (output, intake)
    }

    private static func code(_ bytes: [UInt8], pixels: Int = 10_000) -> ErrorCode? {
        do {
            _ = try clean(bytes, pixels: pixels)
            return nil
        } catch {
            return (error as? Refusal)?.code
        }
    }

    private static let pictures: [(String, [UInt8], Int, Int)] = [
        ("image/jpeg", SampleFiles.jpeg(trailing: Array("PK\u{3}\u{4}".utf8)), 40, 30),
        (
            "image/png",
            SampleFiles.png(extras: [
                ("tEXt", Array("a\0\(SampleFiles.secret)".utf8)), ("eXIf", Array(SampleFiles.secret.utf8)),
                ("prVt", Array(SampleFiles.secret.utf8)),
            ]) + Array("<script>".utf8), 2, 2
        ),
        ("image/gif", SampleFiles.gif(trailing: Array("<script>".utf8)), 3, 3),
        ("image/webp", SampleFiles.webp(), 16, 9),
    ]

    @Test(arguments: [1, 7, 64, 100_000], 0..<4)
    func `pictures lose what they say of place and maker, and keep the rest`(pieces: Int, index: Int) throws {
        let (type, bytes, width, height) = Self.pictures[index]
        let (output, intake) = try Self.clean(bytes, pieces: pieces, pixels: 10_000)
        #expect(intake.type?.mediaType == type)
        #expect(intake.size == PixelSize(width: width, height: height))
        for hidden in [SampleFiles.secret, "Exif", "EXIF", "XMP", "xap", "Photoshop", "script", "PK"] {
            #expect(!output.contains(hidden), "\(hidden)")
        }
        #expect(try Self.clean(output, pieces: 5, pixels: 10_000).output == output, "a clean picture stays as it is")
    }

    @Test func `what decoding needs stays, byte by byte`() throws {
        #expect(try Self.clean(SampleFiles.png()).output == SampleFiles.png())
        let gif = try Self.clean(SampleFiles.gif()).output
        #expect(gif.contains("NETSCAPE2.0"))
        let webp = try Self.clean(SampleFiles.webp()).output
        #expect(Int(webp[4]) | Int(webp[5]) << 8 == webp.count - 8)
        #expect(webp[20] == 0, "the flags do not announce what was dropped")
    }

    @Test func `a turned picture keeps its turn and nothing else of Exif`() throws {
        let (output, intake) = try Self.clean(SampleFiles.jpeg(orientation: 6), pixels: 10_000)
        #expect(intake.size == PixelSize(width: 30, height: 40))
        #expect(output.contains("Exif") && !output.contains(SampleFiles.secret))
        #expect(try Self.clean(output, pixels: 10_000).output == output)
    }

    @Test func `pixels are counted before anything is decoded`() {
        #expect(Self.code(SampleFiles.png(width: 50_000, height: 50_000), pixels: 50_000_000) == .tooLarge)
        #expect(Self.code(SampleFiles.png(width: .max, height: .max)) == .tooLarge)
        #expect(Self.code(SampleFiles.jpeg(width: 65_535, height: 65_535)) == .tooLarge)
        #expect(Self.code(SampleFiles.gif(width: 60_000, height: 60_000)) == .tooLarge)
        #expect(Self.code(SampleFiles.webp(width: 16_384, height: 16_384)) == .tooLarge)
        #expect(Self.code(SampleFiles.png(width: 0, height: 5)) == .malformed)
    }

    @Test func `what only begins like a picture is refused`() {
        for bytes in Self.pictures.map(\.1) {
            for count in stride(from: 13, to: bytes.count / 2, by: 3) {
                #expect(Self.code(Array(bytes[..<count])) != nil)
            }
        }
        #expect(Self.code(Array("GIF89a/*<script>alert(1)</script>*/".utf8)) != nil)
        #expect(Self.code([0xFF, 0xD8, 0xFF, 0xE0, 0, 0]) == .malformed)
        #expect(Self.code(Array("RIFF\u{1}\0\0\0WEBPVP8X".utf8)) == .malformed)
    }

    @Test(arguments: [
        ("%PDF-1.7 <html>", "application/pdf"), ("<svg xmlns='http://www.w3.org/2000/svg'/>", "text/plain"),
        ("<html><script>alert(1)</script>", "text/plain"), ("你好，世界", "text/plain"),
        ("PK\u{3}\u{4}bomb", "application/zip"), ("a\u{0}b", "application/octet-stream"),
        ("", "application/octet-stream"),
        ("\0\0\0\u{18}ftypisom", "video/mp4"), ("\0\0\0\u{18}ftypM4A ", "audio/mp4"),
    ])
    func `everything else stays as it is, under a type that cannot run`(text: String, type: String) throws {
        let bytes = Array(text.utf8)
        let (output, intake) = try Self.clean(bytes)
        #expect(output == bytes)
        #expect(intake.type?.mediaType == type)
    }

    @Test(arguments: ["\0\0\0\u{18}ftypheic", "\0\0\0\u{18}ftypavif", "II*\0abcd", "MM\0*abcd"])
    func `pictures that cannot be cleaned are refused`(text: String) {
        #expect(Self.code(Array(text.utf8)) == .rejected)
    }
}

struct FileNameTests {
    @Test(arguments: [
        ("report.pdf", "report.pdf"), ("..%2f..%2fetc%2fpasswd", "passwd"), ("..%5C..%5Cboot.ini", "boot.ini"),
        ("%E5%9B%BE%E7%89%87.png", "图片.png"), ("a%00b%0D%0Ac.txt", "abc.txt"), ("%2Ehidden", "hidden"),
        ("evil%E2%80%AEgnp.exe", "evilgnp.exe"), ("..", "file"), ("", "file"), ("%2f", "file"),
    ])
    func `names are what people read and never a path`(header: String, name: String) {
        #expect(FileName.clean(header) == name)
    }

    @Test(arguments: ["%", "%4", "%zz", "%ff%fe"])
    func `what is no encoding of a text is no name`(header: String) {
        #expect(FileName.clean(header) == nil)
    }

    @Test func `a long name keeps its ending`() throws {
        let name = try #require(FileName.clean(String(repeating: "x", count: 500) + ".tar.gz"))
        #expect(name.unicodeScalars.count == FileName.longest)
        #expect(name.hasSuffix("x.gz"))
    }

    @Test func `no name gets out of its header`() {
        let disposition = FileName.disposition("a\"; filename=evil.html; x=\"图\\%.png")
        #expect(disposition.hasPrefix("filename=\"a__ filename=evil.html_ x=____.png\"; "))
        #expect(disposition.split(separator: "\"").count == 3)
        #expect(disposition.contains("filename*=UTF-8''a%22%3B%20filename%3Devil.html"))
    }
}
