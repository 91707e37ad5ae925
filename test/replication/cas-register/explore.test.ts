/** Rystsov 2018, section 3: three servers, every order of events. */
import { describe, expect, it } from "vitest";
import { casAnswered, casExplorer, CasRegister, casSafety } from "dabbawala/replication";
import { casVariants } from "dabbawala/replication";

const cas = (value: string) =>
  ({ type: "cas", requestId: 1, key: "x", expected: 0, value }) as const;
const minutes = 120_000;

describe("a register on three servers, in every order", () => {
  it(
    "two clients that set the empty register: one value is chosen, whoever comes first",
    () => {
      // CAS_EXPLORE=all: to the end, 1,313,711 states and 26 steps deep, in some 20 s and 2 GB.
      const isWhole = process.env["CAS_EXPLORE"] === "all";
      const bounds = isWhole ? { maxStates: 2_000_000 } : { maxDepth: 16 };
      const explorer = casExplorer(CasRegister, { requests: [cas("a"), cas("b")], ...bounds });
      const goals = [
        casAnswered("c1", "ok", 1),
        casAnswered("c2", "ok", 1),
        casAnswered("c2", "mismatch", 1),
      ];
      const result = explorer.explore([...casSafety, ...goals]);
      expect(result.kind).toBe(isWhole ? "complete" : "bounded");
      expect(result.states).toBe(isWhole ? 1_313_711 : 269_265);
      expect(result.verdicts.map(({ kind }) => kind)).toEqual(Array(5).fill("holds"));
    },
    minutes,
  );

  it("a change while any server crashes once and starts again", () => {
    const explorer = casExplorer(CasRegister, { requests: [cas("a")], maxCrashes: 1 });
    const result = explorer.explore([...casSafety, casAnswered("c1", "ok", 1)]);
    expect(result.kind).toBe("complete");
    expect(result.verdicts.map(({ kind }) => kind)).toEqual(Array(3).fill("holds"));
  });
});

describe("with a planted bug, the shortest way to two values of one version", () => {
  it.each([
    ["a quorum of one less", 10],
    ["two proposers have the same ballots", 12],
    ["accepts below its promise", 14],
    ["promises below its promise", 14],
    ["a promise does not tell what was accepted", 14],
  ])("%s: %i steps", (name, steps) => {
    const planted = casVariants.find((variant) => variant.name === name);
    if (planted === undefined) throw new Error(name);
    const result = casExplorer(planted.server, { requests: [cas("a"), cas("b")] }).explore(
      casSafety,
    );
    const [agreement] = result.verdicts;
    if (agreement.kind !== "violated") throw new Error(agreement.kind);
    expect(agreement.trace).toHaveLength(3 + steps);
  });
});
