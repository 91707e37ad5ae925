/**
 * Storms over the whole cache. `CACHE_SEEDS=2000 npx vitest run test/caching/distributed/storm`
 * runs more of them; `npx dabbawala storm cache --seed 17` one.
 */
import { describe, expect, it } from "vitest";
import { CacheJudge, cacheStorm, cacheStormPlan, runCacheStorm } from "dabbawala/caching";
import type { CacheEvent } from "dabbawala/caching";
import { sometimes } from "dabbawala/dist/caching/distributed/storm/definition";

const count = Number(process.env["CACHE_SEEDS"] ?? 100);

describe(`${count} storms`, () => {
  const counts = new Map<string, number>();
  const stale = { promised: 0, forbidden: 0 };

  it("keep what each policy promises, and every client has its answers", () => {
    const failures: string[] = [];
    for (let seed = 1; seed <= count; seed++) {
      const plan = cacheStormPlan(seed);
      const result = runCacheStorm(plan);
      for (const [label, n] of result.counts) counts.set(label, (counts.get(label) ?? 0) + n);
      const { writes, refills } = plan.options;
      const isFresh = !["around", "log"].includes(writes ?? "aside") && refills !== "any";
      stale[isFresh ? "forbidden" : "promised"] += result.staleReads;
      const { failure } = result;
      if (failure) failures.push(`seed ${seed}: ${failure.property}: ${failure.detail}`);
    }
    expect(failures).toEqual([]);
  }, 600_000);

  it("refills by anybody, writes around and by the log have stale reads, the others none", () => {
    expect(stale.promised).toBeGreaterThan(0);
    expect(stale.forbidden).toBe(0);
  });

  it.each(sometimes)("%s happened", (label) => {
    expect(counts.get(label) ?? 0).toBeGreaterThan(0);
  });
});

it("the same seed is the same storm, and its actions played again are it again", () => {
  const storm = cacheStorm.build(5);
  const [first, second] = [storm.run(), storm.run()];
  expect(second).toEqual(first);
  const again = storm.run({ actions: first.actions });
  expect(again.failure).toEqual(first.failure);
  expect(again.counts).toEqual(first.counts);
});

describe("a planted bug is found within 60 seeds", () => {
  it.each(cacheStorm.variants)("%s", (variant) => {
    const seeds = Array.from({ length: 60 }, (_, i) => i + 1);
    expect(seeds.some((seed) => cacheStorm.build(seed, variant).run().failure)).toBe(true);
  });
});

describe("the judge", () => {
  const event = (id: number, part: Partial<CacheEvent>): CacheEvent => ({
    ...{ process: `c${id}`, type: "ok", f: "read", key: "k", operation: id, time: 0 },
    ...part,
  });
  const write = (id: number, value: string, version: number, time: number) => [
    event(id, { type: "invoke", f: "write", value, time: time - 1 }),
    event(id, { f: "write", value, version, time }),
  ];
  const read = (id: number, value: string | null, version: number, time: number) => [
    event(id, { type: "invoke", time: time - 1 }),
    event(id, { value, version, time }),
  ];

  it("knows stale reads, and lets pass what a crash has taken", () => {
    const history = [...write(1, "a", 1, 5), ...write(1, "b", 2, 10), ...read(2, "a", 1, 20)];
    expect(new CacheJudge(history).staleReads()).toHaveLength(1);
    const lost = [{ key: "k", version: 2, atMs: 15 }];
    expect(new CacheJudge(history, { lost }).staleReads()).toEqual([]);
    expect(
      new CacheJudge(history, { lost: [{ ...lost[0]!, atMs: 30 }] }).staleReads(),
    ).toHaveLength(1);
    expect(new CacheJudge(history).lostWrites(() => 1)?.property).toBe("lostWrite");
    expect(new CacheJudge(history, { lost }).lostWrites(() => 1)).toBeUndefined();
  });

  it("lets a read pass that began before the acknowledgement", () => {
    const [call, answer] = read(2, "a", 1, 20);
    const history = [...write(1, "a", 1, 5), call!, ...write(1, "b", 2, 10), answer!];
    expect(new CacheJudge(history).staleReads()).toEqual([]);
  });

  it("knows rows that are older than the TTL allows", () => {
    const judge = new CacheJudge([...write(1, "a", 1, 5), ...read(2, "a", 1, 200)]);
    const committed = [{ key: "k", version: 2, atMs: 50 }];
    expect(judge.tooStale(committed, 100)?.property).toBe("tooStale");
    expect(judge.tooStale(committed, 160)).toBeUndefined();
  });

  it("knows strange values, refused ones, and clients that wait for ever", () => {
    const strange = new CacheJudge(read(2, "x", 1, 20));
    expect(strange.nonsense()?.property).toBe("unknownValue");
    const [call] = write(1, "z", 1, 5);
    const refused = [call!, event(1, { type: "fail", f: "write" }), ...read(2, "z", 1, 20)];
    expect(new CacheJudge(refused).nonsense()?.property).toBe("failedWriteSeen");
    const waiting = new CacheJudge([call!]);
    expect(waiting.unanswered(() => -1)?.property).toBe("unanswered");
    expect(waiting.unanswered(() => 100)).toBeUndefined();
  });
});
