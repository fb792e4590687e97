// A small graph as the page's JSON has it, for the tests of the modules.

import { readGraph } from "/js/data.js";

const PREFIXES = { ent: "http://e/", kg: "http://k#", doc: "http://d/", st: "http://s/" };
const COLUMNS = {
  nodeColumns: ["iri", "label", "aliases", "types", "wikidata", "rank", "x", "y", "ox", "oy", "community"],
  edgeColumns: ["source", "target", "property", "mark", "status", "modality", "polarity", "value", "datatype", "evidence"],
  evidenceColumns: ["document", "begin", "end", "statement", "by", "byName", "confidence", "time", "from", "until", "place", "sentence"],
};

/** `names`: "A B C"; `pairs`: "A-B"; `groups`: which names are one community. */
export function rowsOf(names, pairs, groups = []) {
  const all = names.split(" ");
  const text = pairs.split(" ").filter(Boolean).map((pair) => `${pair.replace("-", " meets ")}.`).join(" ");
  let at = 0;
  return {
    title: "T", prefixes: PREFIXES, focus: null, ...COLUMNS,
    types: [["kg:Person", "Person"]], properties: [["kg:meets", "meets"]],
    documents: [{ iri: "doc:1", title: "One", date: "2024-05-01", source: null, text }],
    communities: groups.map((_, i) => [i * 400, 0]),
    nodes: all.map((name, i) => [
      `ent:${name}`, name, [], [0], null, 1 / (i + 1), i * 100, (i % 3) * 50, i * 10, 0,
      groups.findIndex((group) => group.split(" ").includes(name)) >= 0 ? groups.findIndex((group) => group.split(" ").includes(name)) : null,
    ]),
    edges: pairs.split(" ").filter(Boolean).map((pair, i) => {
      const [a, b] = pair.split("-");
      const begin = at;
      at += `${a} meets ${b}. `.length;
      return [all.indexOf(a), all.indexOf(b), 0, "fact", "Asserted", "Actual", "Positive", null, null, [[0, begin, at - 1, `st:${pair}`, null, null, 0.9, i ? "2024-05" : null]]];
    }),
  };
}

export const graphOf = (names, pairs, groups) => readGraph(rowsOf(names, pairs, groups));

export function equal(found, wanted, what = "") {
  const [a, b] = [JSON.stringify(found), JSON.stringify(wanted)];
  if (a !== b) throw new Error(`${what} expected ${b}, found ${a}`);
}

export function holds(condition, what) {
  if (!condition) throw new Error(what);
}
