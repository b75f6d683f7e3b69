import Foundation
import LyceumProtocol
import Testing

struct JSONTests {
    private static func parse<Result>(_ text: String, _ body: (JSONObject) throws -> Result) throws -> Result {
        try Array(text.utf8).withUnsafeBytes { try body(try JSONObject(parsing: $0)) }
    }

    @Test func `fields are found by name whatever their order, spacing and escapes`() throws {
        try Self.parse(#" { "a" : 1 , "b\u0062" : "x\ny\u4e2d\ud83d\ude00" , "c":[1,2,3],"d":{"e":true},"n":null } "#) {
            json in
            #expect(json["a"]?.integer == 1)
            #expect(json["bb"]?.string == "x\ny中😀")
            #expect(json["c"]?.elements?.compactMap(\.integer) == [1, 2, 3])
            let inner = try JSONObject(#require(json["d"]))
            #expect(inner["e"]?.bool == true)
            #expect(json["n"] == nil)
            #expect(json["absent"] == nil)
        }
    }

    @Test func `of repeated fields the last one counts`() throws {
        #expect(try Self.parse(#"{"a":1,"a":2}"#) { $0["a"]?.integer } == 2)
    }

    @Test(arguments: [#"{"s":"\ud800"}"#, #"{"s":"\ud800\u0041"}"#, #"{"s":"\udc00x"}"#])
    func `unpaired surrogates become the replacement character`(text: String) throws {
        #expect(try Self.parse(text) { $0["s"]?.string?.unicodeScalars.contains("\u{FFFD}") } == true)
    }

    @Test(arguments: [
        ("9007199254740991", Int64(9_007_199_254_740_991)), ("9007199254740992", nil), ("-5", -5), ("1.0", 1),
        ("1e3", 1000), ("12.50E1", 125), ("-0.0", 0), ("9007199254740991.0", 9_007_199_254_740_991), ("1.5", nil),
        ("1e-1", nil), ("9007199254740992.0", nil), ("1e400", nil), ("99999999999999999999", nil),
    ])
    func `integers are those that a double holds exactly`(text: String, value: Int64?) throws {
        #expect(try Self.parse(#"{"n":\#(text)}"#) { $0["n"]?.integer } == value)
    }

    @Test(arguments: [
        "", "{", "}", "[]", "1", "nul", #"{"a"}"#, #"{"a":}"#, #"{"a":1,}"#, #"{,"a":1}"#, #"{"a":[1,]}"#, #"{"a":01}"#,
        #"{"a":1}x"#, #"{"a":"\x"}"#, #"{"a":"\u12g4"}"#, "{\"a\":\"\u{1}\"}", #"{"a":"b}"#, #"{'a':1}"#, #"{"a":+1}"#,
        #"{"a":.5}"#, #"{"a":5.}"#, #"{"a":1e}"#, #"{"a":tru}"#, #"{"a" 1}"#,
    ])
    func `what is not JSON is refused`(text: String) {
        #expect(throws: JSONError.self) { try Self.parse(text) { _ in } }
    }

    @Test func `nesting is bounded`() throws {
        let deep = #"{"a":"# + String(repeating: "[", count: 100_000) + String(repeating: "]", count: 100_000) + "}"
        #expect(throws: JSONError.self) { try Self.parse(deep) { _ in } }
        #expect(try Self.parse(#"{"a":[[[[[[[[1]]]]]]]]}"#) { $0["a"] != nil })
    }

    @Test func `whatever is written is read back the same`() throws {
        var random = SplitMix64(seed: 7)
        for _ in 0..<500 {
            let text = String(
                String.UnicodeScalarView(
                    (0..<Int(random.next() % 40)).compactMap { _ in
                        Unicode.Scalar(UInt32(truncatingIfNeeded: random.next() % 0x11_0000))
                    }))
            let number = Int64(truncatingIfNeeded: random.next()) >> 11
            var json = JSONWriter()
            json.object { json in
                json.field("text", text)
                json.field("number", number)
                json.field("list", array: [text, "b"]) { $0.value($1) }
            }
            try json.bytes.withUnsafeBytes { bytes in
                let object = try JSONObject(parsing: bytes)
                #expect(object["text"]?.string == text)
                #expect(object["number"]?.integer == number)
                #expect(object["list"]?.elements?.map(\.string) == [text, "b"])
            }
        }
    }

    /// Foundation's parser is the oracle: what we accept it must accept too, and damaged text crashes nobody. No `\u`
    /// stands in the frame, since Foundation refuses the lone surrogates that we replace.
    @Test(arguments: UInt64(0)..<20)
    func `damaged frames are read as JSON only where they are JSON`(seed: UInt64) {
        var random = SplitMix64(seed: seed)
        let frame = Array(
            #"{"id":7,"do":"message.post","room":3,"text":"hi \t\n","nonce":"01","x":[1,{"y":null}]}"#.utf8)
        for _ in 0..<500 {
            var damaged = frame
            for _ in 0...random.next() % 3 {
                damaged[Int(random.next() % UInt64(damaged.count))] = UInt8(truncatingIfNeeded: random.next() % 128)
            }
            let accepted = damaged.withUnsafeBytes { (try? JSONObject(parsing: $0)) != nil }
            guard accepted else { continue }
            #expect(
                (try? JSONSerialization.jsonObject(with: Data(damaged))) != nil,
                "seed \(seed): \(String(decoding: damaged, as: UTF8.self))")
        }
    }

    /// Strings are read and written eight bytes at a time, so each kind of byte must be seen wherever it stands.
    @Test(arguments: [0, 1, 7, 8, 9, 15, 16, 40])
    func `whatever needs an escape is found at every place of a string`(length: Int) throws {
        for place in 0...length {
            for special in ["\"", "\\", "\n", "\u{0}", "\u{1F}", " ", "\u{7F}", "é", "\u{80}", "重", "!", "#", "[", "]"]
            {
                let text =
                    String(repeating: "a", count: place) + special + String(repeating: "\u{FF}", count: length - place)
                var json = JSONWriter()
                json.object { $0.field("text", text) }
                let read = try json.bytes.withUnsafeBytes { try JSONObject(parsing: $0)["text"]?.string }
                #expect(read == text)
            }
        }
    }

    @Test func `a control in a string is refused wherever it stands`() {
        for place in 0..<20 {
            var bytes = Array(#"{"text":""#.utf8) + Array(repeating: UInt8(ascii: "a"), count: 20)
            bytes[bytes.count - 1 - place] = 0x1F
            bytes += Array(#""}"#.utf8)
            #expect(throws: JSONError.self) { try bytes.withUnsafeBytes { _ = try JSONObject(parsing: $0) } }
        }
    }
}
