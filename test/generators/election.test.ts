import { createHash } from "node:crypto";
import { existsSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { encodedBlocks, stationRows, votesRows, writeElection } from "dabbawala/generators";
import type { VotesRow } from "dabbawala/generators";

const folder = mkdtempSync(join(tmpdir(), "dabbawala-election-"));
afterAll(() => rmSync(folder, { recursive: true }));

const spec = { rows: 1_500, seed: 4, faults: 0.05 };
const honest = [...votesRows({ rows: spec.rows, seed: spec.seed })];

describe("an election's files", () => {
  it("are true of stations and votes, whatever faults the uploads have", async () => {
    const files = await writeElection(spec, join(folder, "faulty"));
    const stations = readFileSync(files.stations, "utf8").trimEnd().split("\n").slice(1);
    expect(stations).toEqual(
      honest.map((row) =>
        [row.constituency, row.centre, row.station, row.machine, row.electors, row.issued].join(),
      ),
    );
    expect(tallyOf(readFileSync(files.rawVotes, "utf8"))).toEqual(honestTally());
    expect(existsSync(`${files.uploads}.candidates.csv`)).toBe(true);
    expect(existsSync(`${files.uploads}.truth.jsonl`)).toBe(true);
  });

  it("tell how far they are, over all files, and can be broken off", async () => {
    const controller = new AbortController();
    const told: number[] = [];
    const onProgress = (done: number, total: number): void => {
      told.push(done / total);
      if (done > (2 / 3) * total) controller.abort(new Error("stop"));
    };
    const out = join(folder, "broken-off");
    const { signal } = controller;
    const writing = writeElection({ rows: 1_500, seed: 1 }, out, { onProgress, signal });
    await expect(writing).rejects.toThrow("stop");
    expect([...told].sort((a, b) => a - b)).toEqual(told);
    expect(readdirSync(out).filter((name) => name.includes("raw"))).toEqual([]);
  });

  it("need a folder that can be made", async () => {
    const file = join(folder, "file");
    writeFileSync(file, "");
    await expect(writeElection(spec, join(file, "in"))).rejects.toThrow(
      `${join(file, "in")} cannot`,
    );
  });
});

describe("stations", () => {
  it("are those of the uploads, with the ballots issued", () => {
    const stations = [...stationRows(spec)];
    expect(stations.map(({ issued, station }) => [issued, station])).toEqual(
      honest.map(({ issued, station }) => [issued, station]),
    );
  });
});

describe("raw votes", () => {
  it("are the same bytes for 1 and 3 workers, and as JSON the same votes", async () => {
    const one = await hashOf(1);
    expect(await hashOf(3)).toBe(one);
    const csv = await textOf("csv");
    const json = await textOf("jsonl");
    const lines = json.trimEnd().split("\n");
    const back = lines.map((line) => Object.values(JSON.parse(line) as object).join(","));
    expect(back).toEqual(csv.trimEnd().split("\n"));
  });

  it("are not mixed with those that an earlier reader did not wait for", async () => {
    const other = { rows: spec.rows, seed: 9 };
    const blocks = encodedBlocks("votes-raw", other, { format: "csv", workers: 2 });
    await blocks.next();
    await blocks.return(undefined);
    const after = await hashOf(2);
    expect(after).toBe(await hashOf(1));
  });

  it("stand in a mixed order within a machine: runs of equal votes are short", async () => {
    const lines = (await textOf("csv")).trimEnd().split("\n");
    const machine = lines.filter((line) => line.startsWith("CU00000300,"));
    const row = honest.find((upload) => upload.machine === "CU00000300")!;
    const shares = [...row.votes.split(";").map(Number), row.nota].map((n) => n / row.total);
    const expected = row.total * (1 - shares.reduce((sum, share) => sum + share ** 2, 0));
    const changes = machine.filter((line, i) => i > 0 && line !== machine[i - 1]).length;
    expect(Math.abs(changes - expected)).toBeLessThan(5 * Math.sqrt(expected));
  });
});

async function hashOf(workers: number): Promise<string> {
  const hash = createHash("sha256");
  const { rows, seed } = spec;
  for await (const block of encodedBlocks(
    "votes-raw",
    { rows, seed },
    { format: "csv", workers },
  )) {
    hash.update(block.bytes);
  }
  return hash.digest("hex");
}

async function textOf(format: "csv" | "jsonl"): Promise<string> {
  const { rows, seed } = spec;
  let text = "";
  for await (const { bytes } of encodedBlocks(
    "votes-raw",
    { rows, seed },
    { format, workers: 1 },
  )) {
    text += Buffer.from(bytes).toString();
  }
  return text;
}

function tallyOf(csv: string): Map<string, number> {
  const tally = new Map<string, number>();
  const [header, ...votes] = csv.trimEnd().split("\n");
  expect(header).toBe("machine,constituency,choice");
  for (const vote of votes) tally.set(vote, (tally.get(vote) ?? 0) + 1);
  return tally;
}

function honestTally(): Map<string, number> {
  const tally = new Map<string, number>();
  for (const row of honest)
    for (const [key, votes] of linesOf(row)) if (votes > 0) tally.set(key, votes);
  return tally;
}

function linesOf(row: VotesRow): [string, number][] {
  const head = `${row.machine},${row.constituency}`;
  const votes = row.votes
    .split(";")
    .map((n, i): [string, number] => [`${head},${i + 1}`, Number(n)]);
  return [...votes, [`${head},NOTA`, row.nota]];
}
