/** HotStuff in every order of messages and time-outs, with a first leader who has two faces. */
import { describe, expect, it } from "vitest";
import { hotStuffAgreement, hotStuffExplorer, hotStuffReaches } from "dabbawala/consensus";
import { hotStuffWith } from "dabbawala/consensus";

const kinds = (verdicts: readonly { name: string; kind: string }[]) => {
  return Object.fromEntries(verdicts.map(({ name, kind }) => [name, kind]));
};

describe("four replicas, a leader with two faces, one time-out each", () => {
  it("decide the same in all 9,630 states that sixteen steps lead to", () => {
    const explorer = hotStuffExplorer({ maxDepth: 16 });
    const found = explorer.explore([hotStuffAgreement, ...hotStuffReaches]);
    expect([found.kind, found.states]).toEqual(["bounded", 9_630]);
    expect(kinds(found.verdicts)).toEqual({
      "correct replicas decide the same blocks": "holds",
      "a block is decided": "holds",
      "two blocks of one view are known": "holds",
      "the next leader's block is voted for": "holds",
    });
  }, 30_000);

  it("without time-outs all 584 states are seen, to the end", () => {
    const { states, cut } = hotStuffExplorer({ maxTimeouts: 0, maxDepth: 100 }).explore([
      hotStuffAgreement,
    ]);
    expect([states, cut.depth, cut.hasMetMaxStates]).toEqual([584, 0, false]);
  });

  it("with certificates of 2f votes do not: the shortest way there is shown", () => {
    const replica = hotStuffWith({ quorum: (replicas) => 2 * Math.floor((replicas - 1) / 3) });
    const explorer = hotStuffExplorer({ replica, isHasty: true, maxTimeouts: 0 });
    const [verdict] = explorer.explore([hotStuffAgreement]).verdicts;
    expect(verdict).toMatchObject({
      kind: "violated",
      why: "n3 and n2 have decided different blocks",
    });
    expect(verdict?.kind === "violated" && verdict.trace?.length).toBe(20);
  });
});
