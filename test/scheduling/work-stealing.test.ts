import { createRequire } from "node:module";
import fc from "fast-check";
import { afterAll, describe, expect, it } from "vitest";
import { Random } from "dabbawala/basics";
import {
  fibComputation,
  mandelbrot,
  queens,
  simulateStealing,
  startTeam,
  unevenComputation,
  workAndSpan,
} from "dabbawala/scheduling";
import type { Computation, SharingPolicy, StealingRun, Team } from "dabbawala/scheduling";

const resolve = createRequire(__filename).resolve;

describe("simulated work stealing", () => {
  const shapes = fc
    .record({ total: fc.integer({ min: 1, max: 600 }), evenness: fc.constantFrom(0.05, 0.2, 0.5) })
    .chain((options) => fc.nat().map((seed) => ({ ...options, leaf: 1, seed })));
  const shapeOf = ({ seed, ...options }: { seed: number; total: number; evenness: number }) =>
    unevenComputation({ ...options, leaf: Math.min(10, options.total) }, new Random(seed));

  /** Every strand once, and after all that lead to it. */
  function expectWhole(computation: Computation, { trace, steps }: StealingRun): void {
    expect(trace.map(({ strand }) => strand).sort((a, b) => a - b)).toEqual(
      computation.map((_, strand) => strand),
    );
    const endOf = new Map(trace.map(({ strand, endStep }) => [strand, endStep]));
    for (const [strand, { next }] of computation.entries()) {
      for (const other of next) {
        const start = (endOf.get(other) as number) - computation[other].steps;
        expect(start).toBeGreaterThanOrEqual(endOf.get(strand) as number);
      }
    }
    expect(Math.max(...endOf.values())).toBe(steps);
  }

  it("has the work and the span of the naive fib", () => {
    // fib(2) is fork, two leaves, join; each strand a step.
    expect(workAndSpan(fibComputation(2))).toEqual({ work: 4, span: 3 });
    expect(workAndSpan(fibComputation(1))).toEqual({ work: 1, span: 1 });
    expect(workAndSpan(fibComputation(20)).span).toBe(39);
  });

  it("one worker takes T1 steps, with either policy up to the queue's own", () => {
    const computation = fibComputation(10);
    const { work } = workAndSpan(computation);
    const alone = simulateStealing(computation, { workers: 1, policy: "stealing", seed: 1 });
    expect(alone).toMatchObject({ steps: work, steals: 0, communication: 0 });
    const shared = simulateStealing(computation, { workers: 1, policy: "sharing", seed: 1 });
    expect(shared.steps).toBe(work + shared.communication);
  });

  it("runs every strand once and after those before it, whoever runs it", () => {
    fc.assert(
      fc.property(shapes, fc.integer({ min: 1, max: 9 }), (shape, workers) => {
        const computation = shapeOf(shape);
        for (const policy of ["stealing", "sharing"] as const) {
          const options = { workers, policy, seed: shape.seed };
          expectWhole(computation, simulateStealing(computation, options));
        }
      }),
      { numRuns: 25 },
    );
  });

  it("1999, theorems 12 and 13: T1/P + O(T infinity) steps, O(P x T infinity) steals", () => {
    for (const workers of [2, 4, 8, 16]) {
      for (let seed = 1; seed <= 10; seed++) {
        const options = { total: 20_000, evenness: 0.3 };
        const computation = unevenComputation(options, new Random(seed));
        const run = simulateStealing(computation, { workers, policy: "stealing", seed });
        expect(run.steps).toBeGreaterThanOrEqual(Math.max(run.work / workers, run.span));
        expect(run.steps).toBeLessThanOrEqual(run.work / workers + 3 * run.span);
        expect(run.attempts).toBeLessThanOrEqual(4 * workers * run.span);
      }
    }
  });

  it("1999, section 1: thieves communicate, workers do not; in sharing everybody does", () => {
    const computation = fibComputation(16);
    const of = (policy: "stealing" | "sharing") =>
      simulateStealing(computation, { workers: 8, policy, seed: 3 });
    const [stealing, sharing] = [of("stealing"), of("sharing")];
    expect(stealing.communication).toBeLessThan(sharing.communication / 3);
    expect(stealing.steps).toBeLessThan(sharing.steps / 2);
    // Depth first within each worker, so few wait (the paper's bound on space).
    expect(stealing.peakWaiting).toBeLessThan(sharing.peakWaiting / 3);
    expect(of("stealing")).toEqual(stealing);
  });
});

