import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { graphFromEdges, suggestFriends } from "dabbawala/graph";
import { edgeLists, florentine, karate } from "./oracle";

describe("friend suggestion", () => {
  it("names the friends that are shared", () => {
    const { graph, names } = florentine;
    const [first] = suggestFriends(graph, names.indexOf("Medici"), { score: "commonNeighbours" });
    expect(first.score).toBe(2);
    expect(names[first.vertex]).toMatch(/Guadagni|Strozzi/);
    expect(first.through.map((v) => names[v]).sort()).toEqual(["Albizzi", "Tornabuoni"]);
  });

  it("agrees with sets, by each score", () => {
    const scores = fc.constantFrom("commonNeighbours", "adamicAdar", "jaccard" as const);
    fc.assert(
      fc.property(edgeLists, scores, (edges, score) => {
        const graph = graphFromEdges(edges, { vertices: 12, isSimple: true });
        const friends = Array.from({ length: 12 }, (_, v) => new Set(graph.neighbours(v)));
        const expected = new Map<number, number>();
        for (let v = 1; v < 12; v++) {
          const shared = [...friends[v]].filter((u) => friends[0].has(u));
          if (friends[0].has(v) || shared.length === 0) continue;
          const all = new Set([...friends[0], ...friends[v]]).size;
          const worth = shared.reduce((sum, u) => sum + 1 / Math.log(friends[u].size), 0);
          const values = { commonNeighbours: shared.length, adamicAdar: worth };
          expected.set(v, { ...values, jaccard: shared.length / all }[score]);
        }
        const found = suggestFriends(graph, 0, { score: score as "jaccard", top: 12 });
        expect(found.length).toBe(expected.size);
        for (const one of found) expect(one.score).toBeCloseTo(expected.get(one.vertex) ?? -1, 12);
        for (let i = 1; i < found.length; i++) {
          expect(found[i - 1].score).toBeGreaterThanOrEqual(found[i].score);
        }
      }),
    );
  });

  it("takes as many as asked", () => {
    expect(suggestFriends(karate, 16, { top: 3 }).map(({ vertex }) => vertex)).toHaveLength(3);
    expect(() => suggestFriends(karate, 16, { top: 0 })).toThrow("top must be from 1");
    expect(() => suggestFriends(karate, 99)).toThrow("vertex must be from 0 to 33");
  });
});
