import LyceumClient
import LyceumProtocol
import TestSupport
import Testing

extension EndToEnd {
    /// A post that is repeated under its nonce is judged once; what is sent under the same nonce elsewhere, or as
    /// something else, is no repeat.
    @Suite struct VerdictReuse {
        private static let pack = """
            pack: test
            rules:
              - {id: doubtful, kind: keyword, words: [zanzibar], score: 6, reason: {en: Doubtful., zh: 可疑。}}
            """

        @Test func `what a lenient room admits is judged anew in a strict one`() async throws {
            let community = try await ModeratedCommunity(pack: Self.pack)
            let lenient = try await community.member.createRoom(name: "anything", title: "Anything goes").id
            try await community.member.send("room.update") { json in
                json.field("room", lenient.rawValue)
                json.field(
                    "moderation",
                    object: { json in
                        json.field("flag", 900)
                        json.field("hold", 900)
                        json.field("block", 900)
                    })
            }
            // Judged there, and refused: it replies to nothing.
            let refused = await refusal {
                try await community.member.send("message.post") { json in
                    json.field("room", lenient.rawValue)
                    json.field("text", "off to zanzibar")
                    json.field("nonce", "shared")
                    json.field("reply_to", 1000)
                }
            }
            #expect(refused?.code == .notFound)
            #expect(try await community.post("off to zanzibar", nonce: "shared").string("verdict") == "hold")
            #expect(try await community.texts(for: community.owner) == [])
        }

        @Test func `a question's nonce on a message is no question's verdict on it`() async throws {
            let community = try await ModeratedCommunity(pack: Self.pack)
            let room = community.room.rawValue
            let refused = await refusal {
                try await community.member.send("question.ask") { json in
                    json.field("room", room)
                    json.field("qa", 1000)
                    json.field("text", "good morning")
                    json.field("nonce", "shared")
                }
            }
            #expect(refused?.code == .notFound)
            #expect(try await community.post("good morning", nonce: "shared").string("verdict") == "allow")
            #expect(try await community.texts(for: community.owner) == ["good morning"])
        }
    }
}
