import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { stationRows, uploadChecksum, votesRows, votesTruth } from "dabbawala/generators";
import type { Candidate, StationRow, VotesRow } from "dabbawala/generators";
import {
  arrivals,
  candidatesBySeat,
  countSeat,
  decideSeat,
  LiveCount,
  liveTimeline,
  SeatSheet,
} from "dabbawala/scenarios/eci";

const spec = { rows: 4_000, seed: 17 };
const candidates = candidatesBySeat(spec.seed);
const stations = [...stationRows(spec)];
const honest = [...votesRows(spec)];
const faulty = [...votesRows({ ...spec, faults: 0.05 })];

function newCount(): LiveCount {
  return new LiveCount(stations, candidates);
}

/** A small seat: votes of each station by candidate, NOTA last; some ballots rejected. */
const anySeat = fc
  .record({
    stands: fc.integer({ min: 1, max: 4 }),
    drawn: fc.array(fc.tuple(fc.array(fc.nat(30), { minLength: 5, maxLength: 5 }), fc.nat(2)), {
      minLength: 1,
      maxLength: 8,
    }),
  })
  .map(({ stands, drawn }) =>
    drawn.map(([votes, rejected], at) => upload(at, votes.slice(0, stands + 1), rejected)),
  );

function upload(at: number, counts: readonly number[], rejected: number): VotesRow {
  const votes = counts.slice(0, -1);
  const nota = counts.at(-1)!;
  const total = votes.reduce((sum, one) => sum + one, nota);
  const machine = `CU${at}`;
  const row: VotesRow = {
    ...{ upload: `u${at}`, time: "2026-05-16T09:00:00.000", received: "2026-05-16T09:00:00.000" },
    ...{ kind: "evm", round: 1, state: "Goa", constituency: "GA-01", centre: "GA-01-1" },
    ...{ station: at + 1, electors: 500, issued: total + rejected, rejected, machine },
    ...{ form_17c: total, total, nota, votes: votes.join(";"), checksum: "" },
  };
  return { ...row, checksum: uploadChecksum(row) };
}

function stationOf({
  constituency,
  centre,
  station,
  machine,
  electors,
  issued,
}: VotesRow): StationRow {
  return { constituency, centre, station, machine, electors, issued };
}

function standingIn(rows: readonly VotesRow[]): readonly Candidate[] {
  return rows[0]!.votes
    .split(";")
    .map((_, at) => ({ serial: at + 1, name: `${at}`, party: `P${at}` }));
}

/** Tampered with: the checksum does not fit any more. */
function tampered(row: VotesRow): VotesRow {
  return { ...row, nota: row.nota + 9, upload: `${row.upload}-bad` };
}

describe("a declaration", () => {
  it("is never reversed, whatever comes in whatever order, and comes by the last upload", () => {
    let [early, tied] = [0, 0];
    fc.assert(
      fc.property(
        anySeat.chain((rows) => {
          const noise = [...rows, ...rows, ...rows.map(tampered)];
          return fc.tuple(
            fc.constant(rows),
            fc.shuffledSubarray(noise, { minLength: noise.length }),
          );
        }),
        ([rows, sent]) => {
          const stand = standingIn(rows);
          const live = new LiveCount(rows.map(stationOf), new Map([["GA-01", stand]]));
          const serials = sent.map((row) => {
            live.receive(row);
            const { declaration, decision, outstanding } = live.standing("GA-01");
            if (declaration !== undefined) {
              expect(decision).toMatchObject({ kind: "elected", serial: declaration.serial });
              if (outstanding > 0) early++;
            }
            return declaration?.serial;
          });
          const final = finalDecision(rows);
          if (final.kind === "level") tied++;
          const winner = final.kind === "elected" ? final.serial : undefined;
          expect(serials.at(-1)).toBe(winner);
          expect(new Set(serials.filter((one) => one !== undefined)).size).toBeLessThanOrEqual(1);
          expect(live.declarations.length).toBe(winner === undefined ? 0 : 1);
        },
      ),
      { numRuns: 600 },
    );
    expect(early).toBeGreaterThan(300);
    expect(tied).toBeGreaterThan(3);
  });

  it("stands, disputed, when a second upload contradicts one that made it", () => {
    const rows = [upload(0, [20, 5, 1], 0), upload(1, [2, 1, 0], 0)];
    const live = new LiveCount(rows.map(stationOf), new Map([["GA-01", standingIn(rows)]]));
    const { declaration } = live.receive(rows[0]!);
    expect(declaration).toMatchObject({ serial: 1, margin: 15, outstanding: 3, party: "P0" });
    const other = { ...upload(0, [5, 20, 1], 0), upload: "u9" };
    const receipt = live.receive(other);
    expect(receipt.kind).toBe("withdrawn");
    expect(receipt.findings.map(({ kind, upload }) => [kind, upload])).toEqual([
      ["conflicting-upload", "u9"],
    ]);
    const standing = live.standing("GA-01");
    expect(standing).toMatchObject({ isDisputed: true, outstanding: 29, declaration });
    expect(standing.tally.votes).toEqual([0, 0]);
    expect(live.receive(rows[1]!).kind).toBe("counted");
    expect(live.declarations.length).toBe(1);
  });
});

