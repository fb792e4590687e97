// Wires the parts together: the address says what is open, the parts show it.

import { addressOf, documentAddress, documentAt, go, nodeAt, readAddress } from "./address.js";
import { createCanvas } from "./canvas.js";
import { readGraph, rings, shortestPath } from "./data.js";
import { button, byId, counted, el } from "./dom.js";
import { fileStem, save, toPng, toSvg, toTurtle } from "./downloads.js";
import { startLegend } from "./legend.js";
import { showDocuments, showLead, showNode, showPath, showRelation } from "./panel.js";
import { pathPlaces, ringPlaces } from "./placement.js";
import { showDocument } from "./reading.js";
import { startSearch } from "./search.js";
import { createTable, toCsv } from "./table.js";
import { startTheme } from "./theme.js";
import { createTimeline } from "./timeline.js";

const VIEWS = ["network", "timeline", "table"];
const MOST_AT_ONCE = 60;

function start() {
  const graph = readGraph(JSON.parse(byId("graph-data").textContent));
  byId("plain").remove();
  byId("desk").hidden = false;
  byId("tools").hidden = false;
  startTheme();

  const place = (changes) => go({ ...pick(readAddress(), ["view", "show", "around", "steps"]), ...changes });
  const on = {
    openNode: (id) => place({ entity: addressOf(graph, id) }),
    openDocument: (id) => place({ document: documentAddress(graph, id) }),
    openDocuments: () => place({ panel: "documents" }),
    openSentence: (id, begin) => place({ document: documentAddress(graph, id), sentence: begin }),
    openRelation: (source, target) => place({ relation: `${addressOf(graph, source)}~${addressOf(graph, target)}` }),
    openType: (type) => { legend.only(type); place({ view: null }); },
    openProperty: (property) => { table.onlyProperty(property); place({ view: "table" }); table.show(); },
    pickNode: (id) => on.openNode(id),
    pickLink: (link) => { if (link) on.openRelation(link.source, link.target); },
    clear: () => place({}),
    expand,
    collapse,
    around: (id, steps) => go({ entity: addressOf(graph, id), around: addressOf(graph, id), steps }),
    takeOff: (id) => { place({}); canvas.remove([id]); note(); },
    pathFrom: (id) => search.ask(`Path from ${graph.nodes[id].label} to …`, (goal) => go({ entity: addressOf(graph, id), to: addressOf(graph, goal) })),
    saveCsv: (rows) => save(`${fileStem(graph)}.csv`, toCsv(rows), "text/csv;charset=utf-8"),
  };
  const hidden = { types: new Set(), marks: new Set() };
  // The legend first: it takes its height before the canvas is measured.
  const legend = startLegend(graph, hidden, () => { canvas.filter(); refreshSheet(); });
  const canvas = createCanvas(graph, hidden, on);
  const search = startSearch(graph, on);
  const table = createTable(graph, canvas.passesEdge, on);
  const timeline = createTimeline(graph, canvas.passesEdge, on);
  let arrangement = null;
  let view = "network";

  function expand(id) {
    const beyond = [...graph.nodes[id].neighbours].filter((other) => !canvas.has(other));
    beyond.sort((a, b) => graph.nodes[a].order - graph.nodes[b].order);
    canvas.add(beyond.slice(0, MOST_AT_ONCE), id);
    note();
    if (readAddress().entity) route();
  }

  /** Takes off the neighbours that hang on this entity alone; those with other company stay. */
  function collapse(id) {
    const alone = [...graph.nodes[id].neighbours].filter((other) => [...graph.nodes[other].neighbours].every((next) => next === id || !canvas.has(next)));
    canvas.remove(alone);
    note();
    route();
  }

  function overviewPlaces() {
    return graph.nodes.filter((node) => node.ox !== null).map((node) => [node.id, { x: node.ox, y: node.oy }]);
  }

  function allPlaces() {
    const connected = graph.nodes.filter((node) => node.neighbours.size);
    return (connected.length ? connected : graph.nodes).map((node) => [node.id, { x: node.x, y: node.y }]);
  }

  /** Lays out the canvas when the address asks for another arrangement than the present one. */
  function arrange(state, path) {
    const centre = nodeAt(graph, state.around);
    const wanted = path ? `path ${path.join(" ")}` : centre !== null ? `around ${centre} ${state.steps}` : state.show === "all" ? "all" : "overview";
    if (wanted === arrangement) return;
    arrangement = wanted;
    if (path) canvas.arrange(pathPlaces(path));
    else if (centre !== null) canvas.arrange(ringPlaces(rings(graph, centre, Math.min(Number(state.steps) || 1, 6))));
    else canvas.arrange(wanted === "all" ? allPlaces() : overviewPlaces());
    byId("show-overview").setAttribute("aria-pressed", String(wanted === "overview"));
    byId("show-all").setAttribute("aria-pressed", String(wanted === "all"));
    note();
  }

  function note() {
    const shown = canvas.places().size;
    byId("arrangement-note").textContent = shown < graph.nodes.length
      ? `${shown.toLocaleString("en")} of ${counted(graph.nodes.length, "entity", "entities")}` : "";
  }

  function route() {
    const state = readAddress();
    const [node, goal, entry] = [nodeAt(graph, state.entity), nodeAt(graph, state.to), documentAt(graph, state.document)];
    const pair = state.relation ? state.relation.split("~").map((address) => nodeAt(graph, address)) : [];
    const path = node !== null && goal !== null ? shortestPath(graph, node, goal, canvas.passesEdge) : null;
    showView(VIEWS.includes(state.view) ? state.view : "network");
    byId("desk").classList.toggle("reading", entry !== null);
    byId("desk").classList.toggle("sheet-only", view !== "network" && node === null && entry === null && !pair.length && !state.panel);
    arrange(state, path);
    if (node !== null && goal !== null) {
      canvas.highlight(path ?? [node, goal]);
      showPath(graph, node, goal, path, on);
    } else if (node !== null) {
      canvas.select(node);
      showNode(graph, node, on, canvas.has);
    } else if (pair.length === 2 && pair[0] !== null && pair[1] !== null) {
      canvas.highlight(pair);
      showRelation(graph, pair[0], pair[1], on);
    } else if (entry !== null) {
      const edges = showDocument(graph, entry, state.sentence === undefined ? null : Number(state.sentence), on);
      const ids = [...new Set(edges.flatMap((edge) => [edge.source, edge.target]).filter((id) => id !== null))];
      if (ids.length) canvas.highlight(ids);
      else canvas.select(null);
    } else {
      canvas.select(null);
      if (state.panel === "documents") showDocuments(graph, on);
      else showLead(graph, on);
    }
    note();
  }

  function showView(wanted) {
    view = wanted;
    for (const other of VIEWS) {
      byId(`${other}-view`).hidden = other !== wanted;
      byId(`tab-${other}`).setAttribute("aria-selected", String(other === wanted));
      byId(`tab-${other}`).tabIndex = other === wanted ? 0 : -1;
    }
    refreshSheet();
  }

  let sheetShown = null;
  function refreshSheet() {
    const sheet = `${view} ${[...hidden.types]} ${[...hidden.marks]}`;
    if (sheet === sheetShown) return;
    sheetShown = sheet;
    if (view === "table") table.show();
    if (view === "timeline") timeline.show();
  }

  VIEWS.forEach((name, i) => {
    const tab = byId(`tab-${name}`);
    tab.addEventListener("click", () => go({ ...readAddress(), view: name === "network" ? null : name }));
    tab.addEventListener("keydown", (event) => {
      const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
      if (!step) return;
      const next = byId(`tab-${VIEWS[(i + step + VIEWS.length) % VIEWS.length]}`);
      next.focus();
      next.click();
    });
  });
  byId("show-overview").addEventListener("click", () => { arrangement = null; go({}); route(); });
  byId("show-all").addEventListener("click", () => { arrangement = null; go({ show: "all" }); route(); });
  byId("documents-button").addEventListener("click", on.openDocuments);
  byId("zoom-in").addEventListener("click", () => canvas.zoom(1.3));
  byId("zoom-out").addEventListener("click", () => canvas.zoom(1 / 1.3));
  byId("zoom-fit").addEventListener("click", () => canvas.fit());
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && !byId("help").open && readAddress().entity) on.clear();
  });
  startSaveMenu(graph, canvas, table, on);
  startHelp();
  addEventListener("hashchange", route);
  if (graph.focus !== null && !location.hash) go({ entity: addressOf(graph, graph.focus) });
  route();
  // For whoever scripts the page: the data, and where an entity stands in the window.
  window.kgView = Object.freeze({
    graph,
    shown: () => [...canvas.places().keys()].map((id) => graph.nodes[id].label),
    links: () => canvas.links().map((link) => link.id),
    spot(address) {
      const frame = byId("canvas").getBoundingClientRect();
      const { x, y } = canvas.network.canvasToDOM(canvas.places().get(nodeAt(graph, address)));
      return { x: frame.x + x, y: frame.y + y };
    },
  });
  document.documentElement.dataset.ready = "true";
}

