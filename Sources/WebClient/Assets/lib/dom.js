/**
 * Builds nodes. Text only ever becomes a text node; nothing here takes markup.
 *
 * @typedef {any} Child A node, a text, a number, or an array of these; nothing stands for null, undefined and false.
 */

const svgNamespace = "http://www.w3.org/2000/svg";

/**
 * An element with properties and children.
 *
 * `class` sets the class, `on` adds listeners, `data` fills the data set, names with `-` and a few others become
 * attributes, everything else becomes a property of the element.
 *
 * @param {string} tag
 * @param {Record<string, any> | null} [properties]
 * @param {...Child} children
 * @returns {any}
 */
export function h(tag, properties, ...children) {
  const element = document.createElement(tag);
  if (properties) assign(element, properties);
  append(element, children);
  return element;
}

const attributes = new Set(["role", "for", "list", "form", "lang", "dir", "autocomplete", "inputmode"]);

/**
 * @param {any} element
 * @param {Record<string, any>} properties
 */
function assign(element, properties) {
  for (const [name, value] of Object.entries(properties)) {
    if (value === undefined || value === null) continue;
    if (name === "class") element.className = value;
    else if (name === "on") listen(element, value);
    else if (name === "data") Object.assign(element.dataset, value);
    else if (name.includes("-") || attributes.has(name)) element.setAttribute(name, String(value));
    else element[name] = value;
  }
}

/**
 * @param {EventTarget} target
 * @param {Record<string, (event: any) => void>} listeners
 */
function listen(target, listeners) {
  for (const [name, listener] of Object.entries(listeners)) target.addEventListener(name, listener);
}

/**
 * @param {Node} parent
 * @param {Child[]} children
 */
export function append(parent, children) {
  for (const child of children) {
    if (child === null || child === undefined || child === false) continue;
    if (Array.isArray(child)) append(parent, child);
    else parent.appendChild(child instanceof Node ? child : document.createTextNode(String(child)));
  }
}

/**
 * Puts children in place of what an element holds.
 *
 * @param {Element} parent
 * @param {...Child} children
 */
export function fill(parent, ...children) {
  parent.replaceChildren();
  append(parent, children);
}

