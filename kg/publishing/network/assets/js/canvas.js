// What is on the canvas: which entities, where, under which filters; and the reader's hand on it.

import { byId, counted, el, name } from "./dom.js";
import { MARK_NAMES } from "./data.js";
import { foldedLinks } from "./folding.js";
import { drawLabels } from "./labels.js";
import { freePlaces, nextInDirection } from "./placement.js";
import { createRenderer } from "./renderer.js";
import { onTheme } from "./theme.js";

const MOST_DRAWN = 1500;
const MOST_SPOKEN = 250;
const CALM = matchMedia("(prefers-reduced-motion: reduce)");

/** @typedef {{types: Set<number>, marks: Set<string>}} Hidden what the legend's switches are off for */
/** @typedef {{x:number, y:number}} Place */
/** What a drawing reads at every turn: the entity that is open, the one under the pointer, those that are not dimmed;
 *  `many` lines are drawn thicker, `crowded` ones paler.
 * @typedef {{selected:?number, hovered:?number, near:?Set<number>, scale:number, many:boolean, crowded:boolean}} State */

/** @param {import("./data.js").Graph} graph @param {Hidden} hidden
 *  @param {Record<string, Function>} on pickNode(id), pickLink(link), expand(id), clear() */
export function createCanvas(graph, hidden, on) {
  const container = byId("canvas");
  /** @type {State} */
  const state = { selected: null, hovered: null, near: null, scale: 1, many: false, crowded: false };
  /** @type {Map<number, Place>} */
  let shown = new Map(); // before filters
  /** @type {import("./data.js").Link[]} */
  let drawnLinks = [];
  /** @type {?Set<import("./data.js").Edge>} */
  let only = null; // the relations that are drawn, where it is not all
  let dimming = new Map(); // link id → the options last given, as text
  let boxes = [];
  const renderer = createRenderer(container, graph, state);
  const { network } = renderer;

  const typeOf = (id) => (id < 0 ? NaN : graph.nodes[id].types[0] ?? -1);
  const passes = (id) => !hidden.types.has(typeOf(id)) || id === state.selected;
  const drawn = (link) => !hidden.marks.has(link.mark) && (only === null || link.edges.some((edge) => only.has(edge)));
  const passesEdge = (edge) => !hidden.marks.has(edge.mark) && passes(edge.source) && (edge.target === null || passes(edge.target));

  network.on("afterDrawing", (context) => {
    const places = new Map();
    // Between two arrangements vis-network still draws what has already gone.
    for (const id of renderer.nodes.getIds()) if (shown.has(id)) places.set(id, shown.get(id));
    boxes = drawLabels(context, graph, { places, links: drawnLinks, radius: renderer.radius, state, scale: network.getScale(), controls: controls() });
  });

  /** Where buttons lie on the canvas. */
  function controls() {
    const frame = container.getBoundingClientRect();
    return [...container.parentElement.querySelectorAll(".zoom, .arrangement > *")].map((element) => {
      const { left, right, top, bottom } = element.getBoundingClientRect();
      return { left: left - frame.left, right: right - frame.left, top: top - frame.top, bottom: bottom - frame.top };
    }).filter(({ left, right }) => right > left);
  }

  /** Brings what vis-network holds into line with what should be drawn. */
  function refresh() {
    let ids = [...shown.keys()].filter(passes);
    if (ids.length > MOST_DRAWN) ids = mostCentralInView(ids);
    const wanted = new Set(ids);
    const gone = renderer.nodes.getIds().filter((id) => !wanted.has(id));
    drawnLinks = graph.links.filter((link) => wanted.has(link.source) && wanted.has(link.target) && drawn(link));
    if (ids.some((id) => id < 0)) drawnLinks.push(...foldedLinks(graph, wanted, passesEdge));
    state.many = drawnLinks.length > 250;
    state.crowded = drawnLinks.length > 900;
    const linkIds = new Set(drawnLinks.map((link) => link.id));
    renderer.links.remove(renderer.links.getIds().filter((id) => !linkIds.has(id)));
    renderer.nodes.remove(gone);
    renderer.nodes.update(ids.filter((id) => {
      const held = renderer.nodes.get(id);
      return !held || held.x !== shown.get(id).x || held.y !== shown.get(id).y;
    }).map((id) => renderer.nodeOptions(id, shown.get(id))));
    for (const id of dimming.keys()) if (!linkIds.has(id)) dimming.delete(id);
    repaint();
    speakList();
  }

  function repaint() {
    const changed = [];
    for (const link of drawnLinks) {
      const options = renderer.linkOptions(link);
      const text = JSON.stringify(options);
      if (dimming.get(link.id) === text) continue;
      dimming.set(link.id, text);
      changed.push(options);
    }
    if (changed.length) renderer.links.update(changed);
    network.redraw();
  }

  function mostCentralInView(ids) {
    const scale = network.getScale();
    const middle = network.getViewPosition();
    const across = container.clientWidth / scale / 1.8;
    const down = container.clientHeight / scale / 1.8;
    const kept = ids.filter((id) => {
      if (state.near?.has(id)) return true;
      const { x, y } = shown.get(id);
      return Math.abs(x - middle.x) < across && Math.abs(y - middle.y) < down;
    });
    const first = (id) => (id === state.selected ? 2 : state.near?.has(id) ? 1 : 0);
    kept.sort((a, b) => first(b) - first(a) || graph.item(a).order - graph.item(b).order);
    return kept.slice(0, MOST_DRAWN);
  }

  let timer = 0;
  function refreshSoon() {
    if (shown.size <= MOST_DRAWN) return;
    clearTimeout(timer);
    timer = setTimeout(refresh, 140);
  }

  /** Everything in sight; `ids` restricts it. `calm` moves at once. */
  function fit(ids = null, calm = false) {
    const places = [...shown].filter(([id]) => passes(id) && (ids === null || ids.includes(id))).map(([, place]) => place);
    if (!places.length || !container.clientWidth) return;
    const xs = places.map((place) => place.x);
    const ys = places.map((place) => place.y);
    const [left, right, top, bottom] = [least(xs), most(xs), least(ys), most(ys)];
    const wide = container.clientWidth - Math.min(170, container.clientWidth * 0.3);
    const tall = Math.max(container.clientHeight - 150, 150);
    const scale = Math.min(wide / Math.max(right - left, 1), tall / Math.max(bottom - top, 1), 1.25);
    move({ x: (left + right) / 2, y: (top + bottom) / 2 - 18 / scale }, scale, calm);
  }

  function move(position, scale, calm) {
    const animation = calm || CALM.matches || shown.size > 800 ? false : { duration: 320, easingFunction: "easeInOutQuad" };
    network.moveTo({ position, scale, animation });
    refreshSoon();
  }

  /** Puts exactly these on the canvas; `ids` are brought into sight. Of the lines between them all are drawn, or those of `edges`.
   * @param {Iterable<[number, Place]>} places @param {?number[]} [ids] @param {?import("./data.js").Edge[]} [edges] */
  function arrange(places, ids = null, edges = null) {
    only = edges && new Set(edges);
    shown = new Map(stretched([...places]));
    fit(ids, true);
    refresh();
  }

  /** Wide layouts, pulled apart to the height of a narrow window. */
  function stretched(places) {
    if (container.clientWidth > 600 || places.length < 3) return places;
    const reach = (axis) => most(places.map(([, place]) => place[axis])) - least(places.map(([, place]) => place[axis]));
    const wanted = (container.clientHeight - 150) / (container.clientWidth * 0.7);
    const factor = Math.min(Math.max((wanted * reach("x")) / Math.max(reach("y"), 1), 1), 2.2);
    return places.map(([id, place]) => [id, { x: place.x, y: place.y * factor }]);
  }

  /** Adds entities in free places near `centre`; those already there stay. */
  function add(ids, centre) {
    const fresh = ids.filter((id) => !shown.has(id));
    if (!fresh.length) return 0;
    only = null;
    const around = shown.get(centre) ?? { x: 0, y: 0 };
    for (const [id, place] of freePlaces(fresh, around, shown.values())) shown.set(id, place);
    refresh();
    return fresh.length;
  }

  function remove(ids) {
    for (const id of ids) shown.delete(id);
    refresh();
  }

  /** Marks an entity (null: none) and dims what is not next to it; brings it into sight when it is out of it. */
  function select(id) {
    state.selected = id;
    state.near = id === null ? null : new Set([id, ...graph.item(id).neighbours]);
    if (id !== null) {
      if (!shown.has(id) && id >= 0) add([id], [...graph.nodes[id].neighbours].find((other) => shown.has(other)) ?? null);
      bringIntoSight(id);
    }
    refresh();
  }

  /** Marks a set of entities without opening one: a relation's or a sentence's. */
  function highlight(ids) {
    state.selected = null;
    state.near = new Set(ids);
    add(ids.filter((id) => id >= 0 && !shown.has(id)), ids.find((id) => shown.has(id)) ?? null);
    if (ids.length) bringIntoSight(ids[0]);
    refresh();
  }

  function bringIntoSight(id) {
    const place = shown.get(id);
    if (!place) return;
    const spot = network.canvasToDOM(place);
    const aside = 60;
    if (spot.x < aside || spot.y < aside || spot.x > container.clientWidth - aside || spot.y > container.clientHeight - aside - 60) {
      move(place, network.getScale(), false);
    }
  }

  function speakList() {
    clearTimeout(speakList.timer);
    speakList.timer = setTimeout(() => {
      const edges = drawnLinks.flatMap((link) => link.edges);
      const items = edges.slice(0, MOST_SPOKEN).map((edge) => el(
        "li", {}, name(graph.nodes[edge.source].label), ` ${graph.properties[edge.property].label} `,
        name(graph.nodes[edge.target].label), edge.mark === "fact" ? "" : ` (${MARK_NAMES[edge.mark]})`,
      ));
      byId("spoken-list").replaceChildren(
        el("h2", {}, `${counted(edges.length, "relation", "relations")} drawn`), el("ul", {}, ...items),
        edges.length > MOST_SPOKEN ? el("p", {}, "The table view has them all.") : "",
      );
    }, 250);
  }
  speakList.timer = 0;

  const labelAt = ({ x, y }) => boxes.find((box) => x >= box.left && x <= box.right && y >= box.top && y <= box.bottom);

  network.on("click", ({ nodes, edges, pointer }) => {
    const label = nodes.length ? null : labelAt(pointer.DOM);
    if (nodes.length) on.pickNode(nodes[0]);
    else if (label) on.pickNode(label.owner);
    else if (edges.length) on.pickLink(drawnLinks.find((link) => link.id === edges[0]));
    else on.clear();
    network.unselectAll();
  });
  network.on("doubleClick", ({ nodes }) => { if (nodes.length && nodes[0] >= 0) on.expand(nodes[0]); });
  network.on("hoverNode", ({ node }) => { state.hovered = node; container.style.cursor = "pointer"; network.redraw(); });
  network.on("blurNode", () => { state.hovered = null; container.style.cursor = ""; network.redraw(); });
  network.on("hoverEdge", () => { container.style.cursor = "pointer"; });
  network.on("blurEdge", () => { container.style.cursor = ""; });
  network.on("zoom", refreshSoon);
  network.on("dragEnd", ({ nodes }) => {
    if (nodes.length) Object.entries(network.getPositions(nodes)).forEach(([id, place]) => shown.set(Number(id), place));
    refreshSoon();
  });
  onTheme(() => { dimming = new Map(); repaint(); });

  let cursor = null;
  container.addEventListener("keydown", (event) => {
    const arrow = { ArrowLeft: "left", ArrowRight: "right", ArrowUp: "up", ArrowDown: "down" }[event.key];
    if (arrow) {
      /** @type {[number, Place][]} */
      const places = renderer.nodes.getIds().map((id) => [id, shown.get(id)]);
      const start = shown.get(cursor ?? state.selected);
      cursor = start ? nextInDirection(start, places, arrow) ?? cursor : firstOf(places);
      if (cursor !== null) {
        state.hovered = cursor;
        bringIntoSight(cursor);
        const { label, members, edges } = graph.item(cursor);
        byId("spoken").textContent = `${label}, ${members ? counted(members.length, "entity", "entities") : counted(edges.length, "relation", "relations")}`;
        network.redraw();
      }
    } else if (event.key === "Enter" && cursor !== null) on.pickNode(cursor);
    else if (event.key === "e" && (cursor ?? state.selected ?? -1) >= 0) on.expand(cursor ?? state.selected);
    else if (event.key === "+" || event.key === "=") zoom(1.3);
    else if (event.key === "-") zoom(1 / 1.3);
    else if (event.key === "0") fit();
    else return;
    event.preventDefault();
  });
  container.addEventListener("blur", () => { state.hovered = null; network.redraw(); });

  const firstOf = (places) => places.map(([id]) => id).sort((a, b) => graph.item(a).order - graph.item(b).order)[0] ?? null;

  function zoom(factor) {
    move(network.getViewPosition(), Math.min(Math.max(network.getScale() * factor, 0.02), 4), false);
  }

  return {
    arrange, add, remove, select, highlight, fit, zoom, passesEdge,
    filter() { refresh(); },
    network,
    has: (id) => shown.has(id),
    places: () => new Map([...shown].filter(([id]) => renderer.nodes.get(id) !== null)),
    links: () => drawnLinks,
    radius: renderer.radius,
  };
}

const least = (values) => values.reduce((a, b) => Math.min(a, b), Infinity);
const most = (values) => values.reduce((a, b) => Math.max(a, b), -Infinity);
