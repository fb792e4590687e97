// What the reader can take away: the picture (PNG, SVG), the rows (CSV), the shown graph (Turtle).

import { el, shorten, svg } from "./dom.js";
import { STROKES, lookOf } from "./shapes.js";
import { colour } from "./theme.js";

const KG = "https://kg.example.org/ontology#";
const NS = {
  kg: KG, rdf: "http://www.w3.org/1999/02/22-rdf-syntax-ns#", rdfs: "http://www.w3.org/2000/01/rdf-schema#",
  xsd: "http://www.w3.org/2001/XMLSchema#", prov: "http://www.w3.org/ns/prov#",
};

/** @param {string} fileName @param {Blob|string} content @param {string} [type] */
export function save(fileName, content, type = "") {
  const blob = content instanceof Blob ? content : new Blob([content], { type });
  const url = URL.createObjectURL(blob);
  const link = el("a", { href: url, download: fileName });
  document.body.append(link);
  link.click();
  link.remove();
  setTimeout(() => URL.revokeObjectURL(url), 10000);
}

/** @param {import("./data.js").Graph} graph */
export function fileStem(graph) {
  return graph.title.normalize("NFKD").replace(/[^\p{L}\p{N}]+/gu, "-").replace(/^-|-$/g, "").toLowerCase().slice(0, 60) || "graph";
}

/** The canvas as it stands, with title, on paper of the theme.
 * @param {import("./data.js").Graph} graph @param {HTMLElement} container @param {BlobCallback} then */
export function toPng(graph, container, then) {
  const source = container.querySelector("canvas");
  const ratio = source.width / source.clientWidth;
  const head = 54 * ratio;
  const picture = el("canvas", { width: source.width, height: source.height + head });
  const context = picture.getContext("2d");
  context.fillStyle = colour("paper");
  context.fillRect(0, 0, picture.width, picture.height);
  context.fillStyle = colour("ink");
  context.font = `700 ${22 * ratio}px Georgia, "Liberation Serif", serif`;
  context.fillText(shorten(graph.title, 70), 20 * ratio, 35 * ratio);
  context.drawImage(source, 0, head);
  picture.toBlob(then, "image/png");
}

/** The canvas as a drawing that can be scaled; `places` and `links` are those shown. */
export function toSvg(graph, { places, links, radius }) {
  const all = [...places.values()];
  const left = all.reduce((low, place) => Math.min(low, place.x), 0) - 140;
  const top = all.reduce((low, place) => Math.min(low, place.y), 0) - 90;
  const right = all.reduce((high, place) => Math.max(high, place.x), 0) + 140;
  const bottom = all.reduce((high, place) => Math.max(high, place.y), 0) + 60;
  const lines = links.filter((link) => places.has(link.source) && places.has(link.target)).map((link) => {
    const [a, b] = [places.get(link.source), places.get(link.target)];
    const bend = (link.source < link.target ? link.bend : -link.bend);
    const control = [(a.x + b.x) / 2 + (b.y - a.y) * bend, (a.y + b.y) / 2 - (b.x - a.x) * bend];
    const { dashes, width } = STROKES[link.mark];
    return svg("path", {
      d: `M${a.x} ${a.y} Q${control[0].toFixed(1)} ${control[1].toFixed(1)} ${b.x} ${b.y}`, fill: "none", stroke: colour(link.mark),
      "stroke-width": width, "stroke-dasharray": dashes ? dashes.join(" ") : null,
    });
  });
  const figures = [...places].map(([id, { x, y }]) => {
    const { outline, tone, hollow } = id < 0 ? { ...lookOf("Person"), tone: "soft", hollow: true } : lookOf(graph.types[graph.nodes[id].types[0]]?.local);
    const r = radius(id);
    return svg(
      "g", {},
      svg("polygon", {
        points: outline.map(([dx, dy]) => `${(x + dx * r).toFixed(1)},${(y + dy * r).toFixed(1)}`).join(" "),
        fill: hollow ? colour("paper") : colour(tone), stroke: hollow ? colour(tone) : colour("paper"), "stroke-width": 2,
      }),
      svg("text", {
        x, y: y + r + 14, "text-anchor": "middle", "font-family": "Helvetica, Arial, sans-serif", "font-size": 12.5, fill: colour("ink"),
        stroke: colour("paper"), "stroke-width": 3, "paint-order": "stroke",
      }, shorten(graph.item(id).label, 34)),
    );
  });
  const root = svg(
    "svg", { viewBox: `${left} ${top} ${right - left} ${bottom - top}` },
    svg("title", {}, graph.title),
    svg("rect", { x: left, y: top, width: right - left, height: bottom - top, fill: colour("paper") }), ...lines, ...figures,
  );
  return new XMLSerializer().serializeToString(root);
}

