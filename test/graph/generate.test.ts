import { describe, expect, it } from "vitest";
import {
  barabasiAlbert,
  completeGraph,
  cycleGraph,
  erdosRenyi,
  plantedPartition,
  rmat,
  simpleGraph,
  starGraph,
  wattsStrogatz,
} from "dabbawala/graph";
import type { CsrGraph } from "dabbawala/graph";
import { lists } from "./oracle";

function degrees(graph: CsrGraph): number[] {
  return Array.from({ length: graph.vertices }, (_, v) => graph.degree(v)).sort((a, b) => b - a);
}

describe("generators of graphs", () => {
  it.each([
    ["rmat", (seed: number) => rmat({ scale: 8, seed })],
    ["barabasiAlbert", (seed: number) => barabasiAlbert({ vertices: 99, edgesPerVertex: 3, seed })],
    [
      "wattsStrogatz",
      (seed: number) => wattsStrogatz({ vertices: 99, neighbours: 4, rewired: 0.3, seed }),
    ],
    ["erdosRenyi", (seed: number) => erdosRenyi({ vertices: 99, probability: 0.1, seed })],
    [
      "plantedPartition",
      (seed: number) => {
        return plantedPartition({ groups: 3, groupSize: 33, inside: 0.3, outside: 0.02, seed })
          .graph;
      },
    ],
  ])("%s: the same seed the same graph, another seed another one", (_, make) => {
    expect(lists(make(7))).toEqual(lists(make(7)));
    expect(lists(make(7))).not.toEqual(lists(make(8)));
  });

  it("rmat: as many edges as told, few vertices with very many of them", () => {
    const graph = rmat({ scale: 12, edgeFactor: 16 });
    expect([graph.vertices, graph.edges]).toEqual([4_096, 65_536]);
    const [most] = degrees(graph);
    expect(most).toBeGreaterThan(20 * 16);
    // Even quarters make an even graph: Poisson, whose largest of 4,096 is hardly above 40.
    const even = rmat({ scale: 12, edgeFactor: 16, a: 0.25, b: 0.25, c: 0.25 });
    expect(degrees(even)[0]).toBeLessThan(45);
  });

  it("rmat: the share of vertices without an edge out is what the model gives", () => {
    // A vertex whose number has k ones gets an edge with (a+b)^(scale-k) (c+d)^k.
    const scale = 12;
    const edges = 16 * 2 ** scale;
    let expected = 0;
    for (let vertex = 0; vertex < 2 ** scale; vertex++) {
      const ones = vertex.toString(2).replace(/0/g, "").length;
      expected += (1 - 0.76 ** (scale - ones) * 0.24 ** ones) ** edges;
    }
    const without = degrees(rmat({ scale, seed: 3 })).filter((degree) => degree === 0).length;
    expect(Math.abs(without - expected)).toBeLessThan(4 * Math.sqrt(expected));
  });

  it("barabasiAlbert: every newcomer brings as many, the first become rich", () => {
    const graph = barabasiAlbert({ vertices: 3_000, edgesPerVertex: 4 });
    expect(graph.edges).toBe((3_000 - 4) * 4);
    expect(simpleGraph(graph)).toBe(graph);
    const sorted = degrees(graph);
    expect(sorted.at(-1)).toBeGreaterThanOrEqual(1);
    // P(degree >= k) = m (m + 1) / (k (k + 1)): the share of 20 and more.
    const rich = sorted.filter((degree) => degree >= 20).length / 3_000;
    expect(rich).toBeGreaterThan(0.8 * (20 / 420));
    expect(rich).toBeLessThan(1.2 * (20 / 420));
  });

  it("wattsStrogatz: a ring, of which the told share is moved", () => {
    const ring = wattsStrogatz({ vertices: 20, neighbours: 4, rewired: 0 });
    expect(lists(ring)[10]).toEqual([8, 9, 11, 12]);
    const graph = wattsStrogatz({ vertices: 5_000, neighbours: 10, rewired: 0.2 });
    expect(graph.edges).toBe(25_000);
    expect(simpleGraph(graph)).toBe(graph);
    let kept = 0;
    for (let v = 0; v < 5_000; v++) {
      for (let step = 1; step <= 5; step++) kept += graph.hasEdge(v, (v + step) % 5_000) ? 1 : 0;
    }
    expect(kept / 25_000).toBeGreaterThan(0.79);
    expect(kept / 25_000).toBeLessThan(0.81);
    expect(simpleGraph(wattsStrogatz({ vertices: 5, neighbours: 4, rewired: 1 })).edges).toBe(10);
  });

  it("erdosRenyi: as many edges as the probability says, each pair as likely", () => {
    const graph = erdosRenyi({ vertices: 1_000, probability: 0.02 });
    const expected = 0.02 * 499_500;
    expect(Math.abs(graph.edges - expected)).toBeLessThan(4 * Math.sqrt(expected));
    expect(simpleGraph(graph)).toBe(graph);
    expect(lists(erdosRenyi({ vertices: 5, probability: 1 }))).toEqual(lists(completeGraph(5)));
    expect(erdosRenyi({ vertices: 5, probability: 0 }).edges).toBe(0);
    const seen = [0, 0, 0];
    for (let seed = 0; seed < 3_000; seed++) {
      const drawn = erdosRenyi({ vertices: 3, probability: 0.3, seed });
      [0, 1, 2].forEach((v) => (seen[v] += drawn.hasEdge(v, (v + 1) % 3) ? 1 : 0));
    }
    for (const count of seen) expect(Math.abs(count - 900)).toBeLessThan(4 * Math.sqrt(630));
  });

  it("plantedPartition: dense inside, thin outside", () => {
    const options = { groups: 10, groupSize: 100, inside: 0.2, outside: 0.01 };
    const { graph, truth } = plantedPartition(options);
    let inside = 0;
    for (let v = 0; v < 1_000; v++) {
      inside += graph.neighbours(v).filter((u) => truth[u] === truth[v]).length / 2;
    }
    const [wanted, others] = [0.2 * 49_500, 0.01 * 450_000];
    expect(Math.abs(inside - wanted)).toBeLessThan(4 * Math.sqrt(wanted));
    expect(Math.abs(graph.edges - inside - others)).toBeLessThan(4 * Math.sqrt(others));
    expect(simpleGraph(graph)).toBe(graph);
  });

  it("refuse options out of range", () => {
    expect(() => rmat({ scale: 40 })).toThrow("scale must be from 1 to 26, but was 40");
    expect(() => rmat({ scale: 4, a: 0.9, b: 0.2 })).toThrow("b must be from 0 to 0.09");
    expect(() => barabasiAlbert({ vertices: 3, edgesPerVertex: 3 })).toThrow("edgesPerVertex");
    expect(() => wattsStrogatz({ vertices: 9, neighbours: 3, rewired: 0 })).toThrow("even");
    expect(() => erdosRenyi({ vertices: 9, probability: 2 })).toThrow("probability");
    expect(starGraph(4).degree(0)).toBe(3);
    expect(cycleGraph(5, { isDirected: true }).edges).toBe(5);
  });
});