function finalDecision(rows: readonly VotesRow[]) {
  const sums = rows
    .map((row) => row.votes.split(";").map(Number))
    .reduce((left, right) => left.map((one, at) => one + right[at]!));
  return decideSeat({ constituency: "GA-01", votes: sums, outstanding: 0 });
}

describe("uploads", () => {
  it("late, out of order and sent again come to the totals of the batch count", () => {
    for (const uploads of [honest, faulty]) {
      const live = newCount();
      const fed = arrivals(uploads, { seed: 3, resendRate: 0.2 });
      expect(fed.length).toBeGreaterThan(uploads.length * 1.15);
      for (const row of fed) live.receive(row);
      const sheets = new Map<string, SeatSheet>();
      for (const row of uploads) {
        const sheet = sheets.get(row.constituency) ?? new SeatSheet();
        sheets.set(row.constituency, sheet);
        sheet.add(row);
      }
      for (const { constituency, tally, outstanding } of live.standings()) {
        const own = stations.filter((station) => station.constituency === constituency);
        const tables = { constituency, candidates: candidates.get(constituency)!, stations: own };
        const seat = countSeat(sheets.get(constituency) ?? new SeatSheet(), tables);
        expect({ tally, outstanding }).toEqual({
          tally: seat.tally,
          outstanding: seat.outstanding,
        });
      }
    }
  });

  it("are told as counted, duplicate or set aside, with what is wrong", () => {
    const live = newCount();
    const truth = [...votesTruth({ ...spec, faults: 0.05 })];
    for (const row of faulty) live.receive(row);
    const harmful = truth.filter(({ fault }) => !/duplicated|missing/.test(fault)).length;
    expect(live.counts).toEqual({
      counted:
        spec.rows - harmful - truth.filter(({ fault }) => fault === "duplicated-upload").length,
      duplicate: truth.filter(({ fault }) => fault === "duplicated-upload").length,
      "set-aside": harmful,
      withdrawn: 0,
    });
    expect(live.findings.length).toBe(harmful);
    const [first] = honest;
    expect(live.receive({ ...first!, constituency: "ZZ-01" })).toMatchObject({
      kind: "set-aside",
      findings: [{ kind: "unknown-station", constituency: "ZZ-01" }],
    });
  });

  it("with a fault, once sent right, count", () => {
    const live = newCount();
    const [row] = honest;
    expect(live.receive({ ...row!, nota: row!.nota + 1 }).kind).toBe("set-aside");
    expect(live.receive(row!)).toEqual({ kind: "counted", findings: [] });
    expect(live.receive(row!).kind).toBe("duplicate");
    expect(live.receive({ ...row!, nota: row!.nota + 2 }).kind).toBe("set-aside");
    expect(live.standing(row!.constituency).tally.uploads).toBe(1);
  });

  it("need constituencies in which somebody stands", () => {
    expect(() => new LiveCount(stations, new Map())).toThrow("nobody stands in AN-01");
    expect(() => newCount().standing("ZZ-01")).toThrow('no constituency is called "ZZ-01"');
    expect(() => arrivals(honest, { resendRate: 2 })).toThrow("resendRate");
  });
});

describe("the day in panes", () => {
  const fed = arrivals(honest, { seed: 5 });
  const live = newCount();
  const panes = liveTimeline(live, fed, { everyMinutes: 15 });

  it("accumulates: declared seats only grow, and all are there in the end", () => {
    const declared = panes.map((pane) => sum(pane.declared));
    expect([...declared].sort((a, b) => a - b)).toEqual(declared);
    const tied = live.standings().filter(({ decision }) => decision.kind === "level").length;
    expect(declared.at(-1)).toBe(543 - tied);
    expect(panes.at(-1)!.counted).toBe(1);
    expect(panes.every((pane) => sum(pane.declared) + sum(pane.leading) <= 543)).toBe(true);
    const half = panes.find((pane) => sum(pane.declared) > 271)!;
    expect(half.counted).toBeLessThan(1);
  });

  it("has every upload in one pane, by arrival, and tells how many were late", () => {
    expect(panes.reduce((all, { uploads }) => all + uploads, 0)).toBe(fed.length);
    const [first] = panes;
    expect(first!.until).toBe("08:15");
    expect(first!.uploads).toBe(fed.filter(({ received }) => received.slice(11) < "08:15").length);
    const pane = panes.find(({ until }) => until === "12:00")!;
    const own = fed.filter(
      (row) => row.received.slice(11) >= "11:45" && row.received.slice(11) < "12:00",
    );
    expect(pane.late).toBe(own.filter((row) => row.time.slice(11) < "11:45").length);
    expect(pane.late).toBeGreaterThan(0);
  });

  it("needs a width", () => {
    expect(() => liveTimeline(newCount(), [], { everyMinutes: 0 })).toThrow("everyMinutes");
    expect(liveTimeline(newCount(), [])).toEqual([]);
  });
});

function sum(counts: Readonly<Record<string, number>>): number {
  return Object.values(counts).reduce((all, one) => all + one, 0);
}
