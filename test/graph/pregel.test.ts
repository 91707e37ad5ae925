import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  CheckpointStore,
  PregelMaster,
  PregelWorker,
  componentsProgram,
  connectedComponents,
  cycleGraph,
  graphFromEdges,
  pageRank,
  pageRankProgram,
  pregel,
  rmat,
  shortestPaths,
  shortestPathsProgram,
  simulatePregel,
} from "dabbawala/graph";
import type { PregelMessage, SimulatedPregel, VertexProgram } from "dabbawala/graph";
import { Random } from "dabbawala/basics";
import { at, crash, pause, restart, resume } from "dabbawala/hosts";
import type { ScheduledFault } from "dabbawala/hosts";
import { step } from "dabbawala/protocol";
import type { Effect, Event, Host } from "dabbawala/protocol";
import { florentine, karate, weightedEdgeLists, weightedKarate } from "./oracle";

const slowNetwork = { latency: { kind: "uniform", minMs: 20, maxMs: 40 } } as const;

const epochs = ({ notes }: SimulatedPregel): number[] => {
  const begun = notes.filter(({ label }) => label === "epochBegun");
  return begun.map(({ detail }) => (detail as { superstep: number }).superstep);
};

describe("vertex programs have the kernels' answers", () => {
  it("PageRank", async () => {
    for (const graph of [karate, rmat({ scale: 8, isSimple: true })]) {
      const { ranks } = await pageRank(graph, { tolerance: 1e-13 });
      const { values, kind, supersteps } = pregel(graph, pageRankProgram(150));
      expect([kind, supersteps]).toEqual(["halted", 151]);
      values.forEach((value, v) => expect(value).toBeCloseTo(ranks[v], 10));
    }
  });

  it("components and shortest paths, for any number of partitions", async () => {
    const property = fc.asyncProperty(
      weightedEdgeLists,
      fc.integer({ min: 1, max: 5 }),
      async (edges, partitions) => {
        const graph = graphFromEdges(edges, { vertices: 12 });
        const { labels } = await connectedComponents(graph);
        expect([...pregel(graph, componentsProgram, { partitions }).values]).toEqual([...labels]);
        const program = shortestPathsProgram(4);
        const { distances } = shortestPaths(graph, 4);
        expect([...pregel(graph, program, { partitions }).values]).toEqual([...distances]);
      },
    );
    await fc.assert(property, { numRuns: 50 });
  });
});

describe("Pregel, section by section", () => {
  /** Malewicz 2010, figure 2: the largest value reaches everybody. */
  const largest: VertexProgram = {
    initial: ({ id }) => [3, 6, 2, 1][id],
    compute: (vertex, messages) => {
      const most = Math.max(vertex.value, ...messages);
      if (most > vertex.value || vertex.superstep === 0) vertex.sendToAll((vertex.value = most));
      vertex.voteToHalt();
    },
  };

  it("2: the maximum value example of figure 2 takes four supersteps", () => {
    const figure = graphFromEdges(
      [
        [0, 1],
        [1, 0],
        [1, 3],
        [2, 1],
        [2, 3],
        [3, 2],
      ],
      { isDirected: true },
    );
    const { values, supersteps, history } = pregel(figure, largest);
    expect([...values]).toEqual([6, 6, 6, 6]);
    expect(supersteps).toBe(4);
    expect(history.map(({ computed }) => computed)).toEqual([4, 4, 2, 2]);
  });

  it("3.1: a vertex that sleeps is woken by a message, and by nothing else", () => {
    const seen: string[] = [];
    const relay: VertexProgram = {
      initial: () => 0,
      compute: (vertex) => {
        seen.push(`${vertex.superstep}:${vertex.id}`);
        if (vertex.superstep === vertex.id && vertex.id < 3) vertex.send(vertex.id + 1, 1);
        vertex.voteToHalt();
      },
    };
    pregel(graphFromEdges([], { vertices: 5 }), relay);
    expect(seen).toEqual(["0:0", "0:1", "0:2", "0:3", "0:4", "1:1", "2:2", "3:3"]);
  });

  it("3.2: a combiner makes fewer messages, and the same answer", () => {
    const { combine, ...plain } = shortestPathsProgram(0);
    const [with_, without] = [shortestPathsProgram(0), plain].map((one) => pregel(karate, one));
    expect(combine).toBeDefined();
    expect(with_.values).toEqual(without.values);
    const sent = ({ history }: typeof with_) => history.reduce((sum, one) => sum + one.messages, 0);
    expect(sent(with_)).toBeLessThan(sent(without) / 2);
  });

  it("3.3: what is aggregated in a superstep is known in the next", () => {
    const add = (left: number, right: number): number => left + right;
    const counting: VertexProgram = {
      initial: () => 0,
      aggregators: { edges: { initial: 0, add }, most: { initial: -Infinity, add: Math.max } },
      compute: (vertex) => {
        vertex.aggregate("edges", vertex.degree / 2);
        vertex.aggregate("most", vertex.degree);
        if (vertex.superstep === 0) return;
        vertex.value = vertex.aggregated("edges") + 1_000 * vertex.aggregated("most");
        vertex.voteToHalt();
      },
    };
    const { values, aggregates } = pregel(karate, counting, { partitions: 3 });
    expect([...new Set(values)]).toEqual([17_078]);
    expect(aggregates).toEqual({ edges: 78, most: 17 });
    const wrong = { ...counting, aggregators: {} };
    expect(() => pregel(karate, wrong)).toThrow('no such aggregator (name="edges")');
  });

  it("a program that never halts is cut off", () => {
    const restless: VertexProgram = { initial: () => 0, compute: (vertex) => void vertex.value++ };
    const { kind, supersteps, values } = pregel(karate, restless, { maxSupersteps: 7 });
    expect([kind, supersteps, values[0]]).toEqual(["cutOff", 7, 7]);
  });
});

