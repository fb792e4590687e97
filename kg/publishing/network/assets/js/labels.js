// Names on the canvas, as on a map: of one size at every zoom, the most central first, none over another.

import { counted, shorten } from "./dom.js";
import { sourcesOf } from "./evidence.js";
import { colour } from "./theme.js";

const SANS = '"Helvetica Neue", "Segoe UI", Roboto, "Liberation Sans", Arial, sans-serif';
export const SERIF = 'Charter, "Bitstream Charter", "Iowan Old Style", Georgia, "Liberation Serif", serif';
const MOST_NAMES = 240;
const MOST_LINKS_WITH_NAMES = 70;
const CELL = 120;

/** Boxes that are taken, in a grid of buckets. */
class Taken {
  constructor() { this.cells = new Map(); }

  *buckets(box) {
    for (let x = Math.floor(box.left / CELL); x <= Math.floor(box.right / CELL); x += 1) {
      for (let y = Math.floor(box.top / CELL); y <= Math.floor(box.bottom / CELL); y += 1) yield `${x},${y}`;
    }
  }

  add(box) {
    for (const key of this.buckets(box)) {
      if (!this.cells.has(key)) this.cells.set(key, []);
      this.cells.get(key).push(box);
    }
  }

  /** Whether `box` meets nothing but its owner and figures that matter less than `order`. */
  free(box, owner, order = Infinity) {
    for (const key of this.buckets(box)) {
      for (const other of this.cells.get(key) ?? []) {
        if (other.owner !== owner && other.order < order && box.left < other.right && other.left < box.right
          && box.top < other.bottom && other.top < box.bottom) return false;
      }
    }
    return true;
  }
}

/** Draws the names of `places` (id → {x, y}) and `links`, none under the `controls` (boxes in CSS pixels) that lie on
 *  the canvas; returns the boxes of the names, to be clicked. */
export function drawLabels(context, graph, { places, links, radius, state, scale, controls }) {
  const matrix = context.getTransform();
  const ratio = matrix.a / scale;
  const width = context.canvas.width / ratio;
  const height = context.canvas.height / ratio;
  const onScreen = ({ x, y }) => ({ x: (x * matrix.a + matrix.e) / ratio, y: (y * matrix.d + matrix.f) / ratio });
  const inside = ({ x, y }) => x > -20 && y > -20 && x < width + 20 && y < height + 20;
  context.save();
  context.setTransform(ratio, 0, 0, ratio, 0, 0);
  context.lineJoin = "round";
  const taken = new Taken();
  for (const box of controls) taken.add({ ...box, owner: null, order: -1e9 });
  const points = new Map();
  for (const [id, place] of places) {
    const point = onScreen(place);
    if (!inside(point)) continue;
    points.set(id, point);
    const r = Math.max(radius(id) * scale * (id < 0 ? 1.25 : 1), 2);
    taken.add({ left: point.x - r, right: point.x + r, top: point.y - r, bottom: point.y + r, owner: id, order: id < 0 ? -1e9 : graph.item(id).order });
  }
  const boxes = drawNames(context, graph, { points, radius, state, scale, taken, width });
  drawRelations(context, graph, { points, links, state, taken });
  context.restore();
  return boxes;
}

