// The page's data: rows in the JSON block → linked objects. Nodes and edges know each other by array position.

/** @typedef {{id:number, iri:string, label:string, aliases:string[], types:number[], wikidata:?string, rank:number,
 *   x:number, y:number, ox:?number, oy:?number, edges:Edge[], neighbours:Set<number>, order:number}} Node */
/** @typedef {{id:number, source:number, target:?number, property:number, mark:string, status:string, modality:string,
 *   polarity:string, value:?string, datatype:?string, evidence:Evidence[]}} Edge */
/** @typedef {{document:number, begin:number, end:number, statement:string, by:?number, byName:?string,
 *   confidence:?number, time:?string, from:?string, until:?string, place:?string, sentence:string}} Evidence */

export const MARKS = ["fact", "claim", "plan", "denial"];
export const MARK_NAMES = { fact: "Fact", claim: "Claim", plan: "Plan or wish", denial: "Denial" };

/** @param {any} raw */
export function readGraph(raw) {
  const expand = (short) => {
    if (short.startsWith("<")) return short.slice(1, -1);
    const colon = short.indexOf(":");
    return raw.prefixes[short.slice(0, colon)] + short.slice(colon + 1);
  };
  const rows = (columns, values) => Object.fromEntries(columns.map((column, i) => [column, values[i] ?? null]));
  const documents = raw.documents.map((entry, id) => ({ ...entry, id, iri: expand(entry.iri), sentences: new Map() }));
  const nodes = raw.nodes.map((values, id) => {
    const node = rows(raw.nodeColumns, values);
    return { ...node, id, iri: expand(node.iri), edges: [], neighbours: new Set(), order: 0 };
  });
  const edges = raw.edges.map((values, id) => {
    const edge = rows(raw.edgeColumns, values);
    edge.id = id;
    edge.datatype = edge.datatype && expand(edge.datatype);
    edge.evidence = edge.evidence.map((cells) => {
      const found = rows(raw.evidenceColumns, cells);
      found.statement = expand(found.statement);
      found.sentence ??= documents[found.document].text.slice(found.begin, found.end);
      return found;
    });
    return edge;
  });
  nodes.slice().sort((a, b) => b.rank - a.rank || a.id - b.id).forEach((node, order) => { node.order = order; });
  for (const edge of edges) attach(edge, nodes, documents);
  return {
    title: raw.title,
    prefixes: raw.prefixes,
    focus: raw.focus,
    types: raw.types.map(([iri, label]) => ({ iri: expand(iri), label, local: expand(iri).split(/[/#]/).pop() })),
    properties: raw.properties.map(([iri, label]) => ({ iri: expand(iri), label })),
    documents,
    nodes,
    edges,
    links: linksOf(edges),
  };
}

function attach(edge, nodes, documents) {
  nodes[edge.source].edges.push(edge);
  if (edge.target !== null && edge.target !== edge.source) {
    nodes[edge.target].edges.push(edge);
    nodes[edge.source].neighbours.add(edge.target);
    nodes[edge.target].neighbours.add(edge.source);
  }
  for (const found of edge.evidence) {
    const sentences = documents[found.document].sentences;
    const key = `${found.begin}-${found.end}`;
    if (!sentences.has(key)) sentences.set(key, { begin: found.begin, end: found.end, edges: new Set() });
    sentences.get(key).edges.add(edge);
  }
}

/** What is drawn: one line for all relations of a pair in one direction and of one standing.
 *  `bend` separates the lines of a pair; its sign holds for the way from the smaller id to the larger. */
function linksOf(edges) {
  const links = new Map();
  const pairs = new Map();
  for (const edge of edges) {
    if (edge.target === null) continue;
    const key = `${edge.source}>${edge.target}:${edge.mark}`;
    if (!links.has(key)) {
      const link = { id: key, source: edge.source, target: edge.target, mark: edge.mark, edges: [], bend: 0 };
      links.set(key, link);
      const pair = `${Math.min(edge.source, edge.target)}~${Math.max(edge.source, edge.target)}`;
      if (!pairs.has(pair)) pairs.set(pair, []);
      pairs.get(pair).push(link);
    }
    links.get(key).edges.push(edge);
  }
  for (const parallel of pairs.values()) {
    parallel.forEach((link, i) => { link.bend = (i - (parallel.length - 1) / 2) * 0.22; });
  }
  return [...links.values()];
}

/** Shortest way between two nodes over relations that `passes` allows: ids from `start` to `goal`, or null. */
export function shortestPath(graph, start, goal, passes) {
  const cameFrom = new Map([[start, null]]);
  let frontier = [start];
  while (frontier.length && !cameFrom.has(goal)) {
    const next = [];
    for (const id of frontier) {
      for (const edge of graph.nodes[id].edges) {
        if (edge.target === null || !passes(edge)) continue;
        const other = edge.source === id ? edge.target : edge.source;
        if (!cameFrom.has(other)) {
          cameFrom.set(other, id);
          next.push(other);
        }
      }
    }
    frontier = next;
  }
  if (!cameFrom.has(goal)) return null;
  const path = [];
  for (let id = goal; id !== null; id = cameFrom.get(id)) path.unshift(id);
  return path;
}

/** Nodes by their number of steps from `start`: an array of arrays, `steps` + 1 long at most. */
export function rings(graph, start, steps) {
  const seen = new Set([start]);
  const found = [[start]];
  for (let step = 1; step <= steps; step += 1) {
    const ring = [];
    for (const id of found[step - 1]) {
      for (const other of graph.nodes[id].neighbours) {
        if (!seen.has(other)) {
          seen.add(other);
          ring.push(other);
        }
      }
    }
    if (!ring.length) break;
    found.push(ring.sort((a, b) => graph.nodes[a].order - graph.nodes[b].order));
  }
  return found;
}
