// vis-network set up our way: our outlines for nodes, fixed places, straight lines unless a pair has several.

import { colour } from "./theme.js";
import { SERIF } from "./labels.js";
import { STROKES, lookOf, strokeColour, trace } from "./shapes.js";

/** @param {HTMLElement} container @param {import("./data.js").Graph} graph
 *  @param {import("./canvas.js").State} state read at every drawing, so a redraw shows a change */
export function createRenderer(container, graph, state) {
  const nodes = new vis.DataSet();
  const links = new vis.DataSet();
  const largest = Math.max(...graph.nodes.map((node) => node.rank), 1e-9);
  // Zoomed out, figures shrink less than the distances between them.
  /** @param {number} id */
  const radius = (id) => (id < 0 ? 9 + 5 * Math.log2(graph.item(id).members.length) : 6.5 + 13 * Math.sqrt(graph.nodes[id].rank / largest))
    * Math.max(0.95 / state.scale, 1) ** (id < 0 ? 0.7 : 0.5);

  /** A folded community: a plate with the number of its entities. */
  function drawFolded(context, id, x, y) {
    const r = radius(id);
    context.globalAlpha = state.near !== null && !state.near.has(id) ? 0.3 : 1;
    context.beginPath();
    context.arc(x, y, r * 1.22, 0, 2 * Math.PI);
    context.fillStyle = colour(state.selected === id || state.hovered === id ? "highlight" : "paper");
    context.fill();
    context.lineWidth = r * 0.07;
    context.strokeStyle = colour("ink");
    context.stroke();
    context.beginPath();
    context.arc(x, y, r, 0, 2 * Math.PI);
    context.fillStyle = colour("wash");
    context.fill();
    context.stroke();
    context.fillStyle = colour("ink");
    const number = graph.item(id).members.length.toLocaleString("en");
    context.font = `700 ${Math.round(r * Math.min(0.8, 2 / number.length))}px ${SERIF}`;
    context.textAlign = "center";
    context.textBaseline = "middle";
    context.fillText(number, x, y);
    context.globalAlpha = 1;
  }

  function drawNode(context, id, x, y) {
    if (id < 0) {
      drawFolded(context, id, x, y);
      return;
    }
    const look = lookOf(graph.types[graph.nodes[id].types[0]]?.local);
    const r = radius(id);
    const dim = state.near !== null && !state.near.has(id);
    context.globalAlpha = dim ? 0.22 : 1;
    if (state.selected === id || state.hovered === id) {
      trace(context, lookOf("Person").outline, x, y, r + 7);
      context.fillStyle = colour("highlight");
      context.fill();
      context.lineWidth = state.selected === id ? 2.5 : 1;
      context.strokeStyle = colour("ink");
      context.stroke();
    }
    trace(context, look.outline, x, y, r);
    context.fillStyle = look.hollow ? colour("paper") : colour(look.tone);
    context.fill();
    context.lineWidth = look.hollow ? 3 : 1.5;
    context.strokeStyle = look.hollow ? colour(look.tone) : colour("paper");
    context.stroke();
    context.globalAlpha = 1;
  }

  const large = graph.nodes.length > 1500;
  const network = new vis.Network(container, { nodes, edges: links }, {
    autoResize: true,
    physics: false,
    layout: { improvedLayout: false },
    edges: { smooth: false, arrowStrikethrough: false, selectionWidth: 1.2, hoverWidth: 0.6 },
    interaction: {
      hover: true, hoverConnectedEdges: false, selectConnectedEdges: false, keyboard: false, multiselect: false,
      hideEdgesOnDrag: large, hideEdgesOnZoom: large, zoomSpeed: 0.7,
    },
  });

  network.on("beforeDrawing", () => { state.scale = network.getScale(); });

  const nodeOptions = (id, place) => ({
    id, x: place.x, y: place.y, shape: "custom", size: radius(id),
    ctxRenderer: ({ ctx, x, y }) => ({
      drawNode: () => drawNode(ctx, id, x, y),
      nodeDimensions: { width: radius(id) * 2, height: radius(id) * 2 },
    }),
  });

  /** @param {import("./data.js").Link} link */
  function linkOptions(link) {
    if (link.folded) return foldedOptions(link);
    const stroke = STROKES[link.mark];
    const paint = strokeColour(link.mark);
    const away = state.near !== null && !touches(link);
    const bend = link.source < link.target ? link.bend : -link.bend;
    return {
      id: link.id, from: link.source, to: link.target,
      dashes: stroke.dashes,
      width: (stroke.width + Math.min(link.edges.length - 1, 4) * 0.5) * (state.many ? 2 : 1),
      color: { color: paint, highlight: paint, hover: paint, inherit: false, opacity: away ? 0.1 : state.crowded && state.near === null ? 0.38 : 0.82 },
      arrows: { to: { enabled: true, type: stroke.head, scaleFactor: stroke.head === "bar" ? 1 : 0.62 } },
      smooth: bend === 0 ? false : { enabled: true, type: bend > 0 ? "curvedCW" : "curvedCCW", roundness: Math.abs(bend) },
    };
  }

  /** @param {import("./data.js").Link} link */
  function foldedOptions(link) {
    const away = state.near !== null && !touches(link);
    const paint = colour("soft");
    return {
      id: link.id, from: link.source, to: link.target, dashes: false, width: (1.5 + 1.6 * Math.log2(link.edges.length)) / Math.min(state.scale, 1),
      color: { color: paint, highlight: paint, hover: paint, inherit: false, opacity: away ? 0.08 : 0.38 },
      arrows: { to: { enabled: false } }, smooth: false,
    };
  }

  function touches(link) {
    if (state.selected !== null) return link.source === state.selected || link.target === state.selected;
    return state.near.has(link.source) && state.near.has(link.target);
  }

  return { network, nodes, links, radius, nodeOptions, linkOptions };
}
