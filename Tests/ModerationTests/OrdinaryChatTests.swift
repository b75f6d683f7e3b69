import Foundation
import Testing

@testable import Moderation

/// What a new community says all day, with the words in it that filters stumble over: money, links, killed processes,
/// other peoples, losing at cards. None of these lines is in the seed corpora.
private let ordinaryChat = """
    早上好，今天的打卡谁先来
    这章的习题答案在哪里可以看到
    我昨天刚入群，先看看大家的讨论
    老师，第二问的边界条件我没想明白
    有没有人用过这个框架，稳定吗
    数据库连接池设多大合适
    编译的时候内存爆了，加了交换分区才过
    我把日志贴在下面了，帮忙看看
    谢谢，原来是版本不对
    明天的直播几点开始，有回放吗
    PPT 能共享一下吗，做笔记用
    作业我提交了两次，以哪次为准
    求推荐一本操作系统的入门书
    面试被问到一致性哈希，没答好
    昨天面试过了，谢谢大家的建议
    这个包三年没更新了，还能用吗
    周五下午的会改到三点了
    谁在北京，周末线下聚一下
    今天食堂的红烧肉不错
    地铁又晚点了，估计要迟到
    小猫把我的键盘踩坏了
    我妈问我什么时候回家过年
    孩子发烧了，今天请个假
    跑完十公里，腿已经不是我的了
    这首歌单曲循环一整天了
    电影票买好了，七点半门口见
    最近睡得不好，咖啡戒了
    新房子离公司近，走路十分钟
    下雨了，谁帮我收一下衣服
    生日快乐，越来越年轻
    恭喜恭喜，什么时候请客
    奖学金名单出来了，有你
    发票抬头写公司全称就行
    报销流程走到财务了
    银行卡丢了，补办要几天
    花呗和信用卡哪个利息低
    我的快递在驿站放了三天了
    验证码一直收不到，换个手机号试试
    公众号的文章可以转载吗，注明出处
    微信群人数到上限了，要不要建二群
    群公告里有加群须知，先看一下
    优惠券过期了，客服说可以补
    免费版够用了，先不升级
    赚钱不容易，省着点花
    彩排是今天晚上，别忘了带道具
    他打牌从来没赢过
    这局稳了，别浪
    队友掉线，四打五居然翻盘
    爆率太低了，刷了一周
    开荒进度到第三个首领
    公会招新的帖子置顶了
    别骂了别骂了，我在练了
    笨死了，我居然忘了保存
    滚动条怎么隐藏
    这段代码有毒，一运行就崩
    垃圾桶里的文件能恢复吗
    死循环了，强制退出吧
    黑名单和白名单怎么配置
    操作失败，请检查网络
    女同事教会了我怎么写单元测试
    上海的冬天比北方还冷
    四川话太有意思了
    老人机也能视频通话了
    香港转机需要签注吗
    Good morning, anything new on the release?
    I pushed the fix, could you review it today?
    The tests pass locally but fail in CI
    Which version of the compiler are you on?
    Thanks a lot, that solved it
    Where do I upload the homework?
    I missed the live session, is there a recording?
    Any recommendations for a first book on statistics?
    My interview went well, they asked about hashing
    Does anyone have the slides from last week?
    The docs say otherwise, let me open an issue
    I will be ten minutes late, start without me
    What time zone is the meeting in?
    Happy birthday, have a great day
    Congrats on the new job
    My cat walked over the keyboard, sorry
    The train is delayed again
    It has been raining since Sunday
    Dinner was great, thanks for the invite
    Has anyone tried the new cafe downtown?
    I ran ten kilometres today and my legs are done
    Working from home tomorrow, ping me there
    My son has a fever, taking the day off
    Could you send me the invoice number?
    The bank needs two days to replace the card
    Is the student discount still valid?
    I cancelled my free trial before it renewed
    We won the match in the last minute
    Nice play, did not see that coming
    I need one more for the raid tonight
    Can you drop me some ammo?
    Push B, they are all on A
    Respawning in five seconds
    This map is too hard for me
    The drop rate is terrible, a week and nothing
    He always loses at poker
    That bug nearly killed me
    Kill the old process and try again
    The dead letter queue is full
    This code smells, let us refactor it
    What a stupid mistake, I forgot to save
    I hate how slow this laptop is
    The garbage truck woke me up at five
    Shut down the machine before you swap the disk
    Please read the pinned message first
    The channel topic has the link
    Add me to the calendar invite, please
    Follow the steps in the readme
    Subscribe button on the podcast page does nothing
    Click the second tab and scroll down
    I won two tickets in the office draw
    My phone number changed, I will tell you at lunch
    Sign up for the workshop by Friday
    The password reset mail never arrived
    Someone pretended to be support, I reported it
    Our neighbours are from Nigeria and cook amazing food
    My wife is a firefighter and I am proud of her
    He came out last year and we all celebrated
    The church choir sings on Sunday
    I am old and still learning new languages
    See you all next week
    Sounds good to me
    Not sure, I will check and come back to you
    Could we move this to a thread?
    """

/// Rules and classifier as they are shipped, added up as the stage does for an author of whom nothing is known.
@Test func `a fresh installation flags none of what people ordinarily say`() throws {
    let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
        .appending(path: "../../moderation-rules").standardizedFileURL
    let files = try FileManager.default.contentsOfDirectory(at: folder, includingPropertiesForKeys: nil)
        .filter { $0.pathExtension == "yaml" }
    let sources = try files.map { ($0.lastPathComponent, try String(contentsOf: $0, encoding: .utf8)) }
    let rules = try RuleSet(sources: sources, normaliser: RuleBox.normaliser)
    let model = try Classifier(snapshot: [UInt8](try Data(contentsOf: folder.appending(path: "starter-model.lycm"))))
    var (reader, state) = (TextReader(), RuleState(remembering: false))
    for line in ordinaryChat.split(separator: "\n").map(String.init) {
        let outcome = rules.evaluate(RuleBox.normaliser.normalised(line), .anybody, &state)
        let opinion = model.scores(reader.features(of: line)).map(\.logOdds).max() ?? 0
        #expect(outcome.action == .allow && !outcome.isFlagged, "\(line)")
        // Half of the score from which on a post is flagged by default.
        #expect(outcome.score + max(0, opinion) < 1.5, "\(line)")
    }
}
