// The page's data: rows of JSON → linked objects. Nodes, edges, documents know each other by array position.

/** @typedef {{id:number, iri:string, label:string, aliases:string[], types:number[], wikidata:?string, rank:number,
 *   x:?number, y:?number, ox:?number, oy:?number, community:?number, edges:Edge[], neighbours:Set<number>, order:number,
 *   members?:undefined}} Node */
/** Entities that belong together, drawn as one figure while folded; `id` is negative. Looks like a node to the canvas.
 * @typedef {{id:number, label:string, x:number, y:number, rank:number, order:number, types:number[], edges:Edge[],
 *   neighbours:Set<number>, members:number[]}} Community */
/** @typedef {{id:number, source:number, target:?number, property:number, mark:string, status:string, modality:string,
 *   polarity:string, value:?string, datatype:?string, evidence:Evidence[]}} Edge */
/** @typedef {{document:number, begin:number, end:number, statement:string, by:?number, byName:?string,
 *   confidence:?number, time:?string, from:?string, until:?string, place:?string, sentence:string}} Evidence */
/** @typedef {{begin:number, end:number, edges:Set<Edge>}} Sentence */
/** @typedef {{id:number, iri:string, title:string, date:?string, source:?string, text:string,
 *   sentences:Map<string, Sentence>}} Document */
/** One line on the canvas; `folded` when an end of it is a community.
 * @typedef {{id:string, source:number, target:number, mark:string, edges:Edge[], bend:number, folded?:boolean}} Link */
/** @typedef {{title:string, prefixes:Record<string, string>, focus:?number, served:?{answers:string, editor:?string},
 *   types:{iri:string, label:string, local:string}[], properties:{iri:string, label:string}[], documents:Document[],
 *   nodes:Node[], edges:Edge[], links:Link[], communities:Community[], item:(id:number) => Node|Community}} Graph */

export const MARKS = ["fact", "claim", "plan", "denial"];
export const MARK_NAMES = { fact: "Fact", claim: "Claim", plan: "Plan or wish", denial: "Denial" };

/** @param {any} raw @returns {Graph} */
export function readGraph(raw) {
  /** @type {Graph} */
  const graph = {
    title: raw.title, prefixes: raw.prefixes, focus: raw.focus, served: raw.served ?? null,
    types: [], properties: [], documents: [], nodes: [], edges: [], links: [], communities: [],
    item: (id) => (id < 0 ? graph.communities[-1 - id] : graph.nodes[id]),
  };
  merge(graph, raw);
  graph.communities = communitiesOf(graph, raw.communities ?? []);
  return graph;
}

/** Takes rows into the graph; what it has already is found again by IRI. Gives the nodes and edges of the rows, by position.
 * @param {Graph} graph @param {any} raw @returns {{nodes: number[], edges: Edge[]}} */
