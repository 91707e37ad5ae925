/** Four nodes in every order of events: what elections promise, and where the promise ends. */
import { describe, expect, it } from "vitest";
import {
  Bully,
  allAgree,
  electionExplorer,
  epochsAreAnnounced,
  noEpochTwice,
} from "dabbawala/consensus";
import { oneLeader, oneLeaderAtRest } from "dabbawala/consensus";
import type { ExploredElection } from "dabbawala/consensus";
import { aroundHost } from "dabbawala/protocol";

const minute = 60_000;
const kindsOf = (verdicts: readonly { kind: string }[]) => verdicts.map(({ kind }) => kind);
const quiet = { options: { standsAtStart: false } };

describe("rings of four, completely", () => {
  it.each([
    ["lcr", "rising", ["n1", "n2", "n3", "n4"], 72],
    ["lcr", "falling", ["n4", "n3", "n2", "n1"], 216],
    ["changRoberts", "rising", ["n1", "n2", "n3", "n4"], 587],
    ["changRoberts", "falling", ["n4", "n3", "n2", "n1"], 2_034],
    ["hirschbergSinclair", "rising", ["n1", "n2", "n3", "n4"], 13_392],
    ["hirschbergSinclair", "mixed", ["n2", "n4", "n1", "n3"], 25_296],
  ] as const)(
    "%s, names %s: one leader, all agree, in %3$i states",
    (algorithm, _, ring, states) => {
      const explorer = electionExplorer({ algorithm, options: { ring } });
      const found = explorer.explore([oneLeader, noEpochTwice, epochsAreAnnounced, allAgree]);
      expect(found.kind).toBe("complete");
      expect(kindsOf(found.verdicts)).toEqual(Array(4).fill("holds"));
      expect(found.states).toBe(states);
    },
    minute,
  );
});

describe("bully", () => {
  const always = [noEpochTwice, epochsAreAnnounced];
  const bounded = (explored: Omit<ExploredElection, "algorithm">) => ({
    explored: { algorithm: "bully", ...explored } as const,
  });

  it(
    "four nodes that keep time have one leader at any moment",
    () => {
      const { explored } = bounded({ ...quiet, keepsTime: true, maxTimerFirings: 1 });
      const found = electionExplorer(explored).explore([oneLeader, ...always]);
      expect(kindsOf(found.verdicts)).toEqual(Array(3).fill("holds"));
      expect(found.cut.hasMetMaxStates).toBe(false);
      expect(found.states).toBeGreaterThan(80_000);
    },
    minute,
  );

  it(
    "three that keep time, one of which crashes and comes back, have one once all is said",
    () => {
      const { explored } = bounded({
        ...quiet,
        nodes: 3,
        keepsTime: true,
        maxCrashes: 1,
        maxTimerFirings: 2,
      });
      const found = electionExplorer(explored).explore([oneLeaderAtRest, ...always]);
      expect(kindsOf(found.verdicts)).toEqual(Array(3).fill("holds"));
      expect(found.states).toBeGreaterThan(10_000);
    },
    minute,
  );

  /** Any of them, at any moment; links keep their order, as TCP does. */
  const fourAndACrash = {
    ...{ ...quiet, nodes: 4, keepsTime: true, maxCrashes: 1, maxTimerFirings: 1 },
    network: "ordered",
  } as const;

  it(
    "four that keep time, one of which crashes and comes back, have one once all is said",
    () => {
      const { explored } = bounded(fourAndACrash);
      const found = electionExplorer(explored).explore([oneLeaderAtRest, ...always]);
      expect(kindsOf(found.verdicts)).toEqual(Array(3).fill("holds"));
      expect(found.cut.hasMetMaxStates).toBe(false);
      expect(found.states).toBe(670_561);
    },
    5 * minute,
  );

  it("four with a crash: a bully that forgets its epoch uses one twice", () => {
    class Forgetful extends Bully {
      override handle(...[event, host]: Parameters<Bully["handle"]>): void {
        super.handle(event, aroundHost(host, { save: () => undefined }));
      }
    }
    const { explored } = bounded({ ...fourAndACrash, protocol: Forgetful });
    const [verdict] = electionExplorer(explored).explore([noEpochTwice]).verdicts;
    expect(verdict).toMatchObject({ kind: "violated" });
  });

  it("bounds that were asked for are kept", () => {
    const few = { ...fourAndACrash, mayCrash: ["n1"], maxMessages: 3 } as const;
    const { explored } = bounded(few);
    const seen = { messages: 0, down: new Set<string>() };
    electionExplorer(explored).explore([
      {
        name: "looks",
        kind: "always",
        says({ messages, nodes }) {
          seen.messages = Math.max(seen.messages, messages.length);
          for (const [id, node] of nodes) if (node === undefined) seen.down.add(id);
          return true;
        },
      },
    ]);
    expect(seen).toEqual({ messages: 3, down: new Set(["n1"]) });
  });

  it("four that do not keep time have two leaders after three steps", () => {
    const found = electionExplorer({ algorithm: "bully", ...quiet }).explore([oneLeader]);
    const [verdict] = found.verdicts;
    expect(verdict).toMatchObject({ kind: "violated", why: "n1 and n4 lead" });
    // The four starts; n1's patience ends; n4 is asked; n1 does not wait for the answer.
    expect(verdict?.kind === "violated" && verdict.trace?.length).toBe(4 + 3);
  });
});

describe("invitation", () => {
  const explore = (explored: object) =>
    electionExplorer({ algorithm: "invitation", maxTimerFirings: 1, ...explored }).explore([
      noEpochTwice,
      epochsAreAnnounced,
    ]);

  it(
    "four nodes, each of whose timers may ring once at any time",
    () => {
      const found = explore({});
      expect(kindsOf(found.verdicts)).toEqual(["holds", "holds"]);
      expect(found.cut.hasMetMaxStates).toBe(false);
      expect(found.states).toBe(697_856);
    },
    5 * minute,
  );

  it(
    "three nodes, one of which crashes and comes back",
    () => {
      const found = explore({ nodes: 3, maxCrashes: 1 });
      expect(kindsOf(found.verdicts)).toEqual(["holds", "holds"]);
      expect(found.cut.hasMetMaxStates).toBe(false);
      expect(found.states).toBe(36_511);
    },
    minute,
  );
});
