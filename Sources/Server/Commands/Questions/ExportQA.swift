import Community
import Foundation
import LyceumProtocol

/// `qa.export`: all of a session as one text, for those who hold it. Nobody who asked anonymously is named.
struct ExportQA: Command, ReadCommand {
    static let fields: [Field] = [
        .required("room", .number), .required("qa", .number),
        .optional("format", .word(QAExport.Format.allCases.map(\.rawValue))),
    ]
    static let answer: [Field] = [
        .required("format", .word(QAExport.Format.allCases.map(\.rawValue))), .required("media_type", .string(1...100)),
        .required("text", .string(0...50_000_000)),
    ]

    let room: RoomID?
    private let qa: SequenceNumber
    private let format: QAExport.Format

    init(_ fields: CommandFields) throws(JSONError) {
        room = try fields.room()
        qa = try fields.integer("qa")
        format = fields.optionalString("format").flatMap(QAExport.Format.init) ?? .json
    }

    func answer(in context: ReadContext) throws -> [UInt8] {
        let session = try context.qaSessionToHold(qa, in: room)
        let questions = try context.reader.questions(of: qa, in: session.room).sorted(by: QuestionOrder.votes.precedes)
        let answers = try context.reader.answers(inQA: qa, of: session.room).filter { !$0.isRemoved }
        let members = Set(questions.map(\.author) + answers.map(\.author))
        let names = context.community { community in
            Dictionary(uniqueKeysWithValues: members.map { ($0, community.members[$0]?.name ?? "") })
        }
        let export = QAExport(
            session: session, questions: questions, answers: Dictionary(grouping: answers, by: \.question), names: names
        )
        return object { json in
            json.field("format", format.rawValue)
            json.field("media_type", format.mediaType)
            json.field("text", export.text(as: format))
        }
    }
}

/// A session written down.
struct QAExport {
    enum Format: String, CaseIterable {
        case json, csv, markdown

        var mediaType: String {
            switch self {
            case .json: "application/json"
            case .csv: "text/csv; charset=utf-8"
            case .markdown: "text/markdown; charset=utf-8"
            }
        }
    }

    let session: QASession
    /// Best first.
    let questions: [Question]
    let answers: [SequenceNumber: [QuestionAnswer]]
    let names: [MemberID: String]

    func text(as format: Format) -> String {
        switch format {
        case .json: String(decoding: json, as: UTF8.self)
        case .csv: csv
        case .markdown: markdown
        }
    }

    private func asker(of question: Question) -> String { question.isAnonymous ? "" : names[question.author] ?? "" }

    private func answers(to question: Question) -> [QuestionAnswer] { answers[question.seq] ?? [] }

    private var json: [UInt8] {
        object { json in
            json.field("qa", object: { QASettings.write(session, to: &$0) })
            json.field("questions", array: questions) { json, question in
                json.object { QuestionText.write(question, .init(answers: answers(to: question)), to: &$0) }
            }
            json.field(
                "members",
                object: { json in
                    for (member, name) in names.sorted(by: { $0.key < $1.key }) where member.rawValue > 0 {
                        json.name(dynamic: String(member.rawValue))
                        json.value(name)
                    }
                })
        }
    }

    // MARK: CSV

    /// RFC 4180, with the mark by which spreadsheets know UTF-8.
    private var csv: String {
        let head = [
            "question", "state", "votes", "up", "down", "asked_at", "asked_by", "anonymous", "text", "labels",
            "merged_into", "thread", "answer_by", "answer_kind", "accepted", "answer",
        ]
        var lines = [head]
        for question in questions {
            let answers = answers(to: question)
            let own = ownCells(of: question)
            if answers.isEmpty { lines.append(own + ["", "", "", ""]) }
            for answer in answers { lines.append(own + cells(of: answer, question)) }
        }
        return "\u{FEFF}" + lines.map { $0.map(Self.cell).joined(separator: ",") + "\r\n" }.joined()
    }

    private func ownCells(of question: Question) -> [String] {
        [
            String(question.seq), question.state.rawValue, String(question.counts.net), String(question.counts.up),
            String(question.counts.down), Self.time(question.askedAt), asker(of: question),
            question.isAnonymous ? "yes" : "no", question.text, question.labels.joined(separator: "; "),
            question.into.map(String.init) ?? "", question.thread.map(String.init) ?? "",
        ]
    }

    private func cells(of answer: QuestionAnswer, _ question: Question) -> [String] {
        [
            names[answer.author] ?? "", answer.isSpoken ? "spoken" : answer.message == nil ? "typed" : "message",
            answer.seq == question.accepted ? "yes" : "no", answer.text,
        ]
    }

    private static func time(_ at: UnixMilliseconds) -> String {
        Date(timeIntervalSince1970: Double(at) / 1000).formatted(.iso8601)
    }

    /// One cell, safe to open in a spreadsheet.
    ///
    /// OWASP, "CSV Injection": a cell that begins with one of `= + - @`, a tab or a carriage return would be run as a
    /// formula, so it gets an apostrophe in front; all cells are quoted and quotes doubled, so that no text ends its
    /// cell. Numbers of our own may be negative and stay numbers.
    static func cell(_ text: String) -> String {
        let isFormula = text.unicodeScalars.first.map { "=+-@\t\r\n＝＋－＠".unicodeScalars.contains($0) } ?? false
        let safe = isFormula && Int64(text) == nil ? "'\(text)" : text
        return "\"\(safe.replacing("\"", with: "\"\""))\""
    }

    // MARK: Markdown

    private var markdown: String {
        var text = "# \(Self.line(session.title))\n"
        for question in questions where question.state != .merged && !question.text.isEmpty {
            let who = question.isAnonymous ? "anonymous" : Self.line(asker(of: question))
            text += "\n## \(Self.line(question.text))\n\n"
            text += "\(question.counts.net) votes · \(question.state.rawValue) · \(who)\n"
            for answer in answers(to: question) {
                let mark = answer.seq == question.accepted ? "**accepted** · " : ""
                text += "\n\(mark)\(Self.line(names[answer.author] ?? "")):\n\n\(Self.quote(answer))\n"
            }
        }
        return text
    }

    private static func quote(_ answer: QuestionAnswer) -> String {
        if answer.text.isEmpty { return answer.isSpoken ? "> (answered aloud)" : "> (message \(answer.message ?? 0))" }
        return answer.text.split(whereSeparator: \.isNewline).map { "> \(line($0))" }.joined(separator: "\n")
    }

    /// A text that says in Markdown what it says, on one line: CommonMark 0.31 section 2.4 lets any ASCII punctuation
    /// be escaped.
    static func line(_ text: some StringProtocol) -> String {
        var line = ""
        for character in text {
            if character.isNewline {
                line += " "
            } else {
                if character.isASCII, "\\`*_{}[]()<>#+-.!|~&".contains(character) { line += "\\" }
                line.append(character)
            }
        }
        return line
    }
}