function drawNames(context, graph, { points, radius, state, scale, taken, width }) {
  const weight = (id) => (id === state.selected || id === state.hovered ? -1e9 : graph.item(id).order);
  const ids = [...points.keys()].filter((id) => state.near === null || state.near.has(id) || id === state.hovered);
  ids.sort((a, b) => weight(a) - weight(b));
  const boxes = [];
  let drawn = 0;
  for (const [position, id] of ids.entries()) {
    if (drawn >= MOST_NAMES) break;
    const large = state.near === null ? position < 10 : id === state.selected;
    const size = large ? (width < 600 ? 13.5 : 15) : width < 600 ? 11.5 : 12.5;
    context.font = large ? `700 ${size}px ${SERIF}` : `500 ${size}px ${SANS}`;
    const text = shorten(graph.item(id).label.replace(/\s+/g, " "), 34);
    const wide = context.measureText(text).width;
    const point = points.get(id);
    const gap = radius(id) * scale * (id < 0 ? 1.25 : 1) + 3 + (id >= 0 && id === state.selected ? 7 * scale : 0);
    const middle = Math.min(Math.max(point.x - wide / 2, 2), width - wide - 2);
    const spots = [
      [middle, point.y + gap], [middle, point.y - gap - size],
      [point.x + gap, point.y - size / 2], [point.x - gap - wide, point.y - size / 2],
      [point.x + gap * 0.6, point.y + gap * 0.6], [point.x - gap * 0.6 - wide, point.y + gap * 0.6],
      [point.x + gap * 0.6, point.y - gap * 0.6 - size], [point.x - gap * 0.6 - wide, point.y - gap * 0.6 - size],
    ];
    const asked = id === state.selected || id === state.hovered;
    // Never cut by the edge; over nothing else if that can be, else over what matters less.
    const places = spots.filter(([left]) => left >= 2 && left + wide <= width - 2)
      .map(([left, top]) => ({ left: left - 4, right: left + wide + 4, top: top - 2, bottom: top + size + 4, owner: id, order: -1e9 }));
    const box = places.find((spot) => taken.free(spot, id)) ?? places.find((spot) => taken.free(spot, id, graph.item(id).order)) ?? (asked ? places[0] : undefined);
    if (!box) continue;
    taken.add(box);
    boxes.push(box);
    write(context, text, box.left + 4, box.top + 2, colour("ink"), 4);
    drawn += 1;
  }
  return boxes;
}

function drawRelations(context, graph, { points, links, state, taken }) {
  const centre = state.selected ?? state.hovered;
  let wanted = links.filter((link) => (!link.folded || centre !== null) && points.has(link.source) && points.has(link.target) && link.source !== link.target);
  if (centre !== null) wanted = wanted.filter((link) => link.source === centre || link.target === centre);
  else if (state.near !== null) wanted = wanted.filter((link) => state.near.has(link.source) && state.near.has(link.target));
  else if (wanted.length > MOST_LINKS_WITH_NAMES) return;
  context.font = `italic 12px ${SERIF}`;
  // Claims first: whose they are must not give way to a fact's verb.
  wanted.sort((a, b) => Number(a.mark === "fact") - Number(b.mark === "fact"));
  for (const link of wanted) {
    const from = points.get(link.source);
    const to = points.get(link.target);
    const bend = (link.source < link.target ? link.bend : -link.bend) * 0.5;
    const x = (from.x + to.x) / 2 + (to.y - from.y) * bend;
    const y = (from.y + to.y) / 2 - (to.x - from.x) * bend;
    for (const text of wordings(graph, link)) {
      const wide = context.measureText(text).width;
      if (Math.hypot(to.x - from.x, to.y - from.y) < wide * 0.7 + 20) continue;
      const box = { left: x - wide / 2 - 2, right: x + wide / 2 + 2, top: y - 7, bottom: y + 8, owner: link.id, order: -1e9 };
      if (!taken.free(box, link.id)) continue;
      taken.add(box);
      write(context, text, x - wide / 2, y - 6, link.mark === "fact" ? colour("soft") : colour(link.mark), 4);
      break;
    }
  }
}

/** What may stand on a line, the fullest first: a claim with who makes it, else the relation alone. */
function wordings(graph, link) {
  if (link.folded) return [counted(link.edges.length, "relation", "relations")];
  const label = shorten(graph.properties[link.edges[0].property].label, 26);
  const more = link.edges.length > 1 ? ` +${link.edges.length - 1}` : "";
  const [source] = link.mark === "claim" || link.mark === "denial" ? sourcesOf(graph, link.edges[0]) : [];
  return source ? [`${label}, says ${shorten(source, 18)}${more}`, label + more] : [label + more];
}

function write(context, text, left, top, ink, halo) {
  context.textBaseline = "top";
  context.textAlign = "left";
  context.direction = "ltr";
  context.lineWidth = halo;
  context.strokeStyle = colour("paper");
  context.strokeText(text, left, top);
  context.fillStyle = ink;
  context.fillText(text, left, top);
}
