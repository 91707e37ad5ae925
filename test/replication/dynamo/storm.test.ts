/**
 * Storms over the whole store. `DYNAMO_SEEDS=2000 npx vitest run test/replication/dynamo/storm`
 * runs more of them; `npx dabbawala storm dynamo --seed 17` one.
 */
import { describe, expect, it } from "vitest";
import { Dynamo, dynamoStorm, dynamoStormPlan, runDynamoStorm } from "dabbawala/replication";
import { sometimes } from "dabbawala/dist/replication/dynamo/storm/definition";
import { StoreJudge } from "dabbawala/dist/replication/dynamo/storm/judge";

const count = Number(process.env["DYNAMO_SEEDS"] ?? 30);

describe(`${count} storms`, () => {
  const counts = new Map<string, number>();
  const stale = { strict: 0, sloppy: 0 };

  it("lose no acknowledged write; strict reads are regular; copies become equal", () => {
    const failures: string[] = [];
    for (let seed = 1; seed <= count; seed++) {
      const plan = dynamoStormPlan(seed);
      const result = runDynamoStorm(plan, Dynamo);
      for (const [label, n] of result.counts) counts.set(label, (counts.get(label) ?? 0) + n);
      stale[plan.options.isSloppy ? "sloppy" : "strict"] += result.staleReads;
      const { failure } = result;
      if (failure) failures.push(`seed ${seed}: ${failure.property}: ${failure.detail}`);
    }
    expect(failures).toEqual([]);
  }, 600_000);

  it("sloppy quorums have stale reads, strict ones none", () => {
    expect(stale.strict).toBe(0);
    expect(stale.sloppy).toBeGreaterThan(0);
  });

  it.each(sometimes)("%s happened", (label) => {
    expect(counts.get(label) ?? 0).toBeGreaterThan(0);
  });
});

it("the same seed is the same storm, and its actions played again are it again", () => {
  const storm = dynamoStorm.build(5);
  const [first, second] = [storm.run(), storm.run()];
  expect(second).toEqual(first);
  const again = storm.run({ actions: first.actions });
  expect(again.failure).toEqual(first.failure);
  expect(again.counts.get("ok")).toBe(first.counts.get("ok"));
});

it.each(["one-answer-too-few-is-a-quorum", "of-two-versions-only-one-is-kept"])(
  "a planted bug is found: %s",
  (variant) => {
    const seeds = Array.from({ length: 30 }, (_, i) => i + 1);
    const found = seeds.some((seed) => dynamoStorm.build(seed, variant).run().failure);
    expect(found).toBe(true);
  },
);

describe("the judge", () => {
  const put = (process: string, value: string, over: string[] = []) => [
    { process, type: "invoke", f: "put", key: "k", value, over } as const,
    { process, type: "ok", f: "put", key: "k", value: [value] } as const,
  ];
  const get = (process: string, value: string[]) => [
    { process, type: "invoke", f: "get", key: "k" } as const,
    { process, type: "ok", f: "get", key: "k", value } as const,
  ];

  it("takes what replaced a write for the write itself", () => {
    const judge = new StoreJudge([
      ...put("c1", "a"),
      ...put("c2", "b", ["a"]),
      ...get("c1", ["b"]),
    ]);
    expect(judge.staleReads()).toEqual([]);
    expect(judge.nonsense()).toBeUndefined();
    expect(judge.lost(new Map([["k", ["b"]]]))).toBeUndefined();
  });

  it("knows stale, resurrected, strange and lost values", () => {
    const writes = [...put("c1", "a"), ...put("c2", "b", ["a"])];
    expect(new StoreJudge([...writes, ...get("c1", ["a"])]).staleReads()).toHaveLength(1);
    const both = new StoreJudge([...writes, ...get("c1", ["a", "b"])]);
    expect(both.nonsense()?.property).toBe("resurrected");
    expect(new StoreJudge([...get("c1", ["x"])]).nonsense()?.property).toBe("unknownValue");
    expect(both.lost(new Map())?.property).toBe("lostWrite");
    const failed = { process: "c3", type: "fail", f: "put", key: "k", value: "why" } as const;
    const refused = [{ ...put("c3", "z")[0] }, failed, ...get("c1", ["z"])];
    expect(new StoreJudge(refused).nonsense()?.property).toBe("failedWriteSeen");
  });
});
