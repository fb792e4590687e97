// The timeline: everything that carries a date, in order, with a range to narrow it.

import { byId, counted, el } from "./dom.js";
import { readableDate } from "./evidence.js";
import { shortLine } from "./panel.js";

const MOST_DAYS = 400;
const DATE = /^-?\d{4}(-\d\d)?(-\d\d)?/;

/** Relations by date (ISO, as precise as stated), each once a date. */
export function datedRelations(graph, passes) {
  const days = new Map();
  const note = (date, edge) => {
    const match = DATE.exec(date ?? "");
    if (!match) return;
    if (!days.has(match[0])) days.set(match[0], new Set());
    days.get(match[0]).add(edge);
  };
  for (const edge of graph.edges) {
    if (!passes(edge)) continue;
    if (edge.target === null && /#(date|dateTime|gYear|gYearMonth)$/.test(edge.datatype ?? "")) note(edge.value, edge);
    for (const found of edge.evidence) [found.time, found.from, found.until].forEach((date) => note(date, edge));
  }
  return [...days].sort((a, b) => a[0].localeCompare(b[0]));
}

export function createTimeline(graph, passes, on) {
  const view = byId("timeline-view");
  const list = el("ol", { class: "days" });
  const count = el("span", { class: "quiet", role: "status" });
  const bars = el("div", { class: "bars", "aria-hidden": "true" });
  let days = [];
  let years = [];
  const slider = (label) => el("input", { type: "range", min: 0, step: 1, "aria-label": label, input: narrow });
  const from = slider("From year");
  const until = slider("Until year");
  const fromText = el("output", {});
  const untilText = el("output", {});
  view.replaceChildren(
    el("div", { class: "bar" }, el("h2", {}, "Timeline"), count),
    bars,
    el("div", { class: "ranges" }, el("span", {}, "From"), from, fromText, el("span", {}, "Until"), until, untilText),
    list,
  );

  function narrow() {
    const [first, last] = [Number(from.value), Number(until.value)].sort((a, b) => a - b);
    fromText.textContent = years[first] ?? "";
    untilText.textContent = years[last] ?? "";
    from.setAttribute("aria-valuetext", years[first] ?? "none");
    until.setAttribute("aria-valuetext", years[last] ?? "none");
    [...bars.children].forEach((bar, i) => bar.classList.toggle("out", i < first || i > last));
    const kept = days.filter(([date]) => {
      const position = years.indexOf(yearOf(date));
      return position >= first && position <= last;
    });
    count.textContent = `${counted(kept.length, "date", "dates")}, ${counted(kept.reduce((sum, [, edges]) => sum + edges.size, 0), "relation", "relations")}`;
    list.replaceChildren(...kept.slice(0, MOST_DAYS).map(([date, edges]) => el(
      "li", {}, el("time", { datetime: date }, readableDate(date)),
      el("ul", {}, ...[...edges].slice(0, 40).map((edge) => el("li", {}, shortLine(graph, edge, on)))),
    )));
    if (!kept.length) list.replaceChildren(el("li", {}, "Nothing here carries a date."));
  }

  return {
    show() {
      days = datedRelations(graph, passes);
      years = [...new Set(days.map(([date]) => yearOf(date)))];
      const heights = years.map((year) => days.reduce((sum, [date, edges]) => sum + (yearOf(date) === year ? edges.size : 0), 0));
      const tallest = Math.max(...heights, 1);
      bars.replaceChildren(...heights.map((height, i) => {
        const bar = el("span", { title: `${years[i]}: ${height}` });
        bar.style.height = `${Math.max((100 * height) / tallest, 3)}%`;
        return bar;
      }));
      for (const range of [from, until]) range.max = String(Math.max(years.length - 1, 0));
      from.value = "0";
      until.value = until.max;
      narrow();
    },
  };
}

const yearOf = (date) => /^-?\d{4}/.exec(date)[0];
