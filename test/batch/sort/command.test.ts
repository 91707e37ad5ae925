import { spawn, spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { Random } from "dabbawala/basics";
import { sortFiles } from "dabbawala/batch";

const folder = mkdtempSync(join(tmpdir(), "dabbawala-sort-command-"));
afterAll(() => rmSync(folder, { recursive: true }));

const command = join(__dirname, "..", "..", "..", "lib", "bin", "dabbawala.cjs");
const input = join(folder, "input.bin");
const recordBytes = 100;
const count = 600_000;
/** Its sorted output goes there, its runs into the folder tmp in it. */
const place = join(folder, "place");
const out = join(place, "out");
const env = { ...process.env, TMPDIR: join(place, "tmp") };
const leftovers = () => [...readdirSync(place), ...readdirSync(env.TMPDIR)];

beforeAll(() => {
  mkdirSync(env.TMPDIR, { recursive: true });
  const random = new Random(2);
  const bytes = Buffer.alloc(count * recordBytes);
  for (let i = 0; i < bytes.length; i += 4) bytes.writeInt32LE((random.next() * 2 ** 32) | 0, i);
  for (let i = 0; i < count; i++) {
    const at = i * recordBytes;
    if (i % 3 === 0) bytes.fill(7, at, at + 10); // a third of all has the same key
    bytes.writeUInt32BE(i, at + 10);
  }
  writeFileSync(input, bytes);
});

function sort(args: readonly string[], node: readonly string[] = []) {
  const all = [...node, command, "sort", ...args];
  return spawnSync(process.execPath, all, { env, encoding: "utf8" });
}

/** As valsort: the order, stable, and a sum over all records, whatever their order. */
function validate(bytes: Buffer): { disorder: number; sum: number; records: number } {
  let [disorder, sum] = [0, 0];
  for (let at = 0; at < bytes.length; at += recordBytes) {
    let hash = 0x811c9dc5;
    for (let i = at; i < at + recordBytes; i++) hash = Math.imul(hash ^ bytes[i]!, 0x01000193);
    sum = (sum + (hash >>> 0)) % 2 ** 48;
    if (at === 0) continue;
    // Key and number of the record: equal keys must come in the order of the input.
    const order = bytes.compare(bytes, at, at + 14, at - recordBytes, at - recordBytes + 14);
    if (order >= 0) disorder++;
  }
  return { disorder, sum, records: bytes.length / recordBytes };
}

describe("dabbawala sort", () => {
  it("sorts records, stable, and holds no more memory than it may", () => {
    const hook = join(folder, "peak.cjs");
    const code = `process.on("exit", () => console.error("peak", process.resourceUsage().maxRSS));`;
    writeFileSync(hook, code);
    const capMebibytes = 128;
    const { stderr, status } = sort(
      [input, "--records", "100b", "--memory", `${capMebibytes}mb`, "--workers", "2", "--out", out],
      ["-r", hook],
    );
    expect([status, stderr]).toEqual([0, expect.stringContaining("600000 records, 60.0 MB")]);
    expect(Number(/peak (\d+)/.exec(stderr)?.[1])).toBeLessThan(capMebibytes * 1024);
    const { sum } = validate(readFileSync(input));
    expect(validate(readFileSync(out))).toEqual({ disorder: 0, sum, records: count });
    expect(leftovers()).toEqual(["out", "tmp"]);
    rmSync(out);
  });

  it("sorts lines by columns under a header", () => {
    const file = join(folder, "cities.csv");
    writeFileSync(file, "city,people\nPune,7\nAgra,2\nGoa,20\nKota,2");
    const keys = ["--key", "2:number:descending", "--key", "1"];
    const { stderr, status } = sort([file, "--header", ...keys, "--out", out]);
    expect([status, stderr]).toEqual([0, expect.stringContaining("4 records")]);
    expect(readFileSync(out, "utf8")).toBe("city,people\nGoa,20\nPune,7\nAgra,2\nKota,2\n");
    rmSync(out);
  });

  it.each([
    [["absent", "--out", out], /^dabbawala: absent: there is no such file\n$/],
    [[input, "--out", join(folder, "none", "x")], /the folder .* does not exist: make it first\n$/],
    [
      [input, "--key", "x", "--out", out],
      /^dabbawala: --key takes a column such as .*, not "x"\n$/,
    ],
    [[input, "--memory", "64mb", "--out", out], /^dabbawala: --memory must be at least 128mb/],
    [[input, "--workers", "99", "--out", out], /^dabbawala: workers must be from 1 to 64/],
    [[input, "--records", "7b", "--out", out], /^dabbawala: keyBytes must be from 1 to 7/],
  ])("refuses %j in one sentence", (args, told) => {
    const { status, stderr } = sort(args);
    expect(stderr).toMatch(told);
    expect([status, stderr.trimEnd().split("\n").length]).toEqual([2, 1]);
    expect(leftovers()).toEqual(["tmp"]);
  });

  it("leaves nothing where there is no room", () => {
    const args = [process.execPath, command, "sort", input, "--records", "100b", "--out", out];
    const all = ["-c", 'ulimit -f 8000; exec "$@"', "sh", ...args];
    const { status, stderr } = spawnSync("sh", all, { env, encoding: "utf8" });
    expect(stderr).toMatch(/^dabbawala: a file would be larger than the system allows/);
    expect([status, leftovers()]).toEqual([2, ["tmp"]]);
  });

  it.each(["SIGINT", "SIGKILL"] as const)("leaves no output after %s", async (signal) => {
    const args = [command, "sort", input, input, input, "--records", "100b", "--out", out];
    const child = spawn(process.execPath, args, { env, stdio: "pipe" });
    const ended = new Promise((resolve) => child.on("exit", resolve));
    const isSorting = () => readdirSync(env.TMPDIR).length > 0;
    while (!isSorting() && child.exitCode === null) await new Promise((go) => setTimeout(go, 5));
    child.kill(signal);
    await ended;
    expect(readdirSync(place)).not.toContain("out");
    if (signal === "SIGINT") expect(leftovers()).toEqual(["tmp"]);
  });
});

it("records can be sorted from a program", async () => {
  const shape = { kind: "records", keyBytes: 14 } as const;
  await sortFiles([input], { out, shape, splitBytes: 7_000_000, ranges: 3 });
  expect(validate(readFileSync(out)).disorder).toBe(0);
});
