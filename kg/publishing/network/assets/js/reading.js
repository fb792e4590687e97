// The reading view: a document's text with every sentence marked that carries statements.

import { MARKS } from "./data.js";
import { button, byId, counted, el, name } from "./dom.js";
import { readableDate } from "./evidence.js";
import { shortLine } from "./panel.js";

/** Sentences in reading order; of overlapping ones the longer stays and takes the relations of the others. */
function stretches(entry) {
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

const strongest = (edges) => MARKS[Math.min(...[...edges].map((edge) => MARKS.indexOf(edge.mark)))];

/** @param sentence offset of the sentence to open, or null. */
export function showDocument(graph, id, sentence, on) {
  const entry = graph.documents[id];
  const panel = byId("panel");
  const finds = el("section", { class: "finds", "aria-live": "polite", hidden: true });
  const parts = [];
  let last = 0;
  let opened = null;
  for (const stretch of stretches(entry)) {
    const control = el(
      "span",
      {
        class: `sentence ${strongest(stretch.edges)}`, role: "button", tabindex: 0, "aria-pressed": "false",
        click: () => on.openSentence(id, stretch.begin),
        keydown: (event) => {
          if (event.key !== "Enter" && event.key !== " ") return;
          event.preventDefault();
          on.openSentence(id, stretch.begin);
        },
      },
      entry.text.slice(stretch.begin, stretch.end),
    );
    parts.push(entry.text.slice(last, stretch.begin), control);
    last = stretch.end;
    if (sentence !== null && stretch.begin <= sentence && sentence < stretch.end) opened = { control, stretch };
  }
  parts.push(entry.text.slice(last));
  panel.replaceChildren(
    button("← Documents", on.openDocuments, { class: "back" }),
    el("p", { class: "kicker" }, [readableDate(entry.date), entry.source].filter(Boolean).join(" · ")),
    el("h2", {}, name(entry.title)),
    el("p", { class: "quiet" }, entry.text
      ? "Underlined sentences carry statements; pick one to see them." : "The text of this document is not in the graph."),
    el("div", { class: "article", dir: "auto" }, ...parts),
    finds,
  );
  panel.scrollTop = 0;
  if (!opened) return [];
  const edges = [...opened.stretch.edges].sort((a, b) => MARKS.indexOf(a.mark) - MARKS.indexOf(b.mark) || a.id - b.id);
  opened.control.setAttribute("aria-pressed", "true");
  finds.hidden = false;
  finds.append(
    button("Close", () => on.openDocument(id), { class: "close" }),
    el("h3", {}, `${counted(edges.length, "statement", "statements")} in this sentence`),
    ...edges.map((edge) => shortLine(graph, edge, on)),
  );
  opened.control.scrollIntoView({ block: "center" });
  return edges;
}
