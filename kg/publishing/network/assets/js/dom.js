// Elements from text: the only place where the page's DOM is made. Strings become text nodes, never markup.

const SVG = "http://www.w3.org/2000/svg";

/** @param {string} tag @param {Record<string, any>} attributes @param {...(Node|string|null)} children */
export function el(tag, attributes = {}, ...children) {
  return fill(document.createElement(tag), attributes, children);
}

export function svg(tag, attributes = {}, ...children) {
  return fill(document.createElementNS(SVG, tag), attributes, children);
}

function fill(element, attributes, children) {
  for (const [name, value] of Object.entries(attributes)) {
    if (value === null || value === undefined || value === false) continue;
    if (typeof value === "function") element.addEventListener(name, value);
    else element.setAttribute(name, value === true ? "" : String(value));
  }
  element.append(...children.filter((child) => child !== null && child !== undefined));
  return element;
}

/** A name in its own writing direction, so that it cannot turn its neighbours around.
 * @param {string} text */
export function name(text) {
  return el("bdi", {}, text);
}

/** A button that reads as a link.
 * @param {string} text @param {Function} onClick @param {Record<string, any>} [attributes] */
export function textLink(text, onClick, attributes = {}) {
  return el("button", { type: "button", class: "link", click: onClick, ...attributes }, name(text));
}

/** @param {string} text @param {Function} onClick @param {Record<string, any>} [attributes] */
export function button(text, onClick, attributes = {}) {
  return el("button", { type: "button", click: onClick, ...attributes }, text);
}

/** @param {string} id */
export function byId(id) {
  return document.getElementById(id);
}

const segmenter = new Intl.Segmenter("en", { granularity: "grapheme" });

/** At most `length` characters as a reader counts them; an emoji of several parts is not torn.
 * @param {string} text @param {number} length */
export function shorten(text, length) {
  if (text.length <= length) return text;
  const kept = [];
  for (const { segment } of segmenter.segment(text)) {
    if (kept.length === length) return kept.slice(0, length - 1).join("").trimEnd() + "…";
    kept.push(segment);
  }
  return text;
}

/** "1 fact", "2 facts".
 * @param {number} number @param {string} one @param {string} many */
export function counted(number, one, many) {
  return `${number.toLocaleString("en")} ${number === 1 ? one : many}`;
}
