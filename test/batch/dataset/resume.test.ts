/** Programs on data sets whose process is killed, and which go on in the next one. */
import { spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { DatasetSession } from "dabbawala/batch";

const folder = mkdtempSync(join(tmpdir(), "dabbawala-dataset-resume-"));
afterAll(() => rmSync(folder, { recursive: true }));

const root = join(__dirname, "..", "..", "..");
const program = join(folder, "program.cjs");
const sales = join(folder, "sales.csv");
const work = join(folder, "work");
const partitions = 8;

beforeAll(() => {
  const rows = Array.from({ length: 4_000 }, (_, i) => `city-${i % 37},${(i * 7) % 101}`);
  writeFileSync(sales, `city,sold\n${rows.join("\n")}\n`);
  // Two shuffles of 8 and 5 outputs; the process is killed when KILL of them stand in its journal.
  writeFileSync(
    program,
    `const fs = require("fs");
     const { writeSync } = fs;
     let left = Number(process.env.KILL);
     fs.writeSync = (descriptor, bytes, ...more) => {
       const written = writeSync(descriptor, bytes, ...more);
       const isDone = String(bytes.subarray?.(0, 40)).startsWith('{"key":"output/');
       if (isDone && --left === 0) process.kill(process.pid, "SIGKILL");
       return written;
     };
     const { DatasetSession } = require(${JSON.stringify(join(root, "lib", "dist", "batch"))});
     async function main() {
       const session = new DatasetSession({ workers: 2, resume: process.env.RESUME || undefined });
       const rows = session.accumulator("rows");
       const least = session.broadcast({ sold: Number(process.env.LEAST) });
       const scope = { rows, least };
       const columns = { city: "text", sold: "number" };
       const data = session
         .csv(${JSON.stringify(sales)}, { columns, partitions: ${partitions} })
         .filter((row) => {
           rows.add(1);
           return row.sold >= least.value.sold;
         }, { scope })
         .keyBy(({ city }) => city)
         .mapValues(({ sold }) => sold)
         .reduceByKey((left, right) => left + right, { partitions: 5 })
         .keyBy(({ value }) => value % 3)
         .groupByKey({ partitions: 3 });
       const groups = await data.collect();
       const cities = (pairs) => pairs.map(({ key }) => key).sort();
       const answer = groups.map(({ key, value }) => [key, cities(value)]).sort();
       const { outputsKept, stages, recomputedPartitions } = session.lastJob;
       const tasks = stages.map((stage) => stage.tasks);
       await session.close();
       const counted = { outputsKept, tasks, recomputedPartitions, rows: rows.value };
       console.log(JSON.stringify({ answer, ...counted }));
     }
     main().catch((error) => { console.error(error.message); process.exit(1); });`,
  );
});

interface Told {
  readonly answer: unknown;
  readonly outputsKept: number;
  readonly tasks: readonly number[];
  readonly recomputedPartitions: number;
  readonly rows: number;
}

/** `kill`: the process ends when so many outputs are done; 0: it is left alone. */
function run(kill = 0, more: Record<string, string> = {}) {
  const env = { ...process.env, KILL: `${kill}`, RESUME: work, LEAST: "0", ...more };
  const { status, signal, stdout, stderr } = spawnSync(process.execPath, [program], {
    ...{ env, cwd: root, encoding: "utf8", timeout: 30_000, killSignal: "SIGTERM" },
  });
  return { status, signal, stderr, told: stdout === "" ? undefined : (JSON.parse(stdout) as Told) };
}

describe("a program with a session that is to be resumed", () => {
  let calm: Told;
  beforeAll(() => void (calm = run(0, { RESUME: "" }).told as Told));
  beforeEach(() => rmSync(work, { recursive: true, force: true }));

  it("leaves nothing when it is not killed", () => {
    const { told } = run();
    expect(told).toEqual(calm);
    expect(calm).toMatchObject({ outputsKept: 0, rows: 4_000, tasks: [8, 5, 3] });
    expect(existsSync(work)).toBe(false);
  });

  it.each([1, 5, 8, 11, 13])("killed after %d outputs: these are not made again", (outputs) => {
    expect(run(outputs)).toMatchObject({ status: null, signal: "SIGKILL" });
    const { told, stderr } = run();
    expect(stderr).toBe("");
    expect(told?.answer).toEqual(calm.answer);
    expect(told?.rows).toBe(calm.rows);
    // What was done in the moment of the kill may have been finished as well.
    expect(told?.outputsKept).toBeGreaterThanOrEqual(outputs);
    const [first = 0, second = 0, last = 0] = told?.tasks ?? [];
    expect(first + second).toBe(13 - (told?.outputsKept ?? 0));
    expect([last, told?.recomputedPartitions]).toEqual([3, 0]);
    expect(existsSync(work)).toBe(false);
  });

  it("killed twice goes on from the second time; an output that is gone is made again", () => {
    run(4);
    expect(run(5)).toMatchObject({ signal: "SIGKILL" });
    const place = join(work, "work");
    const [one] = readdirSync(place).filter((name) => readdirSync(join(place, name)).length > 0);
    const [file] = readdirSync(join(place, one as string));
    rmSync(join(place, one as string, file as string));
    const { told } = run();
    expect(told?.answer).toEqual(calm.answer);
    expect(told?.rows).toBe(calm.rows);
    expect(told?.outputsKept).toBeGreaterThanOrEqual(8);
    expect((told?.tasks[0] ?? 0) + (told?.tasks[1] ?? 0)).toBe(13 - (told?.outputsKept ?? 0));
  });

  it("refuses another program, another broadcast and other files in one sentence", () => {
    run(3);
    const { status, stderr } = run(0, { LEAST: "50" });
    expect(status).toBe(1);
    expect(stderr).toMatch(/^.*work holds the work of another program: step \d+ was filter .*\n$/);
    writeFileSync(sales, "city,sold\nPune,3\n");
    expect(run().stderr).toMatch(/holds the work of another program: step \d+ was csv/);
  });
});

describe("a session in this process", () => {
  const resume = join(folder, "own");
  const open = () => new DatasetSession({ workers: 2, resume });
  const pairs = Array.from({ length: 100 }, (_, i) => ({ key: i % 7, value: i }));

  const byKey = (left: { key: number }, right: { key: number }) => left.key - right.key;

  it("keeps its work while its last job has failed, and threads that die lose no output", async () => {
    const stops: (() => Promise<void>)[] = [];
    const session = new DatasetSession({
      ...{ workers: 2, resume },
      onExecutor: (_worker, executor) => void stops.push(() => executor.stop()),
    });
    const sums = session
      .fromArray(pairs, { partitions: 6 })
      .reduceByKey((left, right) => left + right, { partitions: 2 });
    const answer = (await sums.collect()).sort(byKey);
    await Promise.all(stops.map((stop) => stop()));
    expect((await sums.collect()).sort(byKey)).toEqual(answer);
    expect(session.lastJob?.stages.map(({ tasks }) => tasks)).toEqual([0, 2]);
    const wrong = sums.map((): number => {
      throw new Error("no");
    });
    await expect(wrong.collect()).rejects.toThrow("no");
    await session.close();
    expect(readdirSync(resume)).toContain("journal");

    const second = open();
    const again = second
      .fromArray(pairs, { partitions: 6 })
      .reduceByKey((left, right) => left + right, { partitions: 2 });
    expect((await again.collect()).sort(byKey)).toEqual(answer);
    expect(second.lastJob).toMatchObject({ outputsKept: 6 });
    expect(() => open()).toThrow("a job of it runs");
    await second.close();
    expect(existsSync(resume)).toBe(false);
  });
});
