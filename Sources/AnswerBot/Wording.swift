/// Words that say the same in questions, and words that say nothing, in English and Chinese.
///
/// Written by hand for what members ask one another, because no list that we know of is about asking: a line that makes
/// two different things one would have the bot answer what nobody asked, so a line is here only if the words can stand
/// for one another in a question.
enum Wording {
    /// What a phrase is read as.
    struct Meaning {
        /// What kind of question it makes, if any.
        var kind: QuestionKind?
        /// What is counted in its place; empty for what says nothing.
        var text = ""
    }

    /// By words with one space between.
    static let english = meanings(phrases, kinds: englishKinds)
    /// By characters.
    static let chinese: [String: Meaning] = {
        var all = meanings(chineseSynonyms, kinds: chineseKinds)
        for word in words(chineseStops) where all[word] == nil { all[word] = Meaning() }
        return all
    }()
    /// By stems.
    static let synonyms: [String: String] = {
        var all: [String: String] = [:]
        for line in englishSynonyms.split(separator: "\n") {
            let stems = line.split(separator: " ").map { PorterStemmer.stem(String($0)) }
            for stem in stems where all[stem] == nil { all[stem] = stems[0] }
        }
        return all
    }()
    static let stops = Set(words(englishStops))
    /// Stems that say little: they count for less.
    static let light = Set(words(lightWords).map(PorterStemmer.stem))

    private static func words(_ text: String) -> [String] {
        text.split { $0 == " " || $0 == "\n" }.map(String.init)
    }

    /// Lines of `canonical: phrase, phrase`, and of `kind: phrase, phrase` with `=canonical` where it is counted too.
    private static func meanings(_ synonyms: String, kinds: String) -> [String: Meaning] {
        var all: [String: Meaning] = [:]
        for (head, phrases) in lines(synonyms) {
            for phrase in phrases + [head] where all[phrase] == nil { all[phrase] = Meaning(text: head) }
        }
        for (head, phrases) in lines(kinds) {
            for phrase in phrases {
                let parts = phrase.split(separator: "=").map(String.init)
                all[parts[0]] = Meaning(kind: QuestionKind(rawValue: head), text: parts.count > 1 ? parts[1] : "")
            }
        }
        return all
    }

    private static func lines(_ text: String) -> [(head: String, phrases: [String])] {
        text.split(separator: "\n").compactMap { line in
            let parts = line.split(separator: ":", maxSplits: 1).map(String.init)
            guard parts.count == 2 else { return nil }
            return (parts[0], parts[1].split(separator: ",").map { $0.trimming(" ") })
        }
    }

    // MARK: English

    private static let phrases = """
        login: log in, sign in, logging in, signing in
        submit: hand in, handed in, handing in, turn in
        enable: turn on, switch on, turned on
        disable: turn off, switch off, turned off
        delete: get rid of
        refund: money back
        organise: in charge, in charge of
        dark mode: dark theme
        release: come out
        meet: take place, takes place
        size: how big, how large
        wifi: wi fi
        email: e mail
        reset password: forgot my password, forgotten my password, lost my password, forgot password, forgot the password, remember my password, find my password, recover my password
        """
    private static let englishKinds = """
        time: when is, when are, when does, when do, when did, when will, when was, when were, when can, when should, until when, what time, at what time, which time, which day, on which day, what day, on what day, what date, which date
        duration: how long, for how long, how often
        place: where, which room
        amount: how much, how many, price=price, cost=price, costs=price, how expensive=price
        person: who, whom, whose
        reason: why
        manner: how do, how can, how to, how could, how does, how should, how would, how are, how is
        """
    private static let englishSynonyms = """
        delete remove erase
        change modify edit update switch alter
        price cost fee pay
        begin start commence
        meet meeting gather
        annual yearly year
        monthly month
        invoice receipt
        picture image photo avatar icon
        licence license
        organise organize run
        enable activate
        tls https ssl
        disable deactivate
        undo revert rollback
        shrink small smaller reduce
        fast faster speed quick quicker
        size max maximum limit largest biggest big large
        book reserve
        build compile
        recording record
        restore recover
        create new add
        find found search
        write develop written wrote
        keep kept
        see seen saw
        send sent
        take took taken
        give gave given
        make made
        lose lost
        speak spoke spoken
        choose chose chosen
        bike bicycle
        document documentation doc docs
        mute silence notification
        error fail failure problem
        deliver arrive receive
        late delay
        member user
        buy purchase
        refund reimburse
        abuse abusive
        name nickname
        """
    private static let englishStops = """
        a an the is are was were be been being am do does did done doing have has having had can could will would should
        shall may might must i you we they he she it my your our their his her its mine yours me us them him this that
        these those there here what which who whom whose where when why how to of in on at for from by with about into
        and or but if so any some anybody anyone somebody someone anything something everybody know please thanks thank
        hi hello hey way get got gets need needs want wants tell say says s t m re ve d ll don doesn isn aren cant didn
        won long much many possible not no use using used make just also too very really still again already ever now
        then than as like go going look try trying able help question idea work works id up out one own let exactly
        actually currently right properly vs versus
        """
    private static let lightWords = """
        keep see take bring give put show day time point other people thing place next last current start stop happen
        mean call new good best old different kind type sort part bit lot come become set turn run hold leave permanent
        permanently instead myself yourself around inside under over after before during while quick easy simple always
        never sometimes often since until
        """

