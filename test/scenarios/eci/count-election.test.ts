import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { InputError } from "dabbawala/basics";
import { duckDb } from "dabbawala/engines";
import { uploadChecksum, votesRows, votesTruth, writeElection } from "dabbawala/generators";
import type { ElectionFiles, VotesRow } from "dabbawala/generators";
import {
  countElection,
  countRawVotes,
  countRawVotesByMachine,
  recount,
  recountReasons,
} from "dabbawala/scenarios/eci";
import type { ElectionResult, RawTally, SeatCount } from "dabbawala/scenarios/eci";

const folder = mkdtempSync(join(tmpdir(), "dabbawala-result-"));
afterAll(() => rmSync(folder, { recursive: true }));

const spec = { rows: 3_000, seed: 21 };
const faults = 0.03;
let clean: ElectionFiles;
let faulty: ElectionFiles;
let truth: ElectionResult;
let result: ElectionResult;
beforeAll(async () => {
  clean = await writeElection(spec, join(folder, "clean"), { workers: 1 });
  faulty = await writeElection({ ...spec, faults }, join(folder, "faulty"), { workers: 1 });
  truth = await countElection(clean, { marginVotes: 0 });
  result = await countElection(faulty, { marginVotes: 0 });
});

describe("raw votes", () => {
  it("come to DuckDB's counts by constituency and choice", async () => {
    const duck = await duckDb();
    await duck.register("raw", clean.rawVotes);
    const { rows } = await duck.sql<{ constituency: string; choice: string; votes: number }>(
      "select constituency, choice, count(*) as votes from raw group by all order by all",
    );
    await duck.close();
    const tallies = await countRawVotes(clean.rawVotes);
    expect(listed(tallies)).toEqual(
      new Map(rows.map(({ constituency, choice, votes }) => [`${constituency} ${choice}`, votes])),
    );
    expect(rows.length).toBeGreaterThan(6_000);
  });

  it("come to the uploads' totals, machine by machine", async () => {
    const machines = await countRawVotesByMachine(clean.rawVotes, ["UP-77", "GA-01"]);
    const uploads = [...votesRows(spec)].filter((row) => machines.has(row.constituency));
    expect([...machines.keys()]).toEqual(["GA-01", "UP-77"]);
    for (const { constituency, machine, total, nota, votes } of uploads) {
      const tally = machines.get(constituency)!.get(machine)!;
      expect([tally.counted, tally.nota]).toEqual([total, nota]);
      const claimed = votes.split(";").map(Number);
      claimed.forEach((one, at) => expect(tally.votes[at] ?? 0).toBe(one));
    }
    const known = [...machines.values()].reduce((sum, own) => sum + own.size, 0);
    expect(known).toBe(uploads.length);
  });

  it("refuse a choice that nobody can have made", async () => {
    const file = join(folder, "odd.csv");
    writeFileSync(file, "machine,constituency,choice\nCU1,UP-77,seven\n");
    await expect(countRawVotes(file)).rejects.toThrow('serial or NOTA, not for "seven"');
    const other = join(folder, "other.csv");
    writeFileSync(other, "machine,choice\nCU1,7\n");
    await expect(countRawVotes(other)).rejects.toThrow('has no column "constituency"');
  });
});

describe("an election", () => {
  it("has the result of the honest votes, whatever was planted in the uploads", () => {
    expect(result.recounted).toBeGreaterThan(50);
    expect(result.results.map(({ decision }) => decision)).toEqual(
      truth.results.map(({ decision }) => decision),
    );
    expect(result.results.map(({ votes, nota }) => [...votes, nota])).toEqual(
      truth.results.map(({ votes, nota }) => [...votes, nota]),
    );
    expect(result.nation).toEqual(truth.nation);
    expect(truth.nation.open).toBe(0);
    expect(truth.recounted).toBe(truth.nation.lots);
  });

  it("recounts exactly the seats with a fault, and names the machines that said otherwise; ties too", () => {
    const planted = [...votesTruth({ ...spec, faults })];
    const harmful = planted.filter(({ fault }) => fault !== "duplicated-upload");
    const seats = new Set(harmful.map(({ constituency }) => constituency));
    const tied = truth.results.filter(({ recount: again }) => again !== undefined);
    for (const { constituency } of tied) seats.add(constituency);
    const again = result.results.flatMap((seat) => seat.recount ?? []);
    expect(new Set(again.map(({ constituency }) => constituency))).toEqual(seats);
    const rows = new Map([...votesRows(spec)].map((row) => [row.upload, row]));
    const machineOf = (upload: string): string => rows.get(upload)!.machine;
    const named = again.flatMap(({ differences }) => differences.map(({ machine }) => machine));
    expect(named.sort()).toEqual(harmful.map(({ upload }) => machineOf(upload)).sort());
    const lie = harmful.find(({ fault }) => fault === "lying-centre")!;
    const found = again.flatMap(({ differences }) => differences);
    const change = found.find(({ upload }) => upload === lie.upload)!;
    expect(change.change[lie.gainer! - 1]).toBe(lie.votes);
    expect(change.change.reduce((sum, one) => sum + one, change.notaChange)).toBe(lie.votes);
  });

  it("leaves what is in doubt open when it may not recount", async () => {
    const open = await countElection(faulty, { marginVotes: 0, hasRecounts: false });
    expect(open.recounted).toBe(0);
    open.results.forEach(({ decision, outstanding }, at) => {
      if (decision.kind !== "elected") expect(outstanding).toBeGreaterThan(0);
      else expect(decision.serial).toBe((truth.results[at]!.decision as typeof decision).serial);
    });
    expect(open.nation.open).toBeGreaterThan(10);
  });

  it("tells how far it is, and can be broken off", async () => {
    const told: number[] = [];
    await countElection(faulty, { onProgress: (done, total) => told.push(done / total) });
    expect(told.at(-1)).toBe(1);
    expect([...told].sort((a, b) => a - b)).toEqual(told);
    const signal = AbortSignal.abort(new Error("enough"));
    await expect(countElection(faulty, { signal })).rejects.toThrow("enough");
  });

  it("refuses nonsense in one sentence", async () => {
    await expect(countElection(clean, { marginVotes: -1 })).rejects.toThrow("marginVotes");
    await expect(countElection(clean, { lotSeed: 0.5 })).rejects.toThrow("lotSeed");
    const rawVotes = join(folder, "none.csv");
    await expect(recount({ ...clean, rawVotes }, [truth.count.seats[0]!])).rejects.toThrow("none");
  });
});

