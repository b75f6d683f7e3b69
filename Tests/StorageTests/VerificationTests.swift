import Community
import Foundation
import GRDBSQLite
import LyceumProtocol
import Storage
import Testing

/// Damage done behind the store's back, each of another kind.
@Suite struct Verification {
    @Test(arguments: [
        "DELETE FROM event WHERE seq = 7", "DELETE FROM event_tail WHERE seq = 5500",
        "UPDATE room_head SET seq = seq + 1; DELETE FROM advance", "UPDATE event SET ordinal = ordinal + 1",
        "DELETE FROM room", "UPDATE membership SET read_seq = 1000000; DELETE FROM advance",
        "UPDATE thread SET replies = 2", "UPDATE thread SET root = 99999",
        "UPDATE meta SET value = 0 WHERE name = 'room'",
        "UPDATE member SET me_seq = 9; DELETE FROM advance", "DELETE FROM me_event WHERE seq = 2", "DELETE FROM member",
        "UPDATE poll_tally SET counts = x'0200000000000000' || x'0000000000000000'", "DELETE FROM poll_ballot",
        "UPDATE poll SET kind = 'ranked'",
        "UPDATE question_tally SET up = 2", "DELETE FROM question_vote WHERE member = 2", "DELETE FROM question",
        "UPDATE question SET merged_into = 1 WHERE seq = 2",
        "INSERT INTO event SELECT room, seq, kind, at, author, thread, ordinal, body FROM event_tail",
    ])
    func `names damage of every kind`(damage: String) throws {
        let test = try StoreUnderTest()
        try fill(test)
        #expect(try (test.store as? SQLiteStore)?.verify() == [])
        try test.reopen(after: { try execute(damage, in: test.folder.url) })
        let faults = try #require(try (test.store as? SQLiteStore)?.verify())
        #expect(!faults.isEmpty)
    }

    /// Enough that some events have been moved and some have not, and some heads are in their tables and some wait.
    private func fill(_ test: StoreUnderTest) throws {
        let (room, ann) = try test.write { transaction throws in
            let (room, ann) = (try transaction.makeRoom("one"), try transaction.makeMember("ann"))
            try transaction.join(room, ann)
            let token = try #require(TokenHash(0..<32))
            let session = try transaction.makeSessionID()
            try transaction.put(
                .session(Session(id: session, member: ann, token: token, createdAt: 1, label: "phone")))
            for seq: SequenceNumber in 1...3 {
                try transaction.append(MeEvent(member: ann, seq: seq, at: 1, body: []))
            }
            try transaction.put(.meAdvanced(ann, seq: 3))
            return (room, ann)
        }
        for start in stride(from: SequenceNumber(1), to: 6_001, by: 1_000) {
            try test.write { transaction throws in
                for seq in start..<start + 1_000 {
                    let isReply = seq == 10
                    try transaction.post(
                        "m", in: room, seq: seq, thread: isReply ? 1 : nil, ordinal: seq < 10 ? seq : seq - 1)
                }
                try transaction.put(.read(room, ann, seq: start, ordinal: max(0, start - 1)))
            }
        }
        try test.write { transaction throws in
            try transaction.put(ThreadRecord(room: room, root: 1, replies: 1, lastSeq: 10, lastAt: 1))
            try transaction.put(QASession(room: room, seq: 1, title: "t", host: ann, state: .open))
            for seq: SequenceNumber in 1...2 {
                let question = Question(
                    room: room, seq: seq, qa: 1, author: ann, isAnonymous: false, text: "?", askedAt: 1, state: .open)
                try transaction.add(question, by: ann)
                let vote = QuestionVote(question: seq, member: MemberID(1 + seq), value: 1, at: 1)
                try transaction.put(vote, in: room)
                try transaction.put(VoteCounts(up: 1), of: seq, in: room)
            }
            let poll = Poll(
                room: room, seq: 20, author: ann, openedAt: 1, kind: .single, question: "?", options: ["a", "b"])
            let ballot = Ballot(member: ann, choices: [0], at: 1)
            try transaction.put(poll)
            try transaction.put(ballot, on: poll)
            try transaction.put(PollTally(counts: [1, 0], voters: 1), of: poll)
        }
    }

    private func execute(_ sql: String, in folder: URL) throws {
        var connection: OpaquePointer?
        defer { sqlite3_close(connection) }
        try #require(sqlite3_open(folder.appending(path: "lyceum.db").path, &connection) == SQLITE_OK)
        try #require(sqlite3_exec(connection, sql, nil, nil, nil) == SQLITE_OK)
    }
}
