import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";

const root = join(__dirname, "..", "..");
const toy = join(root, "test", "hosts", "storm", "beacon.cjs");
const folder = mkdtempSync(join(tmpdir(), "dabbawala-storm-"));
afterAll(() => rmSync(folder, { recursive: true }));

function storm(...args: string[]): { status: number | null; stdout: string; stderr: string } {
  const program = join(root, "lib", "bin", "dabbawala.cjs");
  return spawnSync(process.execPath, [program, "storm", ...args], {
    encoding: "utf8",
    maxBuffer: 2 ** 28,
  });
}

describe("dabbawala storm", () => {
  it("ends with 0 after clean storms, and says what happened in them", () => {
    const result = storm("raft", "--seeds", "8", "--workers", "2");
    expect(result.stdout).toMatch(/^raft: 0 of 8 storms failed\nnotes: .*becameLeader \d+/);
    expect(result.stderr).toMatch(/s on 2 threads, \d{1,3}(,\d{3})* events a second\n$/);
    expect(result.status).toBe(0);
  });

  it("ends with 1 after failures, each with its command, the first ones shrunk", () => {
    const result = storm(toy, "--seeds", "8", "--workers", "1", "--shrink", "1");
    expect(result.status).toBe(1);
    expect(result.stdout).toMatch(/^beacon: \d of 8 storms failed\n/);
    expect(result.stdout.match(/shrunk in \d+ runs from \d+ actions to 2:/g)).toHaveLength(1);
    expect(result.stdout).toMatch(/ms {2}crash (n\d), disk lost\n.* ms {2}restart \1\n/);
    const seed = /^seed (\d+): beats grow/m.exec(result.stdout)?.[1] ?? "";
    const again = `npx dabbawala storm ${toy} --seed ${seed} --trace`;
    expect(result.stdout).toContain(`\n  again: ${again}\n`);
  });

  it("replays a seed of a planted bug: the same trace each time, and its picture", () => {
    const variant = ["--variant", "no-log-check-in-the-vote"];
    const found = storm("raft", ...variant, "--seeds", "8", "--shrink", "0");
    expect(found.status).toBe(1);
    const seed = /^seed (\d+): /m.exec(found.stdout)?.[1] ?? "";
    const svg = join(folder, "failure.svg");
    const again = ["raft", ...variant, "--seed", seed, "--trace"];
    const first = storm(...again, "--svg", svg);
    expect([first.status, first.stderr]).toEqual([1, expect.stringContaining("shrunk in")]);
    expect(first.stdout.split("\n")[0]).toMatch(/^{"atMs":0,.*}$/);
    expect(storm(...again).stdout).toBe(first.stdout);
    expect(readFileSync(svg, "utf8")).toMatch(/^<svg[^]*Storm raft, seed \d+[^]*<\/svg>\n$/);
  });

  it("ends with 2 and one sentence for what it cannot do", () => {
    const empty = join(folder, "empty.cjs");
    writeFileSync(empty, "");
    const cases: [string[], string][] = [
      [["paxos"], 'there is no storm "paxos": choose one of '],
      [["raft", "--seeds", "many"], "--seeds takes a count"],
      [["raft", "--seeds", "0"], "seeds must be from 1"],
      [["raft", "--workers", "0"], "workers must be from 1"],
      [["raft", "--variant", "wild"], 'storm raft has no variant "wild"; there are: vote-'],
      [["raft", "--trace"], "--trace and --svg are of one storm: say which with --seed"],
      [["raft", "--tempest"], "unknown option '--tempest'"],
      [[empty], `${empty} exports no "storm"`],
      [[join(folder, "none.cjs")], "cannot be loaded as a storm"],
    ];
    for (const [args, message] of cases) {
      const result = storm(...args);
      expect([result.status, result.stderr]).toEqual([2, expect.stringContaining(message)]);
      expect(result.stderr).not.toContain("    at ");
    }
  });
});
