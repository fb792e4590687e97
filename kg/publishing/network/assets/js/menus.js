// The masthead's menu of what can be taken away, and the page of help.

import { button, byId, el } from "./dom.js";
import { fileStem, save, toPng, toSvg, toTurtle } from "./downloads.js";
import { entitiesOf } from "./folding.js";

/** @param {import("./data.js").Graph} graph @param {any} canvas @param {any} table @param {Record<string, Function>} on */
export function startSaveMenu(graph, canvas, table, on) {
  const control = byId("save-button");
  const menu = byId("save-menu");
  const stem = fileStem(graph);
  const open = (yes) => {
    menu.hidden = !yes;
    control.setAttribute("aria-expanded", String(yes));
    if (yes) menu.querySelector("button").focus();
  };
  const item = (label, action) => el("li", {}, button(label, () => { open(false); control.focus(); action(); }));
  /** All that is known of and among the entities that are drawn, folded ones included, under the present filters. */
  function turtle() {
    const ids = entitiesOf(graph, canvas.places().keys());
    const among = new Set(ids);
    const edges = ids.flatMap((id) => graph.nodes[id].edges.filter((edge) => edge.source === id
      && (edge.target === null || among.has(edge.target)) && canvas.passesEdge(edge)));
    return toTurtle(graph, ids, edges);
  }
  menu.append(
    item("Picture (PNG)", () => toPng(graph, byId("canvas"), (blob) => save(`${stem}.png`, blob))),
    item("Drawing (SVG)", () => save(`${stem}.svg`, toSvg(graph, { places: canvas.places(), links: canvas.links(), radius: canvas.radius }), "image/svg+xml")),
    item("What is drawn (Turtle)", () => save(`${stem}.ttl`, turtle(), "text/turtle")),
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
  document.addEventListener("click", (event) => {
    if (!menu.hidden && event.target instanceof Node && !menu.parentElement.contains(event.target)) open(false);
  });
}

const KEYS = [
  ["/", "search"], ["Tab", "next control"], ["Arrow keys", "on the diagram: to the next entity in that direction"],
  ["Enter", "open the entity, unfold the community, take the suggestion"], ["e", "on the diagram: show its neighbours"],
  ["+  −  0", "zoom in, out, fit"], ["Esc", "close what is open"],
];

export function startHelp() {
  const dialog = /** @type {HTMLDialogElement} */ (byId("help"));
  dialog.append(
    el("h2", { id: "help-title" }, "How to read and move"),
    el("p", {}, "Shapes are entities, lines are relations with an arrow to the object. Pick either to read the sentences behind it; double-click an entity to show its neighbours. The address always links to what is open."),
    el("dl", {}, ...KEYS.flatMap(([key, does]) => [el("dt", {}, key), el("dd", {}, does)])),
    button("Close", () => dialog.close()),
  );
  byId("help-button").addEventListener("click", () => dialog.showModal());
  return dialog;
}
