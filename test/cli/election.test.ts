import { spawnSync } from "node:child_process";
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { votesTruth } from "dabbawala/generators";

const root = join(__dirname, "..", "..");
const folder = mkdtempSync(join(tmpdir(), "dabbawala-ballots-"));
const made = join(folder, "made");
afterAll(() => rmSync(folder, { recursive: true }));

function dabbawala(...args: string[]): { status: number | null; stdout: string; stderr: string } {
  const program = join(root, "lib", "bin", "dabbawala.cjs");
  return spawnSync(process.execPath, [program, ...args], { encoding: "utf8" });
}

beforeAll(() => {
  const options = ["--uploads", "1500", "--seed", "8", "--faults", "0.04"];
  expect(dabbawala("election", "--out", made, ...options).status).toBe(0);
});

describe("dabbawala election and count-votes", () => {
  it("make the files, and count them with every fault told", () => {
    expect(readdirSync(made).sort()).toEqual([
      ...["raw-votes.csv", "stations.csv", "votes.csv", "votes.csv.candidates.csv"],
      "votes.csv.truth.jsonl",
    ]);
    const { status, stdout, stderr } = dabbawala("count-votes", made, "--margin", "0");
    expect(status).toBe(0);
    const truth = [...votesTruth({ rows: 1_500, seed: 8, faults: 0.04 })];
    const tampered = truth.filter(({ fault }) => fault === "tampered").length;
    expect(stdout).toContain(`tampered ${tampered},`);
    expect(stdout).toMatch(/^majority 272: .*; 0 seats open, \d+ by lot$/m);
    expect(stderr).toMatch(/uploads in \d+\.\d s/);
  });

  it("tell every seat and finding as JSON, and leave doubtful ones open without recounts", () => {
    const { stdout } = dabbawala("count-votes", made, "--seats", "--no-recounts");
    const lines = stdout
      .trimEnd()
      .split("\n")
      .map((line) => JSON.parse(line) as { kind: string });
    const seats = lines.slice(0, 543);
    expect(seats.filter(({ kind }) => kind === "leading").length).toBeGreaterThan(5);
    expect(lines.slice(543).map(({ kind }) => kind)).toContain("lying-centre");
  });

  it("refuse bad input in one sentence", () => {
    writeFileSync(join(folder, "file"), "");
    const refused: [string[], string][] = [
      [["count-votes", join(folder, "none")], "votes.csv cannot be read"],
      [["count-votes", made, "--margin", "few"], "--margin takes a count"],
      [["election", "--out", join(folder, "file", "in")], "cannot be made"],
      [["election", "--out", join(folder, "more"), "--faults", "2"], "faults"],
    ];
    for (const [args, sentence] of refused) {
      const { status, stderr } = dabbawala(...args);
      expect([status, stderr.trim().split("\n").length]).toEqual([2, 1]);
      expect(stderr).toContain(sentence);
    }
  });
});
