/// What Unicode's own data does not say about looks; small, written by hand, each line a habit of evaders.
enum LookAlikes {
    /// Letters that pass for a Latin one only inside a word that has Latin letters too.
    static let loose: [Unicode.Scalar: Character] = [
        "в": "b", "з": "e", "и": "n", "й": "n", "к": "k", "л": "n", "м": "m", "н": "h", "п": "n", "т": "t", "г": "r",
        "ц": "u", "ш": "w", "щ": "w", "ъ": "b", "ь": "b", "э": "e", "я": "r", "д": "d", "ч": "4", "ю": "o", "ф": "o",
        "α": "a", "β": "b", "δ": "d", "ε": "e", "ζ": "z", "η": "n", "θ": "o", "ι": "i", "κ": "k", "λ": "l", "μ": "u",
        "ν": "v", "π": "n", "ρ": "p", "σ": "o", "ς": "s", "τ": "t", "υ": "u", "φ": "o", "χ": "x", "ω": "w", "γ": "y",
    ]

    /// Signs that stand for a letter inside a word, whatever its language.
    static let leetSymbols: [Unicode.Scalar: Character] = [
        "@": "a", "$": "s", "!": "i", "|": "i", "€": "e", "£": "l", "¥": "y", "¢": "c", "§": "s", "∂": "d", "†": "t",
        "¡": "i", "₿": "b",
    ]

    /// Letters that a digit stands for inside a word. 2 has none that people agree on.
    static let leetDigits: [UInt32] = "oi·easgtbg".unicodeScalars.map { $0 == "·" ? 0 : $0.value }

    /// Han characters written for another because of their shape, which neither ICU's conversion nor pinyin undoes.
    static let han: [Unicode.Scalar: Unicode.Scalar] = [
        "徽": "微", "薇": "微", "葳": "微", "囗": "口", "巳": "已", "亠": "一", "囍": "喜",
        "亻": "人", "⺅": "人", "扌": "手", "氵": "水", "忄": "心",
    ]

    /// Components that together show another character: only pairs that are never written side by side as words.
    static let splitHan: [(Unicode.Scalar, Unicode.Scalar, Unicode.Scalar)] = [
        ("亻", "言", "信"), ("讠", "舌", "话"), ("讠", "炎", "谈"), ("讠", "川", "训"), ("讠", "果", "课"),
        ("亻", "寸", "付"), ("亻", "介", "价"), ("亻", "弋", "代"), ("亻", "牛", "件"), ("亻", "也", "他"),
        ("亻", "尔", "你"), ("亻", "故", "做"), ("亻", "更", "便"), ("亻", "昔", "借"),
        ("扌", "戈", "找"), ("扌", "由", "抽"), ("扌", "殳", "投"), ("扌", "妾", "接"), ("扌", "隹", "推"),
        ("扌", "丁", "打"), ("扌", "包", "抱"), ("扌", "非", "排"), ("扌", "彐", "扫"),
        ("氵", "每", "海"), ("氵", "去", "法"), ("氵", "主", "注"), ("氵", "舌", "活"), ("氵", "兄", "况"),
        ("钅", "戋", "钱"), ("钅", "艮", "银"), ("钅", "肖", "销"), ("饣", "反", "饭"),
        ("纟", "工", "红"), ("纟", "及", "级"), ("纟", "合", "给"), ("纟", "吉", "结"),
        ("忄", "青", "情"), ("忄", "夬", "快"), ("犭", "句", "狗"), ("犭", "者", "猪"),
        ("艹", "化", "花"), ("艹", "早", "草"), ("宀", "女", "安"), ("辶", "寸", "过"), ("辶", "关", "送"),
        ("辶", "米", "迷"), ("辶", "斤", "近"), ("阝", "可", "阿"), ("礻", "畐", "福"), ("礻", "申", "神"),
        ("冫", "欠", "次"), ("冫", "中", "冲"), ("禾", "刂", "利"), ("贝", "兼", "赚"),
    ]

    /// Signs that are ordinary between two words even without a space, so that they do not join what stands beside them.
    static let ordinaryBetweenWords: Set<Unicode.Scalar> = [
        "(", ")", "[", "]", "{", "}", "<", ">", "/", "\\", "\"", "&", "=", "#", "%", "“", "”", "‘", "「", "」", "『", "』",
        "【", "】", "《", "》", "〈", "〉", "（", "）", "［", "］", "｛", "｝", "〔", "〕", "、", "／", "＃", "＆", "＝",
        "—", "–", "…", "@", "$", "＠", "＄",
    ]

    /// What ends a sentence or a clause besides Unicode's Sentence_Terminal.
    static let clauseEnds: Set<Unicode.Scalar> = [",", ";", ":", "，", "；", "：", "、", "!", "?", "！", "？", "。", "｡", "､"]
}

extension LookAlikes {
    /// Han numerals that stand for a digit in a row of digits.
    static let numerals: [Unicode.Scalar: UInt8] = [
        "〇": 0, "零": 0, "一": 1, "幺": 1, "弌": 1, "二": 2, "弍": 2, "三": 3, "弎": 3, "四": 4, "五": 5, "六": 6,
        "七": 7, "八": 8, "九": 9, "壹": 1, "贰": 2, "貳": 2, "叁": 3, "肆": 4, "伍": 5, "陆": 6, "陸": 6, "柒": 7,
        "捌": 8, "玖": 9,
    ]

    /// Those of them that are hardly ever written for anything but a digit.
    static let formalNumerals: Set<Unicode.Scalar> = ["壹", "贰", "貳", "叁", "肆", "柒", "捌", "玖"]
}
