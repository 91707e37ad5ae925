import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { InputError } from "dabbawala/basics";
import { duckDb } from "dabbawala/engines";
import { votesTruth, writeElection } from "dabbawala/generators";
import type { ElectionFiles } from "dabbawala/generators";
import { countUploads, judgeFindings } from "dabbawala/scenarios/eci";
import type { UploadCount } from "dabbawala/scenarios/eci";

const folder = mkdtempSync(join(tmpdir(), "dabbawala-count-"));
afterAll(() => rmSync(folder, { recursive: true }));

function election(name: string, rows: number, seed: number, faults = 0): Promise<ElectionFiles> {
  return writeElection({ rows, seed, faults }, join(folder, name), {
    hasRawVotes: false,
    workers: 1,
  });
}

describe("clean uploads", () => {
  let files: ElectionFiles;
  let counted: UploadCount;
  beforeAll(async () => {
    files = await election("clean", 6_000, 3);
    counted = await countUploads(files);
  });

  it("come to DuckDB's totals by constituency and candidate, to the vote", async () => {
    const duck = await duckDb();
    await duck.register("uploads", files.uploads);
    const { rows } = await duck.sql<{ constituency: string; serial: number; votes: number }>(
      `select constituency, serial, sum(cast(parts[serial] as integer)) as votes
       from (select constituency, string_split(votes, ';') as parts,
                    unnest(range(1, 1 + len(string_split(votes, ';')))) as serial from uploads)
       group by all order by all`,
    );
    const ours = counted.seats.flatMap(({ constituency, tally }) =>
      tally.votes.map((votes, at) => ({ constituency, serial: at + 1, votes })),
    );
    expect(ours).toEqual(rows.map((row) => ({ ...row, serial: Number(row.serial) })));
    const totals = await duck.sql<Record<string, number | string>>(
      `select constituency, count(*) as uploads, sum(issued) as issued, sum(rejected) as rejected,
              sum(total) as counted, sum(nota) as nota, sum(electors) as electors
       from uploads group by 1 order by 1`,
    );
    expect(
      counted.seats.map(({ constituency, electors, tally: { votes: _, ...tally } }) => ({
        ...{ constituency, ...tally, electors },
      })),
    ).toEqual(totals.rows);
    await duck.close();
  });

  it("have no findings, nothing outstanding, and balanced ballots everywhere", () => {
    expect(counted.findings).toEqual([]);
    expect(counted.uploads).toBe(6_000);
    expect(counted.badLines).toBe(0);
    expect(counted.seats.length).toBe(543);
    for (const { tally, outstanding, stations } of counted.seats) {
      expect(outstanding).toBe(0);
      expect(tally.uploads).toBe(stations);
      expect(tally.issued).toBe(tally.counted + tally.rejected);
      expect(tally.votes.reduce((sum, one) => sum + one, tally.nota)).toBe(tally.counted);
    }
  });

  it("add up: the last round is the seat, and centres and postal ballots are", () => {
    for (const { rounds, centres, tally } of counted.seats) {
      expect(rounds.at(-1)!.soFar).toEqual(tally);
      const postal = rounds[0]!;
      expect(postal.round).toBe(0);
      const counts = centres.map((centre) => centre.tally.counted);
      expect(counts.reduce((sum, one) => sum + one, postal.soFar.counted)).toBe(tally.counted);
      for (const { tally: own, stations } of centres) expect(own.uploads).toBe(stations);
    }
  });

  it("come to the same for any number of workers and splits", async () => {
    const again = await countUploads(files, { workers: 3, splitBytes: 100_000, partitions: 5 });
    expect(again.seats).toEqual(counted.seats);
  });
});

