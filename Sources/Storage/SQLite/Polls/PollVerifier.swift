import Community
import LyceumProtocol

/// Counts every poll again from its ballots.
struct PollVerifier {
    let reader: SQLiteReader

    func faults() throws -> [String] {
        let names = try reader.all(
            "SELECT room, seq FROM poll", { _ in }, { (room: RoomID($0.int64(0)), seq: $0.int64(1)) })
        var faults: [String] = []
        for name in names where faults.count < 5 {
            guard let poll = try reader.poll(name.seq, in: name.room) else {
                faults.append("Poll \(name.seq) of room \(name.room) cannot be read.")
                continue
            }
            faults += try fault(of: poll).map { [$0] } ?? []
        }
        return faults
    }

    private func fault(of poll: Poll) throws -> String? {
        var counted = PollTally(of: poll)
        var last = MemberID(0)
        while case let page = try reader.ballots(on: poll, after: last, limit: 1000), let end = page.last {
            for ballot in page {
                guard ballot.choices.allSatisfy(poll.options.indices.contains) else {
                    return "Member \(ballot.member) voted for what poll \(poll.seq) of room \(poll.room) does not have."
                }
                counted.add(ballot)
            }
            last = end.member
        }
        do {
            if try counted == reader.tally(of: poll) { return nil }
        } catch StoreError.unavailable(let sentence) {
            return sentence
        }
        return "Poll \(poll.seq) of room \(poll.room) counts other votes than its ballots give."
    }
}
