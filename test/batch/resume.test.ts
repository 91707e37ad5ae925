/** Jobs and sorts whose process is killed, and which go on in the next one. */
import { spawn, spawnSync } from "node:child_process";
import { appendFileSync, existsSync, mkdirSync, mkdtempSync, readFileSync } from "node:fs";
import { readdirSync, rmSync, utimesSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { Random } from "dabbawala/basics";
import { defineJob, mapReduce, readyJobs, sortFiles } from "dabbawala/batch";
import type { AnyJob, Json, MapReduceOptions } from "dabbawala/batch";

const folder = mkdtempSync(join(tmpdir(), "dabbawala-resume-"));
afterAll(() => rmSync(folder, { recursive: true }));

const command = join(__dirname, "..", "..", "lib", "bin", "dabbawala.cjs");
const hook = join(folder, "kill.cjs");
const words = join(folder, "words.txt");
const numbers = join(folder, "numbers.csv");
const work = join(folder, "work");
const lineCount = 12_000;

beforeAll(() => {
  // Kills the process as soon as so many tasks stand as done in its journal.
  writeFileSync(
    hook,
    `const fs = require("fs");
     const { writeSync } = fs;
     let left = Number(process.env.KILL_AFTER_TASKS);
     fs.writeSync = (descriptor, bytes, ...more) => {
       const written = writeSync(descriptor, bytes, ...more);
       const isDone = /^{"key":"task.*("done":{|"runs":\\[)/.test(String(bytes.subarray?.(0, 400) ?? ""));
       if (isDone && --left === 0) process.kill(process.pid, process.env.KILL_SIGNAL ?? "SIGKILL");
       return written;
     };`,
  );
  const random = new Random(3);
  const lines = Array.from(
    { length: lineCount },
    () => `w${random.below(30_000)} w${random.below(9)}`,
  );
  writeFileSync(words, lines.join("\n") + "\n");
  const rows = lines.map((_, i) => `${random.below(500)},row ${i}`);
  writeFileSync(numbers, `number,name\n${rows.join("\n")}\n`);
});

interface Ended {
  readonly status: number | null;
  readonly signal: string | null;
  readonly stderr: string;
}

/** `tasks`: the process ends when so many are done; 0: it is left alone. */
function run(args: readonly string[], tasks = 0, signal = "SIGKILL"): Ended {
  const env = { ...process.env, KILL_AFTER_TASKS: `${tasks}`, KILL_SIGNAL: signal };
  const node = tasks === 0 ? [] : ["-r", hook];
  return spawnSync(process.execPath, [...node, command, ...args], { env, encoding: "utf8" });
}

const killed = { status: null, signal: "SIGKILL" };

describe("dabbawala mapreduce --resume, killed with SIGKILL", () => {
  const args = ["mapreduce", "word-count", words, "--split", "18kb", "--workers", "3"];
  const reference = join(folder, "reference.jsonl");
  let counters = "";
  let maps = 0;

  beforeAll(() => {
    const { status, stderr } = run([...args, "--out", reference]);
    expect(status).toBe(0);
    counters = stderr.trim().split("; ").at(-1)!;
    maps = Math.ceil(readFileSync(words).length / 18 / 1024);
    expect(maps).toBeGreaterThan(6);
  });

  it.each([
    ["in the map phase", () => [4]],
    ["in the reduce phase", () => [maps + 1]],
    ["again and again, in both phases", () => [2, maps - 1, 1]],
    ["before the answer was written", () => [maps + 3]],
  ])("%s: the rest is done, and nothing else", async (_, kills) => {
    const out = join(folder, "out.jsonl");
    const resumed = [...args, "--out", out, "--resume", work];
    let done = 0;
    for (const tasks of kills()) {
      expect(run(resumed, tasks)).toMatchObject(killed);
      done += tasks;
      expect(existsSync(out)).toBe(false);
    }
    const options: MapReduceOptions = { workers: 2, splitBytes: 18 * 1024, out, resume: work };
    const job = readyJobs["word-count"] as AnyJob<Json, Json>;
    const { spans, tasksKept } = await mapReduce(job, [words], options);
    expect(tasksKept).toBe(done);
    const redone = spans.filter(({ outcome }) => outcome === "done").length;
    expect(redone).toBe(maps + 3 - done);
    expect(readFileSync(out).equals(readFileSync(reference))).toBe(true);
    expect(existsSync(work)).toBe(false);
    rmSync(out);
  });

  it("the command tells what was done before, and counts every record once", () => {
    const out = join(folder, "out.jsonl");
    const resumed = [...args, "--out", out, "--resume", work];
    expect(run(resumed, 5)).toMatchObject(killed);
    const { status, stderr } = run(resumed);
    expect(status).toBe(0);
    expect(stderr).toContain("; 5 tasks were done before; ");
    expect(stderr.trim().split("; ").at(-1)).toBe(counters);
    expect(readdirSync(folder)).not.toContain("work");
    rmSync(out);
  });

  it("Ctrl-C keeps the work too, and says so", () => {
    const resumed = [...args, "--out", join(folder, "out.jsonl"), "--resume", work];
    const { status, stderr } = run(resumed, 3, "SIGINT");
    expect(stderr).toContain("interrupted: what was done lies in");
    expect(status).toBe(2);
    expect(run(resumed).stderr).toMatch(/; [3-6] tasks were done before/);
    expect(existsSync(work)).toBe(false);
  });

  it("files that are gone, or not whole, are made again", async () => {
    const out = join(folder, "out.jsonl");
    expect(run([...args, "--out", out, "--resume", work], maps + 1)).toMatchObject(killed);
    const runs = readdirSync(join(work, "work"), { recursive: true }) as string[];
    const [first, second] = runs.filter((name) => /map-\d+-0.run$/.test(name)).map(String);
    rmSync(join(work, "work", first!));
    appendFileSync(join(work, "work", second!), "x");
    const { stderr } = run([...args, "--out", out, "--resume", work]);
    expect(stderr).toContain(`; ${maps - 1} tasks were done before`);
    expect(readFileSync(out).equals(readFileSync(reference))).toBe(true);
    rmSync(out);
  });

  it("goes on after a line that was cut short, and refuses one that is damaged", () => {
    const out = join(folder, "out.jsonl");
    const resumed = [...args, "--out", out, "--resume", work];
    expect(run(resumed, 4)).toMatchObject(killed);
    const journal = join(work, "journal");
    const whole = readFileSync(journal, "utf8");
    writeFileSync(journal, whole.replace('"key"', '"k'));
    expect(run(resumed)).toMatchObject({
      status: 2,
      stderr: expect.stringMatching(/line 2: dama/),
    });
    writeFileSync(journal, `${whole}{"key":"task/0","va`);
    expect(run(resumed).stderr).toContain("; 4 tasks were done before");
    rmSync(out);
  });
});

describe("what is not the same job is refused in one sentence", () => {
  const job = () =>
    defineJob({
      name: "lines",
      map: (_, emit) => emit("lines", 1),
      reduce: (_, values: readonly number[]) => values.length,
    });
  const other = () =>
    defineJob({
      name: "lines",
      map: (_, emit) => emit("lines", 2),
      reduce: (_, values: readonly number[]) => values.length,
    });
  const options: MapReduceOptions = { resume: work, workers: 2, splitBytes: 30_000 };

  /** A job that was given up in the middle. */
  async function begin(): Promise<void> {
    const controller = new AbortController();
    const onProgress = (): void => controller.abort(new Error("given up"));
    const { signal } = controller;
    await expect(mapReduce(job(), [words], { ...options, signal, onProgress })).rejects.toThrow();
  }

  it("another job, another input, other options; then the same", async () => {
    await begin();
    await expect(mapReduce(other(), [words], options)).rejects.toThrow(
      /work holds the work of another job: the job was lines \(.*\), and is now lines \(/,
    );
    await expect(mapReduce(job(), [numbers], options)).rejects.toThrow(/input 1 was .*words.txt/);
    await expect(mapReduce(job(), [words, words], options)).rejects.toThrow(
      /input 2 was not there, and is now .*words.txt/,
    );
    for (const changed of [
      { splitBytes: 1_000_000 },
      { partitions: 5 },
      { memoryBytes: 2 ** 21 },
    ]) {
      const name = Object.keys(changed)[0]!;
      await expect(mapReduce(job(), [words], { ...options, ...changed })).rejects.toThrow(
        `${name} was`,
      );
    }
    const { rows, tasksKept } = await mapReduce(job(), [words], { ...options, workers: 1 });
    expect(rows).toEqual([{ key: "lines", value: lineCount }]);
    expect(tasksKept).toBeGreaterThan(0);
  });

  it("an input that was written to since", async () => {
    await begin();
    utimesSync(words, new Date(), new Date(2001, 1, 1));
    await expect(mapReduce(job(), [words], options)).rejects.toThrow(
      "give the same, or remove the folder to begin anew",
    );
    rmSync(work, { recursive: true });
  });

  it("a folder with other files, and a file", async () => {
    mkdirSync(work);
    writeFileSync(join(work, "precious.txt"), "");
    await expect(mapReduce(job(), [words], options)).rejects.toThrow(
      /work holds other files, such as precious.txt: name an empty folder/,
    );
    expect(existsSync(join(work, "precious.txt"))).toBe(true);
    rmSync(work, { recursive: true });
    const inFile = { ...options, resume: join(words, "x") };
    await expect(mapReduce(job(), [words], inFile)).rejects.toThrow(/cannot be made a folder/);
  });

  it("a folder that a living process works in", async () => {
    const both = [mapReduce(job(), [words], options), mapReduce(job(), [words], options)];
    const outcomes = await Promise.allSettled(both);
    expect(outcomes.map(({ status }) => status)).toEqual(["fulfilled", "rejected"]);
    expect(outcomes[1]).toMatchObject({ reason: { message: `${work}: a job of it runs` } });
    const args = ["-e", `setInterval(() => {}, 1000)`];
    const child = spawn(process.execPath, args, { stdio: "ignore" });
    mkdirSync(work);
    writeFileSync(join(work, "journal.lock"), `${child.pid}\n`);
    await expect(mapReduce(job(), [words], options)).rejects.toThrow(/in use by process \d+/);
    child.kill();
    rmSync(work, { recursive: true });
  });
});

describe("dabbawala sort --resume, killed with SIGKILL", () => {
  const sorting = ["sort", numbers, "--header", "--key", "1:number", "--workers", "2"];
  const reference = join(folder, "reference.csv");
  const out = join(folder, "out.csv");
  const shape = {
    kind: "lines",
    keys: [{ column: 1, kind: "number", order: "ascending" }],
  } as const;
  const options = { out, shape, hasHeader: true, splitBytes: 30_000, ranges: 5, resume: work };
  const script = join(folder, "sort.cjs");
  let splits = 0;

  beforeAll(() => {
    expect(run([...sorting, "--out", reference]).status).toBe(0);
    const package_ = require.resolve("dabbawala/batch");
    const text = `require(${JSON.stringify(package_)}).sortFiles([${JSON.stringify(numbers)}], ${JSON.stringify({ ...options, workers: 2 })}).catch((e) => { console.error(e.message); process.exit(2); })`;
    writeFileSync(script, text);
    splits = Math.ceil(readFileSync(numbers).length / 30_000);
    expect(splits).toBeGreaterThan(4);
  });

  function sortScript(tasks: number): Ended {
    const env = { ...process.env, KILL_AFTER_TASKS: `${tasks}` };
    return spawnSync(process.execPath, ["-r", hook, script], { env, encoding: "utf8" });
  }

  it.each([
    ["while runs are sorted", () => [2]],
    ["while ranges are merged", () => [splits + 2]],
    ["again and again", () => [1, splits, 2]],
  ])("%s: the rest is done, and nothing else", async (_, kills) => {
    let done = 0;
    for (const tasks of kills()) {
      expect(sortScript(tasks)).toMatchObject(killed);
      done += tasks;
      expect(existsSync(out)).toBe(false);
    }
    const { tasksKept, spans } = await sortFiles([numbers], { ...options, workers: 1 });
    expect(tasksKept).toBe(done);
    expect(spans.filter(({ outcome }) => outcome === "done")).toHaveLength(splits + 5 - done);
    expect(readFileSync(out).equals(readFileSync(reference))).toBe(true);
    expect(readdirSync(folder).filter((name) => /partial|^work/.test(name))).toEqual([]);
    rmSync(out);
  });

  it("the command does it too, over the file that it sorts", () => {
    const place = join(folder, "in-place.csv");
    writeFileSync(place, readFileSync(numbers));
    const inPlace = ["sort", place, "--header", "--key", "1:number", "--out", place];
    const resumed = [...inPlace, "--resume", work];
    expect(run(resumed, 2)).toMatchObject(killed);
    expect(readFileSync(place).equals(readFileSync(numbers))).toBe(true);
    const { status, stderr } = run(resumed);
    expect([status, stderr]).toEqual([0, expect.stringContaining("; 2 tasks were done before")]);
    expect(readFileSync(place).equals(readFileSync(reference))).toBe(true);
  });

  it("without its partial output all ranges are merged again, without a run all is cut again", async () => {
    const partial = (): string[] =>
      readdirSync(folder).filter((name) => /out.csv.partial/.test(name));
    expect(sortScript(splits + 3)).toMatchObject(killed);
    rmSync(join(folder, partial()[0]!));
    expect(sortScript(1)).toMatchObject(killed); // one range is done anew
    const first = readdirSync(join(work, "work")).find((name) => /^run-0-\d+-0$/.test(name))!;
    rmSync(join(work, "work", first));
    const { tasksKept, records } = await sortFiles([numbers], options);
    expect([tasksKept, records]).toEqual([splits - 1, lineCount]);
    expect(readFileSync(out).equals(readFileSync(reference))).toBe(true);
    expect(partial()).toEqual([]);
    rmSync(out);
  });

  it("another order, header or output is another sort", async () => {
    expect(sortScript(2)).toMatchObject(killed);
    const refused = (changed: object): Promise<unknown> =>
      sortFiles([numbers], { ...options, ...changed });
    await expect(refused({ shape: { kind: "lines" } })).rejects.toThrow(/the order was .*column/);
    await expect(refused({ hasHeader: false })).rejects.toThrow(
      "hasHeader was true, and is now false",
    );
    await expect(refused({ out: `${out}2` })).rejects.toThrow("the output was");
    await expect(refused({ ranges: 7 })).rejects.toThrow("ranges was 5, and is now 7");
    expect(readdirSync(folder).filter((name) => /out.csv2/.test(name))).toEqual([]);
    await sortFiles([numbers], options);
    expect(readFileSync(out).equals(readFileSync(reference))).toBe(true);
  });
});