describe("planted faults", () => {
  it.each([
    [1, 0.01, 9_000],
    [2, 0.02, 6_000],
    [3, 0.03, 4_500],
    [4, 0.05, 3_000],
    [5, 0.1, 3_000],
    [6, 0.3, 1_500],
  ])("are all found, and none invented: seed %i, rate %d", async (seed, faults, rows) => {
    const files = await election(`faults-${seed}`, rows, seed, faults);
    const { findings, badLines } = await countUploads(files);
    const score = judgeFindings(findings, [...votesTruth({ rows, seed, faults })]);
    expect(score).toEqual({
      ...{ planted: score.found, found: score.found, right: score.found },
      ...{ precision: 1, recall: 1, missed: [], invented: [] },
    });
    expect(score.planted).toBeGreaterThan(rows * faults * 0.7);
    expect(badLines).toBe(0);
    const kinds = new Set(findings.map(({ kind }) => kind));
    const planted = ["tampered", "duplicate-upload", "missing-station", "lost-votes"];
    for (const kind of [...planted, "lying-centre"]) expect(kinds).toContain(kind);
  });

  it("leave in the count exactly the honest uploads that came", async () => {
    const rows = 6_000;
    const files = await election("leave", rows, 2, 0.02);
    const { seats, findings } = await countUploads(files);
    const lost = findings.filter(
      ({ kind }) => !["duplicate-upload", "lying-centre"].includes(kind),
    );
    const liars = findings.filter(({ kind }) => kind === "lying-centre");
    const lied = liars.reduce((sum, { figures }) => sum + figures.machines!, 0);
    const standing = seats.reduce((sum, { tally }) => sum + tally.uploads, 0);
    expect(standing).toBe(rows - lost.length - lied);
  });
});

describe("bad input", () => {
  let clean: ElectionFiles;
  beforeAll(async () => {
    clean = await election("undamaged", 1_500, 1);
  });

  /** The clean files, but for a table that `damage` changes. */
  function damaged(table: keyof ElectionFiles, damage: (text: string) => string): ElectionFiles {
    const text = readFileSync(clean[table], "utf8");
    const changed = damage(text);
    expect(changed).not.toBe(text);
    const file = join(folder, `damaged-${table}.csv`);
    writeFileSync(file, changed);
    return { ...clean, [table]: file };
  }

  /** The clean files, but for one upload. */
  function damagedUpload(damage: (line: string) => string): ElectionFiles {
    return damaged("uploads", (text) => {
      return text
        .split("\n")
        .map((line, at) => (at === 900 ? damage(line) : line))
        .join("\n");
    });
  }

  it("is named in one sentence", async () => {
    const nobody = damaged("candidates", (text) => text.replace(/^UP-77,.*\n/gm, ""));
    await expect(countUploads(nobody)).rejects.toThrow(
      `${nobody.candidates}: nobody stands in UP-77`,
    );
    await expect(countUploads({ ...clean, stations: clean.uploads })).rejects.toThrow(
      `${clean.uploads} is no file of stations: its first line must be constituency,centre`,
    );
    const nowhere = join(folder, "nowhere.csv");
    await expect(countUploads({ ...clean, uploads: nowhere })).rejects.toThrow("nowhere.csv");
  });

  it.each([
    // Else the votes of serial 3 would elect who stands as number 4.
    ["candidates", /^UP-77,[^\n]*,3,.*\n/m, "", "UP-77 has no candidate of serial 3"],
    ["candidates", /^UP-77,[^\n]*,3,.*\n/m, "$&$&", "UP-77 has two candidates of serial 3"],
    ["stations", /^UP-77,.*\n/gm, "", "no station of UP-77"],
    ["stations", /^UP-77,,0,.*\n/m, "$&$&", "station 0 of UP-77 is listed twice"],
    ["stations", /^(?!constituency).*\n/gm, "", "no station of AN-01"],
  ] as const)("in the table of %s is never counted with: %s", async (table, what, by, sentence) => {
    const files = damaged(table, (text) => text.replace(what, by));
    await expect(countUploads(files)).rejects.toThrow(
      new InputError(`${files[table]}: ${sentence}`),
    );
  });

  it("with numbers that no computer adds exactly is a line that cannot be read", async () => {
    const files = damagedUpload((line) => {
      return line
        .split(",")
        .map((field, at) => (at === 14 ? "9".repeat(20) : field))
        .join(",");
    });
    expect((await countUploads(files)).badLines).toBe(1);
  });

  it("of a constituency that does not exist is a finding, and stops nothing", async () => {
    const files = damagedUpload((line) => line.replace(/,([A-Z]{2}-\d\d),/, ",ZZ-01,"));
    const { findings, seats } = await countUploads(files);
    expect(seats.length).toBe(543);
    expect(findings.map(({ kind }) => kind).sort()).toEqual(["missing-station", "unknown-station"]);
  });

  it("in a line is skipped and told, and its station is missing", async () => {
    const { badLines, findings } = await countUploads(damagedUpload((line) => line.slice(0, 60)));
    expect(badLines).toBe(1);
    expect(findings.map(({ kind }) => kind)).toEqual(["missing-station"]);
  });
});
