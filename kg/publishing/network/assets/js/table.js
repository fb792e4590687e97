// The table: one row a sentence behind a relation, searched, sorted, and given away as CSV.

import { MARK_NAMES, MARKS } from "./data.js";
import { button, byId, counted, el, name, textLink } from "./dom.js";
import { readableValue, standing } from "./evidence.js";

const PAGE = 100;
export const COLUMNS = ["Subject", "Relation", "Object", "Standing", "Said by", "When", "Sentence", "Document", "Date", "Confidence"];

/** @returns {Array<{edge:any, found:any, cells:string[]}>}
 * @param {import("./data.js").Graph} graph @param {(edge: import("./data.js").Edge) => boolean} passes */
export function tableRows(graph, passes) {
  const rows = [];
  for (const edge of graph.edges) {
    if (!passes(edge)) continue;
    for (const found of edge.evidence.length ? edge.evidence : [null]) {
      const entry = found && graph.documents[found.document];
      const when = found && (found.time ?? [found.from, found.until].filter(Boolean).join("/"));
      const by = found && (found.by === null ? found.byName : graph.nodes[found.by].label);
      rows.push({
        edge, found,
        cells: [
          graph.nodes[edge.source].label, graph.properties[edge.property].label,
          edge.target === null ? readableValue(edge) : graph.nodes[edge.target].label, standing(edge), by ?? "", when || "",
          found?.sentence ?? "", entry?.title ?? "", entry?.date ?? "", found?.confidence?.toString() ?? "",
        ],
      });
    }
  }
  return rows;
}

/** RFC 4180; a cell that a spreadsheet would run as a formula gets a quote in front.
 * @param {{cells:string[]}[]} rows */
export function toCsv(rows) {
  const cell = (text) => {
    const safe = /^[=+\-@\t\r]/.test(text) ? `'${text}` : text;
    return /[",\n\r]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
  };
  return [COLUMNS, ...rows.map((row) => row.cells)].map((cells) => cells.map(cell).join(",")).join("\r\n") + "\r\n";
}

/** @param {import("./data.js").Graph} graph @param {(edge: import("./data.js").Edge) => boolean} passes @param {Record<string, Function>} on */
export function createTable(graph, passes, on) {
  const view = byId("table-view");
  const state = { query: "", mark: "", property: null, sort: null, down: false, limit: PAGE };
  const body = el("tbody", {});
  const count = el("span", { class: "quiet", role: "status" });
  const field = el("input", { type: "search", placeholder: "Filter rows", "aria-label": "Filter rows", input: () => { state.query = field.value; state.limit = PAGE; fillRows(); } });
  const marks = el(
    "select", { "aria-label": "Standing", change: () => { state.mark = marks.value; state.limit = PAGE; fillRows(); } },
    el("option", { value: "" }, "Facts, claims, plans, denials"), ...MARKS.map((mark) => el("option", { value: mark }, MARK_NAMES[mark])),
  );
  const relation = el("span", {});
  const more = button("Show more rows", () => { state.limit += PAGE * 5; fillRows(); });
  const head = COLUMNS.map((title, i) => el("th", { scope: "col", "aria-sort": "none" }, button(title, () => sortBy(i))));

  function sortBy(i) {
    state.down = state.sort === i ? !state.down : false;
    state.sort = i;
    head.forEach((cell, j) => cell.setAttribute("aria-sort", i !== j ? "none" : state.down ? "descending" : "ascending"));
    fillRows();
  }

  function rows() {
    const query = state.query.trim().toLowerCase();
    const found = tableRows(graph, passes).filter(({ edge, cells }) => (!state.mark || edge.mark === state.mark)
      && (state.property === null || edge.property === state.property)
      && (!query || cells.some((text) => text.toLowerCase().includes(query))));
    if (state.sort !== null) {
      const order = new Intl.Collator("en", { numeric: true });
      found.sort((a, b) => (state.down ? -1 : 1) * order.compare(a.cells[state.sort], b.cells[state.sort]));
    }
    return found;
  }

  function fillRows() {
    const all = rows();
    count.textContent = counted(all.length, "row", "rows");
    more.hidden = all.length <= state.limit;
    body.replaceChildren(...all.slice(0, state.limit).map(({ edge, found, cells }) => el(
      "tr", {},
      el("td", {}, textLink(cells[0], () => on.openNode(edge.source))),
      el("td", {}, cells[1]),
      el("td", {}, edge.target === null ? name(cells[2]) : textLink(cells[2], () => on.openNode(edge.target))),
      el("td", {}, el("span", { class: `standing ${edge.mark}` }, cells[3])),
      el("td", {}, name(cells[4])), el("td", {}, cells[5]),
      el("td", { class: "sentence", dir: "auto" }, cells[6]),
      el("td", {}, found ? textLink(cells[7], () => on.openSentence(found.document, found.begin)) : ""),
      el("td", {}, cells[8]), el("td", {}, cells[9]),
    )));
  }

  view.replaceChildren(
    el("div", { class: "bar" }, el("h2", {}, "All relations"), count, relation, field, marks,
      button("Download CSV", () => on.saveCsv(rows()))),
    el("div", { class: "scroll" }, el("table", {}, el("thead", {}, el("tr", {}, ...head)), body)),
    more,
  );
  return {
    show: fillRows,
    rows,
    /** Keeps the rows of one relation (null: of all). */
    onlyProperty(property) {
      state.property = property;
      relation.replaceChildren(...(property === null ? [] : [
        button(`Only “${graph.properties[property].label}” ✕`, () => { this.onlyProperty(null); fillRows(); }, { "aria-label": `Stop showing only ${graph.properties[property].label}` }),
      ]));
    },
  };
}