const LOCAL = /^[\p{L}\p{N}_](?:[\p{L}\p{N}_-]*[\p{L}\p{N}_-])?$/u;

function term(iri, prefixes) {
  for (const [prefix, namespace] of Object.entries(prefixes)) {
    if (iri.startsWith(namespace) && LOCAL.test(iri.slice(namespace.length))) return `${prefix}:${iri.slice(namespace.length)}`;
  }
  return `<${iri.replace(/[\u0000-\u0020<>"{}|^`\\]/g, (c) => `\\u${c.codePointAt(0).toString(16).padStart(4, "0")}`)}>`;
}

function literal(text, datatype = null, prefixes = {}) {
  const escapes = { "\\": "\\\\", '"': '\\"', "\n": "\\n", "\r": "\\r", "\t": "\\t" };
  const quoted = `"${text.replace(/[\\"\n\r\t]/g, (c) => escapes[c])}"`;
  return datatype && datatype !== `${NS.xsd}string` ? `${quoted}^^${term(datatype, prefixes)}` : quoted;
}

/** A date as the graph has it: with the datatype of its precision. */
function dated(iso, prefixes) {
  if (!iso) return null;
  const kind = /^-?\d{4}$/.test(iso) ? "gYear" : /^-?\d{4}-\d\d$/.test(iso) ? "gYearMonth" : /^-?\d{4}-\d\d-\d\d$/.test(iso) ? "date" : null;
  return literal(iso, kind && `${NS.xsd}${kind}`, prefixes);
}

/** Entities and relations as Turtle: facts as plain triples, all else as statements with what they rest on.
 * @param {import("./data.js").Graph} graph @param {number[]} ids @param {import("./data.js").Edge[]} edges */
export function toTurtle(graph, ids, edges) {
  const prefixes = { ...graph.prefixes, ...NS };
  const short = (iri) => term(iri, prefixes);
  const lines = Object.entries(prefixes).map(([prefix, namespace]) => `@prefix ${prefix}: <${namespace}> .`);
  lines.push("");
  for (const id of ids) {
    const node = graph.nodes[id];
    const types = node.types.map((type) => short(graph.types[type].iri)).join(", ");
    lines.push(`${short(node.iri)} rdfs:label ${literal(node.label)}${types ? ` ; a ${types}` : ""} .`);
  }
  for (const edge of edges) {
    const object = edge.target === null ? literal(edge.value, edge.datatype, prefixes) : short(graph.nodes[edge.target].iri);
    const [subject, predicate] = [short(graph.nodes[edge.source].iri), short(graph.properties[edge.property].iri)];
    if (edge.mark === "fact") lines.push(`${subject} ${predicate} ${object} .`);
    for (const found of edge.evidence) {
      const more = [
        ["attributedTo", found.by === null ? null : short(graph.nodes[found.by].iri)], ["time", dated(found.time, prefixes)],
        ["startTime", dated(found.from, prefixes)], ["endTime", dated(found.until, prefixes)], ["confidence", found.confidence],
      ].filter(([, value]) => value !== null).map(([property, value]) => ` ; kg:${property} ${value}`);
      lines.push(
        `${short(found.statement)} a kg:Statement ; rdf:subject ${subject} ; rdf:predicate ${predicate} ; rdf:object ${object} ;`,
        `    kg:status kg:${edge.status} ; kg:modality kg:${edge.modality} ; kg:polarity kg:${edge.polarity}${more.join("")} ;`,
        `    prov:wasDerivedFrom ${short(graph.documents[found.document].iri)} ; rdfs:comment ${literal(found.sentence)} .`,
      );
    }
  }
  return lines.join("\n") + "\n";
}
