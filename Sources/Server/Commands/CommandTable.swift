import Community
import LyceumProtocol

/// One command: who may use it, what it costs, what it carries and what carries it out.
struct CommandRow: Sendable {
    enum Handler: Sendable {
        case write(@Sendable (CommandFields) throws(JSONError) -> any WriteCommand)
        case read(@Sendable (CommandFields) throws(JSONError) -> any PoolCommand)
        case live(@Sendable (CommandFields) throws(JSONError) -> any LiveCommand)
    }

    let name: String
    let requirement: Requirement
    /// How many of a connection's `commands_per_minute` it takes; dear commands take more.
    let cost: Double
    let fields: [Field]
    let answer: [Field]
    let handler: Handler

    static func write<C: Command & WriteCommand>(
        _ name: String, _ type: C.Type, needs requirement: Requirement, cost: Double = 1
    ) -> CommandRow {
        CommandRow(
            name: name, requirement: requirement, cost: cost, fields: C.fields, answer: C.answer,
            handler: .write { fields throws(JSONError) in try C(fields) })
    }

    static func read<C: Command & PoolCommand>(
        _ name: String, _ type: C.Type, needs requirement: Requirement, cost: Double = 1
    ) -> CommandRow {
        CommandRow(
            name: name, requirement: requirement, cost: cost, fields: C.fields, answer: C.answer,
            handler: .read { fields throws(JSONError) in try C(fields) })
    }

    static func live<C: Command & LiveCommand>(
        _ name: String, _ type: C.Type, needs requirement: Requirement, cost: Double = 1
    ) -> CommandRow {
        CommandRow(
            name: name, requirement: requirement, cost: cost, fields: C.fields, answer: C.answer,
            handler: .live { fields throws(JSONError) in try C(fields) })
    }
}