const paths = {
  send: "M3 20l18-8L3 4v6l12 2-12 2z",
  hash: "M9 3 7 21M17 3l-2 18M4 8.5h17M3 15.5h17",
  lock: "M6 11h12v9H6zM8.5 11V8a3.5 3.5 0 0 1 7 0v3",
  search: "M10.5 4a6.5 6.5 0 1 1 0 13 6.5 6.5 0 0 1 0-13M15.5 15.5 21 21",
  close: "M5 5l14 14M19 5 5 19",
  back: "M14 5l-7 7 7 7",
  menu: "M4 6h16M4 12h16M4 18h16",
  people:
    "M9 11a3.5 3.5 0 1 0 0-7 3.5 3.5 0 0 0 0 7M2.5 20c0-4 3-6 6.5-6s6.5 2 6.5 6M16 4.5a3.5 3.5 0 0 1 0 6.5M18 14.5c2.200.8 3.500 2.800 3.500 5.500",
  pin: "M9 3h6l-1 7 4 4H6l4-4zM12 14v7",
  thread: "M4 5h16v11H10l-4 4v-4H4z",
  smile: "M12 3a9 9 0 1 1 0 18 9 9 0 0 1 0-18M8.500 14.500c1.500 2.300 5.500 2.300 7 0M9 9.500v.5M15 9.500v.5",
  reply: "M10 5 4 11l6 6v-4c5 0 8 1.500 10 5 0-6-3.500-9.500-10-9.500z",
  edit: "M4 20l1-4L16 5l3 3L8 19z",
  trash: "M5 7h14M9 7V4h6v3M7 7l1 13h8l1-13",
  flag: "M6 21V4h11l-2 4 2 4H6",
  link: "M10 14a4 4 0 0 0 6 0l3-3a4 4 0 0 0-6-6l-1 1M14 10a4 4 0 0 0-6 0l-3 3a4 4 0 0 0 6 6l1-1",
  plus: "M12 5v14M5 12h14",
  down: "M12 5v14M6 13l6 6 6-6",
  up: "M12 19V5M6 11l6-6 6 6",
  check: "M5 12.500l4.500 4.500L19 7.500",
  clock: "M12 3a9 9 0 1 1 0 18 9 9 0 0 1 0-18M12 7v5l3 2",
  hand: "M12 3l8 3v6c0 4.500-3.500 7.500-8 9-4.500-1.500-8-4.500-8-9V6z",
  warn: "M12 4 2.500 20h19zM12 10v5M12 17.500v.5",
  bell: "M6 16V11a6 6 0 0 1 12 0v5l2 2H4zM10 20.500h4",
  cog:
    "M12 8.500a3.500 3.500 0 1 1 0 7 3.500 3.500 0 0 1 0-7M12 2.500v3M12 18.500v3M2.500 12h3M18.500 12h3M5.300 5.300l2.100 2.100M16.600 16.600l2.100 2.100M18.700 5.300l-2.100 2.100M7.400 16.600l-2.100 2.100",
  chart: "M4 20V10M10 20V4M16 20v-7M21 20H3",
  question: "M9 9a3 3 0 1 1 4.500 2.600c-1 .6-1.500 1.200-1.500 2.400M12 17.500v.5M12 3a9 9 0 1 1 0 18 9 9 0 0 1 0-18",
  ask: "M4 4.500h16v12H11l-5 4v-4H4zM9.800 8.600a2.200 2.200 0 1 1 3.200 2c-.7.4-1 .8-1 1.500M12 13.900v.2",
  star: "M12 3.500l2.600 5.600 6 .7-4.500 4.100 1.300 6-5.400-3-5.400 3 1.300-6L3.400 9.800l6-.7z",
  out: "M14 4H5v16h9M10 12h11M17 8l4 4-4 4",
  more: "M4.5 12h1.200M11.400 12h1.200M18.300 12h1.200",
  play: "M7 4.500v15l12-7.500z",
  attach: "M20 11l-8.500 8.500a5 5 0 0 1-7-7L13 4a3.500 3.500 0 0 1 5 5l-8.500 8.500a2 2 0 0 1-3-3L14 7",
};

/**
 * A line drawing, hidden from assistive technology: what it means stands beside it or in the button's label.
 *
 * @param {keyof typeof paths} name
 */
export function icon(name) {
  const svg = document.createElementNS(svgNamespace, "svg");
  svg.setAttribute("viewBox", "0 0 24 24");
  svg.setAttribute("class", "icon");
  svg.setAttribute("aria-hidden", "true");
  const path = document.createElementNS(svgNamespace, "path");
  path.setAttribute("d", paths[name]);
  svg.append(path);
  return svg;
}

/**
 * A button with a drawing and a name for those who do not see it.
 *
 * @param {keyof typeof paths} name
 * @param {string} label
 * @param {(event: any) => void} run
 * @param {string} [className]
 */
export function iconButton(name, label, run, className = "") {
  return h(
    "button",
    { type: "button", class: `icon-button ${className}`, "aria-label": label, title: label, on: { click: run } },
    icon(name),
  );
}

/**
 * A button with words.
 *
 * @param {Child} label
 * @param {(event: any) => void} run
 * @param {string} [className]
 */
export function button(label, run, className = "") {
  return h("button", { type: "button", class: className, on: { click: run } }, label);
}

/**
 * Calls `work` in the next frame, however often it was asked for, and then not again before `pause` milliseconds.
 *
 * @param {() => void} work
 * @param {number} [pause]
 */
export function onceAFrame(work, pause = 0) {
  let asked = false;
  let earliest = 0;
  const run = () => {
    if (!asked) return;
    asked = false;
    earliest = performance.now() + pause;
    work();
  };
  return () => {
    if (asked) return;
    asked = true;
    const wait = earliest - performance.now();
    // A hidden page gets no frames, and must not fall behind.
    if (document.hidden) queueMicrotask(run);
    else if (wait > 0) setTimeout(() => document.hidden ? run() : requestAnimationFrame(run), wait);
    else requestAnimationFrame(run);
  };
}

/** Between two drawings of what every message of a busy room changes, in milliseconds: faster than one reads. */
export const readingPause = 100;
