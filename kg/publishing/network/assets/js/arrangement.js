// What is drawn and where, as the address asks: the most central, communities, everything, the surroundings of one
// entity, a path, a period, the result of a query.

import { nodeAt } from "./address.js";
import { rings } from "./data.js";
import { byId, counted } from "./dom.js";
import { communityPlaces } from "./folding.js";
import { pathPlaces, ringPlaces } from "./placement.js";

const MOST_STEPS = 6;
const MOST_OF_A_PERIOD = 400;
const SWITCHES = ["overview", "communities", "all"];

/** Positions of the communities that the address unfolds.
 * @param {Record<string, any>} state */
export function openCommunities(state) {
  return (state.open ?? "").split(",").filter((number) => /^\d+$/.test(number)).map((number) => Number(number) - 1);
}

/** @param {import("./data.js").Graph} graph @param {any} canvas @param {any} timeline */
export function createArrangement(graph, canvas, timeline) {
  let present = null;

  const overview = () => graph.nodes.filter((node) => node.ox !== null).map((node) => [node.id, { x: node.ox, y: node.oy }]);
  const placed = (ids) => ids.map((id) => [id, { x: graph.nodes[id].x, y: graph.nodes[id].y }]);

  function everything() {
    const connected = graph.nodes.filter((node) => node.neighbours.size);
    return placed((connected.length ? connected : graph.nodes).map((node) => node.id));
  }

  function ofPeriod(from, until) {
    const ids = timeline.entities(from, until).sort((a, b) => graph.nodes[a].order - graph.nodes[b].order);
    return placed(ids.slice(0, MOST_OF_A_PERIOD));
  }

  /** Lays out the canvas unless it lies as the address asks already.
   * @param {Record<string, string>} state the address @param {?number[]} path ids from end to end
   * @param {?import("./live.js").Result} result what the address's query gave */
  function arrange(state, path, result) {
    const centre = nodeAt(graph, state.around);
    const steps = Math.min(Math.max(Number(state.steps) || 1, 1), MOST_STEPS);
    const around = centre !== null && centre >= 0;
    const wanted = path ? `path ${path.join(" ")}`
      : around ? `around ${centre} ${steps} ${graph.nodes.length}`
        : result ? `query ${state.query}`
          : state.show === "dates" ? `dates ${state.from} ${state.until}`
            : state.show === "communities" && graph.communities.length ? `communities ${openCommunities(state).join()}`
              : state.show === "all" ? "all" : "overview";
    const kind = wanted.split(" ")[0];
    for (const name of SWITCHES) byId(`show-${name}`).setAttribute("aria-pressed", String(kind === name));
    showSteps(around && kind === "around" ? steps : null);
    if (wanted === present) return;
    present = wanted;
    if (path) canvas.arrange(pathPlaces(path));
    else if (kind === "around") canvas.arrange(ringPlaces(rings(graph, centre, steps)));
    else if (kind === "query") canvas.arrange(result.places, null, result.edges);
    else if (kind === "dates") canvas.arrange(ofPeriod(state.from, state.until));
    else if (kind === "communities") {
      const open = openCommunities(state);
      const last = open.length ? graph.communities[open[open.length - 1]] : null;
      canvas.arrange(communityPlaces(graph, open), last ? last.members : null);
    } else canvas.arrange(kind === "all" ? everything() : overview());
    note();
  }

  /** The buttons that widen or narrow the surroundings. */
  function showSteps(steps) {
    byId("steps").hidden = steps === null;
    for (const control of byId("steps").querySelectorAll("button")) control.setAttribute("aria-pressed", String(Number(control.textContent) === steps));
  }

  function note() {
    const drawn = [...canvas.places().keys()];
    const folded = drawn.filter((id) => id < 0).length;
    const parts = [];
    if (folded) parts.push(counted(folded, "folded community", "folded communities"));
    const shown = drawn.length - folded;
    if (shown && (folded || shown < graph.nodes.length)) parts.push(`${shown.toLocaleString("en")} of ${counted(graph.nodes.length, "entity", "entities")}`);
    byId("arrangement-note").textContent = parts.join(", ");
  }

  return {
    arrange, note,
    /** The next arrangement is laid out anew even if the address has not changed. */
    forget() { present = null; },
  };
}
