// A page that is served asks its server for more: neighbours, names, texts, what a query constructs.

import { merge } from "./data.js";

/** @typedef {ReturnType<typeof createLive>} Live */
/** @typedef {{edges: import("./data.js").Edge[], places: [number, {x:number, y:number}][]}} Result */

/** @param {import("./data.js").Graph} graph @param {() => void} changed called after the graph has grown
 *  @returns null for a page that stands alone */
export function createLive(graph, changed) {
  const { served } = graph;
  if (!served) return null;
  /** @type {Map<string, Promise<any>>} */
  const asked = new Map();

  /** Raises what the server says of a refusal: `detail` of its JSON (RFC 9457).
   * @param {string} name @param {Record<string, string>} parameters @returns {Promise<any>} */
  async function ask(name, parameters) {
    const response = await fetch(`${served.answers}${name}?${new URLSearchParams(parameters)}`, { headers: { Accept: "application/json" } });
    if (response.ok) return response.json();
    const problem = await response.json().catch(() => null);
    throw new Error(problem?.detail ?? `The server answered ${response.status}.`);
  }

  /** The same question once; one that failed may be put again. */
  function once(name, parameters, take) {
    const key = `${name} ${JSON.stringify(parameters)}`;
    if (!asked.has(key)) {
      const answer = ask(name, parameters).then(take);
      answer.catch(() => asked.delete(key));
      asked.set(key, answer);
    }
    return asked.get(key);
  }

  const neighboursOf = (iri) => once("neighbours", { entity: iri }, (raw) => {
    const centre = graph.nodes.find((node) => node.iri === iri);
    grow(raw, centre);
  });

  /** New nodes get places around `centre`, or where the answer has them. */
  function grow(raw, centre) {
    const held = graph.nodes.length;
    const taken = merge(graph, raw);
    graph.nodes.slice(held).forEach((node, i) => {
      const angle = i * 2.4;
      const far = 90 * Math.sqrt(i + 2);
      node.x = (centre?.x ?? 0) + far * Math.cos(angle) * 1.5;
      node.y = (centre?.y ?? 0) + far * Math.sin(angle);
    });
    changed();
    return taken;
  }

  return {
    /** Whether all that the server tells of an entity's neighbours has been asked for. */
    knows: (id) => asked.has(`neighbours ${JSON.stringify({ entity: graph.nodes[id].iri })}`),
    neighbours: (id) => neighboursOf(graph.nodes[id].iri),
    /** An entity that the page does not have yet, by its IRI or local name. */
    entity: (address) => neighboursOf(address.includes("://") ? address : graph.prefixes.ent + address),
    search: (text) => ask("search", { text }).then((found) => found.entities),
    text: (id) => once("document", { document: graph.documents[id].iri }, (found) => {
      graph.documents[id].text = found.text;
      changed();
    }),
    /** What a CONSTRUCT query yields: its relations, and its entities with the places that they have among themselves.
     * @param {string} query @returns {Promise<Result>} */
    query: (query) => once("query", { query }, (raw) => {
      const [x, y] = [raw.nodeColumns.indexOf("x"), raw.nodeColumns.indexOf("y")];
      const { nodes, edges } = grow(raw, null);
      return { edges, places: nodes.map((id, i) => [id, { x: raw.nodes[i][x], y: raw.nodes[i][y] }]) };
    }),
  };
}
