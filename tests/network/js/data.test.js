import { merge, rings, shortestPath } from "/js/data.js";
import { equal, graphOf, holds, rowsOf } from "./graph.js";

export function rowsBecomeLinkedObjects() {
  const graph = graphOf("A B C", "A-B B-C");
  equal([...graph.nodes[1].neighbours], [0, 2]);
  equal(graph.nodes[0].iri, "http://e/A");
  equal(graph.edges[1].evidence[0].sentence, "B meets C.");
  equal([...graph.documents[0].sentences.values()].map(({ begin, end }) => [begin, end]), [[0, 10], [11, 21]]);
  equal(graph.nodes.map((node) => node.order), [0, 1, 2]);
}

export function takingTheSameRowsAgainChangesNothing() {
  const graph = graphOf("A B C", "A-B B-C");
  const before = JSON.stringify([graph.edges, graph.links, graph.nodes.map((node) => node.label)]);
  const again = merge(graph, rowsOf("A B C", "A-B B-C"));
  equal(again.nodes, [0, 1, 2]);
  equal(again.edges.map((edge) => edge.id), [0, 1]);
  equal(JSON.stringify([graph.edges, graph.links, graph.nodes.map((node) => node.label)]), before);
}

export function furtherRowsAreAttachedToWhatIsThere() {
  const graph = graphOf("A B", "A-B");
  equal(merge(graph, rowsOf("D B A", "B-D A-B")).nodes, [2, 1, 0]);
  equal(graph.edges.map((edge) => [edge.source, edge.target]), [[0, 1], [1, 2]]);
  equal([...graph.nodes[1].neighbours], [0, 2]);
  equal(graph.types.length + graph.properties.length + graph.documents.length, 3);
  holds(graph.nodes[2].rank < graph.nodes[1].rank, "the rank of an answer is no measure for the whole");
}

export function parallelLinesAreBentApart() {
  const graph = graphOf("A B", "A-B B-A");
  holds(graph.links.length === 2 && graph.links[0].bend !== graph.links[1].bend, "two lines lie on one another");
}

export function pathsAreShortestAndKeepToWhatPasses() {
  const graph = graphOf("A B C D E", "A-B B-C C-D A-D");
  equal(shortestPath(graph, 0, 2, () => true), [0, 1, 2]);
  equal(shortestPath(graph, 0, 2, (edge) => edge.id !== 0), [0, 3, 2]);
  equal(shortestPath(graph, 0, 4, () => true), null);
  equal(shortestPath(graph, 0, 0, () => true), [0]);
}

export function ringsCountSteps() {
  const graph = graphOf("A B C D E", "A-B B-C C-D");
  equal(rings(graph, 0, 2), [[0], [1], [2]]);
  equal(rings(graph, 4, 3), [[4]]);
}
