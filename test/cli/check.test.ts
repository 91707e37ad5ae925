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

  const lines = {
    "JSON lines": [
      '{"process":0,"type":"invoke","f":"write","value":1}',
      '{"process":0,"type":"ok","f":"write","value":1}',
      '{"process":1,"type":"invoke","f":"read"}',
      '{"process":1,"type":"ok","f":"read","value":1}',
    ],
    EDN: [
      "{:process 0, :type :invoke, :f :write, :value 1}",
      "{:process 0, :type :ok, :f :write, :value 1}",
      "{:process 1, :type :invoke, :f :read, :value nil}",
      "{:process 1, :type :ok, :f :read, :value 1}",
    ],
    log: [
      "INFO  jepsen.util - 0 :invoke :write 1",
      "INFO  jepsen.util - 0 :ok :write 1",
      "INFO  jepsen.util - 1 :invoke :read nil",
      "INFO  jepsen.util - 1 :ok :read 1",
    ],
  };

  const judge = (text: string | Uint8Array): ReturnType<typeof check> => {
    const file = join(folder, "history");
    writeFileSync(file, text);
    return check("linearizable", "--model", "register", file);
  };

  describe.each(Object.entries(lines))("a file of %s", (form, whole) => {
    it("is read with a byte order mark, CRLF, blank lines and no last line end", () => {
      expect(judge(`\uFEFF${whole.join("\r\n")}`)).toMatchObject({ status: 0, stderr: "" });
      expect(judge(`\n${whole.join("\n\n")}\n`)).toMatchObject({ status: 0, stderr: "" });
    });

    it("may end while calls are under way", () => {
      const result = judge(whole.slice(0, 3).join("\n"));
      expect(result.stdout).toContain("linearizable: 2 operations");
      expect(result.status).toBe(0);
    });

    it("that is cut off or garbled is told with its line", () => {
      const cut = whole.join("\n").slice(0, form === "log" ? -7 : -9);
      const garbled = [whole[0], whole[1]!.replace("ok", "okay"), ...whole.slice(2)].join("\n");
      for (const [text, line] of [
        [cut, 4],
        [garbled, 2],
        [[whole[0], whole[0]].join("\n"), 2],
        [whole.slice(1).join("\n"), 1],
      ] as const) {
        const { status, stdout, stderr } = judge(text);
        expect([status, stdout]).toEqual([2, ""]);
        expect(stderr).toContain(`history:${line}: `);
        expect(stderr.trimEnd().split("\n")).toHaveLength(1);
      }
    });
  });

  it("refuses what is no history at all, in one sentence", () => {
    const texts = [
      "",
      "\n \n",
      "\uFEFF",
      Uint8Array.of(0, 255, 254, 7, 10, 0),
      "hello\n",
      "[1, 2]",
    ];
    for (const text of texts) {
      const { status, stdout, stderr } = judge(text);
      expect([status, stdout]).toEqual([2, ""]);
      expect(stderr).toMatch(/^dabbawala: .*history:1: [^\n]+\n$/);
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
