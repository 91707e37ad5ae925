/** Records that a job fails on: found in one pass, skipped and counted, and bounded. */
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { InputError } from "dabbawala/basics";
import { Coordinator, defineJob, groupBy, mapReduce, sum } from "dabbawala/batch";
import { step } from "dabbawala/protocol";

const folder = mkdtempSync(join(tmpdir(), "dabbawala-bad-records-"));
afterAll(() => rmSync(folder, { recursive: true }));

const lines = 60_000;
const file = join(folder, "log.csv");

/** Every so many rows have a waiting time that is no number. */
function write(badEvery: number): void {
  const rows = Array.from({ length: lines }, (_, i) => {
    return `t${i % 7},${badEvery > 0 && i % badEvery === 1 ? "-" : i % 100}`;
  });
  writeFileSync(file, `train,wait\n${rows.join("\n")}\n`);
}

const options = { workers: 2, splitBytes: 100_000 };
const told = groupBy({ key: "train", aggregates: { wait: sum("wait") } });
const programmed = defineJob({
  name: "waits",
  input: "csv",
  map: (record, emit) => emit(record.text("train"), record.number("wait")),
  reduce: (_, values: readonly number[]) => values.reduce((left, right) => left + right, 0),
});

describe.each([
  ["told", told],
  ["programmed", programmed],
])("a job that is %s", (_, job) => {
  it("finds all bad records of a task in one pass: two failures and it is done", async () => {
    write(100);
    const { counters, spans, rows } = await mapReduce(job as typeof programmed, [file], options);
    expect(counters).toMatchObject({ recordsRead: lines, badRecords: lines / 100 });
    expect(rows).toHaveLength(7);
    const attempts = new Map<number, number>();
    for (const { kind, taskId, isBackup, outcome } of spans) {
      if (kind === "reduce" || isBackup || outcome === "unfinished") continue;
      attempts.set(taskId, (attempts.get(taskId) ?? 0) + 1);
    }
    // Before, a task with 100 bad records had taken 200 passes more.
    expect(Math.max(...attempts.values())).toBeLessThanOrEqual(3);
  });

  it("stops in the first pass when more fail than may, with one sentence", async () => {
    write(2);
    const attempt = mapReduce(job as typeof programmed, [file], { ...options, maxBadRecords: 50 });
    const error = await attempt.then(
      () => undefined,
      (reason: unknown) => reason as Error,
    );
    expect(error).toBeInstanceOf(InputError);
    expect(error?.message).toMatch(
      /^the job failed: more than 50 records cannot be mapped, such as .*log.csv at byte \d+: .*"-".*: mend the job or its input, or raise maxBadRecords$/,
    );
  });

  it("counts the bad records of all tasks together", async () => {
    write(1_000);
    const run = (maxBadRecords: number) =>
      mapReduce(job as typeof programmed, [file], { ...options, maxBadRecords });
    await expect(run(lines / 1_000 - 1)).rejects.toThrow("more than 59 records cannot be mapped");
    expect((await run(lines / 1_000)).counters).toMatchObject({ badRecords: lines / 1_000 });
    await expect(run(0)).rejects.toThrow("more than 0 records");
    await expect(run(-1)).rejects.toThrow("maxBadRecords must be from 0");
  });
});

it("a mistyped column stops the job at once", async () => {
  write(0);
  const mistyped = defineJob({
    ...programmed,
    map: (record, emit) => emit(record.text("tarin"), 1),
  });
  const startMs = performance.now();
  await expect(mapReduce(mistyped, [file], options)).rejects.toThrow(
    /more than 1000 records cannot be mapped, such as .*tarin/,
  );
  expect(performance.now() - startMs).toBeLessThan(20_000);
});

it("the command says it in one line, and can be told to skip more", () => {
  write(0);
  const command = join(__dirname, "..", "..", "lib", "bin", "dabbawala.cjs");
  const run = (...more: string[]) => {
    const args = [command, "mapreduce", "traffic-by-hour", file, ...more];
    return spawnSync(process.execPath, args, { encoding: "utf8" });
  };
  const { status, stderr } = run("--max-bad-records", "x");
  expect([status, stderr]).toEqual([2, expect.stringContaining("--max-bad-records takes a count")]);
});

it("a restarted coordinator goes on counting", () => {
  const plan = { splits: [{ file: "f", startByte: 0, endByte: 9 }], partitions: 1 };
  const failed = { type: "failed", attemptId: 1, reason: "broken", recordsAt: [1, 2] };
  const senses = { nowMs: 0, random: () => 0 };
  const make = (): Coordinator => new Coordinator("n0", [], { plan, maxBadRecords: 2 });
  const saved: Record<string, unknown> = {};
  const tell = (coordinator: Coordinator, event: object): string[] =>
    step(coordinator, event as never, senses).flatMap((effect) => {
      if (effect.kind === "save") saved[effect.key] = effect.value;
      return effect.kind === "note" ? [effect.label] : [];
    });
  const hear = (message: object) => ({ kind: "message", from: "n1", message });
  const first = make();
  tell(first, { kind: "start", saved: {} });
  tell(first, hear({ type: "heartbeat", running: [], incarnation: 1 }));
  expect(tell(first, hear({ type: "ended", answer: failed }))).not.toContain("jobFailed");
  const second = make();
  tell(second, { kind: "start", saved: { ...saved } });
  const again = { ...failed, attemptId: 2, recordsAt: [3] };
  expect(tell(second, hear({ type: "ended", answer: again }))).toContain("jobFailed");
});
