// The panel beside the canvas: what leads, one entity, one relation, the list of documents.

import { MARKS } from "./data.js";
import { button, byId, counted, el, name, shorten, textLink } from "./dom.js";
import { readableDate, relationEntry, sourcesOf, standing, tripleLine } from "./evidence.js";
import { glyph, strokeGlyph } from "./shapes.js";

const AT_FIRST = 30;
const SECTIONS = { fact: "Facts", claim: "Claims", plan: "Plans and wishes", denial: "Denials" };

function show(...children) {
  const panel = byId("panel");
  panel.replaceChildren(...children.filter(Boolean));
  panel.scrollTop = 0;
}

/** @param {import("./data.js").Graph} graph @param {import("./data.js").Node} node */
export function typeNames(graph, node) {
  return node.types.map((type) => graph.types[type].label);
}

/** The first panel: the most central entities, each with its first facts.
 * @param {import("./data.js").Graph} graph @param {Record<string, Function>} on */
export function showLead(graph, on) {
  const leading = graph.nodes.filter((node) => node.edges.length).sort((a, b) => a.order - b.order).slice(0, 10);
  const items = leading.map((node) => {
    const far = (edge) => (edge.target === null ? 1e9 : graph.nodes[edge.source === node.id ? edge.target : edge.source].order);
    const best = node.edges.slice().sort((a, b) => MARKS.indexOf(a.mark) - MARKS.indexOf(b.mark)
      || Number(a.source !== node.id) - Number(b.source !== node.id) || far(a) - far(b) || a.id - b.id);
    return el(
      "li", {},
      el("button", { type: "button", class: "link who", click: () => on.openNode(node.id) }, glyph(graph.types[node.types[0]]?.local), name(shorten(node.label, 80))),
      el("ul", {}, ...best.slice(0, 3).map((edge) => el("li", {}, tripleLine(graph, edge, on, node.id)))),
      node.edges.length > 3 ? el("span", { class: "quiet" }, `and ${counted(node.edges.length - 3, "more relation", "more relations")}`) : null,
    );
  });
  show(
    el("h2", {}, "Who and what matters most"),
    el("p", { class: "quiet" }, graph.nodes.length
      ? "Solid lines are facts that a document states itself. Dashed ones are what somebody is reported to say. Pick anything to read the sentence behind it."
      : "This graph is empty: no entity was found in the documents."),
    el("ol", { class: "lead" }, ...items),
  );
}

/** One entity: its names and types, then everything known about it, by standing and by property.
 * @param {import("./data.js").Graph} graph @param {number} id @param {Record<string, Function>} on @param {(id: number) => boolean} shownOnCanvas */
export function showNode(graph, id, on, shownOnCanvas) {
  const node = graph.nodes[id];
  const local = graph.types[node.types[0]]?.local;
  const title = node.label.length > 90 ? "long" : null;
  show(
    button("← Overview", on.clear, { class: "back" }),
    el("p", { class: "kicker" }, glyph(local), typeNames(graph, node).join(", ") || "No type known"),
    el("h2", { class: title }, name(node.label)),
    node.aliases.length ? el("p", { class: "quiet" }, "Also: ", ...joined(node.aliases.slice(0, 24))) : null,
    roleLine(graph, node, on),
    identityLine(node),
    actions(graph, node, on, shownOnCanvas),
    ...MARKS.map((mark) => section(graph, node, mark, on)),
  );
}

function joined(texts) {
  return texts.flatMap((text, i) => (i ? [" · ", name(shorten(text, 120))] : [name(shorten(text, 120))]));
}

function roleLine(graph, node, on) {
  const held = node.edges.filter((edge) => edge.source === node.id && edge.target !== null && edge.mark === "fact"
    && /holdsRole|heldRole/.test(graph.properties[edge.property].iri));
  if (!held.length) return null;
  const parts = held.flatMap((edge, i) => {
    const { from, until, time } = edge.evidence.find((found) => found.from || found.until || found.time) ?? {};
    const dates = [from && `from ${readableDate(from)}`, until && `until ${readableDate(until)}`, time && readableDate(time)].filter(Boolean);
    const former = /heldRole/.test(graph.properties[edge.property].iri) ? "formerly " : "";
    return [i ? "; " : "", former, textLink(graph.nodes[edge.target].label, () => on.openNode(edge.target)), dates.length ? ` (${dates.join(" ")})` : ""];
  });
  return el("p", {}, ...parts);
}

function identityLine(node) {
  if (!/^Q\d+$/.test(node.wikidata ?? "")) return null;
  const link = el("a", { href: `https://www.wikidata.org/wiki/${node.wikidata}`, rel: "noreferrer noopener", target: "_blank" }, node.wikidata);
  return el("p", { class: "quiet" }, "Wikidata: ", link);
}

/** A folded community, or one whose members are on the canvas: what is in it, and who it deals with.
 * @param {import("./data.js").Graph} graph @param {number} id @param {boolean} folded @param {Record<string, Function>} on */