/// Every command there is. A command is one file and one row; the row says who may use it, so that no handler does.
enum CommandTable {
    static let rows: [CommandRow] = [
        .live("account.register", RegisterAccount.self, needs: .anyone, cost: 5),
        .live("account.password", ChangePassword.self, needs: .person, cost: 10),
        .live("session.open", OpenSession.self, needs: .anyone, cost: 5),
        .write("session.close", CloseSession.self, needs: .anyPerson),
        .read("session.list", ListSessions.self, needs: .signedIn),
        .write("session.revoke", RevokeSession.self, needs: .person),
        .live("session.ticket", IssueTicket.self, needs: .anyPerson),
        .write("community.invite", InviteToCommunity.self, needs: .community(.inviteToCommunity), cost: 2),
        .read("member.get", GetMembers.self, needs: .signedIn),
        .write("member.set_role", SetMemberRole.self, needs: .community(.manageMembers)),
        .read("me.history", GetMeHistory.self, needs: .anySession),

        .write("room.create", CreateRoom.self, needs: .signedIn, cost: 5),
        .read("room.list", ListRooms.self, needs: .signedIn),
        .write("room.join", JoinRoom.self, needs: .signedIn, cost: 2),
        .write("room.leave", LeaveRoom.self, needs: .within([])),
        .write("room.update", UpdateRoom.self, needs: .seeing(.manageRoom), cost: 2),
        .read("room.members", ListRoomMembers.self, needs: .seeing([])),
        .write("room.invite", InviteToRoom.self, needs: .within(.invite), cost: 2),
        .write("room.remove", RemoveFromRoom.self, needs: .seeing(.moderate)),
        .write("room.set_role", SetRoomRole.self, needs: .seeing(.manageRoom)),
        .read("room.pins", ListPins.self, needs: .seeing([])),
        .write("direct.open", OpenDirectRoom.self, needs: .community(.direct), cost: 2),

        .write("message.post", PostMessage.self, needs: .within(.post)),
        .write("message.edit", EditMessage.self, needs: .within(.editOwn)),
        .write("message.delete", DeleteMessage.self, needs: .seeing([])),
        .write("message.react", AddReaction.self, needs: .within(.react)),
        .write("message.unreact", RemoveReaction.self, needs: .within(.react)),
        .write("message.pin", PinMessage.self, needs: .within(.pin)),
        .write("message.unpin", UnpinMessage.self, needs: .within(.pin)),
        .write("message.report", ReportMessage.self, needs: .seeing(.report), cost: 2),
        .read("message.revisions", ListRevisions.self, needs: .seeing(.moderate)),

        .write("thread.follow", FollowThread.self, needs: .within([])),
        .write("thread.unfollow", UnfollowThread.self, needs: .within([])),
        .write("thread.update", UpdateThread.self, needs: .within(.post)),
        .read("thread.list", ListFollowedThreads.self, needs: .signedIn),

        .write("qa.open", OpenQA.self, needs: .within(.host), cost: 5),
        .write("qa.update", UpdateQA.self, needs: .seeing(.post), cost: 2),
        .write("qa.close", CloseQA.self, needs: .seeing([]), cost: 2),
        .write("qa.reopen", ReopenQA.self, needs: .seeing(.post), cost: 2),
        .read("qa.list", ListQA.self, needs: .seeing([]), cost: 2),
        .read("qa.summary", SummariseQA.self, needs: .seeing([]), cost: 5),
        .read("qa.export", ExportQA.self, needs: .seeing([]), cost: 20),
        .live("question.ask", AskQuestion.self, needs: .within(.post), cost: 2),
        .read("question.similar", FindSimilarQuestions.self, needs: .signedIn, cost: 2),
        .write("question.vote", VoteOnQuestion.self, needs: .within(.react)),
        .write("question.approve", ApproveQuestion.self, needs: .seeing(.post)),
        .write("question.dismiss", DismissQuestion.self, needs: .seeing(.post)),
        .write("question.reopen", ReopenQuestion.self, needs: .seeing(.post)),
        .write("question.live", StageQuestion.self, needs: .seeing(.post)),
        .write("question.answer", AnswerQuestion.self, needs: .within(.post)),
        .write("question.accept", AcceptAnswer.self, needs: .seeing(.post)),
        .write("question.merge", MergeQuestion.self, needs: .seeing(.post)),
        .write("question.carry", CarryQuestion.self, needs: .seeing(.post)),
        .write("question.label", LabelQuestion.self, needs: .seeing(.post)),
        .write("question.undo", UndoQuestion.self, needs: .seeing(.post)),
        .write("question.withdraw", WithdrawQuestion.self, needs: .within([])),
        .write("question.reveal", RevealAuthor.self, needs: .seeing(.moderate)),
        .write("poll.open", OpenPoll.self, needs: .within(.post), cost: 5),
        .write("poll.vote", VotePoll.self, needs: .within(.react)),
        .write("poll.close", ClosePoll.self, needs: .seeing([])),
        .write("poll.delete", DeletePoll.self, needs: .seeing([])),
        .read("poll.list", ListPolls.self, needs: .seeing([]), cost: 2),
        .read("poll.get", GetPoll.self, needs: .seeing([])),
        .read("poll.voters", ListVoters.self, needs: .within([])),

        .live("review.subscribe", SubscribeToReview.self, needs: .moderating, cost: 5),
        .read("review.list", ListReview.self, needs: .moderating, cost: 2),
        .read("review.get", GetReviewItem.self, needs: .moderating),
        .write("review.claim", ClaimReview.self, needs: .moderating),
        .write("review.release", ReleaseReview.self, needs: .moderating),
        .write("review.decide", DecideReview.self, needs: .moderating),
        .write("review.undo", UndoReview.self, needs: .moderating),
        .read("review.mine", ListOwnReview.self, needs: .anySession),
        .write("appeal.open", OpenAppeal.self, needs: .anySession, cost: 5),
        .write("appeal.decide", DecideAppeal.self, needs: .moderating),
        .write("member.sanction", SanctionMember.self, needs: .moderating),
        .write("member.pardon", PardonMember.self, needs: .moderating),
        .read("member.history", MemberHistory.self, needs: .moderating, cost: 3),
        .write("member.note", AddMemberNote.self, needs: .community(.moderate)),
        .write("raid.set", SetRaidMode.self, needs: .moderating),
        .read("raid.list", ListRaidModes.self, needs: .moderating),
        .read("rules.get", GetRules.self, needs: .community(.moderate), cost: 2),
        .live("rules.check", CheckRules.self, needs: .community(.moderate), cost: 20),
        .live("rules.reload", ReloadRules.self, needs: .community(.manageCommunity), cost: 20),
        .live("rules.backtest", BacktestRules.self, needs: .community(.moderate), cost: 100),
        .read("classifier.stats", ClassifierStats.self, needs: .community(.moderate)),
        .read("classifier.explain", ExplainText.self, needs: .community(.moderate)),
        .live("classifier.rebuild", RebuildClassifier.self, needs: .community(.manageCommunity), cost: 100),
        .read("moderation.judge", JudgeText.self, needs: .community(.moderate)),
        .read("audit.list", ListAudit.self, needs: .community(.moderate), cost: 2),
        .live("audit.verify", VerifyAudit.self, needs: .community(.moderate), cost: 20),

        .read("history.get", GetHistory.self, needs: .seeing([])),
        .write("read.mark", MarkRead.self, needs: .within([])),
        .read("search", Search.self, needs: .community(.search), cost: 3),
        .live("typing", Typing.self, needs: .within(.post)),
        .live("presence.set", SetPresence.self, needs: .signedIn),

        .live("recommend.get", GetRecommendations.self, needs: .community(.readPublic), cost: 3),
        .live("recommend.feedback", GiveFeedback.self, needs: .community(.readPublic)),
        .live("activity.me", GetOwnActivity.self, needs: .signedIn, cost: 10),
        .live("activity.trends", GetTrends.self, needs: .community(.readPublic), cost: 2),
        .live("activity.topics", GetTopicGraph.self, needs: .community(.readPublic), cost: 5),
        .live("activity.community", GetCommunityHealth.self, needs: .community(.moderate), cost: 10),
        .read("community.pulse", GetPulse.self, needs: .community(.moderate), cost: 10),
        .write("activity.erase", EraseActivity.self, needs: .signedIn, cost: 10),
        .write("privacy.set", SetPrivacy.self, needs: .signedIn, cost: 5),
        .write("member.block", BlockMember.self, needs: .signedIn),
        .write("member.unblock", UnblockMember.self, needs: .signedIn),

        .write("bot.create", CreateBot.self, needs: .person, cost: 10),
        .read("bot.list", ListBots.self, needs: .person),
        .write("bot.update", UpdateBot.self, needs: .person, cost: 2),
        .write("bot.delete", DeleteBot.self, needs: .person),
        .write("bot.token.rotate", RotateBotToken.self, needs: .person, cost: 5),
        .write("bot.commands.set", SetBotCommands.self, needs: .bot(.commands), cost: 10),
        .write("bot.respond", RespondToInvocation.self, needs: .bot(.commands)),
        .read("bot.pending", ListInvocations.self, needs: .bot(.commands)),
        .read("command.list", ListCommands.self, needs: .seeing([])),
        .read("command.complete", CompleteCommand.self, needs: .seeing([])),
        .write("command.invoke", InvokeCommand.self, needs: .within(.post)),
        .write("component.invoke", InvokeComponent.self, needs: .within(.react)),

        .write("webhook.create", CreateWebhook.self, needs: .person, cost: 10),
        .write("webhook.update", UpdateWebhook.self, needs: .person, cost: 5),
        .write("webhook.rotate", RotateWebhook.self, needs: .person, cost: 5),
        .write("webhook.delete", DeleteWebhook.self, needs: .person),
        .read("webhook.list", ListWebhooks.self, needs: .person),
        .read("webhook.deliveries", ListDeliveries.self, needs: .person, cost: 2),
        .write("webhook.resend", ResendDeliveries.self, needs: .person, cost: 5),
        .write("webhook.test", TestWebhook.self, needs: .person, cost: 5),
        .live("webhook.post", PostThroughWebhook.self, needs: .anyone),
    ]

    private static let byName = Dictionary(uniqueKeysWithValues: rows.map { ($0.name, $0) })

    static func row(named name: String) -> CommandRow? { byName[name] }
}
