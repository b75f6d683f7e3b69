/** Emoji by the names that `:name:` completes: the ones people react with and a good many more. */
const table = `
thumbsup 👍 +1 赞 好|thumbsdown 👎 -1 踩|heart ❤️ love 爱心|fire 🔥 火|joy 😂 laugh 笑哭|smile 😄 笑|grin 😁|wink 😉|
blush 😊|heart_eyes 😍 喜欢|thinking 🤔 思考 想|cry 😢 哭|sob 😭 大哭|angry 😠 生气|scream 😱 惊|sweat_smile 😅 汗|
sunglasses 😎 酷|tada 🎉 party 庆祝|clap 👏 鼓掌|pray 🙏 thanks 谢谢|muscle 💪 加油|ok_hand 👌 ok|wave 👋 hello 你好|
raised_hands 🙌|handshake 🤝 合作|eyes 👀 看|rocket 🚀 火箭|star ⭐ 星|sparkles ✨|zap ⚡|bulb 💡 idea 主意|
white_check_mark ✅ done 完成|x ❌ 错|warning ⚠️ 警告|question ❓ 问题|exclamation ❗|100 💯 满分|hundred 💯|
bug 🐛 虫|wrench 🔧 修|hammer 🔨|gear ⚙️|package 📦|memo 📝 note 笔记|book 📖 书|books 📚|pencil ✏️|calendar 📅 日历|
clock ⏰ 时间|hourglass ⏳ 等|lock 🔒 锁|key 🔑 钥匙|link 🔗 链接|mag 🔍 search 搜索|bell 🔔|speech_balloon 💬|
chart 📈 up 上涨|chart_down 📉 下跌|computer 💻 电脑|phone 📱 手机|camera 📷|bento 🍱|coffee ☕ 咖啡|tea 🍵 茶|beer 🍺 啤酒|
cake 🎂 birthday 生日|pizza 🍕|apple 🍎 苹果|watermelon 🍉 瓜 吃瓜|rice 🍚|dumpling 🥟 饺子|noodles 🍜 面|cat 🐱 猫|
dog 🐶 狗|panda 🐼 熊猫|dragon 🐉 龙|snail 🐌 slow|turtle 🐢|fish 🐟|bird 🐦|penguin 🐧|whale 🐳 docker|crab 🦀 rust|
snake 🐍 python|swift 🐦|gopher 🐹 go|sun ☀️ 太阳|moon 🌙|cloud ☁️ 云|rain 🌧️ 雨|snow ❄️ 雪|rainbow 🌈|earth 🌍|
tree 🌳|flower 🌸 花|rose 🌹|seedling 🌱|gift 🎁 礼物|trophy 🏆 冠军|medal 🏅|dart 🎯 目标|game 🎮 游戏|art 🎨|
music 🎵 音乐|movie 🎬|ball ⚽|runner 🏃|bike 🚲|car 🚗|train 🚆|plane ✈️|house 🏠 家|school 🏫 学校|hospital 🏥|
money 💰 钱|gem 💎|broken_heart 💔|blue_heart 💙|green_heart 💚|yellow_heart 💛|purple_heart 💜|kiss 😘|hug 🤗 抱|
shush 🤫|zzz 💤 睡|sleepy 😴|dizzy 😵|sick 🤒|mask 😷|nerd 🤓|robot 🤖 机器人|ghost 👻|skull 💀|poop 💩|clown 🤡|
facepalm 🤦 捂脸|shrug 🤷 摊手|salute 🫡 收到|melting 🫠|upside_down 🙃|relieved 😌|neutral 😐|roll_eyes 🙄|
smirk 😏|pleading 🥺|star_struck 🤩|partying 🥳|exploding 🤯|cold 🥶|hot 🥵|point_up ☝️|point_right 👉|point_left 👈|
crossed_fingers 🤞|victory ✌️|call_me 🤙|writing ✍️|fist ✊|brain 🧠|ear 👂|plus ➕|minus ➖|recycle ♻️|arrow_up ⬆️|
arrow_down ⬇️|red_circle 🔴|green_circle 🟢|yellow_circle 🟡|flag 🚩|checkered_flag 🏁|loudspeaker 📢 公告|pushpin 📌|
paperclip 📎|scissors ✂️|wastebasket 🗑️|construction 🚧|ambulance 🚑|sos 🆘|new 🆕|lantern 🏮|red_envelope 🧧 红包`;

/** @type {{name: string, emoji: string, words: string[]}[]} */
export const emojis = table.replaceAll("\n", "").split("|").map((entry) => {
  const [name, emoji, ...words] = entry.trim().split(" ");
  return { name, emoji, words };
});

/** What the reaction bar offers first. */
export const favourites = ["👍", "❤️", "😂", "🎉", "🤔", "👀", "🙏", "✅"];

const byName = new Map(emojis.map((entry) => [entry.name, entry.emoji]));

/** Entries whose name or word begins with `prefix`, and then those that hold it. @param {string} prefix @param {number} limit */
export function findEmoji(prefix, limit) {
  const wanted = prefix.toLowerCase();
  /** @param {typeof emojis[0]} entry */
  const rank = (entry) => {
    const all = [entry.name, ...entry.words];
    if (all.some((word) => word === wanted)) return 0;
    if (all.some((word) => word.startsWith(wanted))) return 1;
    return all.some((word) => word.includes(wanted)) ? 2 : 3;
  };
  return emojis
    .map((entry) => ({ entry, rank: rank(entry) }))
    .filter((found) => found.rank < 3)
    .sort((a, b) => a.rank - b.rank)
    .slice(0, limit)
    .map((found) => found.entry);
}

/** Every `:name:` that is an emoji's, replaced. @param {string} text */
export function withEmoji(text) {
  return text.replace(/:([a-z0-9_+-]+):/g, (whole, name) => byName.get(name) ?? whole);
}
