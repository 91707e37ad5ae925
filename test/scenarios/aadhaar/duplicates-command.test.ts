import { execFileSync, spawnSync } from "node:child_process";
import { join } from "node:path";
import { describe, expect, it } from "vitest";

const program = join(__dirname, "..", "..", "..", "lib", "bin", "dabbawala.cjs");
const command = ["aadhaar", "duplicates"];

describe("dabbawala aadhaar duplicates", () => {
  it("prints every claim with what was measured", () => {
    const options = ["--people", "3k", "--duplicates", "0.1", "--impostors", "20k"];
    const text = execFileSync(process.execPath, [program, ...command, ...options], {
      encoding: "utf8",
      stdio: ["ignore", "pipe", "ignore"],
    });
    for (const claimed of ["150 ms", "50,000", "99.968 %", "0.001 %", "not said"]) {
      expect(text).toContain(`claimed ${claimed}, measured`);
    }
    expect(text).toMatch(/enrolled again and found: claimed not said, measured (7|8|9)\d\.\d+ %/);
  });

  it("refuses too few people in one sentence", () => {
    const options = { encoding: "utf8" as const };
    const given = [program, ...command, "--people", "5"];
    const { status, stderr } = spawnSync(process.execPath, given, options);
    expect(status).not.toBe(0);
    expect(stderr.trim()).toBe('dabbawala: --people takes 1k to 4m, not "5"');
  });
});