export function showCommunity(graph, id, folded, on) {
  const { members } = graph.item(id);
  const among = new Set(members);
  const inner = members.flatMap((member) => graph.nodes[member].edges.filter((edge) => edge.source === member && among.has(edge.target)));
  const outer = new Map();
  for (const member of members) {
    for (const other of graph.nodes[member].neighbours) {
      const { community } = graph.nodes[other];
      if (!among.has(other) && community !== null) outer.set(community, (outer.get(community) ?? 0) + 1);
    }
  }
  const nearest = [...outer].sort((a, b) => b[1] - a[1] || a[0] - b[0]).slice(0, 8);
  show(
    button("← Overview", on.clear, { class: "back" }),
    el("p", { class: "kicker" }, "Community of ", counted(members.length, "entity", "entities")),
    el("h2", { class: graph.item(id).label.length > 90 ? "long" : null }, name(graph.item(id).label)),
    el("p", { class: "quiet" }, `These have more to do with each other (${counted(inner.length, "relation", "relations")}) than with the rest.`),
    el("div", { class: "actions" },
      button(folded ? "Unfold" : "Fold again", () => on.fold(id, !folded))),
    el("h3", {}, "Who and what is in it"),
    el("ul", { class: "members" }, ...paged(members, (member) => el(
      "li", {}, glyph(graph.types[graph.nodes[member].types[0]]?.local), textLink(graph.nodes[member].label, () => on.openNode(member)),
      " ", el("span", { class: "quiet" }, counted(graph.nodes[member].edges.length, "relation", "relations")),
    ))),
    nearest.length ? el("h3", {}, "Closest communities") : null,
    nearest.length ? el("ul", { class: "members" }, ...nearest.map(([other, ties]) => el(
      "li", {}, textLink(graph.communities[other].label, () => on.openNode(-1 - other)), " ", el("span", { class: "quiet" }, counted(ties, "tie", "ties")),
    ))) : null,
  );
}

/** All communities, the largest first.
 * @param {import("./data.js").Graph} graph @param {Record<string, Function>} on */
export function showCommunities(graph, on) {
  show(
    button("← Overview", on.home, { class: "back" }),
    el("h2", {}, "Communities"),
    el("p", { class: "quiet" }, "Entities that have more to do with each other than with the rest, folded into one figure each. The number counts them; a thicker line stands for more relations. Pick one to unfold it."),
    el("ol", { class: "members" }, ...paged(graph.communities, (community) => el(
      "li", {}, textLink(community.label, () => on.openNode(community.id)),
      " ", el("span", { class: "quiet" }, graph.nodes[community.members[1]] ? `with ${shorten(graph.nodes[community.members[1]].label, 30)}` : ""),
    ))),
  );
}

/** One sentence for the reader, in place of what is not there yet or cannot be shown.
 * @param {string} text @param {Record<string, Function>} on @param {boolean} [failed] */
export function showMessage(text, on, failed = false) {
  show(button("← Overview", on.home, { class: "back" }), el("p", { role: failed ? "alert" : "status" }, text));
}

function actions(graph, node, on, shownOnCanvas) {
  const beyond = [...node.neighbours].filter((other) => !shownOnCanvas(other)).length;
  return el(
    "div", { class: "actions" },
    beyond ? button(`Show ${counted(beyond, "more neighbour", "more neighbours")}`, () => on.expand(node.id)) : null,
    node.neighbours.size ? button("Hide its neighbours", () => on.collapse(node.id)) : null,
    button("Only what surrounds it", () => on.around(node.id, 1)),
    button("Path to …", () => on.pathFrom(node.id)),
    button("Take off", () => on.takeOff(node.id)),
  );
}

function section(graph, node, mark, on) {
  const edges = node.edges.filter((edge) => edge.mark === mark);
  if (!edges.length) return null;
  const groups = new Map();
  for (const edge of edges) {
    const key = `${edge.source === node.id ? 0 : 1}:${edge.property}`;
    if (!groups.has(key)) groups.set(key, []);
    groups.get(key).push(edge);
  }
  const ordered = [...groups.values()].sort((a, b) => importance(graph, a[0], node) - importance(graph, b[0], node)
    || b.length - a.length || a[0].property - b[0].property);
  return el(
    "section", { "aria-label": SECTIONS[mark] },
    el("h3", {}, strokeGlyph(mark), SECTIONS[mark], el("span", { class: "number" }, String(edges.length))),
    ...ordered.flatMap((group) => [
      el("h4", {}, group[0].source === node.id ? capital(graph.properties[group[0].property].label) : `${capital(graph.properties[group[0].property].label)} ${shorten(node.label, 40)}`),
      ...paged(group, (edge) => relationEntry(graph, edge, on, node.id)),
    ]),
  );
}

