import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { mapReduce } from "dabbawala/batch";
import type { Job } from "dabbawala/batch";

let folder: string;
let text: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "dabbawala-warm-"));
  text = join(folder, "lines.txt");
  writeFileSync(text, "a\nb\n");
});
afterAll(() => rmSync(folder, { recursive: true }));

/** The answer is how many records this thread has seen in all its life. */
const counting: Job<number, number> = {
  name: "records of a thread",
  map(_record, emit) {
    const thread = globalThis as { seen?: number };
    thread.seen = (thread.seen ?? 0) + 1;
    emit("seen", thread.seen);
  },
  reduce: (_key, seen) => Math.max(...seen),
};

async function seen(job: Job<number, number>): Promise<number> {
  return (await mapReduce(job, [text], { workers: 1 })).rows[0]!.value;
}

describe("threads of an earlier job", () => {
  it("serve the next one, and a third", async () => {
    const first = await seen(counting);
    expect(await seen(counting)).toBe(first + 2);
    expect(await seen(counting)).toBe(first + 4);
  });

  it("are not used again after a job from a module, which may have changed", async () => {
    const file = join(folder, "job.js");
    const source = (factor: number): string =>
      `exports.job = { name: "m", module: { file: __filename, exportName: "job" },
        map(_record, emit) { emit("factor", ${factor}); },
        reduce: (_key, values) => values[0] };`;
    const run = async (factor: number): Promise<number> => {
      writeFileSync(file, source(factor));
      delete require.cache[require.resolve(file)];
      return seen((require(file) as { job: Job<number, number> }).job);
    };
    expect([await run(1), await run(2)]).toEqual([1, 2]);
  });

  it("are not kept when their job has failed", async () => {
    const before = await seen(counting);
    const out = join(folder, "missing", "answer.csv");
    await expect(mapReduce(counting, [text], { workers: 1, out })).rejects.toThrow("missing");
    expect(await seen(counting)).toBeLessThanOrEqual(before);
  });
});
