/** PBFT in every order of messages and time-outs, up to a depth, with a view change on the way. */
import { describe, expect, it } from "vitest";
import { pbftAgreement, pbftExplorer, pbftReaches, pbftWith } from "dabbawala/consensus";

describe("four replicas, a two-faced primary, one view change", () => {
  it("agree in all 41,910 states that nine steps lead to", () => {
    const explorer = pbftExplorer({ maxDepth: 9 });
    const { kind, states, verdicts } = explorer.explore([pbftAgreement, ...pbftReaches]);
    expect([kind, states]).toEqual(["bounded", 41_910]);
    expect(verdicts.map(({ name, kind: verdict }) => [name, verdict])).toEqual([
      ["correct replicas execute the same", "holds"],
      ["a batch is executed", "holds"],
      ["view 1 is entered", "holds"],
      ["a batch is executed in view 1", "holds"],
    ]);
  }, 60_000);

  it("with quorums that are one too small do not: the shortest way there is shown", () => {
    const replica = pbftWith({
      preparesNeeded: ({ f }) => 2 * f - 1,
      commitsNeeded: ({ f }) => 2 * f,
    });
    const { kind, verdicts } = pbftExplorer({ replica }).explore([pbftAgreement]);
    expect(kind).toBe("stopped");
    expect(verdicts[0]).toMatchObject({ kind: "violated" });
    const { trace = [] } = verdicts[0] as { trace?: readonly unknown[] };
    expect(trace.length).toBeLessThanOrEqual(4 + 6);
  });
});
