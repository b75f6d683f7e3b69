import Community
import LyceumProtocol
import Moderation

/// Questions and answers in the review queue: how they come into it, and what decisions do to them.
extension WriteContext {
    /// Keeps a question back until a moderator decides. Who asked anonymously stays unnamed there too.
    func hold(_ draft: QuestionDraft, _ judged: Judged) throws -> ReviewItem {
        var item = ReviewItem(
            id: try transaction.makeReviewItemID(), kind: .held, room: draft.room, member: draft.author,
            text: draft.text, createdAt: now)
        (item.subject, item.about, item.isSealed) = (.question, draft.qa, draft.isAnonymous)
        return try keepBack(item, judged)
    }

    func hold(_ draft: AnswerDraft, to question: Question, _ judged: Judged) throws -> ReviewItem {
        var item = ReviewItem(
            id: try transaction.makeReviewItemID(), kind: .held, room: question.room, member: draft.author,
            text: draft.text, createdAt: now)
        (item.subject, item.about) = (.answer, question.seq)
        return try keepBack(item, judged)
    }

    /// Puts a question or an answer that was posted, and is not beyond all doubt, into the queue.
    func noteForReview(
        _ judged: Judged, original: String, _ subject: ReviewItem.Subject, _ seq: SequenceNumber, about: SequenceNumber,
        in room: RoomID, by author: MemberID, isSealed: Bool
    ) throws {
        guard let kind = reviewKind(of: judged) else { return }
        var item = ReviewItem(
            id: try transaction.makeReviewItemID(), kind: kind, room: room, member: author, seq: seq, text: original,
            createdAt: now)
        (item.subject, item.about, item.isSealed) = (subject, about, isSealed)
        if kind == .redact {
            item.state = .decided
            item.decision = .init(
                action: .redact, by: MemberID(0), at: now, reason: rejection(of: judged.verdict).message)
            var undo = UndoRecord()
            undo.body = original
            item.undo = undo.encoded
        }
        try add(&item, judged)
    }

    // MARK: Decisions

    func carryOutOnQuestion(
        _ order: DecisionOrder, on item: inout ReviewItem, _ text: String, _ undo: inout UndoRecord
    ) throws {
        switch (item.kind, order.action) {
        case (.held, .approve), (.held, .redact): try releaseQuestion(&item, text, &undo)
        case (.held, _), (_, .approve): break
        case (_, .redact): try setText(of: item, to: text, .redacted, &undo)
        case (_, .reject), (_, .remove): try setText(of: item, to: "", .removed, &undo)
        }
    }

    /// Posts what was held; a question that was released before and taken back comes back with its votes.
    private func releaseQuestion(_ item: inout ReviewItem, _ text: String, _ undo: inout UndoRecord) throws {
        guard let room = item.room, let about = item.about else { return }
        if item.seq != nil {
            try setText(of: item, to: text, .restored, &undo)
            if item.earnsTrust { try countPost(of: item.member) }
        } else if item.subject == .question {
            guard let session = try transaction.qaSession(about, in: room) else { return }
            let draft = QuestionDraft(
                room: room, qa: about, author: item.member, text: text, isAnonymous: item.isSealed)
            item.seq = try draft.post(premoderated: session.rules.premoderated, in: self).seq
        } else {
            guard var question = try transaction.question(about, in: room), question.state.isPublic,
                let session = try transaction.qaSession(question.qa, in: room)
            else { return }
            let draft = AnswerDraft(author: item.member, text: text, isSpoken: false, message: nil)
            let settles =
                AnswerDraft.settles(session, by: item.member, in: self)
                && QuestionChange.Kind.answered.origins.contains(question.state)
            item.seq = try draft.post(to: &question, settles: settles, in: self).seq
        }
        undo.released = item.seq
    }

    /// Takes a decision about a question or an answer back, unless its author or a host has taken the text back since.
    func restoreQuestion(_ item: ReviewItem, _ record: UndoRecord) throws {
        let wasRemoved = record.released == nil && item.decision?.action.isRemoval ?? false
        guard let text = try text(of: item), text.isEmpty == wasRemoved else { return }
        var record = record
        if record.released != nil {
            try setText(of: item, to: "", .removed, &record)
            if item.earnsTrust { try uncountPost(of: item.member) }
        } else if let body = record.body {
            try setText(of: item, to: body, .restored, &record)
        }
    }

    /// What the question or the answer says now.
    private func text(of item: ReviewItem) throws -> String? {
        guard let room = item.room, let seq = item.seq else { return nil }
        return item.subject == .answer
            ? try transaction.answer(seq, in: room)?.text : try transaction.question(seq, in: room)?.text
    }

    /// Makes `text` what the question or answer says, everywhere; an empty text takes it away.
    ///
    /// - Parameter undo: Says what state a question comes back to, and learns what stood there until now.
    private func setText(
        of item: ReviewItem, to text: String, _ change: QuestionChange.Kind, _ undo: inout UndoRecord
    ) throws {
        guard let room = item.room, let seq = item.seq else { return }
        if item.subject == .answer { return try setAnswer(seq, in: room, to: text, change, &undo) }
        guard var question = try transaction.question(seq, in: room) else { return }
        let state = undo.state.flatMap(Question.State.init(rawValue:))
        (undo.body, undo.state) = (question.text, question.state.rawValue)
        try takeOut("text", saying: question.text, of: question.textSeq, in: room)
        question.text = text
        let tellsText = question.textSeq != nil && !text.isEmpty
        if tellsText { question.textSeq = nextSeq(in: room) }
        let premoderated = try qaSession(question.qa, in: room).rules.premoderated
        try advance(&question, change, .init(tellsText: tellsText), isUndoable: false) { question in
            // Merged questions keep their votes where they are; nobody reads their text.
            guard question.state != .merged else { return }
            if text.isEmpty {
                (question.state, question.slot) = (.held, nil)
            } else if question.state == .held {
                question.state = state ?? (premoderated && question.textSeq == nil ? .submitted : .open)
            }
        }
    }

    private func setAnswer(
        _ seq: SequenceNumber, in room: RoomID, to text: String, _ change: QuestionChange.Kind,
        _ undo: inout UndoRecord
    ) throws {
        guard var answer = try transaction.answer(seq, in: room),
            var question = try transaction.question(answer.question, in: room)
        else { return }
        undo.body = answer.text
        try takeOut("answer", saying: answer.text, of: answer.textSeq, in: room)
        (answer.text, answer.isRemoved, answer.textSeq) = (text, text.isEmpty, nextSeq(in: room))
        try transaction.put(answer)
        try advance(&question, change, .init(answer: text.isEmpty ? nil : answer), isUndoable: false) { question in
            if text.isEmpty, question.accepted == seq { question.accepted = nil }
        }
    }
}

extension ReviewItem {
    /// Whether its author earns from it as from a post: from a question that names them, as ``QuestionDraft`` counts it.
    fileprivate var earnsTrust: Bool { subject == .question && !isSealed }
}
