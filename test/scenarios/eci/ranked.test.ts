import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { countRanked } from "dabbawala/scenarios/eci";
import type { RankedBallots } from "dabbawala/scenarios/eci";

/** The capital of Tennessee: everybody prefers the nearer city. */
const tennessee: RankedBallots[] = [
  { voters: 42, ranking: ["Memphis", "Nashville", "Chattanooga", "Knoxville"] },
  { voters: 26, ranking: ["Nashville", "Chattanooga", "Knoxville", "Memphis"] },
  { voters: 15, ranking: ["Chattanooga", "Knoxville", "Nashville", "Memphis"] },
  { voters: 17, ranking: ["Knoxville", "Chattanooga", "Nashville", "Memphis"] },
];

/** Schulze 2011, example 1: 45 voters. */
const schulze: RankedBallots[] = (
  [
    [5, "ACBED"],
    [5, "ADECB"],
    [8, "BEDAC"],
    [3, "CABED"],
    [7, "CAEBD"],
    [2, "CBADE"],
    [7, "DCEBA"],
    [8, "EBADC"],
  ] as const
).map(([voters, order]) => ({ voters, ranking: [...order] }));

describe("ranked ballots", () => {
  it("give Tennessee four capitals by how they are counted", () => {
    const { winners, borda, eliminated, firstChoices } = countRanked(tennessee);
    expect(winners).toEqual({
      firstPastThePost: ["Memphis"],
      borda: ["Nashville"],
      instantRunoff: ["Knoxville"],
      condorcet: ["Nashville"],
      schulze: ["Nashville"],
    });
    expect(borda).toEqual({ Memphis: 126, Nashville: 194, Chattanooga: 173, Knoxville: 107 });
    expect(firstChoices).toEqual({ Memphis: 42, Nashville: 26, Chattanooga: 15, Knoxville: 17 });
    expect(eliminated).toEqual([["Chattanooga"], ["Nashville"]]);
  });

  it("have Schulze's order of his example: E, A, C, B, D, and no Condorcet winner", () => {
    const { schulzeOrder, winners } = countRanked(schulze);
    expect(schulzeOrder).toEqual([["E"], ["A"], ["C"], ["B"], ["D"]]);
    expect(winners.condorcet).toEqual([]);
  });

  it("elect with Schulze whoever beats all others, and count in parts or in whole alike", () => {
    const ranking = fc.shuffledSubarray(["a", "b", "c", "d"], { minLength: 4 });
    const anyBallots = fc.array(fc.record({ voters: fc.integer({ min: 1, max: 9 }), ranking }), {
      minLength: 1,
      maxLength: 12,
    });
    let condorcet = 0;
    fc.assert(
      fc.property(anyBallots, (ballots) => {
        const { winners, schulzeOrder } = countRanked(ballots);
        if (winners.condorcet.length > 0) {
          condorcet++;
          expect(winners.schulze).toEqual(winners.condorcet);
        }
        expect(schulzeOrder.flat().sort()).toEqual(["a", "b", "c", "d"]);
        const singles = ballots.flatMap(({ voters, ranking: own }) =>
          Array.from({ length: voters }, () => ({ voters: 1, ranking: own })),
        );
        expect(countRanked(singles.reverse())).toEqual(countRanked(ballots));
      }),
    );
    expect(condorcet).toBeGreaterThan(20);
  });

  it("are level where they are: nobody leaves, all win", () => {
    const { winners, eliminated } = countRanked([
      { voters: 3, ranking: ["a", "b"] },
      { voters: 3, ranking: ["b", "a"] },
    ]);
    expect(eliminated).toEqual([]);
    for (const own of [winners.instantRunoff, winners.schulze, winners.borda]) {
      expect(own).toEqual(["a", "b"]);
    }
  });

  it("must rank the same candidates once each, by whole voters", () => {
    expect(() => countRanked([])).toThrow("at least one candidate");
    const one = { voters: 1, ranking: ["a", "b"] };
    expect(() => countRanked([one, { voters: 1, ranking: ["a"] }])).toThrow("ranks a, not a, b");
    expect(() => countRanked([{ voters: 1, ranking: ["a", "a"] }])).toThrow("once each");
    expect(() => countRanked([{ ...one, voters: 0.5 }])).toThrow("voters are a whole number");
  });
});
