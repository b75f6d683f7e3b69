import Community
import LyceumProtocol

/// Counts every vote again: each tally is what the votes themselves say.
struct QuestionVerifier {
    let reader: SQLiteReader

    func faults() throws -> [String] {
        let tallies = try reader.read("SELECT room, question, up, down FROM question_tally", []) {
            row throws(StoreError) in
            (RoomID(row.int64(0)), row.int64(1), VoteCounts(up: row.int64(2), down: row.int64(3)))
        }
        var faults: [String] = []
        for (room, seq, counted) in tallies where faults.count < 5 {
            guard let question = try reader.question(seq, in: room) else {
                faults.append("Question \(seq) of room \(room) has votes but does not exist.")
                continue
            }
            let votes = try reader.recount(question)
            guard votes != counted else { continue }
            faults.append(
                "Question \(seq) of room \(room) counts \(counted.up) for and \(counted.down) against, there are "
                    + "\(votes.up) and \(votes.down).")
        }
        return faults
    }
}
