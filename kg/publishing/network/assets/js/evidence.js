// A relation as words, and the sentences behind it.

import { MARK_NAMES } from "./data.js";
import { el, name, textLink } from "./dom.js";
import { findMentions, withMentions } from "./mentions.js";

const NARRATED = { Planned: "planned", Desired: "wished for", Obliged: "required", Possible: "possible", Hypothetical: "hypothetical" };

/** "Claim", "Plan (possible) · denied": how a relation stands, in words.
 * @param {import("./data.js").Edge} edge */
export function standing(edge) {
  const words = [];
  if (edge.polarity === "Negative") words.push(edge.status === "Claimed" ? "Denied" : "Did not happen");
  if (edge.modality !== "Actual") words.push(words.length ? NARRATED[edge.modality] : capital(NARRATED[edge.modality]));
  if (edge.status === "Claimed" && edge.polarity !== "Negative") words.push(words.length ? "claimed" : "Claimed");
  return words.length ? words.join(", ") : MARK_NAMES.fact;
}

const capital = (text) => text[0].toUpperCase() + text.slice(1);

/** Who says it, over all sentences: names, or empty where nobody is named.
 * @param {import("./data.js").Graph} graph @param {import("./data.js").Edge} edge */
export function sourcesOf(graph, edge) {
  const names = edge.evidence.map((found) => (found.by === null ? found.byName : graph.nodes[found.by].label));
  return [...new Set(names.filter(Boolean))];
}

/** "12 May 2025", "May 2025", "2025"; anything else stays as it is.
 * @param {?string|undefined} iso */
export function readableDate(iso) {
  const match = /^(-?\d{4})(?:-(\d\d))?(?:-(\d\d))?/.exec(iso ?? "");
  if (!match) return iso ?? "";
  const months = "January February March April May June July August September October November December".split(" ");
  return [match[3] && Number(match[3]), match[2] && months[Number(match[2]) - 1], match[1]].filter(Boolean).join(" ");
}

/** @param {import("./data.js").Edge} edge */
export function readableValue(edge) {
  return /date|gYear|gYearMonth/.test(edge.datatype ?? "") ? readableDate(edge.value) : edge.value;
}

/** Other end, verb and this end as one line; `from` is the node whose panel it stands in (null: none).
 * @param {import("./data.js").Graph} graph @param {import("./data.js").Edge} edge @param {Record<string, Function>} on @param {?number} [from] */
export function tripleLine(graph, edge, on, from = null) {
  const party = (id) => (id === from ? el("b", {}, name(graph.nodes[id].label)) : textLink(graph.nodes[id].label, () => on.openNode(id)));
  return el(
    "div", { class: "triple" }, party(edge.source),
    el("span", { class: "verb" }, ` ${edge.polarity === "Negative" ? "not: " : ""}${graph.properties[edge.property].label} `),
    edge.target === null ? name(readableValue(edge)) : party(edge.target),
  );
}

/** The sentence with the names of the relation's entities, and its value, marked. */
function marked(graph, edge, found) {
  const ids = [edge.source, edge.target, found.by].filter((id) => id !== null);
  const known = ids.map((id) => ({ id, names: [graph.nodes[id].label, ...graph.nodes[id].aliases] }));
  if (edge.value && edge.value.length < 40) known.push({ id: -1, names: [edge.value, readableValue(edge)] });
  return withMentions(found.sentence, findMentions(found.sentence, known), (words) => el("mark", {}, words));
}

function sentenceBlock(graph, edge, found, on) {
  const entry = graph.documents[found.document];
  const by = found.by === null ? found.byName && name(found.byName) : textLink(graph.nodes[found.by].label, () => on.openNode(found.by));
  const when = found.time ? readableDate(found.time)
    : [found.from && `from ${readableDate(found.from)}`, found.until && `until ${readableDate(found.until)}`].filter(Boolean).join(" ");
  return el(
    "div", { class: "evidence" },
    el("blockquote", { class: edge.mark, dir: "auto" }, ...marked(graph, edge, found)),
    el(
      "div", { class: "origin" },
      edge.mark === "fact" ? null : el("span", { class: `standing ${edge.mark}` }, standing(edge)),
      by ? el("span", {}, "says ", by) : null,
      when ? el("span", {}, when) : null,
      found.place ? el("span", {}, "in ", name(found.place)) : null,
      textLink(entry.title, () => on.openSentence(found.document, found.begin), { title: "Read it in the document" }),
      entry.date ? el("span", {}, readableDate(entry.date)) : null,
      found.confidence === null ? null : el("span", { title: "Confidence of the extraction" }, `${Math.round(found.confidence * 100)} % sure`),
    ),
  );
}

/** A relation with its evidence: the first sentence at once, the others on demand.
 * @param {import("./data.js").Graph} graph @param {import("./data.js").Edge} edge @param {Record<string, Function>} on @param {?number} [from] */
export function relationEntry(graph, edge, on, from = null) {
  const [first, ...rest] = edge.evidence;
  const more = rest.length
    ? el("details", {}, el("summary", {}, `${rest.length} more ${rest.length === 1 ? "sentence" : "sentences"}`),
      ...rest.slice(0, 60).map((found) => sentenceBlock(graph, edge, found, on)))
    : null;
  return el(
    "div", { class: "entry" }, tripleLine(graph, edge, on, from),
    first ? sentenceBlock(graph, edge, first, on) : el("p", { class: "quiet" }, "No sentence of its own stands behind this relation."), more,
  );
}
