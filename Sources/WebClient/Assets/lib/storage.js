/**
 * The browser's storage, which may be forbidden or full. What cannot be kept there is kept in memory, and the one who
 * asks is told, so that nothing is lost without a word.
 */

/** @type {Map<string, string>} */
const memory = new Map();
let works = true;

export const storage = {
  /** False once something could not be stored; it then lives as long as the page. */
  get works() {
    return works;
  },

  /** @param {string} key @returns {any} */
  get(key) {
    try {
      const text = memory.get(key) ?? localStorage.getItem(`lyceum.${key}`);
      return text === null || text === undefined ? undefined : JSON.parse(text);
    } catch {
      works = false;
      return undefined;
    }
  },

  /** @param {string} key @param {any} value @returns {boolean} Whether it will be there after a reload. */
  set(key, value) {
    const text = JSON.stringify(value);
    try {
      localStorage.setItem(`lyceum.${key}`, text);
      memory.delete(key);
      return true;
    } catch {
      works = false;
      memory.set(key, text);
      return false;
    }
  },

  /** @param {string} key */
  remove(key) {
    memory.delete(key);
    try {
      localStorage.removeItem(`lyceum.${key}`);
    } catch {
      works = false;
    }
  },

  /** Every key that begins with `prefix`. @param {string} prefix */
  keys(prefix) {
    const found = new Set([...memory.keys()].filter((key) => key.startsWith(prefix)));
    try {
      for (let index = 0; index < localStorage.length; index += 1) {
        const key = localStorage.key(index) ?? "";
        if (key.startsWith(`lyceum.${prefix}`)) found.add(key.slice("lyceum.".length));
      }
    } catch {
      works = false;
    }
    return [...found];
  },
};