/** Offices first, then what it does, then what is done to it; its words last. */
function importance(graph, edge, node) {
  const local = graph.properties[edge.property].iri.split(/[/#]/).pop();
  if (local === "says") return 3;
  if (edge.source !== node.id) return 2;
  return ["holdsRole", "heldRole", "represents", "roleIn"].includes(local) ? 0 : 1;
}

const capital = (text) => text.charAt(0).toUpperCase() + text.slice(1);

/** The first entries, and a button that brings as many more each time. */
function paged(edges, entry) {
  const first = edges.slice(0, AT_FIRST).map(entry);
  if (edges.length <= AT_FIRST) return first;
  let next = AT_FIRST;
  const more = button("", () => {
    more.before(...edges.slice(next, next + AT_FIRST * 3).map(entry));
    next += AT_FIRST * 3;
    label();
  });
  const label = () => {
    if (next >= edges.length) more.remove();
    else more.textContent = `Show more (${(edges.length - next).toLocaleString("en")} left)`;
  };
  label();
  return [...first, more];
}

/** All relations of a pair of entities.
 * @param {import("./data.js").Graph} graph @param {number} source @param {number} target @param {Record<string, Function>} on */
export function showRelation(graph, source, target, on) {
  const [a, b] = [graph.item(source), graph.item(target)];
  const [here, there] = [new Set(a.members ?? [source]), new Set(b.members ?? [target])];
  const edges = [...here].flatMap((id) => graph.nodes[id].edges.filter((edge) => there.has(edge.source === id ? edge.target : edge.source)));
  edges.sort((one, other) => MARKS.indexOf(one.mark) - MARKS.indexOf(other.mark) || one.id - other.id);
  show(
    button("← Overview", on.clear, { class: "back" }),
    el("p", { class: "kicker" }, counted(edges.length, "relation", "relations")),
    el("h2", { class: "long" }, name(shorten(a.label, 200)), " – ", name(shorten(b.label, 200))),
    ...paged(edges, (edge) => relationEntry(graph, edge, on)),
  );
}

/** What a query gave.
 * @param {import("./data.js").Graph} graph @param {import("./live.js").Result} result @param {Record<string, Function>} on */
export function showResult(graph, { edges, places }, on) {
  show(
    button("← Overview", on.home, { class: "back" }),
    el("p", { class: "kicker" }, `${counted(places.length, "entity", "entities")}, ${counted(edges.length, "relation", "relations")}`),
    el("h2", {}, "Result of the query"),
    edges.length ? null : el("p", {}, "The query gave nothing that can be drawn."),
    ...paged(edges, (edge) => relationEntry(graph, edge, on)),
  );
}

/** A path as a list of steps with what connects each two.
 * @param {import("./data.js").Graph} graph @param {number} start @param {number} goal @param {?number[]} path @param {Record<string, Function>} on */
export function showPath(graph, start, goal, path, on) {
  const between = (a, b) => graph.nodes[a].edges.filter((edge) => edge.source === b || edge.target === b);
  show(
    button("← Overview", on.clear, { class: "back" }),
    el("p", { class: "kicker" }, path ? counted(path.length - 1, "step", "steps") : "No connection"),
    el("h2", { class: "long" }, name(graph.nodes[start].label), " to ", name(graph.nodes[goal].label)),
    ...(path
      ? path.slice(1).flatMap((id, i) => between(path[i], id).slice(0, 4).map((edge) => relationEntry(graph, edge, on)))
      : [el("p", {}, "Nothing in this graph connects the two under the present filters.")]),
  );
}

/** The documents with their dates and how much each says.
 * @param {import("./data.js").Graph} graph @param {Record<string, Function>} on */
export function showDocuments(graph, on) {
  const ordered = graph.documents.slice().sort((a, b) => (b.date ?? "").localeCompare(a.date ?? "") || a.id - b.id);
  const countOf = (entry) => new Set([...entry.sentences.values()].flatMap((sentence) => [...sentence.edges])).size;
  show(
    button("← Overview", on.clear, { class: "back" }),
    el("h2", {}, "Documents"),
    el("ul", { class: "lead" }, ...ordered.map((entry) => el(
      "li", {},
      el("button", { type: "button", class: "link who", click: () => on.openDocument(entry.id) }, name(entry.title)),
      el("p", { class: "quiet" }, [readableDate(entry.date), counted(countOf(entry), "relation", "relations"), entry.source].filter(Boolean).join(" · ")),
    ))),
  );
}

/** One short line for a relation, used where there is no room for its evidence.
 * @param {import("./data.js").Graph} graph @param {import("./data.js").Edge} edge @param {Record<string, Function>} on */
export function shortLine(graph, edge, on) {
  const sources = sourcesOf(graph, edge);
  const note = edge.mark === "fact" ? null : el("span", { class: `standing ${edge.mark}` }, standing(edge) + (sources.length ? ` by ${sources.join(", ")}` : ""));
  return el("div", { class: "entry" }, tripleLine(graph, edge, on), note);
}
