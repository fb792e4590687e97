// The address bar as the page's state: every view, entity, relation and sentence has a link, and 'back' works.

/** Keys: view, entity, relation (source~target), document, sentence (offset), around (steps), to, show. */
export function readAddress() {
  return Object.fromEntries(new URLSearchParams(location.hash.slice(1)));
}

/** Replaces the state; keys without a value are dropped. */
export function go(state) {
  const kept = Object.entries(state).filter(([, value]) => value !== null && value !== undefined && value !== "");
  const next = "#" + new URLSearchParams(kept.map(([key, value]) => [key, String(value)]));
  if (next !== location.hash && !(next === "#" && location.hash === "")) location.hash = next;
}

/** The shortest name by which the address finds a node again: its local name where that is its own. */
export function addressOf(graph, id) {
  const base = graph.prefixes.ent;
  const iri = graph.nodes[id].iri;
  return base && iri.startsWith(base) ? iri.slice(base.length) : iri;
}

/** A node by IRI, local name or label; null when there is none. */
export function nodeAt(graph, address) {
  if (!address) return null;
  const wanted = new Set([address, graph.prefixes.ent + address]);
  const prefix = address.slice(0, address.indexOf(":"));
  if (Object.hasOwn(graph.prefixes, prefix)) wanted.add(graph.prefixes[prefix] + address.slice(prefix.length + 1));
  const found = graph.nodes.find((node) => wanted.has(node.iri)) ?? graph.nodes.find((node) => node.label === address);
  return found ? found.id : null;
}

export function documentAt(graph, address) {
  const found = graph.documents.find((entry) => entry.iri === address || entry.iri === graph.prefixes.doc + address);
  return found ? found.id : null;
}

export function documentAddress(graph, id) {
  const base = graph.prefixes.doc;
  const iri = graph.documents[id].iri;
  return base && iri.startsWith(base) ? iri.slice(base.length) : iri;
}
