import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { makeBallots, stationRows, uploadChecksum, votesRows } from "dabbawala/generators";
import type { VotesRow } from "dabbawala/generators";
import {
  checkUpload,
  countSeat,
  emptyTally,
  mergeTallies,
  SeatSheet,
  tallyOf,
} from "dabbawala/scenarios/eci";
import type { SeatCount, SeatTables } from "dabbawala/scenarios/eci";

const spec = { rows: 9_000, seed: 12 };
const constituency = "UP-77";
const rows = [...votesRows(spec)].filter((row) => row.constituency === constituency);
const stations = [...stationRows(spec)].filter((row) => row.constituency === constituency);
const { candidates } = makeBallots(spec.seed).find(
  (ballot) => ballot.candidates.length === rows[0]!.votes.split(";").length,
)!;
const tables: SeatTables = { constituency, candidates, stations };

function sealed(row: VotesRow): VotesRow {
  return { ...row, checksum: uploadChecksum(row) };
}

function countOf(uploads: readonly VotesRow[]): SeatCount {
  const sheet = new SeatSheet();
  for (const row of uploads) sheet.add(row);
  return countSeat(sheet, tables);
}

/** The totals of a single loop, for comparison. */
function loop(uploads: readonly VotesRow[]): number[] {
  const totals = new Array<number>(candidates.length).fill(0);
  for (const row of uploads) {
    row.votes.split(";").forEach((votes, at) => (totals[at] = totals[at]! + Number(votes)));
  }
  return totals;
}

/** Uploads with some altered, some twice, some left out. */
const anyUploads = fc
  .array(fc.record({ at: fc.nat(rows.length - 1), change: fc.nat(9), late: fc.nat(5) }), {
    maxLength: 60,
  })
  .map((drawn) =>
    drawn.map(({ at, change, late }) => {
      const row = { ...rows[at]!, received: `${rows[at]!.received}${late}` };
      if (change === 0) return { ...row, nota: row.nota + 1 };
      if (change === 1) return sealed({ ...row, nota: row.nota + 1, total: row.total + 1 });
      if (change === 2) return sealed({ ...row, machine: "CU99999999" });
      return row;
    }),
  );

describe("a count in parts", () => {
  it("is the same as in one piece, however it is parted, ordered and merged", () => {
    fc.assert(
      fc.property(
        anyUploads.chain((uploads) =>
          fc.tuple(
            fc.constant(uploads),
            fc.shuffledSubarray(uploads, { minLength: uploads.length }),
            fc.array(fc.nat(6), { minLength: uploads.length, maxLength: uploads.length }),
            fc.array(fc.tuple(fc.nat(100), fc.nat(100)), { minLength: 6, maxLength: 6 }),
          ),
        ),
        ([uploads, shuffled, parts, merges]) => {
          const sheets = Array.from({ length: 7 }, () => new SeatSheet());
          shuffled.forEach((row, i) => sheets[parts[i]!]!.add(row));
          for (const [into, from] of merges) {
            const [taken] = sheets.splice(from % sheets.length, 1);
            sheets[into % sheets.length]!.merge(taken!);
          }
          expect(sheets.length).toBe(1);
          expect(countSeat(sheets[0]!, tables)).toEqual(countOf(uploads));
        },
      ),
      { numRuns: 150 },
    );
  });

  it("counts every upload once, however often it is sent again", () => {
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.nat(rows.length - 1), fc.integer({ min: 1, max: 4 }))),
        (sends) => {
          const sent = sends.flatMap(([at, times]) => new Array<VotesRow>(times).fill(rows[at]!));
          const once = [...new Set(sent)];
          const { tally, findings, outstanding } = countOf(sent);
          expect(tally.votes).toEqual(loop(once));
          expect(tally.uploads).toBe(once.length);
          const copies = findings.filter(({ kind }) => kind === "duplicate-upload");
          expect(copies.length).toBe(sent.length - once.length);
          const missing = rows.filter((row) => !once.includes(row));
          expect(outstanding).toBe(missing.reduce((sum, { issued }) => sum + issued, 0));
        },
      ),
      { numRuns: 150 },
    );
  });

  it("adds tallies in any order, exactly, and refuses to round", () => {
    const tallies = rows.map(tallyOf);
    fc.assert(
      fc.property(
        fc.shuffledSubarray(tallies, { minLength: tallies.length }),
        fc.nat(tallies.length),
        (shuffled, cut) => {
          const none = emptyTally(0);
          const left = shuffled.slice(0, cut).reduce(mergeTallies, none);
          const right = shuffled.slice(cut).reduce(mergeTallies, none);
          expect(mergeTallies(left, right).votes).toEqual(loop(rows));
        },
      ),
      { numRuns: 40 },
    );
    const most = { ...emptyTally(1), nota: Number.MAX_SAFE_INTEGER };
    expect(() => mergeTallies(most, { ...most, nota: 1 })).toThrow("votes are added exactly");
  });
});

