/**
 * QR codes (ISO/IEC 18004:2015) for addresses: bytes, error correction level M, versions 1 to 6,
 * which hold 106 bytes.
 *
 * Differs from the standard in one thing: the mask is always the first. The standard tries all eight and takes the one
 * that a poor scanner reads most easily; on a screen every one is read.
 */

/** Words of error correction in a block, and blocks, by version (table 9, level M). */
const correction = [10, 16, 26, 18, 24, 16];
const blocks = [1, 1, 1, 2, 2, 4];

/** Words of a version in all: its modules without the patterns (table 1), eight to a word. @param {number} version */
function capacity(version) {
  const size = 17 + 4 * version;
  const patterns = 3 * 64 + 2 * (size - 16) + 31 + (version === 1 ? 0 : 25);
  return Math.floor((size * size - patterns) / 8);
}

/** @param {number} version */
function room(version) {
  return capacity(version) - correction[version - 1] * blocks[version - 1];
}

/** Rows of dark and light modules; nothing for a text that is too long. @param {string} text @returns {boolean[][] | null} */
export function qrCode(text) {
  const bytes = new TextEncoder().encode(text);
  const version = correction.findIndex((_, index) => room(index + 1) >= bytes.length + 2) + 1;
  if (version === 0) return null;
  const grid = new Grid(version);
  grid.fill(interleaved(words(bytes, room(version)), version));
  return grid.modules;
}

/** Mode, length, bytes, end and padding (section 7.4). @param {Uint8Array} bytes @param {number} length */
function words(bytes, length) {
  const nibbles = [4, bytes.length >> 4, bytes.length & 15, ...[...bytes].flatMap((byte) => [byte >> 4, byte & 15]), 0];
  const made = [];
  for (let at = 0; at < nibbles.length; at += 2) made.push(nibbles[at] << 4 | nibbles[at + 1]);
  for (let pad = 0xec; made.length < length; pad ^= 0xec ^ 0x11) made.push(pad);
  return made;
}

/** Blocks with their error correction, word by word in turn (section 7.6). @param {number[]} data @param {number} version */
function interleaved(data, version) {
  const [count, degree] = [blocks[version - 1], correction[version - 1]];
  const short = Math.floor(data.length / count);
  const divisor = generator(degree);
  const parts = [];
  for (let index = 0, at = 0; index < count; index += 1) {
    const length = short + (index < count - data.length % count ? 0 : 1);
    parts.push(data.slice(at, at + length));
    at += length;
  }
  const tails = parts.map((part) => remainder(part, divisor));
  /** @param {number[][]} lists */
  const inTurn = (lists) =>
    Array.from(
      { length: Math.max(...lists.map((list) => list.length)) },
      (_, index) => lists.filter((list) => index < list.length).map((list) => list[index]),
    ).flat();
  return [...inTurn(parts), ...inTurn(tails)];
}

/** Product in the field of 256 elements by x⁸ + x⁴ + x³ + x² + 1. @param {number} a @param {number} b */
function times(a, b) {
  let product = 0;
  for (let bit = 7; bit >= 0; bit -= 1) product = product << 1 ^ (product >> 7) * 0x11d ^ (b >> bit & 1) * a;
  return product;
}

/** The generator polynomial of a Reed–Solomon code, without its leading 1. @param {number} degree */
function generator(degree) {
  const made = [...Array(degree - 1).fill(0), 1];
  for (let step = 0, root = 1; step < degree; step += 1, root = times(root, 2)) {
    for (let at = 0; at < degree; at += 1) made[at] = times(made[at], root) ^ (made[at + 1] ?? 0);
  }
  return made;
}

/** @param {number[]} data @param {number[]} divisor */
function remainder(data, divisor) {
  const rest = divisor.map(() => 0);
  for (const word of data) {
    const factor = word ^ Number(rest.shift());
    rest.push(0);
    divisor.forEach((coefficient, at) => rest[at] ^= times(coefficient, factor));
  }
  return rest;
}

