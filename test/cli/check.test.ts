import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";

const root = join(__dirname, "..", "..");
const folder = mkdtempSync(join(tmpdir(), "dabbawala-check-"));
afterAll(() => rmSync(folder, { recursive: true }));

function check(...args: string[]): { status: number | null; stdout: string; stderr: string } {
  const program = join(root, "lib", "bin", "dabbawala.cjs");
  return spawnSync(process.execPath, [program, "check", ...args], { encoding: "utf8" });
}

const etcd = (name: string): string => join(root, "test", "checks", "data", "jepsen-etcd", name);

describe("dabbawala check linearizable", () => {
  it("ends with 0 and an order when there is one", () => {
    const result = check("linearizable", "--model", "cas-register", etcd("etcd_002.log"));
    expect(result).toMatchObject({ status: 0, stderr: "" });
    expect(result.stdout).toMatch(
      /^linearizable: 64 operations on 1 object judged as cas-register/,
    );
  });

  it("ends with 1 and the evidence when there is none", () => {
    const svg = join(folder, "evidence.svg");
    const args = ["--model", "cas-register", etcd("etcd_000.log"), "--svg", svg];
    const result = check("linearizable", ...args);
    expect(result).toMatchObject({ status: 1, stderr: "" });
    expect(result.stdout).toContain("smallest offending part: 2 of 65 operations");
    expect(readFileSync(svg, "utf8")).toMatch(/^<svg[^]*read -&gt; 2[^]*<\/svg>\n$/);
    const json = check("linearizable", ...args.slice(0, 3), "--json");
    expect(JSON.parse(json.stdout)).toMatchObject({
      kind: "not linearizable",
      violation: { firstBad: { returnLine: 86 }, isSmallest: true },
    });
  });

  it("ends with 2 and one sentence for what it cannot read", () => {
    const file = join(folder, "bad.jsonl");
    writeFileSync(file, '{"process":0,"type":"invoke","f":"read"}\n{"process":0,"type":"ok"}\n');
    const bad = check("linearizable", "--model", "register", file);
    expect(bad.status).toBe(2);
    expect(bad.stderr).toBe(`dabbawala: ${file}:2: f must name an operation, but was missing\n`);
    const cases: [string[], string][] = [
      [["--model", "register", join(folder, "none")], "there is no such file"],
      [["--model", "stack", file], 'there is no model "stack": choose one of register'],
      [["--model", "register", etcd("etcd_000.log")], 'etcd_000.log:19: register has no "cas"'],
      [["--model", "cas-register", etcd("etcd_000.log"), "--timeout", "soon"], "--timeout takes"],
      [[file], "required option '--model <name>' not specified"],
    ];
    for (const [args, message] of cases) {
      const result = check("linearizable", ...args);
      expect([result.status, result.stderr]).toEqual([2, expect.stringContaining(message)]);
      expect(result.stderr).not.toContain("    at ");
    }
  });

  it("ends with 3 when the time does not suffice", () => {
    const file = join(folder, "hard.jsonl");
    const event = (process: number, type: string, f: string, value: unknown): string =>
      JSON.stringify({ process, type, f, key: "x", value });
    // Texts that begin one another give nothing away, and no order of them gives the answer.
    const width = 24;
    const calls = Array.from({ length: width }, (_, i) => event(i, "invoke", "append", `${i}`));
    const oks = Array.from({ length: width }, (_, i) => event(i, "ok", "append", `${i}`));
    const get = [event(width, "invoke", "get", null), event(width, "ok", "get", "x")];
    writeFileSync(file, [...calls, ...oks, ...get].join("\n"));
    const result = check("linearizable", "--model", "kv", file, "--timeout", "0.2");
    expect(result.status).toBe(3);
    expect(result.stdout).toContain(
      "unknown: 25 operations on 1 object judged as kv; the time ran out",
    );
  });
});
