// Communities: folded into one figure each, or unfolded among the others.

const WIDE = 150; // pixels at zoom 1 for a node and its label inside an unfolded community
const TALL = 62;

/** Where folded communities and the members of unfolded ones go; the folded make room for the unfolded.
 * @param {import("./data.js").Graph} graph @param {number[]} open positions of the unfolded communities
 * @returns {Map<number, {x:number, y:number}>} */
export function communityPlaces(graph, open) {
  const opened = [...new Set(open)].filter((i) => graph.communities[i]);
  const centres = graph.communities.map(({ x, y }) => ({ x, y }));
  const inside = new Map(opened.map((i) => [i, membersAround(graph, graph.communities[i].members)]));
  for (const i of opened) {
    const { reach } = inside.get(i);
    centres.forEach((centre, j) => {
      if (j === i) return;
      const [dx, dy] = [centre.x - centres[i].x, centre.y - centres[i].y];
      // Outwards by as much as the unfolded one reaches in that direction.
      const length = Math.hypot(dx / reach.x, dy / reach.y) || 1;
      centre.x += dx / length;
      centre.y += dy / length;
    });
  }
  const places = new Map();
  graph.communities.forEach((community, i) => {
    if (!inside.has(i)) places.set(community.id, centres[i]);
    else for (const [id, { x, y }] of inside.get(i).spots) places.set(id, { x: centres[i].x + x, y: centres[i].y + y });
  });
  return places;
}

/** The members as they lie in the whole, drawn together around (0, 0) to the room they need. */
function membersAround(graph, members) {
  const xs = members.map((id) => graph.nodes[id].x);
  const ys = members.map((id) => graph.nodes[id].y);
  const span = (values) => Math.max(Math.max(...values) - Math.min(...values), 1);
  const middle = (values) => (Math.max(...values) + Math.min(...values)) / 2;
  const side = Math.sqrt(members.length * 1.7);
  const [x, y] = [Math.min((side * WIDE) / span(xs), 1.5), Math.min((side * TALL * 1.4) / span(ys), 1.5)];
  const spots = members.map((id, i) => [id, { x: (xs[i] - middle(xs)) * x, y: (ys[i] - middle(ys)) * y }]);
  return { spots, reach: { x: (span(xs) * x) / 2 + WIDE, y: (span(ys) * y) / 2 + TALL } };
}

/** Lines that begin or end in a folded community: one for each pair, with all their relations.
 * @param {import("./data.js").Graph} graph @param {Set<number>} drawn ids of nodes and communities
 * @param {(edge: import("./data.js").Edge) => boolean} passes @returns {import("./data.js").Link[]} */
export function foldedLinks(graph, drawn, passes) {
  const stands = (id) => {
    if (drawn.has(id)) return id;
    const { community } = graph.nodes[id];
    return community !== null && drawn.has(-1 - community) ? -1 - community : null;
  };
  const links = new Map();
  for (const edge of graph.edges) {
    if (edge.target === null || !passes(edge)) continue;
    const [a, b] = [stands(edge.source), stands(edge.target)];
    if (a === null || b === null || a === b || (a >= 0 && b >= 0)) continue;
    const id = `${Math.min(a, b)}~${Math.max(a, b)}`;
    if (!links.has(id)) links.set(id, { id, source: Math.min(a, b), target: Math.max(a, b), mark: "fact", edges: [], bend: 0, folded: true });
    links.get(id).edges.push(edge);
  }
  return [...links.values()];
}

/** The entities that the drawn figures stand for.
 * @param {import("./data.js").Graph} graph @param {Iterable<number>} drawn @returns {number[]} */
export function entitiesOf(graph, drawn) {
  return [...drawn].flatMap((id) => graph.item(id).members ?? [id]);
}