describe("a simulated cluster", () => {
  const program = pageRankProgram(20);
  const expected = pregel(weightedKarate, program, { partitions: 8 }).values;

  it("has the answer of one process, to the last bit, without going back", () => {
    const run = simulatePregel(weightedKarate, program);
    expect([run.kind, run.epochs, run.supersteps]).toEqual(["halted", 1, 21]);
    expect(run.values).toEqual(expected);
  });

  it("4.2: a lost worker's partitions go to others, from the last checkpoint", () => {
    const latency = { network: slowNetwork };
    const quiet = simulatePregel(weightedKarate, program, latency);
    const faults = [at(quiet.elapsedMs * 0.7, crash(["n2"], "lost"))];
    const run = simulatePregel(weightedKarate, program, { ...latency, faults });
    expect(run.values).toEqual(expected);
    const [first, second, ...more] = epochs(run);
    expect([first, more]).toEqual([0, []]);
    expect([5, 10, 15]).toContain(second);
    expect(run.notes.some(({ label, detail }) => label === "workerLost" && detail === "n2")).toBe(
      true,
    );
    const last = run.notes.filter(({ label }) => label === "epochBegun").at(-1);
    expect((last?.detail as { owners: string[] }).owners).not.toContain("n2");
  });

  it("without checkpoints it begins again at the input", () => {
    const faults = [at(300, crash(["n1"], "lost"))];
    const network = slowNetwork;
    const master = { checkpointEvery: 0 };
    const run = simulatePregel(weightedKarate, program, { faults, network, master });
    expect(epochs(run)).toEqual([0, 0]);
    expect(run.values).toEqual(expected);
  });

  it("waits for a worker when all are lost", () => {
    const everyone = ["n1", "n2", "n3"];
    const faults = [at(100, crash(everyone, "lost")), at(60_000, restart(["n3"]))];
    const network = slowNetwork;
    const run = simulatePregel(weightedKarate, program, { faults, network });
    expect(run.values).toEqual(expected);
    expect(run.elapsedMs).toBeGreaterThan(60_000);
  });

  it("computes distances with what is out of reach, and components", () => {
    const apart = graphFromEdges([[0, 1, 2.5]], { vertices: 4 });
    expect([...simulatePregel(apart, shortestPathsProgram(0)).values]).toEqual([
      0,
      2.5,
      Infinity,
      Infinity,
    ]);
    const { values } = simulatePregel(florentine.graph, componentsProgram, { workers: 2 });
    expect([...values]).toEqual(Array(15).fill(0));
  });
});

/** Loss, repetition, lateness, crashes, pauses: the answer is the same, or there is none yet. */
describe("storm", () => {
  const graph = rmat({ scale: 5, edgeFactor: 3, isSimple: true, isDirected: false, seed: 2 });
  const programs = [pageRankProgram(12), componentsProgram, shortestPathsProgram(1)];
  const expected = programs.map((program) => pregel(graph, program, { partitions: 8 }).values);

  function faultsOf(random: Random): ScheduledFault[] {
    return ["n1", "n2", "n3"].flatMap((name): ScheduledFault[] => {
      const atMs = random.between(50, 6_000);
      const downMs = random.between(50, 5_000);
      if (random.chance(0.4)) {
        const disk = random.pick(["lost", "kept"] as const);
        return [at(atMs, crash([name], disk)), at(atMs + downMs, restart([name]))];
      }
      if (random.chance(0.5)) return [at(atMs, pause([name])), at(atMs + downMs, resume([name]))];
      return [];
    });
  }

  it("200 seeds: always the right answer; sometimes from a checkpoint", () => {
    const seen = { recoveries: 0, fromCheckpoint: 0 };
    for (let seed = 1; seed <= 200; seed++) {
      const random = new Random(seed, 77);
      const which = seed % 3;
      const run = simulatePregel(graph, programs[which], {
        seed,
        faults: faultsOf(random),
        network: {
          latency: { kind: "uniform", minMs: 5, maxMs: random.between(20, 300) },
          lossRate: random.between(0, 0.2),
          duplicateRate: random.between(0, 0.2),
        },
        master: { checkpointEvery: random.pick([0, 1, 3]) },
      });
      expect(run.kind, `seed ${seed}`).toBe("halted");
      expect(run.values, `seed ${seed}`).toEqual(expected[which]);
      if (run.epochs > 1) seen.recoveries++;
      if (epochs(run).some((superstep) => superstep > 0)) seen.fromCheckpoint++;
    }
    expect(seen.recoveries).toBeGreaterThan(20);
    expect(seen.fromCheckpoint).toBeGreaterThan(10);
  });

  it("finds a worker that forgets what it has sent", () => {
    class Careless extends PregelWorker {
      override handle(
        event: Event<PregelMessage, "heartbeat">,
        host: Host<PregelMessage, "heartbeat">,
      ): void {
        super.handle(event, host);
        (this as unknown as { unanswered: Map<string, unknown> }).unanswered.clear();
      }
    }
    expect(failures(Careless)).toBeGreaterThan(0);
    expect(failures(PregelWorker)).toBe(0);
  });

  function failures(worker: typeof PregelWorker): number {
    let wrong = 0;
    for (let seed = 1; seed <= 40; seed++) {
      const latency = { kind: "uniform", minMs: 5, maxMs: 200 } as const;
      const network = { latency, lossRate: 0.15 };
      const faults = faultsOf(new Random(seed, 78));
      const options = { seed, worker, network, faults, untilMs: 120_000 };
      const { values } = simulatePregel(graph, programs[0], options);
      if (!values.every((value, v) => value === expected[0][v])) wrong++;
    }
    return wrong;
  }
});

