/// Which host names exist and which part of them somebody registered.
///
/// A short list by hand instead of the Public Suffix List (250 kB, renewed weekly): moderation needs the suffixes under
/// which strangers register, and a wrong cut of a rare one only makes a rule say the longer name.
enum DomainNames {
    static let genericTopLevel: Set<String> = Set(
        """
        com net org info biz edu gov mil int name pro mobi asia tel jobs travel cat museum aero coop post arpa
        app dev page blog shop store online site website web space tech cloud host press news live life world today
        xyz top vip club win bid loan men date trade review stream download racing party science work click link help
        fun icu cyou rest bar buzz monster quest sbs cfd lol lat ink wang ltd group ren red pub kim wiki design art
        game games bet casino poker porn xxx adult sex cam webcam dating chat social network media video movie film
        finance money cash fund capital bank loans credit market markets exchange company agency services solutions
        center academy school university health care clinic email support team zone city center center plus guru rocks
        tips cool best love one global digital systems software run express delivery taxi tours vacations bio eco
        """.split(whereSeparator: \.isWhitespace).map(String.init))

    static let countryTopLevel: Set<String> = Set(
        """
        ac ad ae af ag ai al am ao ar as at au aw ax az ba bb bd be bf bg bh bi bj bm bn bo br bs bt bw by bz ca cc cd
        cf cg ch ci ck cl cm cn co cr cu cv cw cx cy cz de dj dk dm do dz ec ee eg er es et eu fi fj fk fm fo fr ga gd
        ge gf gg gh gi gl gm gn gp gq gr gs gt gu gw gy hk hm hn hr ht hu id ie il im in io iq ir is it je jm jo jp ke
        kg kh ki km kn kp kr kw ky kz la lb lc li lk lr ls lt lu lv ly ma mc md me mg mh mk ml mm mn mo mp mq mr ms mt
        mu mv mw mx my mz na nc ne nf ng ni nl no np nr nu nz om pa pe pf pg ph pk pl pm pn pr ps pt pw py qa re ro rs
        ru rw sa sb sc sd se sg sh si sk sl sm sn so sr ss st su sv sx sy sz tc td tf tg th tj tk tl tm tn to tr tt tv
        tw tz ua ug uk us uy uz va vc ve vg vi vn vu wf ws ye yt za zm zw
        """.split(whereSeparator: \.isWhitespace).map(String.init))

    /// Top-level domains in other scripts that are in use for Chinese.
    static let hanTopLevel: Set<String> = ["中国", "公司", "网络", "网址", "网店", "商城", "在线", "中文网", "集团", "我爱你", "香港", "台湾"]

    /// Also words or file suffixes, so that they make a link only with a scheme, a path or `www.` (`node.js` is none).
    static let ambiguousTopLevel: Set<String> = [
        "is", "it", "in", "so", "me", "to", "my", "be", "no", "at", "as", "am", "by", "do", "us", "id", "name", "one",
        "py", "md", "sh", "rs", "pl", "ps", "mm", "pm", "sc", "la", "ma", "pa", "hm", "na", "run", "date", "post",
        "live",
        "best", "love", "life", "work", "help", "link", "click", "cool", "world", "today", "app", "page", "email",
        "team",
    ]

    /// Top-level domains that are looked for behind " dot " or 点.
    static let disguisable: Set<String> = [
        "com", "net", "org", "cn", "io", "xyz", "top", "vip", "cc", "info", "ru", "club", "site", "shop", "tv", "co",
        "me",
    ]

    /// Hosts of two labels that count as links without a path although their top level is ambiguous.
    static let knownHosts: Set<String> = ["t.me", "youtu.be", "wa.me", "line.me", "about.me", "is.gd", "ow.ly"]

    /// Suffixes of two labels under which others register.
    static let twoLabelSuffixes: Set<String> = Set(
        """
        com.cn net.cn org.cn gov.cn edu.cn ac.cn co.uk org.uk ac.uk gov.uk me.uk ltd.uk com.au net.au org.au edu.au
        gov.au co.jp ne.jp or.jp ac.jp go.jp co.kr or.kr ac.kr com.tw org.tw net.tw edu.tw gov.tw idv.tw com.hk org.hk
        net.hk edu.hk gov.hk com.mo com.sg edu.sg gov.sg com.my net.my com.br net.br org.br gov.br co.in net.in org.in
        firm.in co.nz org.nz co.za org.za com.tr com.mx com.ar com.co com.vn co.id co.th in.th com.ph com.ua com.ru
        co.il org.il com.pl com.sa com.eg com.ng com.pk com.bd eu.org us.com uk.com cn.com
        github.io gitlab.io vercel.app netlify.app pages.dev workers.dev herokuapp.com blogspot.com web.app
        firebaseapp.com ngrok.io ngrok.app wordpress.com weebly.com wixsite.com azurewebsites.net cloudfront.net r2.dev
        glitch.me surge.sh fly.dev onrender.com replit.app gitee.io myshopify.com tumblr.com substack.com
        """.split(whereSeparator: \.isWhitespace).map(String.init))

    static func isTopLevel(_ label: String) -> Bool {
        genericTopLevel.contains(label) || countryTopLevel.contains(label) || hanTopLevel.contains(label)
            || (label.hasPrefix("xn--") && label.utf8.count > 5)
    }

    /// The public suffix of an ASCII host and one label before it; the host itself if it is an address.
    static func registeredDomain(of host: String) -> String {
        let labels = host.split(separator: ".")
        guard labels.count > 2, labels.last?.allSatisfy(\.isNumber) == false else { return host }
        let take = twoLabelSuffixes.contains(labels.suffix(2).joined(separator: ".")) ? 3 : 2
        return labels.suffix(take).joined(separator: ".")
    }
}
