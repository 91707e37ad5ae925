import { Raft, raftCommits, raftExplorer, raftSafety, raftVariants } from "dabbawala/consensus";
import type { RaftClass } from "dabbawala/consensus";
import { spaceTime } from "dabbawala/figures";
import { describe, expect, it } from "vitest";

const minute = 60_000;

describe("Raft with three servers, in every order", () => {
  it(
    "is safe through two terms, with one election timeout a server",
    () => {
      const explorer = raftExplorer(Raft, { maxTerm: 2, maxTimerFirings: 1 });
      const goals = [raftCommits(1, 1), raftCommits(2, 1), raftCommits(2, 2)];
      const result = explorer.explore([...raftSafety, ...goals]);
      expect(result.kind).toBe("bounded");
      expect(result.cut).toMatchObject({ depth: 0, hasMetMaxStates: false });
      expect(result.states).toBeGreaterThan(200_000);
      expect(result.verdicts.map(({ kind }) => kind)).toEqual(Array(7).fill("holds"));
    },
    minute,
  );

  it(
    "is safe in one term when any server crashes once and starts again",
    () => {
      const explorer = raftExplorer(Raft, { maxTerm: 1, maxCrashes: 1 });
      const result = explorer.explore([...raftSafety, raftCommits(1, 1)]);
      expect(result.cut).toMatchObject({ depth: 0, hasMetMaxStates: false });
      expect(result.states).toBeGreaterThan(3_000);
      expect(result.verdicts.map(({ kind }) => kind)).toEqual(Array(5).fill("holds"));
    },
    minute,
  );

  it("has as many classes of states as it has states, seen from each place", () => {
    const bounds = { maxTerm: 1, maxDepth: 7 };
    const [all, classes] = [
      raftExplorer(Raft, { ...bounds, symmetric: [] }).explore(raftSafety),
      raftExplorer(Raft, bounds).explore(raftSafety),
    ];
    expect(all.states / classes.states).toBeGreaterThan(4);
    expect(all.states / classes.states).toBeLessThanOrEqual(6);
    expect(all.depth).toBe(classes.depth);
  });
});

/** Each with the fewest steps after the start, counted by hand from the bug's story. */
describe("Raft with a planted bug", () => {
  const serverOf = (name: string): RaftClass =>
    (raftVariants.find((variant) => variant.name === name) as { server: RaftClass }).server;

  it.each([
    // n1 asks, n2 votes and crashes and starts, n1 wins; n3 asks, n2 votes again, n3 wins.
    ["vote forgotten on restart", "election safety", { maxTerm: 1, maxCrashes: 1 }, 8],
    ["vote and term not saved", "election safety", { maxTerm: 1, maxCrashes: 1 }, 8],
    // n1 wins with n2 (3) and commits with it (2); n3 asks in term 2, is voted for, and wins (3).
    ["no log check in the vote", "leader completeness", { maxTerm: 2, maxTimerFirings: 1 }, 8],
  ] as const)("%s: breaks %s", (name, property, bounds, steps) => {
    const result = raftExplorer(serverOf(name), bounds).explore(raftSafety);
    expect(result.kind).toBe("stopped");
    const verdict = result.verdicts.find((candidate) => candidate.name === property);
    if (verdict?.kind !== "violated" || verdict.trace === undefined) throw new Error(name);
    expect(verdict.trace).toHaveLength(3 + steps);
    const caption = verdict.why;
    const figure = spaceTime(verdict.trace, { title: name, caption, axis: "order" });
    expect(JSON.stringify(figure)).toContain("requestVote");
  });
});