describe("the nodes, by hand", () => {
  const senses = { nowMs: 0, random: () => 0.5 };
  const told = (effects: readonly Effect<PregelMessage, never>[]): string[] => {
    return effects.flatMap((effect) => (effect.kind === "send" ? [effect.message.type] : []));
  };

  it("the store answers what it has, after a restart too", () => {
    const content = { values: [1, "Infinity"], awake: [0], mail: [] };
    const write = { type: "write", key: "checkpoint/5/0", content } as const;
    const effects = step(
      new CheckpointStore("store", []),
      { kind: "message", from: "n1", message: write },
      senses,
    );
    expect(effects.map(({ kind }) => kind)).toEqual(["save", "send"]);
    const again = new CheckpointStore("store", []);
    step(again, { kind: "start", saved: { "checkpoint/5/0": content } }, senses);
    const read = { type: "read", key: "checkpoint/5/0" } as const;
    const [answer] = step(again, { kind: "message", from: "n1", message: read }, senses);
    expect(answer).toMatchObject({ to: "n1", message: { type: "content", content } });
    const none = step(
      again,
      { kind: "message", from: "n1", message: { ...read, key: "x" } },
      senses,
    );
    expect(none[0]).toMatchObject({ message: { content: null } });
  });

  it("a worker keeps mail that came before the step of its epoch", () => {
    const plan = { vertices: 2, isDirected: false, sources: [0], targets: [1] };
    const worker = new PregelWorker("n1", [], { graph: plan });
    const hear = (from: string, message: PregelMessage) => {
      return step(worker, { kind: "message", from, message }, senses) as Effect<
        PregelMessage,
        never
      >[];
    };
    const place = { epoch: 1, superstep: 1, from: 1, to: 0 };
    expect(hear("n2", { type: "mail", ...place, mail: [0, 1] })).toEqual([]);
    const first: PregelMessage = {
      ...{ type: "step", epoch: 1, epochStart: 0, superstep: 0, owners: ["n1", "n2"] },
      ...{ aggregates: {}, hasCheckpoint: false, isFinal: false },
    };
    expect(told(hear("n0", first))).toEqual(["mailTaken", "mail"]);
  });

  it("the master begins when all are there, and takes a report of this epoch alone", () => {
    const master = new PregelMaster("n0", ["n1", "n2"], { partitions: 2 });
    const hear = (from: string, message: PregelMessage) => {
      return step(master, { kind: "message", from, message }, senses) as Effect<
        PregelMessage,
        never
      >[];
    };
    step(master, { kind: "start", saved: {} }, senses);
    expect(told(hear("n1", { type: "heartbeat", incarnation: 1 }))).toEqual([]);
    expect(told(hear("n2", { type: "heartbeat", incarnation: 1 }))).toEqual(["step", "step"]);
    const done = { type: "stepDone", superstep: 0, reports: [] } as const;
    hear("n1", { ...done, epoch: 1 });
    expect(told(hear("n2", { ...done, epoch: 0 }))).toEqual([]);
    expect(told(hear("n2", { ...done, epoch: 1 }))).toEqual(["step", "step"]);
    // A worker that came back has forgotten everything.
    const effects = hear("n1", { type: "heartbeat", incarnation: 2 });
    const labels = effects.flatMap((effect) => (effect.kind === "note" ? [effect.label] : []));
    expect(labels).toEqual(["workerLost", "epochBegun"]);
  });
});

it("a ring takes as many supersteps as it is long", () => {
  const { supersteps } = pregel(cycleGraph(30, { isDirected: true }), shortestPathsProgram(0));
  expect(supersteps).toBe(31);
});
