// How a type looks: a colour and an outline, the same on the canvas and in the legend; and the strokes of relations.

import { svg } from "./dom.js";
import { colour } from "./theme.js";

/** Corners on the unit circle, the first straight up unless turned. */
function regular(corners, turn = 0) {
  return Array.from({ length: corners }, (_, i) => {
    const angle = (2 * Math.PI * i) / corners - Math.PI / 2 + turn;
    return [Math.cos(angle), Math.sin(angle)];
  });
}

function star(points, inner) {
  return Array.from({ length: points * 2 }, (_, i) => {
    const angle = (Math.PI * i) / points - Math.PI / 2;
    const radius = i % 2 ? inner : 1;
    return [radius * Math.cos(angle), radius * Math.sin(angle)];
  });
}

const OUTLINES = {
  circle: regular(28),
  square: [[-0.82, -0.82], [0.82, -0.82], [0.82, 0.82], [-0.82, 0.82]],
  house: [[0, -1], [0.9, -0.3], [0.9, 0.85], [-0.9, 0.85], [-0.9, -0.3]],
  hexagon: regular(6, Math.PI / 6),
  triangle: regular(3).map(([x, y]) => [x * 1.1, y * 1.1 + 0.2]),
  wedge: regular(3, Math.PI).map(([x, y]) => [x * 1.1, y * 1.1 - 0.2]),
  diamond: regular(4),
  bar: [[-1.05, -0.5], [1.05, -0.5], [1.05, 0.5], [-1.05, 0.5]],
  star: star(5, 0.5),
  page: [[-0.7, -0.95], [0.3, -0.95], [0.7, -0.5], [0.7, 0.95], [-0.7, 0.95]],
  cross: [[-0.3, -0.9], [0.3, -0.9], [0.3, -0.3], [0.9, -0.3], [0.9, 0.3], [0.3, 0.3], [0.3, 0.9], [-0.3, 0.9], [-0.3, 0.3],
    [-0.9, 0.3], [-0.9, -0.3], [-0.3, -0.3]],
};

// Local name of the class → outline, colour, hollow.
const LOOKS = {
  Person: ["circle", "person"], Group: ["circle", "group", true],
  Organization: ["square", "organization"], GovernmentOrganization: ["house", "government"],
  Country: ["hexagon", "country"], City: ["triangle", "place"], Place: ["triangle", "place", true],
  Region: ["wedge", "place"], Facility: ["wedge", "place", true], Event: ["diamond", "event"], Role: ["bar", "role"],
  Topic: ["cross", "topic"], Product: ["star", "product"], Law: ["page", "law"], Document: ["page", "other", true],
};

/** @param {string|undefined} local the local name of a class; an unknown one looks like 'other' */
export function lookOf(local) {
  const [outline, tone, hollow = false] = LOOKS[local] ?? ["hexagon", "other", true];
  return { outline: OUTLINES[outline], tone, hollow };
}

/** @param {CanvasRenderingContext2D} context @param {number[][]} outline @param {number} x @param {number} y @param {number} radius */
export function trace(context, outline, x, y, radius) {
  context.beginPath();
  outline.forEach(([dx, dy], i) => {
    if (i) context.lineTo(x + dx * radius, y + dy * radius);
    else context.moveTo(x + dx * radius, y + dy * radius);
  });
  context.closePath();
}

/** The outline as a small picture for legend, panel and search.
 * @param {string|undefined} local */
export function glyph(local) {
  const { outline, tone, hollow } = lookOf(local);
  const points = outline.map(([x, y]) => `${(x * 7).toFixed(2)},${(y * 7).toFixed(2)}`).join(" ");
  const paint = { stroke: `var(--${tone})`, fill: hollow ? "none" : `var(--${tone})`, "stroke-width": hollow ? 2.2 : 1 };
  return svg("svg", { class: "glyph", viewBox: "-9 -9 18 18", "aria-hidden": "true" }, svg("polygon", { points, ...paint }));
}

// dashes in pixels at zoom 1; `head` is vis-network's name of the arrow head.
export const STROKES = {
  fact: { dashes: false, width: 2, head: "arrow" },
  claim: { dashes: [8, 5], width: 2.3, head: "vee" },
  plan: { dashes: [2, 5], width: 2.6, head: "vee" },
  denial: { dashes: [10, 4, 2, 4], width: 2.3, head: "bar" },
};

/** @param {string} mark */
export function strokeColour(mark) {
  return colour(mark);
}

/** A short line with its head, for the legend.
 * @param {string} mark */
export function strokeGlyph(mark) {
  const { dashes } = STROKES[mark];
  const paint = { stroke: `var(--${mark})`, fill: "none", "stroke-width": mark === "fact" ? 1.8 : 2 };
  const head = { fact: "M26 2 L33 6 L26 10 Z", claim: "M27 2 L33 6 L27 10", plan: "M27 2 L33 6 L27 10", denial: "M30 1 L30 11" }[mark];
  return svg(
    "svg", { class: "stroke", viewBox: "0 0 34 12", "aria-hidden": "true" },
    svg("line", { x1: 0, y1: 6, x2: mark === "denial" ? 30 : 27, y2: 6, "stroke-dasharray": dashes ? dashes.join(" ") : null, ...paint }),
    svg("path", { d: head, ...paint, fill: mark === "fact" ? "var(--fact)" : "none" }),
  );
}
