/** A job in a process of its own, so that its peak memory is that of nothing else. */
import { spawnSync } from "node:child_process";
import { statSync } from "node:fs";
import { join } from "node:path";

export interface Apart {
  readonly inputBytes: number;
  readonly elapsedMs: number;
  readonly peakBytes: number;
}

const program = `
  const { count, groupBy, mapReduce, max, sum } = require("dabbawala/batch");
  const [key, file, workers] = process.argv.slice(1);
  const startMs = performance.now();
  const aggregates = { requests: count(), total: sum("response_ms"), most: max("response_ms") };
  mapReduce(groupBy({ key, aggregates }), [file], { workers: Number(workers) }).then((result) => {
    if (result.rows.length !== result.rowCount) throw new Error("rows are missing");
    const peakBytes = process.resourceUsage().maxRSS * 1024;
    console.log(JSON.stringify({ elapsedMs: performance.now() - startMs, peakBytes }));
  });
`;

/** Groups the file by `key` with `mapReduce`, and makes the rows. */
export async function measureApart(
  key: string,
  file: string,
  { workers }: { workers: number },
): Promise<Apart> {
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    ["-e", program, key, file, String(workers)],
    { cwd: join(__dirname, "..", "..", ".."), encoding: "utf8" },
  );
  if (status !== 0) throw new Error(`group by ${key} failed: ${stderr}`);
  const measured = JSON.parse(stdout) as Omit<Apart, "inputBytes">;
  return { inputBytes: statSync(file).size, ...measured };
}
