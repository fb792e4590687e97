// The address bar as the page's state: every view, entity, relation and sentence has a link, and 'back' works.

const COMMUNITY = "community:";

/** Keys: view; entity, to (the end of a path), relation (source~target), document, sentence (offset), panel: what is
 *  open; show (all, communities with `open`, dates with `from` and `until`), around with steps, query: what is drawn. */
export function readAddress() {
  return Object.fromEntries(new URLSearchParams(location.hash.slice(1)));
}

/** Replaces the state; keys without a value are dropped.
 * @param {Record<string, any>} state */
export function go(state) {
  const kept = Object.entries(state).filter(([, value]) => value !== null && value !== undefined && value !== "");
  const next = "#" + new URLSearchParams(kept.map(([key, value]) => [key, String(value)]));
  if (next !== location.hash && !(next === "#" && location.hash === "")) location.hash = next;
}

/** The shortest name by which the address finds a node again: its local name where that is its own.
 * @param {import("./data.js").Graph} graph @param {number} id */
export function addressOf(graph, id) {
  if (id < 0) return `${COMMUNITY}${-id}`;
  const base = graph.prefixes.ent;
  const iri = graph.nodes[id].iri;
  return base && iri.startsWith(base) ? iri.slice(base.length) : iri;
}

/** A node by IRI, local name or label, or a community by its number; null when there is none.
 * @param {import("./data.js").Graph} graph @param {?string|undefined} address */
export function nodeAt(graph, address) {
  if (!address) return null;
  if (address.startsWith(COMMUNITY)) {
    const number = Number(address.slice(COMMUNITY.length));
    return graph.communities[number - 1] ? -number : null;
  }
  const wanted = new Set([address, graph.prefixes.ent + address]);
  const prefix = address.slice(0, address.indexOf(":"));
  if (Object.hasOwn(graph.prefixes, prefix)) wanted.add(graph.prefixes[prefix] + address.slice(prefix.length + 1));
  const found = graph.nodes.find((node) => wanted.has(node.iri)) ?? graph.nodes.find((node) => node.label === address);
  return found ? found.id : null;
}

/** @param {import("./data.js").Graph} graph @param {?string|undefined} address */
export function documentAt(graph, address) {
  const found = graph.documents.find((entry) => entry.iri === address || entry.iri === graph.prefixes.doc + address);
  return found ? found.id : null;
}

/** @param {import("./data.js").Graph} graph @param {number} id */
export function documentAddress(graph, id) {
  const base = graph.prefixes.doc;
  const iri = graph.documents[id].iri;
  return base && iri.startsWith(base) ? iri.slice(base.length) : iri;
}
