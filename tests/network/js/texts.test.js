import { shorten } from "/js/dom.js";
import { toTurtle } from "/js/downloads.js";
import { readableDate } from "/js/evidence.js";
import { nextInDirection, ringPlaces } from "/js/placement.js";
import { buildIndex, find } from "/js/search.js";
import { stretches } from "/js/reading.js";
import { toCsv } from "/js/table.js";
import { datedRelations, periodsOf } from "/js/timeline.js";
import { equal, graphOf, holds } from "./graph.js";

export function anEmojiOfSeveralPartsIsNotTorn() {
  equal(shorten("👩‍🚀👩‍🚀👩‍🚀", 3), "👩‍🚀👩‍🚀👩‍🚀");
  equal(shorten("👩‍🚀👩‍🚀👩‍🚀👩‍🚀", 3), "👩‍🚀👩‍🚀…");
  equal(shorten("abcdef", 4), "abc…");
}

export function datesAreReadAsPreciselyAsTheyAreGiven() {
  equal(["2025-05-05", "2025-05", "2025", "unknown", null].map(readableDate), ["5 May 2025", "May 2025", "2025", "unknown", ""]);
}

export function aFormulaInACellIsDefused() {
  equal(toCsv([{ cells: ["=1+1", 'say "x"', "a,b", "é"] }]).split("\r\n")[1], `'=1+1,"say ""x""","a,b",é`);
}

export function periodsHaveNoGaps() {
  equal(periodsOf(["2024-11-02", "2025-01"]), ["2024-11", "2024-12", "2025-01"]);
  equal(periodsOf(["2019", "2021"]), ["2019", "2020", "2021"]);
  equal(periodsOf(["1901", "2025-05-05"]), ["1901", "2025"]);
  equal(periodsOf([]), []);
}

export function relationsAreDatedByWhatIsToldOrByTheirDocument() {
  const graph = graphOf("A B C", "A-B B-C");
  equal(datedRelations(graph, () => true).map(([date, edges]) => [date, edges.size]), [["2024-05", 1]]);
  equal(datedRelations(graph, () => true, "published").map(([date, edges]) => [date, edges.size]), [["2024-05-01", 2]]);
}

export function searchPrefersBeginningsAndTheCentral() {
  const entries = buildIndex(graphOf("Bra Abra Brandt Zebra", "Bra-Abra"));
  equal(find(entries, "BRA").map(({ names }) => names[0]), ["Bra", "Brandt", "Abra", "Zebra"]);
  equal(find(entries, "bra", ["type"]), []);
  equal(find(entries, "  "), []);
}

export function overlappingSentencesBecomeOne() {
  const sentences = new Map([["a", { begin: 0, end: 9, edges: new Set([1]) }], ["b", { begin: 5, end: 14, edges: new Set([2]) }], ["c", { begin: 20, end: 20, edges: new Set() }]]);
  equal(stretches({ sentences }).map(({ begin, end, edges }) => [begin, end, [...edges]]), [[0, 14, [1, 2]]]);
}

export function arrowsGoToTheNextInTheirDirection() {
  const places = [[1, { x: 0, y: 0 }], [2, { x: 50, y: 5 }], [3, { x: 20, y: 90 }]];
  equal(["right", "down", "left", "up"].map((way) => nextInDirection({ x: 0, y: 0 }, places, way)), [2, 3, null, null]);
}

export function ringsLeaveRoomForFiveThousand() {
  const places = ringPlaces([[0], Array.from({ length: 5000 }, (_, i) => i + 1)]);
  equal(places.size, 5001);
  equal(new Set([...places.values()].map(({ x, y }) => `${Math.round(x)},${Math.round(y)}`)).size, 5001);
}

export function turtleSaysWhoClaimsAndHowSure() {
  const graph = graphOf("A B", "A-B");
  const [edge] = graph.edges;
  Object.assign(edge, { mark: "claim", status: "Claimed" });
  Object.assign(edge.evidence[0], { by: 1, time: "2024-05" });
  const turtle = toTurtle(graph, [0, 1], [edge]);
  holds(!/^ent:A kg:meets ent:B \.$/m.test(turtle), "a claim is no fact");
  holds(turtle.includes('kg:attributedTo ent:B ; kg:time "2024-05"^^xsd:gYearMonth ; kg:confidence 0.9'), turtle);
}