describe("a team of threads", () => {
  const policies: SharingPolicy[] = ["stealing", "sharing", "static"];
  const teams: Team[] = [];
  afterAll(() => Promise.all(teams.map((team) => team.close())));
  const start = async (exportName: string, options: unknown, workers = 3): Promise<Team> => {
    const module = resolve("dabbawala/scheduling");
    const team = await startTeam({ workers, program: { module, exportName, options } });
    teams.push(team);
    return team;
  };

  it("counts the queens that are known (OEIS A000170), by every policy, again and again", async () => {
    const team = await start("queens", { n: 10, forkedRows: 5 });
    for (const policy of [...policies, ...policies]) {
      const run = await team.run({ policy, seed: 7 });
      expect([run.kind, run.sum]).toEqual(["done", 724]);
      const spawned = run.threads.reduce((sum, tally) => sum + tally.spawned, 0);
      if (policy !== "static") expect(run.parts).toBe(spawned + 1);
    }
    const found = [1, 2, 3, 4, 5, 6].map((n) => alone(queens({ n })));
    expect(found).toEqual([1, 0, 0, 2, 10, 4]);
  });

  it("draws every tile once: pixels are those of one thread, not twice as bright", async () => {
    const [side, tile, maxIterations] = [128, 4, 60];
    const plain = new SharedArrayBuffer(4 * side * side);
    const sum = alone(mandelbrot({ side, tile, maxIterations, image: plain }));
    const image = new SharedArrayBuffer(4 * side * side);
    const team = await start("mandelbrot", { side, tile, maxIterations, image });
    for (const policy of policies) {
      new Int32Array(image).fill(0);
      const run = await team.run({ policy });
      expect(run).toMatchObject({ kind: "done", sum, parts: (4 ** 6 - 1) / 3 });
      expect(new Int32Array(image)).toEqual(new Int32Array(plain));
    }
    expect(new Set(new Int32Array(plain)).size).toBeGreaterThan(20);
  });

  it("stops when it is told to, and works again", async () => {
    const team = await start("queens", { n: 16, forkedRows: 7 }, 2);
    const stopped = await team.run({ signal: AbortSignal.timeout(30) });
    expect(stopped.kind).toBe("stopped");
    const early = await team.run({ signal: AbortSignal.abort() });
    expect([early.kind, early.parts]).toEqual(["stopped", 0]);
    const first = team.run({ signal: AbortSignal.timeout(30) });
    await expect(team.run()).rejects.toThrow("The team is busy");
    expect((await first).kind).toBe("stopped");
  });

  it("tells what failed", async () => {
    const bad = (exportName: string, options: unknown) => start(exportName, options, 1);
    await expect(bad("queens", { n: 17 })).rejects.toThrow("n must be from 1 to 16");
    await expect(bad("knights", {})).rejects.toThrow('exports no function "knights"');
    const program = { module: "/no/such/file", exportName: "x", options: {} };
    await expect(startTeam({ program })).rejects.toThrow("/no/such/file cannot be loaded");
    const image = new SharedArrayBuffer(16);
    expect(() => mandelbrot({ side: 4, image })).toThrow("image must have 64 bytes, but has 16");
    expect(() => mandelbrot({ side: 3, image })).toThrow("side must be a power of two");
  });

  function alone({ root, run }: ReturnType<typeof queens>): number {
    const open = [root];
    let sum = 0;
    for (let part = open.pop(); part !== undefined; part = open.pop()) {
      sum += run(part, (child) => open.push(child));
    }
    return sum;
  }
});
