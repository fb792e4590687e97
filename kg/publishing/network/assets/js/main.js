// Wires the parts together: the address says what is open, the parts show it.

import { addressOf, documentAddress, documentAt, go, nodeAt, readAddress } from "./address.js";
import { createArrangement, openCommunities } from "./arrangement.js";
import { createCanvas } from "./canvas.js";
import { readGraph, shortestPath } from "./data.js";
import { byId } from "./dom.js";
import { fileStem, save } from "./downloads.js";
import { startLegend } from "./legend.js";
import { createLive } from "./live.js";
import { startHelp, startSaveMenu } from "./menus.js";
import { showCommunities, showCommunity, showDocuments, showLead, showMessage, showNode, showPath, showRelation, showResult } from "./panel.js";
import { showDocument } from "./reading.js";
import { startSearch } from "./search.js";
import { createTable, toCsv } from "./table.js";
import { startTheme } from "./theme.js";
import { createTimeline } from "./timeline.js";

const VIEWS = ["network", "timeline", "table"];
const MOST_AT_ONCE = 60;
const DRAWN = ["view", "show", "open", "around", "steps", "from", "until", "query"]; // what stays when something else is opened

function start() {
  const graph = readGraph(JSON.parse(byId("graph-data").textContent));
  byId("desk").hidden = false;
  byId("tools").hidden = false;
  startTheme();

  const place = (changes) => go({ ...pick(readAddress(), DRAWN), ...changes });
  const on = {
    openNode(id) {
      if (id < 0) on.fold(id, canvas.has(id) ? false : null);
      else place({ entity: addressOf(graph, id) });
    },
    /** Unfolds a community, folds it again (null: leaves it), and opens its panel. */
    fold(id, folded) {
      const open = openCommunities(readAddress()).filter((other) => folded === null || other !== -1 - id);
      if (folded === false) open.push(-1 - id);
      place({ show: "communities", around: null, steps: null, query: null, open: open.map((other) => other + 1).join(","), entity: addressOf(graph, id) });
    },
    openAddress: (iri, then) => live.entity(iri).then(() => (then ?? on.openNode)(nodeAt(graph, iri))).catch((error) => showMessage(error.message, on, true)),
    openDocument: (id) => place({ document: documentAddress(graph, id) }),
    openDocuments: () => place({ panel: "documents" }),
    openSentence: (id, begin) => place({ document: documentAddress(graph, id), sentence: begin }),
    openRelation: (source, target) => place({ relation: `${addressOf(graph, source)}~${addressOf(graph, target)}` }),
    openType: (type) => { legend.only(type); place({ view: null }); },
    openProperty: (property) => { table.onlyProperty(property); place({ view: "table" }); table.show(); },
    pickNode: (id) => on.openNode(id),
    pickLink: (link) => { if (link) on.openRelation(link.source, link.target); },
    clear: () => place({}),
    home: () => go({}),
    expand,
    collapse,
    around: (id, steps) => go({ entity: addressOf(graph, id), around: addressOf(graph, id), steps }),
    takeOff: (id) => { place({}); canvas.remove([id]); arrangement.note(); },
    pathFrom: (id) => search.ask(`Path from ${graph.nodes[id].label} to …`, (goal) => go({ entity: addressOf(graph, id), to: addressOf(graph, goal) })),
    setRange: (from, until) => place({ from, until }),
    drawDates: (from, until) => go({ show: "dates", from, until }),
    saveCsv: (rows) => save(`${fileStem(graph)}.csv`, toCsv(rows), "text/csv;charset=utf-8"),
  };
  /** @type {import("./canvas.js").Hidden} */
  const hidden = { types: new Set(), marks: new Set() };
  const live = createLive(graph, renew);
  // The legend first: it takes its height before the canvas is measured.
  const legend = startLegend(graph, hidden, () => { canvas.filter(); refreshSheet(); });
  const canvas = createCanvas(graph, hidden, on);
  const search = startSearch(graph, on, live);
  const table = createTable(graph, canvas.passesEdge, on);
  const timeline = createTimeline(graph, canvas.passesEdge, on);
  const arrangement = createArrangement(graph, canvas, timeline);
  let view = "network";
  /** What queries of the address gave, by query.
   * @type {Map<string, import("./live.js").Result>} */
  const results = new Map();

  function expand(id) {
    const beyond = [...graph.nodes[id].neighbours].filter((other) => !canvas.has(other));
    beyond.sort((a, b) => graph.nodes[a].order - graph.nodes[b].order);
    canvas.add(beyond.slice(0, MOST_AT_ONCE), id);
    arrangement.note();
    if (readAddress().entity) route();
  }

  /** Takes off the neighbours that hang on this entity alone; those with other company stay. */
  function collapse(id) {
    const alone = [...graph.nodes[id].neighbours].filter((other) => [...graph.nodes[other].neighbours].every((next) => next === id || !canvas.has(next)));
    canvas.remove(alone);
    arrangement.note();
    route();
  }

  /** The graph has grown: counts, names and rows anew. */
  function renew() {
    legend.renew();
    search.renew();
    canvas.filter();
    sheetShown = null;
    refreshSheet();
  }

  /** Shows the panel for what the address names once it is there; until then, or without a server, nothing. */
  function fetched(asked) {
    asked.then(() => route(), (error) => showMessage(error.message, on, true));
  }

  /** Asks the server for what the address needs and the page lacks; whether it has to wait for that. */
  function waits(state, node, goal) {
    if (!live) return false;
    const missing = [[state.entity, node], [state.to, goal], [state.around, nodeAt(graph, state.around)]].find(([address, id]) => address && id === null);
    if (missing) fetched(live.entity(missing[0]));
    else if (state.query && !results.has(state.query)) {
      fetched(live.query(state.query).then((found) => results.set(state.query, found)));
    } else return false;
    return true;
  }

  function route() {
    const state = readAddress();
    const [node, goal, entry] = [nodeAt(graph, state.entity), nodeAt(graph, state.to), documentAt(graph, state.document)];
    if (waits(state, node, goal)) {
      arrangement.arrange({}, null, null);
      showMessage("Asking the server …", on);
      return;
    }
    const pair = state.relation ? state.relation.split("~").map((address) => nodeAt(graph, address)) : [];
    const path = node >= 0 && node !== null && goal >= 0 && goal !== null ? shortestPath(graph, node, goal, canvas.passesEdge) : null;
    showView(VIEWS.includes(state.view) ? state.view : "network");
    byId("desk").classList.toggle("reading", entry !== null);
    byId("desk").classList.toggle("sheet-only", view !== "network" && node === null && entry === null && !pair.length && !state.panel);
    arrangement.arrange(state, path, results.get(state.query) ?? null);
    if (node !== null && node < 0) {
      if (canvas.has(node)) canvas.select(node);
      else canvas.highlight(graph.item(node).members);
      showCommunity(graph, node, canvas.has(node), on);
    } else if (node !== null && goal !== null) {
      canvas.highlight(path ?? [node, goal]);
      showPath(graph, node, goal, path, on);
    } else if (node !== null) {
      canvas.select(node);
      showNode(graph, node, on, canvas.has);
      if (live && !live.knows(node)) fetched(live.neighbours(node));
    } else if (pair.length === 2 && pair[0] !== null && pair[1] !== null) {
      canvas.highlight(pair);
      showRelation(graph, pair[0], pair[1], on);
    } else if (entry !== null) {
      openText(entry, state.sentence === undefined ? null : Number(state.sentence));
    } else {
      canvas.select(null);
      if (state.panel === "documents") showDocuments(graph, on);
      else if (results.has(state.query)) showResult(graph, results.get(state.query), on);
      else if (state.show === "communities" && graph.communities.length) showCommunities(graph, on);
      else showLead(graph, on);
    }
    arrangement.note();
  }

  function openText(entry, sentence) {
    const edges = showDocument(graph, entry, sentence, on);
    const ids = [...new Set(edges.flatMap((edge) => [edge.source, edge.target]).filter((id) => id !== null))];
    if (ids.length) canvas.highlight(ids);
    else canvas.select(null);
    if (live && !graph.documents[entry].text) fetched(live.text(entry));
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
    const { from, until } = readAddress();
    const sheet = `${view} ${[...hidden.types]} ${[...hidden.marks]} ${from} ${until}`;
    if (sheet === sheetShown) return;
    sheetShown = sheet;
    if (view === "table") table.show();
    if (view === "timeline") timeline.show({ from, until });
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
  /** Draws anew, also when the address asks for what is there already. */
  const draw = (state) => { arrangement.forget(); go(state); route(); };
  byId("show-overview").addEventListener("click", () => draw({}));
  byId("show-communities").addEventListener("click", () => draw({ show: "communities" }));
  byId("show-communities").hidden = !graph.communities.length;
  byId("show-all").addEventListener("click", () => draw({ show: "all" }));
  for (const control of byId("steps").querySelectorAll("button")) {
    control.addEventListener("click", () => go({ ...readAddress(), steps: control.textContent }));
  }
  byId("documents-button").addEventListener("click", on.openDocuments);
  byId("zoom-in").addEventListener("click", () => canvas.zoom(1.3));
  byId("zoom-out").addEventListener("click", () => canvas.zoom(1 / 1.3));
  byId("zoom-fit").addEventListener("click", () => canvas.fit());
  if (graph.served?.editor) {
    byId("editor-link").hidden = false;
    byId("editor-link").setAttribute("href", graph.served.editor);
  }
  startSaveMenu(graph, canvas, table, on);
  const help = startHelp();
  document.addEventListener("keydown", (event) => {
    const { entity, relation, document: text, panel } = readAddress();
    if (event.key === "Escape" && !help.open && (entity || relation || text || panel)) on.clear();
  });
  addEventListener("hashchange", route);
  if (graph.focus !== null && !location.hash) go({ entity: addressOf(graph, graph.focus) });
  route();
  // For whoever scripts the page: the data, and where an entity stands in the window.
  Reflect.set(window, "kgView", Object.freeze({
    graph,
    shown: () => [...canvas.places().keys()].map((id) => graph.item(id).label),
    links: () => canvas.links().map((link) => link.id),
    spot(address) {
      const frame = byId("canvas").getBoundingClientRect();
      const { x, y } = canvas.network.canvasToDOM(canvas.places().get(nodeAt(graph, address)));
      return { x: frame.x + x, y: frame.y + y };
    },
  }));
  byId("plain").remove();
  document.documentElement.dataset.ready = "true";
  requestAnimationFrame(() => setTimeout(() => performance.mark("drawn")));
}

const pick = (object, keys) => Object.fromEntries(keys.filter((key) => key in object).map((key) => [key, object[key]]));

try {
  start();
} catch (error) {
  // What cannot be drawn can still be read.
  byId("desk").hidden = true;
  byId("plain").classList.add("shown");
  throw error;
}
