// The legend: what the shapes and lines mean, how many there are, and a switch for each.

import { MARKS, MARK_NAMES } from "./data.js";
import { byId, el } from "./dom.js";
import { glyph, strokeGlyph } from "./shapes.js";

/** @param {import("./data.js").Graph} graph @param {import("./canvas.js").Hidden} hidden @param {() => void} changed called after `hidden` was changed */
export function startLegend(graph, hidden, changed) {
  /** @type {[number, number][]} */
  let types = [];
  const labelOf = (type) => graph.types[type]?.label ?? "Untyped";
  const entry = (set, key, picture, label, count) => {
    const control = el(
      "button", { type: "button", "aria-pressed": String(!set.has(key)), "data-key": key, click: () => toggle(set, key, control) },
      picture, label, " ", el("span", { class: "number" }, count.toLocaleString("en")),
    );
    return control;
  };
  function toggle(set, key, control) {
    if (set.has(key)) set.delete(key);
    else set.add(key);
    control.setAttribute("aria-pressed", String(!set.has(key)));
    changed();
  }
  /** Counts anew; switches stay as they are. */
  function renew() {
    const counts = new Map();
    for (const node of graph.nodes) counts.set(node.types[0] ?? -1, (counts.get(node.types[0] ?? -1) ?? 0) + 1);
    types = [...counts].sort((a, b) => b[1] - a[1]);
    byId("legend-types").replaceChildren(...types.map(([type, count]) => entry(hidden.types, type, glyph(graph.types[type]?.local), labelOf(type), count)));
    byId("legend-marks").replaceChildren(...MARKS.map((mark) => entry(
      hidden.marks, mark, strokeGlyph(mark), MARK_NAMES[mark], graph.edges.filter((edge) => edge.mark === mark).length,
    )));
  }
  renew();
  if (matchMedia("(max-width: 760px)").matches) byId("legend").removeAttribute("open");

  return {
    renew,
    /** Shows only this type (and everything again when it is the only one already). */
    only(type) {
      const others = types.map(([other]) => other).filter((other) => other !== type);
      const already = others.every((other) => hidden.types.has(other)) && !hidden.types.has(type);
      hidden.types.clear();
      if (!already) others.forEach((other) => hidden.types.add(other));
      for (const control of byId("legend-types").querySelectorAll("button")) {
        control.setAttribute("aria-pressed", String(!hidden.types.has(Number(control.dataset.key))));
      }
      changed();
    },
  };
}
