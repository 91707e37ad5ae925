import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { decideSeat, drawLot, nationOf, stateRows } from "dabbawala/scenarios/eci";
import type { SeatDecision, SeatResult } from "dabbawala/scenarios/eci";

const constituency = "MH-31";

function decide(votes: readonly number[], outstanding = 0, lotSeed?: number): SeatDecision {
  return decideSeat({ constituency, votes, outstanding }, { lotSeed });
}

describe("who is elected", () => {
  it("is the candidate with most votes, once the lead is more than what is outstanding", () => {
    const [serial, votes, margin] = [2, 70, 30];
    expect(decide([40, 70, 5])).toEqual({ kind: "elected", serial, votes, margin });
    expect(decide([40, 70, 5], 29)).toEqual({ kind: "elected", serial, votes, margin });
    expect(decide([40, 70, 5], 30)).toEqual({ kind: "leading", serial, votes, margin });
  });

  it("is the only candidate, with no vote at all (section 53)", () => {
    expect(decide([0], 900)).toEqual({ kind: "elected", serial: 1, votes: 0, margin: 0 });
    expect(() => decide([])).toThrow("nobody stands in MH-31");
  });

  it("is nobody while candidates are level and votes outstanding, or no lot was drawn", () => {
    const level = { kind: "level", serials: [1, 3], votes: 50 };
    expect(decide([50, 20, 50], 1, 7)).toEqual(level);
    expect(decide([50, 20, 50], 0)).toEqual(level);
  });

  it("never changes once it is certain, whatever the outstanding votes turn out to be", () => {
    const drawn = fc.array(fc.nat(60), { minLength: 1, maxLength: 6 });
    let certain = 0;
    fc.assert(
      fc.property(
        drawn,
        fc.nat(80),
        fc.array(fc.nat(5), { maxLength: 80 }),
        (votes, open, rest) => {
          const early = decide(votes, open);
          if (early.kind !== "elected") return;
          certain++;
          const all = [...votes];
          for (const choice of rest.slice(0, open)) if (choice < all.length) all[choice]!++;
          const late = decide(all);
          expect(late).toMatchObject({ kind: "elected", serial: early.serial });
        },
      ),
      { numRuns: 2_000 },
    );
    expect(certain).toBeGreaterThan(200);
  });

  it("is not certain while some way is left for another to draw level", () => {
    let open = 0;
    fc.assert(
      fc.property(
        fc.array(fc.nat(60), { minLength: 2, maxLength: 6 }),
        fc.nat(80),
        (votes, left) => {
          const early = decide(votes, left);
          if (early.kind !== "leading") return;
          open++;
          const others = votes.map((one, at) => (at + 1 === early.serial ? -1 : one));
          const next = others.indexOf(Math.max(...others));
          const all = votes.map((one, at) => (at === next ? one + left : one));
          const late = decide(all);
          expect(late.kind === "elected" && late.serial === early.serial).toBe(false);
        },
      ),
      { numRuns: 1_000 },
    );
    expect(open).toBeGreaterThan(200);
  });
});

describe("a tie (section 65)", () => {
  it("is decided by a lot that is recorded, between those who are level and nobody else", () => {
    const decision = decide([50, 20, 50], 0, 7);
    expect(decision).toEqual({
      ...{ kind: "elected", serial: expect.any(Number), votes: 50, margin: 0 },
      lot: { between: [1, 3], votes: 50, seed: 7, drawn: expect.any(Number) },
    });
    if (decision.kind !== "elected") throw new Error("never");
    expect(decision.serial).toBe(decision.lot!.drawn);
    expect([1, 3]).toContain(decision.serial);
  });

  it("falls the same way for the same seed, in whatever order the names are put in", () => {
    const lot = drawLot([3, 1, 8], { votes: 9, seed: 4, constituency });
    expect(drawLot([8, 3, 1], { votes: 9, seed: 4, constituency })).toEqual(lot);
  });

  it("falls evenly over seeds, and by constituency on different sides", () => {
    const counts = [0, 0, 0];
    for (let seed = 0; seed < 3_000; seed++) {
      counts[[2, 5, 6].indexOf(drawLot([2, 5, 6], { votes: 1, seed, constituency }).drawn)]!++;
    }
    for (const count of counts) expect(Math.abs(count - 1_000)).toBeLessThan(110);
    const drawn = Array.from({ length: 50 }, (_, i) =>
      drawLot([1, 2], { votes: 1, seed: 1, constituency: `UP-${i}` }),
    );
    expect(new Set(drawn.map((lot) => lot.drawn)).size).toBe(2);
  });
});

describe("the nation", () => {
  const seat = (code: string, votes: number[], nota: number, outstanding = 0): SeatResult => {
    const parties = ["Banyan Party", "Independent", "Monsoon Front"];
    const counted = votes.reduce((sum, one) => sum + one, nota);
    return {
      ...{ constituency: code, votes, nota, counted, rejected: 2, electors: 200, outstanding },
      candidates: votes.map((_, at) => ({ serial: at + 1, name: `${at}`, party: parties[at]! })),
      decision: decideSeat({ constituency: code, votes, outstanding }, { lotSeed: 1 }),
      ...{ reasons: [], recount: undefined },
    };
  };

  it("has seats, leads, votes and turnout by party, and a winner with a majority", () => {
    const results = [
      seat("UP-01", [60, 10, 20], 10),
      seat("UP-02", [60, 10, 20], 10),
      seat("GA-01", [5, 30, 20], 5, 20),
    ];
    const nation = nationOf(results);
    expect(nation).toMatchObject({
      ...{ seats: 3, majority: 2, winner: "Banyan Party", open: 1, lots: 0 },
      ...{ electors: 600, counted: 260, rejected: 6, nota: 25, turnout: 260 / 600 },
    });
    expect(nation.parties).toEqual([
      { party: "Banyan Party", seats: 2, leads: 0, votes: 125, share: 125 / 260 },
      { party: "Monsoon Front", seats: 0, leads: 0, votes: 60, share: 60 / 260 },
      { party: "Independent", seats: 0, leads: 1, votes: 50, share: 50 / 260 },
    ]);
    expect(nationOf(results, { seatsOfHouse: 543 })).toMatchObject({
      ...{ majority: 272, winner: undefined },
    });
    expect(stateRows(results)).toEqual([
      {
        ...{ code: "UP", state: "Uttar Pradesh", seats: 2, turnout: 0.5 },
        ...{ party: "Banyan Party", partySeats: 2 },
      },
      { code: "GA", state: "Goa", seats: 1, party: "", partySeats: 0, turnout: 0.3 },
    ]);
  });

  it("counts NOTA and elects nobody with it", () => {
    const { decision } = seat("UP-01", [10, 9, 8], 500);
    expect(decision).toMatchObject({ kind: "elected", serial: 1, margin: 1 });
  });

  it("tells how many seats a lot decided", () => {
    expect(nationOf([seat("UP-01", [10, 10, 8], 0), seat("UP-02", [3, 1, 1], 0)]).lots).toBe(1);
  });
});
