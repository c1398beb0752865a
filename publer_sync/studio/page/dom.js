/** Finding and making elements, and what page.js lends. */

/** @type {import("./types.js").CalendarPage} */
export const page = /** @type {any} */ (window).calendarPage;

/**
 * The first element that fits; an error where there is none.
 * @template {Element} [E=HTMLElement]
 * @param {string} selector
 * @param {ParentNode} [inside]
 * @param {new () => E} [_type]
 * @returns {E}
 */
export function find(selector, inside = document, _type) {
  const found = inside.querySelector(selector);
  if (!found) throw new Error(`nothing fits ${selector}`);
  return /** @type {E} */ (found);
}

/**
 * @param {string} selector
 * @param {ParentNode} [inside]
 * @returns {HTMLElement[]}
 */
export function all(selector, inside = document) {
  return [...inside.querySelectorAll(selector)].filter((each) => each instanceof HTMLElement);
}

/**
 * An element. A function is a listener for the event of that name, true is an attribute without a value, and false, null
 * and undefined leave the attribute out.
 * @template {keyof HTMLElementTagNameMap} K
 * @param {K} tag
 * @param {Record<string, unknown>} [attributes]
 * @param {...(Node | string | null)} children
 * @returns {HTMLElementTagNameMap[K]}
 */
export function make(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (typeof value === "function") element.addEventListener(name, /** @type {EventListener} */ (value));
    else if (value === true) element.setAttribute(name, "");
    else if (value !== false && value !== null && value !== undefined) element.setAttribute(name, String(value));
  }
  element.append(...children.filter((each) => each !== null));
  return element;
}

/**
 * @param {string} words
 * @param {() => void} press
 * @param {Record<string, unknown>} [more]
 */
export function button(words, press, more = {}) {
  return make("button", { type: "button", click: press, ...more }, words);
}

let made = 0;

/** A name for an element that others refer to. */
export function fresh(/** @type {string} */ name) {
  made += 1;
  return `${name}-${made}`;
}

/** @param {number} number @param {string} one @param {string} [many] */
export function count(number, one, many = `${one}s`) {
  return `${number.toLocaleString("en")} ${number === 1 ? one : many}`;
}

/**
 * Runs it once nothing has asked again for that long.
 * @param {number} milliseconds
 * @param {() => void} run
 */
export function settled(milliseconds, run) {
  let waiting = 0;
  return () => {
    clearTimeout(waiting);
    waiting = window.setTimeout(run, milliseconds);
  };
}

/** `Thu 4 Mar, 09:00`, as people write it. @param {{ day: string, time: string }} place */
export const spokenPlace = ({ day, time }) => `${page.days.named(day).slice(0, 3)} ${page.days.short(day)}${time ? `, ${time}` : ""}`;