function startSaveMenu(graph, canvas, table, on) {
  const control = byId("save-button");
  const menu = byId("save-menu");
  const stem = fileStem(graph);
  const open = (yes) => {
    menu.hidden = !yes;
    control.setAttribute("aria-expanded", String(yes));
    if (yes) menu.querySelector("button").focus();
  };
  const item = (label, action) => el("li", {}, button(label, () => { open(false); action(); }));
  const drawnEdges = () => canvas.links().flatMap((link) => link.edges);
  menu.append(
    item("Picture (PNG)", () => toPng(graph, byId("canvas"), (blob) => save(`${stem}.png`, blob))),
    item("Drawing (SVG)", () => save(`${stem}.svg`, toSvg(graph, { places: canvas.places(), links: canvas.links(), radius: canvas.radius }), "image/svg+xml")),
    item("What is drawn (Turtle)", () => save(`${stem}.ttl`, toTurtle(graph, [...canvas.places().keys()], drawnEdges()), "text/turtle")),
    item("Table (CSV)", () => on.saveCsv(table.rows())),
    item("Print", () => print()),
  );
  control.addEventListener("click", () => open(menu.hidden));
  menu.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    event.stopPropagation();
    open(false);
    control.focus();
  });
  document.addEventListener("click", (event) => { if (!menu.hidden && !menu.parentElement.contains(event.target)) open(false); });
}

const KEYS = [
  ["/", "search"], ["Tab", "next control"], ["Arrow keys", "on the diagram: to the next entity in that direction"],
  ["Enter", "open the entity, or the suggestion"], ["e", "on the diagram: show its neighbours"], ["+  −  0", "zoom in, out, fit"],
  ["Esc", "close what is open"],
];

function startHelp() {
  const dialog = byId("help");
  dialog.append(
    el("h2", { id: "help-title" }, "How to read and move"),
    el("p", {}, "Shapes are entities, lines are relations with an arrow to the object. Pick either to read the sentences behind it; double-click an entity to show its neighbours. The address always links to what is open."),
    el("dl", {}, ...KEYS.flatMap(([key, does]) => [el("dt", {}, key), el("dd", {}, does)])),
    button("Close", () => dialog.close()),
  );
  byId("help-button").addEventListener("click", () => dialog.showModal());
}

const pick = (object, keys) => Object.fromEntries(keys.filter((key) => key in object).map((key) => [key, object[key]]));

start();
