/**
 * First letters of Han text as pinyin spells it, by the collation that every browser carries: the first character that
 * sorts under each letter bounds it. No syllable begins with i, u or v.
 */
const bounds = [..."阿八嚓哒妸发旮哈讥咔垃妈拏噢妑七呥仨他穵夕丫帀"];
const letters = "abcdefghjklmnopqrstwxyz";
const collator = new Intl.Collator("zh-Hans-u-co-pinyin");

/** @param {string} character */
function initial(character) {
  if (!/\p{Script=Han}/u.test(character)) return character.toLowerCase();
  let low = 0;
  let high = bounds.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if (collator.compare(bounds[middle], character) <= 0) low = middle;
    else high = middle - 1;
  }
  return letters[low];
}

/** @param {string} text */
export function initials(text) {
  return [...text].map(initial).join("");
}

/**
 * How well `query` finds `text`: 0 not at all, more is better. Whole beginnings beat inner words, these beat letters in
 * order; Han text is found by itself and by its pinyin initials.
 *
 * @param {string} query
 * @param {string} text
 */
export function match(query, text) {
  const wanted = query.trim().toLowerCase();
  if (!wanted) return 1;
  return Math.max(score(wanted, text.toLowerCase()), score(wanted, initials(text)) - 5);
}

/** @param {string} wanted @param {string} text */
function score(wanted, text) {
  const at = text.indexOf(wanted);
  if (at === 0) return 100 - Math.min(40, text.length - wanted.length);
  if (at > 0) return /[\s\-_.#·]/.test(text[at - 1]) ? 60 : 40;
  let from = 0;
  for (const character of wanted) {
    from = text.indexOf(character, from) + 1;
    if (from === 0) return 0;
  }
  return 10;
}
