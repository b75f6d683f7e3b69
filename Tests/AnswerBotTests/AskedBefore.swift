import Foundation

/// Questions as members ask them, for ``ParaphraseTests``: what was answered, other ways to ask it, and what is only
/// like it.
enum AskedBefore {
    struct Pair {
        let question: String
        let other: String
    }

    /// Questions with their answers.
    static let answered = pairs(answeredLines)
    /// Questions with the answered ones that they repeat.
    static let again = pairs(againLines)
    /// Questions that nobody has answered, near to some that were.
    static let unanswered = unansweredLines.split(separator: "\n").map(String.init)

    private static func pairs(_ lines: String) -> [Pair] {
        lines.split(separator: "\n").map { line in
            let parts = line.split(separator: "|").map { $0.trimmingCharacters(in: .whitespaces) }
            return Pair(question: parts[0], other: parts[1])
        }
    }

    private static let answeredLines = """
        How do I reset my password? | Open the settings and choose Forgot password.
        How can I change my display name? | Profile, then Edit; a new name shows after a reload.
        How do I delete my account? | Write to the owner; everything of yours is erased within a week.
        Where do I see my invoices? | Under Billing, in the tab Documents.
        Can I get a refund for the course? | Within 14 days of buying, if you have watched less than a third.
        When does the reading club meet? | Every Friday evening at eight, upstairs.
        Where does the running group start? | At the north gate of the park.
        Who organises the monthly hackathon? | Lena and Tom from the platform team.
        How long does a certificate stay valid? | Two years, then the exam has to be repeated.
        How much does the annual plan cost? | 90 euros, or 60 for students.
        Which Swift version do we build with? | Swift 6.3, as the README says.
        How do I install the daemon on Debian? | Add our repository, then apt install lyceum.
        Where are the backups kept? | In the folder of the data, verified each night.
        How do I restore a backup? | Stop the daemon and run lyceum restore with the archive.
        Which port does the server listen on? | 8080 unless the configuration says otherwise.
        How do I turn on TLS? | Set tls.certificate and tls.key and restart.
        How many members can one server hold? | Fifty thousand connections on a small machine.
        Why does my build fail with a linker error? | Hyperscan's headers are missing; install libhyperscan-dev.
        How do I write a moderation rule? | Put a YAML file into moderation-rules and reload.
        How can I report an abusive message? | Open its menu and choose Report; a moderator looks at it.
        How do I become a moderator? | Ask an admin, and have been active for three months.
        What happens to reported messages? | They wait in the review queue until somebody decides.
        Can I appeal against a ban? | Yes, once, from the notice that you got.
        How do I mute a noisy room? | Room menu, Notifications, Off.
        How do I create a private room? | New room, and choose Private; then invite people.
        How do I invite a friend? | Copy an invitation link from the member list.
        Can guests upload files? | No, only members can; ask an admin for a role.
        What is the maximum size of an upload? | 25 megabytes a file.
        Which image formats are supported? | PNG, JPEG, GIF and WebP.
        How do I export my messages? | Settings, Privacy, Download my data; it takes an hour.
        How do I use dark mode? | Appearance, Theme, Dark.
        How do I change the language of the interface? | Appearance, Language; English and Chinese are there.
        What keyboard shortcuts are there? | Press question mark to see the list.
        How do I quote somebody? | Select the text and press R.
        How do I pin a message? | Its menu has Pin, if you may moderate the room.
        How do I search for an old message? | Press slash and type two words of it.
        How do I format code in a message? | Put three backticks around it.
        How do I edit a message that I sent? | Press arrow up in an empty input.
        Why can I not post in the announcements room? | Only hosts announce there; reply in a thread.
        How do polls work? | Anybody may open one; results show at once unless hidden.
        How do I write a bot? | Make one under Bots, take its token, start from deploy/examples/bot.py.
        How do I rotate a bot token? | Bots, your bot, New token; the old one ends at once.
        How are webhooks signed? | HMAC-SHA256 over id, timestamp and body.
        Why is my webhook not delivered? | Its address is private or answered an error; see its deliveries.
        What is the rate limit of the API? | 120 commands a minute, each answer tells what is left.
        How do I connect through a proxy? | Forward Upgrade headers; deploy has an nginx example.
        Does the server run on Windows? | No, Linux only; use WSL.
        How do I upgrade to a new release? | Install the package; the store migrates itself at start.
        How do I run the tests? | deploy/test runs all of them in a container.
        Where is the source code hosted? | On our own forge, mirrored to GitHub.
        What licence is the project under? | Apache 2.0.
        How do I contribute a translation? | Add a column to texts.js and open a pull request.
        When is the next release planned? | In the first week of March.
        Who maintains the Python client? | Ravi; he answers in the room clients.
        How do I unsubscribe from the newsletter? | The last line of each mail has a link.
        How do I join the study group for statistics? | Sign up in the sheet that is pinned in the room statistics.
        When are the office hours of the mentors? | Tuesdays and Thursdays, five to six.
        Where can I find the lecture slides? | Pinned in each lecture's room.
        Are the lectures recorded? | Yes, the recordings appear the next day.
        How do I submit homework? | Upload a PDF in the thread of the week before Sunday midnight.
        What happens if I hand in my homework late? | Each day costs ten percent.
        How is the final grade computed? | Half homework, half exam.
        When is the exam? | On June 20 at nine in hall B.
        Can I bring notes to the exam? | One sheet, written by hand.
        How do I book a meeting room? | Use the calendar on the door or the intranet.
        Where can I park my bike? | In the cellar, entrance from the yard.
        What is the wifi password for visitors? | It is printed on the board at the reception.
        How do I get a key card? | From the janitor, with a deposit of twenty euros.
        When does the cafeteria close? | At half past two, Fridays at two.
        Is there a vegetarian dish every day? | Yes, at counter three.
        How do I report a broken printer? | Send the number on its sticker to helpdesk.
        Which laptop should I buy for machine learning? | One with 32 GB of memory; train in the cloud.
        How do I learn Rust as a beginner? | Read the book, then do rustlings.
        What is a good book about databases? | Designing Data-Intensive Applications.
        How do I avoid overfitting? | More data, regularisation, early stopping, a held-out set.
        What is the difference between a process and a thread? | Threads share memory, processes do not.
        How do I undo the last git commit? | git reset --soft HEAD~1 keeps the changes.
        How do I resolve a merge conflict? | Edit the marked places, add them, continue the merge.
        How do I find a memory leak in C++? | Run it under valgrind or with the address sanitizer.
        How do I make a Docker image smaller? | Build in stages and start from a slim base.
        How do I center a div in CSS? | display: grid and place-items: center.
        What is the time complexity of quicksort? | n log n on average, n squared at worst.
        How do I speed up a slow SQL query? | Look at the plan and add an index on what is filtered.
        How do I store passwords safely? | With a slow hash such as scrypt or Argon2, salted.
        How do I schedule a Q&A session? | qa.open with starts_at; it is announced five minutes ahead.
        How do I ask a question anonymously? | Tick Anonymous under the question, if the host allows it.
        How many votes do I have in a Q&A? | One for each question; you may change it.
        How are duplicate questions merged? | The host merges them; voters count once.
        How do I leave a room? | Room menu, Leave.
        How do I block another member? | Open their profile and choose Block.
        怎么重置密码？ | 打开设置，点“忘记密码”。
        怎么修改昵称？ | 个人资料里点编辑。
        怎么注销账号？ | 联系站长，一周内清除全部数据。
        发票在哪里下载？ | 账单页面的“文件”一栏。
        课程可以退款吗？ | 购买十四天内且观看不到三分之一可以退。
        读书会什么时候开始？ | 每周五晚上八点。
        跑步小组在哪里集合？ | 公园北门。
        每月的黑客松由谁组织？ | 平台组的小林和老唐。
        结业证书有效期多长？ | 两年，过期要重考。
        年费会员多少钱？ | 六百元，学生四百。
        数据库支持哪些索引？ | B 树和全文索引。
        如何申请成为版主？ | 私信管理员，说明理由。
        服务器默认监听哪个端口？ | 8080，可在配置里改。
        怎么开启 HTTPS？ | 配置 tls.certificate 和 tls.key 后重启。
        备份文件放在哪里？ | 数据目录里，每晚校验。
        怎样恢复备份？ | 先停服务，再运行 lyceum restore。
        怎么升级到新版本？ | 安装新包，启动时自动迁移。
        怎么举报不良信息？ | 点消息菜单里的举报，版主会处理。
        被封禁了怎么申诉？ | 在通知里点申诉，只有一次机会。
        怎么屏蔽某个人？ | 打开对方主页选屏蔽。
        怎么关闭群消息提醒？ | 房间菜单，通知，关闭。
        怎么创建私密房间？ | 新建房间时选私密，再邀请成员。
        怎么邀请朋友加入？ | 在成员列表里复制邀请链接。
        上传文件最大多少？ | 每个文件 25 MB。
        支持哪些图片格式？ | PNG、JPEG、GIF 和 WebP。
        怎么导出聊天记录？ | 设置，隐私，下载我的数据。
        怎么切换深色模式？ | 外观，主题，深色。
        界面语言在哪里改？ | 外观，语言。
        有哪些快捷键？ | 按问号查看列表。
        怎么引用别人的消息？ | 选中文字后按 R。
        怎么置顶消息？ | 消息菜单里点置顶，需要版主权限。
        怎么搜索以前的消息？ | 按斜杠，输入关键词。
        消息里怎么贴代码？ | 用三个反引号包起来。
        发出去的消息怎么编辑？ | 在空输入框里按上箭头。
        为什么我不能在公告区发言？ | 公告区只有主持人可以发，请在话题串里回复。
        投票怎么发起？ | 输入框旁边点投票，填好选项。
        怎么开发机器人？ | 在机器人页面新建，拿到令牌，参考示例 bot.py。
        机器人令牌泄露了怎么办？ | 在机器人页面点“更换令牌”，旧的立即失效。
        Webhook 收不到推送是什么原因？ | 地址是内网的或返回了错误，看投递记录。
        接口调用频率有限制吗？ | 每分钟 120 条命令。
        可以在 Windows 上运行吗？ | 不行，只支持 Linux，可以用 WSL。
        源代码托管在哪里？ | 自建代码库，GitHub 有镜像。
        项目用的是什么许可证？ | Apache 2.0。
        下一个版本什么时候发布？ | 三月第一周。
        怎么取消订阅邮件？ | 邮件末尾有退订链接。
        统计学学习小组怎么报名？ | 在统计房间置顶的表格里登记。
        导师答疑时间是什么时候？ | 周二和周四下午五点到六点。
        课件在哪里可以找到？ | 每节课的房间里有置顶。
        课程有回放吗？ | 有，第二天上传。
        作业怎么提交？ | 周日午夜前在当周话题串上传 PDF。
        作业迟交会怎么样？ | 每晚一天扣百分之十。
        期末成绩怎么计算？ | 作业和考试各占一半。
        考试在哪天？ | 六月二十日上午九点，B 教室。
        考试能带笔记吗？ | 可以带一张手写的纸。
        会议室怎么预订？ | 用门上的日历或内网。
        自行车停在哪里？ | 地下车库，从院子进。
        访客的无线网密码是多少？ | 前台的牌子上印着。
        门禁卡怎么办理？ | 找物业，押金两百元。
        食堂几点关门？ | 两点半，周五两点。
        打印机坏了找谁？ | 把贴纸上的编号发给服务台。
        学机器学习买什么电脑好？ | 内存 32 GB 以上，训练放云上。
        零基础怎么学 Rust？ | 先看官方书，再做 rustlings。
        有什么数据库方面的好书？ | 《数据密集型应用系统设计》。
        怎么防止过拟合？ | 更多数据、正则化、早停。
        进程和线程有什么区别？ | 线程共享内存，进程不共享。
        怎么撤销上一次 git 提交？ | git reset --soft HEAD~1。
        合并冲突怎么解决？ | 改好标记处，add 之后继续合并。
        怎么排查内存泄漏？ | 用 valgrind 或地址检测器。
        怎么减小 Docker 镜像体积？ | 多阶段构建，用精简的基础镜像。
        快速排序的时间复杂度是多少？ | 平均 n log n，最坏 n 平方。
        SQL 查询很慢怎么优化？ | 看执行计划，给过滤列加索引。
        密码应该怎么安全存储？ | 用 scrypt 或 Argon2 加盐哈希。
        怎么预约问答专场？ | 打开时填开始时间，会提前五分钟通知。
        怎么匿名提问？ | 勾选匿名，前提是主持人允许。
        一个问题可以投几票？ | 每人一票，可以改。
        重复的问题怎么合并？ | 由主持人合并，投票人只算一次。
        怎么退出房间？ | 房间菜单，退出。
        积分怎么兑换礼物？ | 商城页面每月一号开放兑换。
        学生认证需要什么材料？ | 学生证照片和学校邮箱。
        直播卡顿怎么办？ | 降低清晰度或换线路。
        怎么更换绑定的手机号？ | 账号安全里先验证旧号码。
        收不到验证码怎么办？ | 检查垃圾短信，六十秒后重发。
        如何加入志愿者团队？ | 填写志愿者报名表，等待面试。
        群规在哪里看？ | 房间顶部的置顶消息。
        线下聚会怎么报名？ | 在活动页面点报名，名额三十人。
        推荐码怎么使用？ | 付款时填写，双方各减二十元。
        """