describe("the accounts of an upload", () => {
  const at = 5;
  const row = rows[at]!;
  const known = {
    station: stations.find(({ station }) => station === row.station),
    candidates: candidates.length,
  };
  const kindsOf = (changed: Partial<VotesRow>): string[] =>
    checkUpload(sealed({ ...row, ...changed }), known).map(({ kind }) => kind);

  it("are in order when nothing was changed", () => {
    expect(checkUpload(row, known)).toEqual([]);
  });

  it("tell each fault by its kind, with the figures", () => {
    const { total, form_17c, nota, issued, rejected, votes } = row;
    expect(checkUpload({ ...row, nota: nota + 1 }, known)).toEqual([
      { kind: "tampered", figures: { total, form17c: form_17c } },
    ]);
    expect(checkUpload(sealed({ ...row, nota: nota + 1 }), known)).toEqual([
      { kind: "wrong-sum", figures: { sum: total + 1, total } },
    ]);
    expect(checkUpload(sealed({ ...row, nota: nota + 2, total: total + 2 }), known)).toEqual([
      { kind: "extra-votes", figures: { total: total + 2, form17c: form_17c } },
    ]);
    expect(kindsOf({ total: total - nota, nota: 0 })).toEqual(["lost-votes"]);
    expect(kindsOf({ votes: `${votes};0` })).toEqual(["wrong-ballot"]);
    expect(kindsOf({ machine: "CU00000001" })).toEqual(["wrong-machine"]);
    expect(kindsOf({ centre: "UP-77-9" })).toEqual(["wrong-machine"]);
    expect(checkUpload(sealed({ ...row, rejected: rejected + 1 }), known)).toEqual([
      {
        kind: "wrong-register",
        figures: { issued, known: issued, rejected: rejected + 1, form17c: form_17c },
      },
    ]);
    expect(kindsOf({ issued: issued + 9, rejected: rejected + 9 })).toEqual(["wrong-register"]);
    expect(checkUpload(row, { ...known, station: undefined })).toEqual([
      { kind: "unknown-station", figures: { total } },
    ]);
  });

  it("with more votes and more voters than were at the poll do not pass", () => {
    const more = { total: row.total + 50, nota: row.nota + 50, form_17c: row.form_17c + 50 };
    expect(kindsOf(more)).toEqual(["wrong-register"]);
    expect(kindsOf({ ...more, issued: row.issued + 50 })).toEqual(["wrong-register"]);
  });
});

describe("one station, several uploads", () => {
  const row = rows[5]!;
  const votes = row.votes.split(";").map(Number);
  const leader = votes.indexOf(Math.max(...votes));
  const moved = votes.map((n, i) =>
    i === leader ? n - 3 : i === (leader + 1) % votes.length ? n + 3 : n,
  );
  const other = sealed({ ...row, votes: moved.join(";"), upload: "u999999" });

  it("that both look right and differ: neither stands", () => {
    const { findings, tally, outstanding } = countOf([...rows, other]);
    expect(findings.map(({ kind, upload }) => [kind, upload]).sort()).toEqual(
      [row, other].map(({ upload }) => ["conflicting-upload", upload]).sort(),
    );
    expect(tally.uploads).toBe(rows.length - 1);
    expect(outstanding).toBe(row.issued);
  });

  it("of which one is tampered with: the right one stands", () => {
    const { findings, tally } = countOf([...rows, { ...other, checksum: row.checksum }]);
    expect(findings.map(({ kind }) => kind)).toEqual(["tampered"]);
    expect(tally.uploads).toBe(rows.length);
  });

  it("under two numbers but the same: one stands", () => {
    const { findings, tally } = countOf([...rows, { ...row, upload: "u999999" }]);
    expect(findings.map(({ kind }) => kind)).toEqual(["duplicate-upload"]);
    expect(tally.uploads).toBe(rows.length);
  });
});

describe("a lying centre", () => {
  const lie = (row: VotesRow): VotesRow =>
    sealed({ ...row, nota: row.nota + 7, total: row.total + 7 });

  it("is named when all its machines have extra votes", () => {
    const uploads = rows.map((row) => (row.centre === "UP-77-3" ? lie(row) : row));
    const { findings } = countOf(uploads);
    const machines = rows.filter(({ centre }) => centre === "UP-77-3").length;
    expect(machines).toBeGreaterThan(1);
    expect(findings).toEqual([
      {
        ...{ kind: "lying-centre", constituency, centre: "UP-77-3", station: -1 },
        ...{ machine: "", upload: "", figures: { machines, votes: 7 * machines } },
      },
    ]);
  });

  it("is not what one machine with extra votes makes", () => {
    const liar = rows.find(({ centre }) => centre === "UP-77-3")!;
    const { findings } = countOf(rows.map((row) => (row === liar ? lie(row) : row)));
    expect(findings.map(({ kind, machine }) => [kind, machine])).toEqual([
      ["extra-votes", liar.machine],
    ]);
  });
});
