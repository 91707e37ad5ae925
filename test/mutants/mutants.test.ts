import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";

function mutants(...options: string[]) {
  const script = join(__dirname, "index.ts");
  const tsNode = require.resolve("ts-node/dist/bin");
  return spawnSync(process.execPath, [tsNode, script, ...options], { encoding: "utf8" });
}

describe("npm run mutants", () => {
  it("says how many seeds a planted bug lived, and draws the shrunk storm", () => {
    const folder = mkdtempSync(join(tmpdir(), "mutants-"));
    const { stdout, status } = mutants("no-log-check-in-the-vote", "--figures", folder);
    expect(stdout).toMatch(/section 3\.6\.1 +\d+ seeds?  leaderCompleteness/);
    expect(stdout).toContain("every planted bug was caught");
    expect(status).toBe(0);
    const svg = readFileSync(join(folder, "raft-no-log-check-in-the-vote.svg"), "utf8");
    expect(svg).toContain("<svg");
    expect(svg).toContain("requestVote");
  }, 60_000);

  it("ends with 1 when a bug was not caught, or when there is none of the name", () => {
    const missed = mutants("two-changes-of-membership-at-once", "--seeds", "1");
    expect(missed.stdout).toContain("not caught: 1");
    expect(missed.status).toBe(1);
    const unknown = mutants("nothing");
    expect(unknown.stderr).toMatch(
      /no planted bug or storm is called "nothing": give one of these storms, raft/,
    );
    expect(unknown.status).toBe(1);
  }, 60_000);
});
