import Community
import LyceumProtocol
import Moderation

extension ServerState {
    /// The stage between gate and writer: a verdict for each text.
    func judge(_ texts: [SubmittedText], of command: any WriteCommand, by actor: MemberID?) -> [Judged] {
        let now = now()
        let (room, facts) = committed.withLock { community in
            let room = command.place(in: community, actor: actor)
            let facts = texts.map {
                AuthorFacts(of: actor, in: room, saying: $0, community, settings.moderation, at: now)
            }
            return (room, facts)
        }
        guard let nonce = command.nonce, let actor, let text = texts.first else {
            return zip(texts, facts).map { stage.judge($0, $1) }
        }
        let key = RecentJudgements.Key(member: actor, room: room, kind: text.kind, nonce: nonce)
        return [stage.judge(text, facts[0], repeatedAs: key)]
            + zip(texts, facts).dropFirst().map { stage.judge($0, $1) }
    }

    /// Hands a command to the writer; a text that cost its author a time-out brings that along.
    func submit(_ submission: Submission) throws(Refusal) {
        try writer.submit(submission)
        guard let member = submission.actor.member,
            let judged = submission.judgements.first(where: { $0.verdict.timeout != nil }),
            let timeout = judged.verdict.timeout
        else { return }
        let said = submission.command.texts.first { $0.kind == judged.kind }?.text ?? ""
        let text = submission.command.hidesSender ? "" : said
        let mute = MuteByRule(
            member: member, place: submission.command.room, text: text, judged: judged, duration: timeout,
            reason: rejection(of: judged.verdict).message)
        // The text itself is on its way and will be answered; a full queue costs only the time-out.
        write(mute, as: Actor(address: ""))
    }

    /// Why a text is not posted, as its author is told: the reasons in English and Chinese, and nothing of how to get
    /// around them.
    func rejection(of verdict: Verdict) -> Refusal { stage.rulesInForce.rejection(of: verdict) }
}

extension RulesInForce {
    func rejection(of verdict: Verdict) -> Refusal {
        let reasons = self.reasons(of: verdict)
        let details = object { json in
            json.field("action", verdict.action.rawValue)
            json.field("reasons", array: reasons) { json, reason in
                json.object { json in
                    json.field("rule", reason.name)
                    json.field("en", reason.english)
                    json.field("zh", reason.chinese)
                }
            }
        }
        return Refusal(
            .rejected, reasons.first?.english ?? "This text was rejected by moderation.", details: details)
    }

    func reasons(of verdict: Verdict) -> [(name: String, english: String, chinese: String)] {
        verdict.reasons.compactMap { reason in
            switch reason {
            case .rule(let match):
                guard match.counts else { return nil }
                let words = self.reason(of: match.rule)
                return (match.rule, words.english, words.chinese)
            case .classifier(let opinion):
                return (
                    "classifier:\(opinion.label)", "It reads like \(opinion.label).",
                    "内容疑似\(Self.chinese(opinion.label))。"
                )
            case .standing: return nil
            }
        }
    }

    private static func chinese(_ label: String) -> String {
        switch label {
        case "spam": "垃圾信息"
        case "advertising": "广告"
        case "abuse": "辱骂"
        default: label
        }
    }
}
