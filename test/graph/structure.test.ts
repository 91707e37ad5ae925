import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  buildGraph,
  graphFromEdges,
  parseEdgeList,
  readEdgeList,
  simpleGraph,
} from "dabbawala/graph";
import { edgeLists, lists, weightedKarate } from "./oracle";

describe("a graph of arrays of edges", () => {
  it("has sorted lists, edges at both ends when undirected", () => {
    const graph = graphFromEdges([
      [2, 0],
      [0, 1],
      [2, 2],
    ]);
    expect(lists(graph)).toEqual([[1, 2], [0], [0, 2]]);
    expect(graph.edgeList()).toEqual([
      [0, 1],
      [0, 2],
      [2, 2],
    ]);
    expect([graph.vertices, graph.edges, graph.arcs, graph.loops]).toEqual([3, 3, 5, 1]);
    expect(`${graph}`).toBe("undirected graph: 3 vertices, 3 edges");
    expect(graph.targets.buffer).toBeInstanceOf(SharedArrayBuffer);
  });

  it("directed, leads one way, and the transpose the other", () => {
    const edges = [
      [0, 1, 5],
      [0, 2, 7],
      [1, 2, 9],
    ] as const;
    const graph = graphFromEdges(edges, { isDirected: true, vertices: 4 });
    expect(lists(graph)).toEqual([[1, 2], [2], [], []]);
    expect(graph.hasTranspose).toBe(false);
    expect(lists(graph.transpose())).toEqual([[], [0], [0, 1], []]);
    expect([...(graph.transpose().weights ?? [])]).toEqual([5, 7, 9]);
    expect(graph.transpose().transpose()).toBe(graph);
  });

  it("agrees with lists made one edge at a time", () => {
    fc.assert(
      fc.property(edgeLists, fc.boolean(), (edges, isDirected) => {
        const vertices = 12;
        const expected: number[][] = Array.from({ length: vertices }, () => []);
        for (const [u, v] of edges) {
          expected[u].push(v);
          if (!isDirected && u !== v) expected[v].push(u);
        }
        const sorted = expected.map((list) => list.sort((a, b) => a - b));
        const graph = graphFromEdges(edges, { isDirected, vertices });
        expect(lists(graph)).toEqual(sorted);
        expect(graph.edges).toBe(edges.length);
        const simple = sorted.map((list, v) => [...new Set(list)].filter((u) => u !== v));
        expect(lists(simpleGraph(graph))).toEqual(simple);
        for (let u = 0; u < vertices; u++) {
          for (let v = 0; v < vertices; v++) {
            expect(graph.hasEdge(u, v)).toBe(sorted[u].includes(v));
          }
        }
      }),
    );
  });

  it("made simple, sums the weights of what becomes one", () => {
    const edges = [
      [0, 1, 2],
      [1, 0, 3],
      [1, 1, 9],
      [1, 2, 4],
    ] as const;
    const graph = graphFromEdges(edges, { isSimple: true });
    expect(lists(graph)).toEqual([[1], [0, 2], [1]]);
    expect([...(graph.weights ?? [])]).toEqual([5, 5, 4, 4]);
    expect(simpleGraph(graph)).toBe(graph);
  });

  it("refuses vertices and weights that cannot be, and says which edge", () => {
    const build = (edges: object, options = {}) => {
      return () => buildGraph(edges as { sources: number[]; targets: number[] }, options);
    };
    expect(build({ sources: [0], targets: [-1] })).toThrow("edge 0, 0 to -1: vertices are whole");
    expect(build({ sources: [0, 1], targets: [1, 3] }, { vertices: 3 })).toThrow(
      "edge 1, 1 to 3: vertices are from 0 to 2",
    );
    expect(build({ sources: [0.5], targets: [1] })).toThrow("edge 0, 0.5 to 1");
    expect(build({ sources: [0], targets: [1], weights: [-2] })).toThrow(
      "edge 0 has the weight -2",
    );
    expect(build({ sources: [0], targets: [] })).toThrow("must be as long, but were 1, 0, no");
    expect(build({ sources: [], targets: [] })().vertices).toBe(0);
  });
});

describe("an edge list", () => {
  it("is read from a file, comments left out", () => {
    const graph = weightedKarate;
    expect([graph.vertices, graph.edges]).toEqual([34, 78]);
    expect(graph.weights?.reduce((sum, weight) => sum + weight, 0)).toBe(2 * 231);
  });

  it("may name its vertices", () => {
    const text = "# trains\nMumbai,Pune,3\r\nPune,Nagpur,2\n\nNagpur;Mumbai;1\n";
    const { graph, names } = parseEdgeList(text, { isNamed: true, isWeighted: true });
    expect(names).toEqual(["Mumbai", "Pune", "Nagpur"]);
    expect([...graph.neighbours(0)]).toEqual([1, 2]);
  });

  it("is cut at the blocks of a large file without loss", () => {
    const file = join(mkdtempSync(join(tmpdir(), "edges-")), "ring.txt");
    const count = 200_000;
    const lines = Array.from({ length: count }, (_, i) => `${i} ${(i + 1) % count}`);
    writeFileSync(file, lines.join("\n"));
    const { graph } = readEdgeList(file);
    expect([graph.vertices, graph.edges]).toEqual([count, count]);
    expect([...graph.neighbours(0)]).toEqual([1, count - 1]);
  });

  it("tells the line that is wrong", () => {
    const read = (text: string, options = {}) => {
      return () => parseEdgeList(text, options);
    };
    expect(read("0 1\n0 x\n")).toThrow('the text, line 2: "x" is no vertex');
    expect(read("0 1\n\n7\n")).toThrow('the text, line 3: "7" needs source and target.');
    expect(read("0 1 no", { isWeighted: true })).toThrow('line 1: "no" is no weight');
    expect(read("0 5", { vertices: 5 })).toThrow("line 1: vertex 5 is not from 0 to 4.");
    expect(() => readEdgeList("/no/such/file")).toThrow("/no/such/file cannot be read (ENOENT)");
  });
});