export function merge(graph, raw) {
  const expand = (short) => {
    if (short.startsWith("<")) return short.slice(1, -1);
    const colon = short.indexOf(":");
    return raw.prefixes[short.slice(0, colon)] + short.slice(colon + 1);
  };
  const rows = (columns, values) => Object.fromEntries(columns.map((column, i) => [column, values[i] ?? null]));
  /** Positions in `held` of things by IRI; one that is not there yet is made and put at the end. */
  const taken = (held, wanted, make) => {
    const known = new Map(held.map((thing, position) => [thing.iri, position]));
    return wanted.map((thing) => {
      const iri = expand(Array.isArray(thing) ? thing[0] : thing.iri);
      const at = known.get(iri);
      return at ?? held.push(make(thing, iri, held.length)) - 1;
    });
  };
  const types = taken(graph.types, raw.types, ([, label], iri) => ({ iri, label, local: iri.split(/[/#]/).pop() }));
  const properties = taken(graph.properties, raw.properties, ([, label], iri) => ({ iri, label }));
  const documents = taken(graph.documents, raw.documents, (entry, iri, id) => ({ ...entry, id, iri, sentences: new Map() }));
  const fresh = graph.nodes.length === 0;
  const least = fresh ? 0 : Math.min(...graph.nodes.map((node) => node.rank));
  const nodes = taken(graph.nodes, raw.nodes, (values, iri, id) => {
    const node = rows(raw.nodeColumns, values);
    const whole = { ...node, id, iri, types: node.types.map((type) => types[type]), edges: [], neighbours: new Set(), order: 0 };
    // Ranks and places of an answer are its own: no measure for the whole.
    return fresh ? whole : { ...whole, rank: least / 2, x: null, y: null, ox: null, oy: null, community: null };
  });
  const keyOf = (edge) => JSON.stringify([edge.source, edge.property, edge.target, edge.value, edge.datatype, edge.status, edge.modality, edge.polarity]);
  const known = new Map(graph.edges.map((edge) => [keyOf(edge), edge]));
  const edges = raw.edges.map((values) => {
    const edge = /** @type {Edge} */ (/** @type {unknown} */ (rows(raw.edgeColumns, values)));
    edge.source = nodes[edge.source];
    edge.target = edge.target === null ? null : nodes[edge.target];
    edge.property = properties[edge.property];
    edge.datatype = edge.datatype && expand(edge.datatype);
    const found = edge.evidence.map((cells) => {
      const one = /** @type {Evidence} */ (/** @type {unknown} */ (rows(raw.evidenceColumns, cells)));
      one.statement = expand(one.statement);
      one.document = documents[one.document];
      one.by = one.by === null ? null : nodes[one.by];
      one.sentence ??= graph.documents[one.document].text.slice(one.begin, one.end);
      return one;
    });
    const held = fresh ? undefined : known.get(keyOf(edge));
    if (held) {
      const cited = new Set(held.evidence.map((one) => one.statement));
      edge.evidence = found.filter((one) => !cited.has(one.statement));
      held.evidence.push(...edge.evidence);
      cite(graph, held, edge.evidence);
      return held;
    }
    edge.id = graph.edges.length;
    edge.evidence = found;
    graph.edges.push(edge);
    attach(graph, edge);
    return edge;
  });
  graph.nodes.slice().sort((a, b) => b.rank - a.rank || a.id - b.id).forEach((node, order) => { node.order = order; });
  graph.links = linksOf(graph.edges);
  return { nodes, edges };
}

/** @param {Graph} graph @param {Edge} edge */
function attach(graph, edge) {
  const { nodes } = graph;
  nodes[edge.source].edges.push(edge);
  if (edge.target !== null && edge.target !== edge.source) {
    nodes[edge.target].edges.push(edge);
    nodes[edge.source].neighbours.add(edge.target);
    nodes[edge.target].neighbours.add(edge.source);
  }
  cite(graph, edge, edge.evidence);
}

/** @param {Graph} graph @param {Edge} edge @param {Evidence[]} evidence */
function cite(graph, edge, evidence) {
  for (const found of evidence) {
    const { sentences } = graph.documents[found.document];
    const key = `${found.begin}-${found.end}`;
    if (!sentences.has(key)) sentences.set(key, { begin: found.begin, end: found.end, edges: new Set() });
    sentences.get(key).edges.add(edge);
  }
}

/** @param {Graph} graph @param {number[][]} places @returns {Community[]} */
function communitiesOf(graph, places) {
  /** @type {number[][]} */
  const members = places.map(() => []);
  for (const node of graph.nodes) if (node.community !== null) members[node.community].push(node.id);
  return places.map(([x, y], i) => {
    const ids = members[i].sort((a, b) => graph.nodes[a].order - graph.nodes[b].order);
    const hub = graph.nodes[ids[0]];
    return {
      id: -1 - i, label: `${hub.label} and ${(ids.length - 1).toLocaleString("en")} more`, x, y, rank: 0, order: i - places.length,
      types: hub.types, edges: [], neighbours: new Set(), members: ids,
    };
  });
}

/** What is drawn: one line for all relations of a pair in one direction and of one standing.
 *  `bend` separates the lines of a pair; its sign holds for the way from the smaller id to the larger.
 * @param {Edge[]} edges @returns {Link[]} */
function linksOf(edges) {
  /** @type {Map<string, Link>} */
  const links = new Map();
  /** @type {Map<string, Link[]>} */
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

/** Shortest way between two nodes over relations that `passes` allows: ids from `start` to `goal`, or null.
 * @param {Graph} graph @param {number} start @param {number} goal @param {(edge: Edge) => boolean} passes */
export function shortestPath(graph, start, goal, passes) {
  /** @type {Map<number, ?number>} */
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

/** Nodes by their number of steps from `start`: an array of arrays, `steps` + 1 long at most.
 * @param {Graph} graph @param {number} start @param {number} steps */
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
