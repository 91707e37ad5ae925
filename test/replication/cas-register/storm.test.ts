/**
 * Storms over registers. `CAS_SEEDS=5000 npx vitest run test/replication/cas-register/storm` runs
 * more of them; `npx dabbawala storm cas-register --seed 17` one.
 */
import { describe, expect, it } from "vitest";
import { CasRegister, casStorm, casStormPlan, casVariants } from "dabbawala/replication";
import { runCasStorm } from "dabbawala/replication";
import {
  nothingYet,
  withAcceptance,
} from "dabbawala/dist/replication/cas-register/storm/agreement";
import { sometimes } from "dabbawala/dist/replication/cas-register/storm/definition";
import { OpenVotes } from "dabbawala/dist/replication/cas-register/storm/votes";

const count = Number(process.env["CAS_SEEDS"] ?? 100);

describe(`${count} storms`, () => {
  const counts = new Map<string, number>();

  it("are linearizable, agree on every version, and go on when all is healed", () => {
    const failures: string[] = [];
    for (let seed = 1; seed <= count; seed++) {
      const result = runCasStorm(casStormPlan(seed), CasRegister);
      for (const [label, n] of result.counts) counts.set(label, (counts.get(label) ?? 0) + n);
      const { failure } = result;
      if (failure) failures.push(`seed ${seed}: ${failure.property}: ${failure.detail}`);
    }
    expect(failures).toEqual([]);
    expect(counts.get("ok")).toBeGreaterThan(count * 40);
  }, 600_000);

  it.each(sometimes)("%s happened", (label) => {
    expect(counts.get(label) ?? 0).toBeGreaterThan(0);
  });
});

it("the same seed is the same storm, and its actions played again are it again", () => {
  const storm = casStorm.build(5);
  const [first, second] = [storm.run(), storm.run()];
  expect(second).toEqual(first);
  expect(storm.run({ actions: first.actions })).toEqual(first);
});

it.each(casVariants.map(({ id }) => id))(
  "a planted bug is found: %s",
  (variant) => {
    const found = (seed: number): boolean => {
      const failure = casStorm.build(seed, variant).run().failure;
      return failure !== undefined && failure.property !== "progress";
    };
    expect(Array.from({ length: 120 }, (_, i) => i + 1).some(found)).toBe(true);
  },
  120_000,
);

describe("agreement", () => {
  const ballot = { count: 1, proposer: "n1" };
  const of = (by: string, value: string, version = 1) => {
    return { by, key: "x", ballot, state: { version, value, recent: [] } };
  };

  it("is broken by two states of a ballot, and by two values that majorities chose", () => {
    const one = withAcceptance(nothingYet, of("n1", "a"), 3);
    expect(one.chosen).toEqual({});
    expect(withAcceptance(one, of("n1", "a"), 3)).toBe(one);
    const chosen = withAcceptance(one, of("n2", "a"), 3);
    expect(chosen.chosen).toEqual({ "x version 1": '"a"' });
    expect(withAcceptance(chosen, of("n3", "b"), 3).conflict).toContain("ballot x 1 n1 has");
    const later = { ...ballot, count: 2 };
    const first = withAcceptance(chosen, { ...of("n2", "b"), ballot: later }, 3);
    expect(first.conflict).toBeUndefined();
    const second = withAcceptance(first, { ...of("n3", "b"), ballot: later }, 3);
    expect(second.conflict).toBe('x version 1 was chosen as "a" and as "b"');
  });
});

describe("a vote", () => {
  const state = { version: 1, value: "a", recent: [] };
  const vote = (count: number, by = "n1") => {
    return { by, key: "x", ballot: { count, proposer: "n1/1" }, state };
  };
  const disk = (count: number) => {
    const accepted = { ballot: vote(count).ballot, state };
    return { "register/x": { promised: accepted.ballot, accepted } };
  };

  it("counts when it is saved, with those cast before it", () => {
    const votes = new OpenVotes();
    for (const count of [1, 2, 3]) votes.cast(vote(count));
    votes.cast(vote(2, "n2"));
    expect(votes.saved("n1", {})).toEqual([]);
    expect(votes.saved("n1", disk(2))).toEqual([vote(1), vote(2)]);
    expect(votes.saved("n1", disk(2))).toEqual([]);
    expect(votes.voters).toEqual(new Set(["n1", "n2"]));
  });

  it("counts when it is heard, and is lost with a life", () => {
    const votes = new OpenVotes();
    for (const count of [1, 2]) votes.cast(vote(count));
    expect(votes.heard("n1", vote(2))).toEqual([vote(2)]);
    votes.lost("n1");
    expect(votes.saved("n1", disk(1))).toEqual([]);
  });

  it("that a crash took back before it was saved has chosen nothing", () => {
    expect(casStorm.build(932_849).run().failure).toBeUndefined();
  });
});