describe("a recount", () => {
  const seatOf = (code: string): SeatCount =>
    truth.count.seats.find(({ constituency }) => constituency === code)!;

  it("is due for a fault, or a margin of at most the bound", () => {
    const { decision } = truth.results.find(({ constituency }) => constituency === "UP-77")!;
    if (decision.kind !== "elected") throw new Error("never");
    const { margin } = decision;
    expect(recountReasons(seatOf("UP-77"), { marginVotes: margin - 1 })).toEqual([]);
    expect(recountReasons(seatOf("UP-77"), { marginVotes: margin })).toEqual([
      { kind: "margin", margin, bound: margin },
    ]);
    const doubtful = result.count.seats.find(({ findings }) => findings.length > 0)!;
    expect(recountReasons(doubtful, { marginVotes: 0 })[0]!.kind).toBe("fault");
  });

  it("refuses votes of a candidate that there is not", async () => {
    const rawVotes = join(folder, "stranger.csv");
    const text = readFileSync(clean.rawVotes, "utf8");
    writeFileSync(rawVotes, text.replace(/,BR-04,\d+\n/, ",BR-04,99\n"));
    const seat = truth.count.seats.find(({ constituency }) => constituency === "BR-04")!;
    await expect(recount({ ...clean, rawVotes }, [seat])).rejects.toThrow(
      new InputError(
        `the votes of BR-04 name candidate 99, but the candidates are 1 to ${seat.candidates.length}`,
      ),
    );
  });

  it("has the void postal covers as its bound unless told", () => {
    const postal = [...votesRows(spec)].filter((row) => row.kind === "postal");
    const byRule = truth.count.seats.filter((seat) => recountReasons(seat).length > 0);
    for (const { constituency } of byRule) {
      const seat = truth.results.find((one) => one.constituency === constituency)!;
      const { rejected } = postal.find((row) => row.constituency === constituency)!;
      const margin = seat.decision.kind === "elected" ? seat.decision.margin : 0;
      expect(margin).toBeLessThanOrEqual(rejected);
    }
  });

  it("finds votes that were moved with a checksum that fits, which no account can tell", async () => {
    const lines = readFileSync(clean.uploads, "utf8").split("\n");
    const at = lines.findIndex((line) => line.includes(",UP-77,") && line.includes(",evm,"));
    const { line, machine, moved } = moveVotes(lines[at]!);
    lines[at] = line;
    const uploads = join(folder, "moved.csv");
    writeFileSync(uploads, lines.join("\n"));
    const files = { ...clean, uploads };
    expect((await countElection(files, { marginVotes: 0 })).count.findings).toEqual([]);
    const [again] = await recount(files, [seatOf("UP-77")]);
    expect(again!.differences.map((one) => [one.machine, ...one.change])).toEqual([
      [machine, ...moved],
    ]);
    const honest = truth.results.find(({ constituency }) => constituency === "UP-77")!;
    expect(again!.votes).toEqual(honest.votes);
  });
});

/** A ninth of the first candidate's votes to the second, sealed anew. */
function moveVotes(line: string): { line: string; machine: string; moved: number[] } {
  const fields = line.split(",");
  const [machine, form_17c, total, nota, votes] = fields.slice(12, 17) as [
    ...[string, string, string, string, string],
  ];
  const before = votes.split(";").map(Number);
  const after = [before[0]! + 5, ...before.slice(1)];
  const from = before.indexOf(Math.max(...before.slice(1)), 1);
  after[from]! -= 5;
  fields[16] = after.join(";");
  const numbers = { form_17c: Number(form_17c), total: Number(total), nota: Number(nota) };
  const sealed: Pick<VotesRow, "machine" | "form_17c" | "total" | "nota" | "votes"> = {
    ...{ machine, votes: fields[16], ...numbers },
  };
  fields[17] = uploadChecksum(sealed);
  const moved = after.map((one, i) => one - before[i]!);
  return { line: fields.join(","), machine, moved };
}

function listed(tallies: ReadonlyMap<string, RawTally>): Map<string, number> {
  const list = new Map<string, number>();
  for (const [constituency, { votes, nota }] of tallies) {
    const choices: [string, number][] = votes.map((one, at) => [`${at + 1}`, one]);
    for (const [choice, one] of [...choices, ["NOTA", nota] as const]) {
      if (one > 0) list.set(`${constituency} ${choice}`, one);
    }
  }
  return list;
}
