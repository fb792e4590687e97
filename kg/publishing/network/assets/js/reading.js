// The reading view: a document's text with its mentions marked, and a number behind every sentence that carries statements.

import { addressOf } from "./address.js";
import { MARKS } from "./data.js";
import { button, byId, counted, el, name } from "./dom.js";
import { readableDate } from "./evidence.js";
import { findMentions, withMentions } from "./mentions.js";
import { shortLine } from "./panel.js";
import { lookOf } from "./shapes.js";

/** Sentences in reading order; of overlapping ones the longer stays and takes the relations of the others.
 * @param {import("./data.js").Document} entry @returns {import("./data.js").Sentence[]} */
export function stretches(entry) {
  const sorted = [...entry.sentences.values()].sort((a, b) => a.begin - b.begin || b.end - a.end);
  const kept = [];
  for (const sentence of sorted) {
    const last = kept[kept.length - 1];
    if (sentence.end <= sentence.begin) continue;
    if (last && sentence.begin < last.end) {
      sentence.edges.forEach((edge) => last.edges.add(edge));
      last.end = Math.max(last.end, sentence.end);
    } else kept.push({ begin: sentence.begin, end: sentence.end, edges: new Set(sentence.edges) });
  }
  return kept;
}

/** The entities that statements of the document speak of, with the names they may stand under.
 * @param {import("./data.js").Graph} graph @param {import("./data.js").Document} entry */
export function spokenOf(graph, entry) {
  const weights = new Map();
  for (const { edges } of entry.sentences.values()) {
    for (const edge of edges) {
      const ids = [edge.source, edge.target, ...edge.evidence.filter((found) => found.document === entry.id).map((found) => found.by)];
      for (const id of ids) if (id !== null) weights.set(id, (weights.get(id) ?? 0) + 1);
    }
  }
  return [...weights].map(([id, weight]) => ({ id, weight, names: [graph.nodes[id].label, ...graph.nodes[id].aliases] }));
}

const inOrder = (edges) => [...edges].sort((a, b) => MARKS.indexOf(a.mark) - MARKS.indexOf(b.mark) || a.id - b.id);

/** @param {import("./data.js").Graph} graph @param {number} id @param {?number} sentence offset of the sentence to open
 *  @param {Record<string, Function>} on @returns {import("./data.js").Edge[]} the relations of the open sentence */
export function showDocument(graph, id, sentence, on) {
  const entry = graph.documents[id];
  const panel = byId("panel");
  const finds = el("section", { class: "finds", "aria-label": "Statements in this sentence", "aria-live": "polite", hidden: true });
  const known = spokenOf(graph, entry);
  // A link, not a button: it wraps, and opens in a tab of its own.
  const mention = (words, entity) => el(
    "a", {
      class: `mention ${lookOf(graph.types[graph.nodes[entity].types[0]]?.local).tone}`, title: graph.nodes[entity].label,
      href: "#" + new URLSearchParams({ entity: addressOf(graph, entity) }), click: (event) => event.stopPropagation(),
    }, words,
  );
  const prose = (text) => withMentions(text, findMentions(text, known), mention);
  const parts = [];
  let last = 0;
  let opened = null;
  for (const stretch of stretches(entry)) {
    const edges = inOrder(stretch.edges);
    const isOpen = sentence !== null && stretch.begin <= sentence && sentence < stretch.end;
    const open = () => (isOpen ? on.openDocument(id) : on.openSentence(id, stretch.begin));
    const note = el(
      "button", { type: "button", class: `note ${edges[0].mark}`, "aria-pressed": String(isOpen), "aria-label": counted(edges.length, "statement", "statements"), click: (event) => { event.stopPropagation(); open(); } },
      String(edges.length),
    );
    // A click anywhere in the sentence will do; the number behind it is the way by keyboard.
    const block = el("span", { class: `sentence${isOpen ? " open" : ""}`, click: open }, ...prose(entry.text.slice(stretch.begin, stretch.end)));
    parts.push(...prose(entry.text.slice(last, stretch.begin)), block, note);
    last = stretch.end;
    if (isOpen) opened = { block, edges };
  }
  parts.push(...prose(entry.text.slice(last)));
  panel.replaceChildren(
    button("← Documents", on.openDocuments, { class: "back" }),
    el("p", { class: "kicker" }, [readableDate(entry.date), entry.source].filter(Boolean).join(" · ")),
    el("h2", {}, name(entry.title)),
    el("p", { class: "quiet" }, entry.text
      ? "Names lead to their entity. The number behind a sentence counts what it states; pick it to see that, here and on the canvas."
      : "The text of this document is not in the graph."),
    el("div", { class: "article", dir: "auto" }, ...parts),
    finds,
  );
  panel.scrollTop = 0;
  if (!opened) return [];
  finds.hidden = false;
  finds.append(
    button("Close", () => on.openDocument(id), { class: "close" }),
    el("h3", {}, `${counted(opened.edges.length, "statement", "statements")} in this sentence`),
    ...opened.edges.map((edge) => shortLine(graph, edge, on)),
  );
  opened.block.scrollIntoView({ block: "center" });
  return opened.edges;
}
