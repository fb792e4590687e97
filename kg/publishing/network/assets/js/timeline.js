// The timeline: everything that carries a date, in order, with a range to narrow it.

import { button, byId, counted, el } from "./dom.js";
import { readableDate } from "./evidence.js";
import { shortLine } from "./panel.js";

/** @typedef {import("./data.js").Edge} Edge */

const MOST_DAYS = 400;
const MOST_PERIODS = 48;
const DATE = /^-?\d{4}(-\d\d)?(-\d\d)?/;

/** Relations by date (ISO, as precise as stated), each once a date.
 * @param {import("./data.js").Graph} graph @param {(edge: Edge) => boolean} passes
 * @param {"told"|"published"} by the date that the text tells, or the day it appeared @returns {[string, Set<Edge>][]} */
export function datedRelations(graph, passes, by = "told") {
  /** @type {Map<string, Set<Edge>>} */
  const days = new Map();
  const note = (date, edge) => {
    const match = DATE.exec(date ?? "");
    if (!match) return;
    if (!days.has(match[0])) days.set(match[0], new Set());
    days.get(match[0]).add(edge);
  };
  for (const edge of graph.edges) {
    if (!passes(edge)) continue;
    if (by === "published") {
      for (const found of edge.evidence) note(graph.documents[found.document].date, edge);
      continue;
    }
    if (edge.target === null && /#(date|dateTime|gYear|gYearMonth)$/.test(edge.datatype ?? "")) note(edge.value, edge);
    for (const found of edge.evidence) [found.time, found.from, found.until].forEach((date) => note(date, edge));
  }
  return [...days].sort((a, b) => a[0].localeCompare(b[0]));
}

/** The periods that the range moves over, all of one length and without gaps: months where these are few, else years,
 *  else only the years that occur.
 * @param {string[]} dates ISO, in order @returns {string[]} */
export function periodsOf(dates) {
  if (!dates.length) return [];
  const [first, last] = [dates[0], dates[dates.length - 1]];
  const month = (date, missing) => Number(date.slice(0, 4)) * 12 + (date.length >= 7 ? Number(date.slice(5, 7)) - 1 : missing);
  const [from, until] = [month(first, 0), month(last, 11)];
  if (first.startsWith("-")) return [...new Set(dates.map(yearOf))];
  if (until - from < MOST_PERIODS && dates.some((date) => date.length >= 7)) {
    return Array.from({ length: until - from + 1 }, (_, i) => `${String(Math.floor((from + i) / 12)).padStart(4, "0")}-${String(((from + i) % 12) + 1).padStart(2, "0")}`);
  }
  const years = [...new Set(dates.map(yearOf))];
  const span = Number(yearOf(last)) - Number(yearOf(first)) + 1;
  return span <= MOST_PERIODS ? Array.from({ length: span }, (_, i) => String(Number(yearOf(first)) + i).padStart(4, "0")) : years;
}

const yearOf = (date) => /^-?\d{4}/.exec(date)[0];

/** Whether a date lies in a period or a period in it: 2025 meets 2025-05. */
export const meets = (date, period) => date.startsWith(period) || period.startsWith(date);

/** Positions of the first and last period of a range in an address; of all where there is none. */
function rangeOf(periods, from, until) {
  const first = periods.findIndex((period) => from && meets(from, period));
  const last = periods.findLastIndex((period) => until && meets(until, period));
  return [Math.max(first, 0), last < 0 ? periods.length - 1 : last];
}

/** @param {import("./data.js").Graph} graph @param {(edge: Edge) => boolean} passes @param {Record<string, Function>} on */
export function createTimeline(graph, passes, on) {
  const view = byId("timeline-view");
  const list = el("ol", { class: "days" });
  const count = el("span", { class: "quiet", role: "status" });
  const bars = el("div", { class: "bars", "aria-hidden": "true" });
  const state = { by: /** @type {"told"|"published"} */ ("told") };
  let days = [];
  let periods = [];
  const slider = (label) => el("input", { type: "range", min: 0, step: 1, "aria-label": label, input: narrow, change: () => on.setRange(...range()) });
  const from = slider("From");
  const until = slider("Until");
  const fromText = el("output", {});
  const untilText = el("output", {});
  const choice = el(
    "select", { "aria-label": "Which date", change: () => { state.by = choice.value; show({}); on.setRange(null, null); } },
    el("option", { value: "told" }, "When it happened"), el("option", { value: "published" }, "When it was published"),
  );
  view.replaceChildren(
    el("div", { class: "bar" }, el("h2", {}, "Timeline"), count, choice, button("Draw these", () => on.drawDates(...range()))),
    bars,
    el("div", { class: "ranges" }, el("span", {}, "From"), from, fromText, el("span", {}, "Until"), until, untilText),
    list,
  );

  const ends = () => [Number(from.value), Number(until.value)].sort((a, b) => a - b);
  const range = () => ends().map((position) => periods[position] ?? null);
  const within = (first, last) => days.filter(([date]) => periods.slice(first, last + 1).some((period) => meets(date, period)));

  function narrow() {
    const [first, last] = ends();
    const named = (position) => (periods[position] ? readableDate(periods[position]) : "");
    fromText.textContent = named(first);
    untilText.textContent = named(last);
    from.setAttribute("aria-valuetext", named(Number(from.value)) || "none");
    until.setAttribute("aria-valuetext", named(Number(until.value)) || "none");
    [...bars.children].forEach((bar, i) => bar.classList.toggle("out", i < first || i > last));
    const kept = within(first, last);
    count.textContent = `${counted(kept.length, "date", "dates")}, ${counted(kept.reduce((sum, [, edges]) => sum + edges.size, 0), "relation", "relations")}`;
    list.replaceChildren(...kept.slice(0, MOST_DAYS).map(([date, edges]) => el(
      "li", {}, el("time", { datetime: date }, readableDate(date)),
      el("ul", {}, ...[...edges].slice(0, 40).map((edge) => el("li", {}, shortLine(graph, edge, on))),
        edges.size > 40 ? el("li", { class: "quiet" }, `and ${(edges.size - 40).toLocaleString("en")} more, in the table`) : null),
    )));
    if (!kept.length) list.replaceChildren(el("li", {}, "Nothing here carries a date."));
    else if (kept.length > MOST_DAYS) list.append(el("li", { class: "quiet" }, `and ${kept.length - MOST_DAYS} more dates: narrow the range.`));
  }

  function show(address) {
    days = datedRelations(graph, passes, state.by);
    periods = periodsOf(days.map(([date]) => date));
    const heights = periods.map((period) => within(periods.indexOf(period), periods.indexOf(period)).reduce((sum, [, edges]) => sum + edges.size, 0));
    const tallest = Math.max(...heights, 1);
    bars.replaceChildren(...heights.map((height, i) => {
      const bar = el("span", { title: `${readableDate(periods[i])}: ${height}` });
      bar.style.height = height ? `${Math.max((100 * height) / tallest, 3)}%` : "0";
      return bar;
    }));
    for (const input of [from, until]) {
      input.max = String(Math.max(periods.length - 1, 0));
      input.disabled = periods.length < 2;
    }
    const [first, last] = rangeOf(periods, address.from, address.until);
    from.value = String(first);
    until.value = String(Math.max(last, 0));
    narrow();
  }

  return {
    show,
    /** The entities of what happened from one period to another. @returns {number[]} */
    entities(first, last) {
      days = datedRelations(graph, passes, state.by);
      periods = periodsOf(days.map(([date]) => date));
      const edges = within(...rangeOf(periods, first, last)).flatMap(([, found]) => [...found]);
      return [...new Set(edges.flatMap((edge) => [edge.source, edge.target]))].filter((id) => id !== null);
    },
  };
}
