import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import {
  componentsProgram,
  connectedComponents,
  graphFromEdges,
  pageRank,
  pageRankProgram,
  pregel,
  pregelOnThreads,
  rmat,
  shortestPaths,
  shortestPathsProgram,
} from "dabbawala/graph";
import type { PregelThreadsResult, VertexProgram } from "dabbawala/graph";
import { florentine, weightedKarate } from "./oracle";

const folder = mkdtempSync(join(tmpdir(), "dabbawala-pregel-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const labels = ({ events }: PregelThreadsResult): string[] => events.map(({ label }) => label);

describe("vertex programs on threads", () => {
  it("PageRank: the bits of one process, and the ranks of the kernel", async () => {
    const graph = rmat({ scale: 10, isSimple: true });
    const program = pageRankProgram(100);
    const run = await pregelOnThreads(graph, program, { workers: 2, partitions: 5 });
    expect([run.kind, run.supersteps, run.epochs]).toEqual(["halted", 101, 1]);
    expect(run.values).toEqual(pregel(graph, program, { partitions: 5 }).values);
    const { ranks } = await pageRank(graph, { tolerance: 1e-13 });
    run.values.forEach((value, v) => expect(value).toBeCloseTo(ranks[v], 10));
  });

  it("components and distances, by any number of workers, weights and infinity too", async () => {
    const graph = rmat({ scale: 8, edgeFactor: 1, isDirected: false, isSimple: true });
    const found = await pregelOnThreads(graph, componentsProgram, { workers: 3 });
    expect([...found.values]).toEqual([...(await connectedComponents(graph)).labels]);
    const far = await pregelOnThreads(graph, shortestPathsProgram(1), { workers: 1 });
    expect(far.values).toEqual(shortestPaths(graph, 1).distances);
    expect(far.values).toContain(Infinity);
    const near = await pregelOnThreads(weightedKarate, shortestPathsProgram(0), { workers: 2 });
    expect(near.values).toEqual(shortestPaths(weightedKarate, 0).distances);
  });

  it("a thread killed within a superstep: back to the checkpoint, the same answer", async () => {
    const graph = rmat({ scale: 12, isSimple: true });
    const program = pageRankProgram(20);
    const kills = [
      { worker: "n2", atSuperstep: 8 },
      { worker: "n1", atSuperstep: 13 },
    ];
    const run = await pregelOnThreads(graph, program, { workers: 2, partitions: 6, kills });
    expect(run.values).toEqual(pregel(graph, program, { partitions: 6 }).values);
    expect(run.epochs).toBeGreaterThanOrEqual(3);
    expect(labels(run).filter((label) => label === "threadDied")).toHaveLength(2);
    const begun = run.events.flatMap(({ label, detail }) => {
      return label === "epochBegun" ? [(detail as { superstep: number }).superstep] : [];
    });
    expect([begun[0], begun.includes(5), begun.includes(10)]).toEqual([0, true, true]);
  });

  it("without checkpoints a kill costs everything, but not the answer", async () => {
    const kills = [{ worker: "n1", atSuperstep: 4 }];
    const options = { workers: 2, checkpointEvery: 0, kills };
    const run = await pregelOnThreads(weightedKarate, pageRankProgram(9), options);
    const begun = run.events.filter(({ label }) => label === "epochBegun");
    expect(begun.map(({ detail }) => detail)).toMatchObject([{ superstep: 0 }, { superstep: 0 }]);
    expect(run.values).toEqual(
      pregel(weightedKarate, pageRankProgram(9), { partitions: 8 }).values,
    );
  });

  it("is cut off, told of, stopped", async () => {
    const seen: number[] = [];
    const onProgress = (superstep: number): void => void seen.push(superstep);
    const restless: VertexProgram = { initial: () => 0, compute: (vertex) => void vertex.value++ };
    const run = await pregelOnThreads(florentine.graph, restless, { maxSupersteps: 4, onProgress });
    expect([run.kind, run.supersteps, run.values[3], seen]).toEqual(["cutOff", 4, 4, [1, 2, 3, 4]]);
    const stop = new AbortController();
    const endless = { signal: stop.signal, onProgress: () => stop.abort(new Error("enough")) };
    await expect(pregelOnThreads(florentine.graph, restless, endless)).rejects.toThrow("enough");
    await expect(pregelOnThreads(florentine.graph, restless, { workers: 0 })).rejects.toThrow(
      "workers must be from 1",
    );
  });
});

describe("how programs travel", () => {
  const graph = graphFromEdges([[0, 1]], { vertices: 3 });
  const offset = 5;

  it("as text, with what their scope carries; aggregators too", async () => {
    const program: VertexProgram = {
      scope: { offset },
      initial: ({ id }) => id + offset,
      aggregators: { "all ids": { initial: 0, add: (left, right) => left + right } },
      compute: (vertex) => {
        vertex.aggregate("all ids", vertex.id);
        if (vertex.superstep === 0) return;
        vertex.value += 100 * vertex.aggregated("all ids");
        vertex.voteToHalt();
      },
    };
    const { values } = await pregelOnThreads(graph, program, { workers: 2 });
    expect([...values]).toEqual([305, 306, 307]);
  });

  it("by the module that exports them", async () => {
    const file = join(folder, "program.js");
    const text = "exports.twice = { initial: ({ id }) => 2 * id, compute: (v) => v.voteToHalt() };";
    writeFileSync(file, text);
    const { twice } = require(file) as { twice: VertexProgram };
    const program = { ...twice, module: { file, exportName: "twice" } };
    expect([...(await pregelOnThreads(graph, program)).values]).toEqual([0, 2, 4]);
    const wrong = { ...program, module: { file, exportName: "thrice" } };
    await expect(pregelOnThreads(graph, wrong)).rejects.toThrow(
      "exports no vertex program called thrice",
    );
  });

  it("says what cannot travel, what a program throws, whom a message cannot reach", async () => {
    const asleep: VertexProgram = { initial: () => 0, compute: (vertex) => vertex.voteToHalt() };
    const captured = { ...asleep, initial: () => offset };
    await expect(pregelOnThreads(graph, captured)).rejects.toThrow("initial uses offset from outs");
    const failing: VertexProgram = {
      ...asleep,
      compute: ({ id }) => {
        throw new Error(`no luck with ${id}`);
      },
    };
    await expect(pregelOnThreads(graph, failing)).rejects.toThrow("no luck with");
    const lost: VertexProgram = { ...asleep, compute: (vertex) => vertex.send(3, 1) };
    expect(() => pregel(graph, lost)).toThrow("a message to vertex 3: the graph has 3");
  });
});
