import { communityPlaces, entitiesOf, foldedLinks } from "/js/folding.js";
import { equal, graphOf, holds } from "./graph.js";

const graph = graphOf("A B C D E F G", "A-B B-C C-A D-E E-F F-D C-D A-D G-A", ["A B C", "D E F"]);

export function communitiesHaveTheirMembersAndAName() {
  equal(graph.communities.map(({ label, members }) => [label, members]), [["A and 2 more", [0, 1, 2]], ["D and 2 more", [3, 4, 5]]]);
  equal(graph.item(-2), graph.communities[1]);
  equal(graph.item(6).label, "G");
}

export function foldedOnesStandWhereTheyWereLaid() {
  equal([...communityPlaces(graph, [])], [[-1, { x: 0, y: 0 }], [-2, { x: 400, y: 0 }]]);
}

export function anUnfoldedOneMakesRoom() {
  const places = communityPlaces(graph, [0]);
  equal([...places.keys()], [0, 1, 2, -2]);
  const right = Math.max(...[0, 1, 2].map((id) => places.get(id).x));
  holds(places.get(-2).x > right + 400, "the folded one gives way");
  equal([...communityPlaces(graph, [0, 9, 0])], [...places], "positions that do not exist are nothing");
}

export function oneLineStandsForAllRelationsOfAPair() {
  const ends = (links) => links.map(({ source, target, edges }) => [source, target, edges.length]);
  equal(ends(foldedLinks(graph, new Set([-1, -2]), () => true)), [[-2, -1, 2]]);
  equal(ends(foldedLinks(graph, new Set([0, 1, 2, -2]), () => true)), [[-2, 2, 1], [-2, 0, 1]]);
  equal(ends(foldedLinks(graph, new Set([-1, 6]), () => true)), [[-1, 6, 1]]);
  equal(foldedLinks(graph, new Set([-1, -2]), () => false), []);
}

export function whatIsDrawnStandsForItsMembers() {
  equal(entitiesOf(graph, [-1, 6]), [0, 1, 2, 6]);
}