    // MARK: Chinese

    private static let chineseSynonyms = """
        重置密码: 忘记密码, 忘了密码, 密码忘了, 密码忘记了, 忘记了密码, 找回密码, 重设密码
        修改: 更改, 更换, 换, 改, 变更, 改成, 改为, 编辑
        重置: 重设, 找回, 重新设置
        忘记: 忘, 忘掉, 不记得, 记不得, 想不起来
        注销: 删除, 删, 删掉, 清除
        下载: 导出
        退款: 退钱, 退费
        账号: 帐号, 账户, 帐户
        费用: 价格, 收费, 价钱
        创建: 新建, 建立, 建, 开通
        过期: 有效期, 到期, 失效
        屏蔽: 拉黑, 黑名单
        提交: 交, 上交, 递交
        迟交: 晚交, 逾期, 迟
        开启: 打开, 启用, 启动, 开
        关闭: 关掉, 关
        预订: 预定, 预约, 订
        升级: 更新
        自行车: 单车
        token: 令牌
        撤销: 撤回, 取消, 回退
        退订: 取消订阅
        回放: 录像, 录播
        优化: 加速, 提速, 变快
        解决: 处理
        举报: 投诉
        封禁: 封号, 封
        提醒: 通知
        wifi: 无线网, 无线, 网络
        加入: 参加
        集合: 碰头, 集中
        组织: 举办, 主办, 负责组织
        大小: 最大, 多大, 体积, 上限
        发言: 发不了言, 说话, 发帖, 发消息
        坏: 故障, 坏了
        区别: 差别, 不同, 差异
        学习: 学
        办理: 办, 怎么办理
        放: 存, 存放, 保存, 存在
        减小: 缩小, 变小, 压缩
        """
    private static let chineseKinds = """
        time: 什么时候, 啥时候, 什么时间, 几点, 何时, 哪天, 哪一天, 星期几, 周几, 几号, 哪一年, 在哪天, 在哪一天, 是哪天, 是哪一天, 在几号, 时间
        duration: 多久, 多长时间, 多长, 几天, 几个月
        place: 哪里, 哪儿, 在哪, 哪个教室, 地点, 什么地方
        amount: 多少, 几个, 几票, 多少钱=费用, 价格=费用, 费用=费用, 要钱=费用
        person: 谁, 哪位
        reason: 为什么, 为啥, 什么原因
        manner: 怎么, 怎样, 如何, 怎么才能, 怎样才能, 步骤, 方法, 办法
        """
    private static let chineseStops = """
        有没有人知道 有人知道 谁知道 想问一下 请问一下 想请问 请教一下 有没有办法 有什么办法 能不能 可不可以 可以不可以 是不是
        有没有 请问 怎么样 怎么办 什么 哪些 哪个 哪一个 可以 能够 应该 需要 我们 你们 他们 咱们
        大家 一下 您好 你好 想要 进行 谢谢 吗 呢 的 了 我 你 您 他 在 是 要 能 会 吧 啊 呀 嘛 啥 咋 请 和 跟 与 把
        被 想 才 还 就 都 也 又 再 从 到 给 对 里 里面 一个 一种 这个 那个 这 那 某个 个 们 有 上 中 一直 太 很 已经 得 之 才能
        应当 由
        """
}

extension Substring {
    fileprivate func trimming(_ character: Character) -> String {
        var text = drop { $0 == character }
        while text.last == character { text.removeLast() }
        return String(text)
    }
}