    private static let againLines = """
        I forgot it: can somebody reset passwords? | How do I reset my password?
        forgotten my password, what now? | How do I reset my password?
        I can't remember my password, how do I get a new one? | How do I reset my password?
        Is there a way to change the name others see? | How can I change my display name?
        how to remove my account permanently? | How do I delete my account?
        I'd like to close my account, how? | How do I delete my account?
        where can I download invoices? | Where do I see my invoices?
        Can I get my money back for a course? | Can I get a refund for the course?
        what time is the reading club meeting? | When does the reading club meet?
        Where's the meeting point of the running group? | Where does the running group start?
        who is in charge of the hackathon? | Who organises the monthly hackathon?
        For how long are certificates valid? | How long does a certificate stay valid?
        What's the price of the yearly plan? | How much does the annual plan cost?
        What version of Swift should I build it with? | Which Swift version do we build with?
        Installing lyceum on Debian, how does that go? | How do I install the daemon on Debian?
        where do you keep your backups? | Where are the backups kept?
        restoring from a backup? | How do I restore a backup?
        what port is the server using? | Which port does the server listen on?
        How do I enable https / TLS? | How do I turn on TLS?
        linker errors when building, any idea? | Why does my build fail with a linker error?
        how are moderation rules written? | How do I write a moderation rule?
        Somebody was abusive in a message, where do I report it? | How can I report an abusive message?
        what do I have to do to become moderator? | How do I become a moderator?
        I was banned, can I appeal? | Can I appeal against a ban?
        How do I turn off notifications of a room that is too noisy? | How do I mute a noisy room?
        Can I make a room that is private? | How do I create a private room?
        How big may an uploaded file be? | What is the maximum size of an upload?
        can I switch to a dark theme? | How do I use dark mode?
        How can I switch the interface to another language? | How do I change the language of the interface?
        list of shortcuts for the keyboard? | What keyboard shortcuts are there?
        How do I edit my sent messages? | How do I edit a message that I sent?
        How can I develop my own bot? | How do I write a bot?
        my bot's token leaked, how do I rotate it? | How do I rotate a bot token?
        Why do my webhooks not arrive? | Why is my webhook not delivered?
        Can I run the server under Windows? | Does the server run on Windows?
        Upgrading to a newer release, how? | How do I upgrade to a new release?
        What's the license of this project? | What licence is the project under?
        When will the next release come out? | When is the next release planned?
        Will there be recordings of the lectures? | Are the lectures recorded?
        How do we hand in the homework? | How do I submit homework?
        What's the penalty for submitting homework late? | What happens if I hand in my homework late?
        On which day is the exam? | When is the exam?
        May we take notes into the exam? | Can I bring notes to the exam?
        How to reserve a meeting room? | How do I book a meeting room?
        until when is the cafeteria open? | When does the cafeteria close?
        thread vs process: what's the difference? | What is the difference between a process and a thread?
        How can I revert my last commit in git? | How do I undo the last git commit?
        My SQL query is slow, how do I make it faster? | How do I speed up a slow SQL query?
        how to shrink docker images? | How do I make a Docker image smaller?
        请问密码怎么重设？ | 怎么重置密码？
        我忘记密码了怎么办？ | 怎么重置密码？
        密码忘了，怎么找回？ | 怎么重置密码？
        昵称在哪里改？ | 怎么修改昵称？
        如何修改我的用户名昵称 | 怎么修改昵称？
        我想删除账号，怎么操作？ | 怎么注销账号？
        发票怎么下载？ | 发票在哪里下载？
        买的课程能退钱吗？ | 课程可以退款吗？
        读书会几点开始呢？ | 读书会什么时候开始？
        请问读书会是星期几？ | 读书会什么时候开始？
        跑步小组集合地点是哪里 | 跑步小组在哪里集合？
        谁负责组织黑客松？ | 每月的黑客松由谁组织？
        证书多久过期？ | 结业证书有效期多长？
        年费会员的价格是多少 | 年费会员多少钱？
        会员一年要花多少钱？ | 年费会员多少钱？
        你们的数据库有什么索引 | 数据库支持哪些索引？
        怎样才能申请版主 | 如何申请成为版主？
        想当版主要怎么申请？ | 如何申请成为版主？
        服务器用的是什么端口？ | 服务器默认监听哪个端口？
        如何启用https | 怎么开启 HTTPS？
        备份存在什么地方？ | 备份文件放在哪里？
        从备份恢复数据的步骤是什么 | 怎样恢复备份？
        新版本怎么更新？ | 怎么升级到新版本？
        看到不良信息怎么举报？ | 怎么举报不良信息？
        我被封了，能申诉吗？ | 被封禁了怎么申诉？
        怎么拉黑一个人？ | 怎么屏蔽某个人？
        消息提醒太多了怎么关掉？ | 怎么关闭群消息提醒？
        如何新建一个私密的房间？ | 怎么创建私密房间？
        能上传多大的文件？ | 上传文件最大多少？
        图片支持什么格式 | 支持哪些图片格式？
        聊天记录能导出吗？ | 怎么导出聊天记录？
        深色模式怎么打开？ | 怎么切换深色模式？
        怎么把界面改成英文语言？ | 界面语言在哪里改？
        快捷键有哪些？ | 有哪些快捷键？
        代码怎么贴到消息里？ | 消息里怎么贴代码？
        已经发送的消息还能编辑吗？ | 发出去的消息怎么编辑？
        为啥公告区发不了言？ | 为什么我不能在公告区发言？
        怎样发起一个投票？ | 投票怎么发起？
        机器人要怎么开发呀 | 怎么开发机器人？
        机器人的token泄露了，怎么换？ | 机器人令牌泄露了怎么办？
        新版本啥时候发布？ | 下一个版本什么时候发布？
        如何退订邮件？ | 怎么取消订阅邮件？
        怎样报名统计学学习小组？ | 统计学学习小组怎么报名？
        哪里能找到课件？ | 课件在哪里可以找到？
        课程有录像回放吗？ | 课程有回放吗？
        怎么交作业？ | 作业怎么提交？
        作业晚交有什么惩罚？ | 作业迟交会怎么样？
        什么时候考试？ | 考试在哪天？
        考试可以带纸质笔记吗 | 考试能带笔记吗？
        怎么订会议室？ | 会议室怎么预订？
        单车可以停哪儿？ | 自行车停在哪里？
        wifi 密码 访客 是什么？ | 访客的无线网密码是多少？
        食堂什么时候关门？ | 食堂几点关门？
        线程跟进程的区别是啥？ | 进程和线程有什么区别？
        git 怎么撤回上次提交？ | 怎么撤销上一次 git 提交？
        SQL 查询太慢了，如何优化？ | SQL 查询很慢怎么优化？
        手机号换了怎么重新绑定？ | 怎么更换绑定的手机号？
        验证码一直收不到 | 收不到验证码怎么办？
        Anyone know how I get rid of my account? | How do I delete my account?
        lost my password, how to get back in? | How do I reset my password?
        Which day does the book... sorry, reading club take place? | When does the reading club meet?
        What does the annual plan cost for students? | How much does the annual plan cost?
        Is uploading limited to some size? | What is the maximum size of an upload?
        how can I make my SQL queries faster | How do I speed up a slow SQL query?
        Where did you put the slides of the lectures? | Where can I find the lecture slides?
        is it possible to export all messages I wrote? | How do I export my messages?
        Which license does the project have? | What licence is the project under?
        How do I get the bot a new token? | How do I rotate a bot token?
        what happens when homework is handed in late | What happens if I hand in my homework late?
        how could I block somebody? | How do I block another member?
        Can we run lyceum on windows? | Does the server run on Windows?
        how is TLS enabled | How do I turn on TLS?
        什么时候办读书会？ | 读书会什么时候开始？
        忘了密码，咋登录？ | 怎么重置密码？
        账号怎么删除？ | 怎么注销账号？
        课程不想上了，怎么退款？ | 课程可以退款吗？
        请教一下，作业在哪交？ | 作业怎么提交？
        导师什么时候答疑？ | 导师答疑时间是什么时候？
        会议室如何预约 | 会议室怎么预订？
        食堂营业到几点？ | 食堂几点关门？
        版主怎么当？ | 如何申请成为版主？
        考试时间是哪一天？ | 考试在哪天？
        机器人令牌不小心泄露了 | 机器人令牌泄露了怎么办？
        私密房间怎么建？ | 怎么创建私密房间？
        如何缩小 docker 镜像 | 怎么减小 Docker 镜像体积？
        图片可以用哪些格式 | 支持哪些图片格式？
        I want to erase my profile completely, how? | How do I delete my account?
        How can I get a receipt or invoice? | Where do I see my invoices?
        Who runs the hackathon each month? | Who organises the monthly hackathon?
        How expensive is the annual plan? | How much does the annual plan cost?
        For restoring backups, what do I do? | How do I restore a backup?
        Is there a shortcut list for my keyboard? | What keyboard shortcuts are there?
        how to pin messages | How do I pin a message?
        Can I search old messages somehow? | How do I search for an old message?
        Can the interface language be changed? | How do I change the language of the interface?
        How do I leave rooms I don't need? | How do I leave a room?
        Is there vegetarian food every day? | Is there a vegetarian dish every day?
        What is the limit for uploads? | What is the maximum size of an upload?
        How does one learn Rust from zero? | How do I learn Rust as a beginner?
        How are grades computed in the end? | How is the final grade computed?
        why does linking fail in my build | Why does my build fail with a linker error?
        怎样更换我的昵称？ | 怎么修改昵称？
        不想要账号了，如何注销 | 怎么注销账号？
        请问课程支持退费吗 | 课程可以退款吗？
        读书会都是几点？ | 读书会什么时候开始？
        年费会员收费标准是多少 | 年费会员多少钱？
        备份恢复怎么弄？ | 怎样恢复备份？
        聊天记录如何下载下来？ | 怎么导出聊天记录？
        黑名单怎么加人，想屏蔽某人 | 怎么屏蔽某个人？
        怎样邀请好友加入 | 怎么邀请朋友加入？
        有没有课程回放可以看？ | 课程有回放吗？
        考试允许带笔记进场吗？ | 考试能带笔记吗？
        验证码收不到怎么处理 | 收不到验证码怎么办？
        门禁卡去哪里办？ | 门禁卡怎么办理？
        学生认证要交什么材料？ | 学生认证需要什么材料？
        直播老是卡怎么办 | 直播卡顿怎么办？
        """