const svg = "http://www.w3.org/2000/svg";
/** Light modules round the square (section 6.3.8). */
const quiet = 4;

/** The code as a drawing; nothing for a text that is too long. @param {string} text @param {string} label */
export function qrView(text, label) {
  const rows = qrCode(text);
  if (!rows) return null;
  const size = rows.length + 2 * quiet;
  const steps = rows.flatMap((row, y) => row.map((dark, x) => dark ? `M${x + quiet} ${y + quiet}h1v1h-1z` : ""));
  const view = document.createElementNS(svg, "svg");
  const path = document.createElementNS(svg, "path");
  for (const [name, value] of Object.entries({ viewBox: `0 0 ${size} ${size}`, class: "qr", role: "img" })) {
    view.setAttribute(name, value);
  }
  view.setAttribute("aria-label", label);
  path.setAttribute("d", steps.join(""));
  view.append(path);
  return view;
}

/** The square of modules: patterns that tell where it is (section 6.3), and data round them. */
class Grid {
  /** @param {number} version */
  constructor(version) {
    this.size = 17 + 4 * version;
    /** @type {boolean[][]} */
    this.modules = Array.from({ length: this.size }, () => Array(this.size).fill(false));
    /** Those that hold no data. @type {boolean[][]} */
    this.fixed = this.modules.map((row) => [...row]);
    for (let at = 0; at < this.size; at += 1) {
      this.#set(6, at, at % 2 === 0);
      this.#set(at, 6, at % 2 === 0);
    }
    const far = this.size - 4;
    for (const [x, y] of [[3, 3], [far, 3], [3, far]]) this.#square(x, y, 4, (ring) => ring !== 2 && ring !== 4);
    if (version > 1) this.#square(this.size - 7, this.size - 7, 2, (ring) => ring !== 1);
    this.#format();
  }

  /** @param {number} x @param {number} y @param {boolean} dark */
  #set(x, y, dark) {
    if (!this.modules[y] || x < 0 || x >= this.size) return;
    this.modules[y][x] = dark;
    this.fixed[y][x] = true;
  }

  /** @param {number} x @param {number} y @param {number} reach @param {(ring: number) => boolean} isDark */
  #square(x, y, reach, isDark) {
    for (let dy = -reach; dy <= reach; dy += 1) {
      for (let dx = -reach; dx <= reach; dx += 1) {
        this.#set(x + dx, y + dy, isDark(Math.max(Math.abs(dx), Math.abs(dy))));
      }
    }
  }

  /** Level M and the first mask, twice, under their own code (section 7.9): all zeros, so that only its mask is left. */
  #format() {
    const bit = (/** @type {number} */ at) => (0x5412 >> at & 1) === 1;
    const { size } = this;
    for (let at = 0; at < 15; at += 1) {
      if (at < 8) this.#set(8, at < 6 ? at : at + 1, bit(at));
      else this.#set(at === 8 ? 7 : 14 - at, 8, bit(at));
      if (at < 8) this.#set(size - 1 - at, 8, bit(at));
      else this.#set(8, size - 15 + at, bit(at));
    }
    this.#set(8, size - 8, true);
  }

  /** Two columns at a time from the right, up and down in turn, under the mask (sections 7.7 and 7.8). @param {number[]} data */
  fill(data) {
    let at = 0;
    for (let right = this.size - 1; right > 0; right -= right === 8 ? 3 : 2) {
      const isUp = (right > 6 ? right : right + 1) % 4 === 0;
      for (let step = 0; step < this.size; step += 1) {
        const y = isUp ? this.size - 1 - step : step;
        for (const x of [right, right - 1]) {
          if (this.fixed[y][x]) continue;
          const isSet = ((data[at >> 3] ?? 0) >> (7 - at % 8) & 1) === 1;
          this.modules[y][x] = isSet !== ((x + y) % 2 === 0);
          at += 1;
        }
      }
    }
  }
}