    private static let unansweredLines = """
        How do I fly to Mars?
        How do I reset my router?
        How do I delete a room?
        Where does the reading club meet?
        Who leads the reading club?
        How long does the exam take?
        Who is grading the exam?
        How much does a key card cost for visitors on weekends?
        Is there a party on Friday?
        What should we cook for dinner tonight?
        Does anybody have a spare keyboard?
        How do I change my email address?
        How do I change my profile picture?
        Which Python version do we support?
        How do I install the daemon on Fedora?
        How do I install a printer driver?
        How many backups are kept?
        Why is the server slow today?
        How do I write a good essay?
        How do I become a mentor?
        Can guests vote?
        How do I create a channel for voice calls?
        Which video formats are supported?
        How do I import messages from Slack?
        How do I delete a poll?
        How do I deploy to Kubernetes?
        Does the app run on iPhones?
        Who founded the company?
        When is the next hackathon?
        Where is the exam?
        Where can I park my car?
        How do I get a parking permit?
        What time does the library open?
        Which monitor should I buy?
        How do I learn Haskell?
        What is a good book about cooking?
        What is the difference between TCP and UDP?
        How do I undo a git push?
        How do I find a flat in Berlin?
        What is the time complexity of binary search?
        How do I schedule a message for later?
        How do I merge two accounts?
        Is the meeting room big enough for twenty people?
        Why was my message deleted?
        Can I pay the annual plan by bank transfer?
        周末去爬山吗？
        怎么学好吉他？
        这个周五放假吗？
        怎么修改邮箱？
        怎么更换头像？
        怎么删除房间？
        读书会在哪里举行？
        读书会由谁主持？
        考试要考多长时间？
        考试在哪个教室监考老师是谁？
        年费会员有什么权益？
        会员可以用微信支付吗？
        怎么申请退群？
        如何申请奖学金？
        服务器放在哪个机房？
        服务器为什么这么卡？
        备份保留几天？
        怎么删除备份？
        怎么举报老师？
        怎么创建语音频道？
        支持哪些视频格式？
        怎么导入微信聊天记录？
        怎么撤回投票？
        机器人会取代老师吗？
        可以在苹果手机上用吗？
        公司是什么时候成立的？
        下一次黑客松什么时候举办？
        课程适合小学生吗？
        作业太难了怎么办？
        会议室有投影仪吗？
        汽车停在哪里？
        食堂有清真餐吗？
        打印机怎么连接？
        学设计买什么电脑好？
        怎么学日语？
        有什么做饭方面的好书？
        TCP 和 UDP 有什么区别？
        怎么撤销 git push？
        二分查找的时间复杂度是多少？
        怎么定时发送消息？
        为什么我的消息被删了？
        手机号可以注册几个账号？
        志愿者有补贴吗？
        推荐码过期了怎么办？
        明天天气怎么样？
        How do I reset my phone?
        Where is the cafeteria?
        Who wrote the README?
        How much is the student dormitory?
        How do I delete a bot?
        How do I report a tax fraud?
        When does the gym open?
        Can I bring my dog to the office?
        What is the difference between a list and a tuple?
        How do I install Windows?
        Are the exams hard?
        Which book did Lena write?
        食堂在哪里？
        怎么重置手机？
        谁发明了机器人？
        读书会要交钱吗？
        怎么修改密码提示音？
        作业多少分及格？
        怎么开发手机游戏？
        房间可以装多少人？
        考试难不难？
        怎么删除数据库？
        课程由哪位老师讲？
        怎么申请护照？
        How do I reset the game?
        What is the name of the cafeteria?
        Who deleted my room?
        When was the project started?
        How do I cook rice?
        Where is the reception?
        Can I bring a friend to the lecture?
        How do I install Linux on my laptop?
        Which database do we use?
        Why are polls useful?
        How much memory does the daemon need?
        Do mentors get paid?
        昵称可以多长？
        账号被盗了怎么办？
        发票抬头写什么？
        读书会读什么书？
        跑步小组有多少人？
        服务器多少钱一台？
        备份加密吗？
        图片怎么压缩？
        导师怎么收费？
        考试没过怎么办？
        食堂的饭菜好吃吗？
        直播几点开始？
        志愿者几点集合？
        """
}
