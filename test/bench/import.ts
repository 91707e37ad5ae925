/** How long a fresh process, and the first cell of a notebook, wait for the library. */
import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { KernelClient } from "../kernel/client";
import { interleaved, timeOf, timing } from "./benchmark";
import type { BenchmarkRow } from "./benchmark";

const budgetMs = 300;
const kernels = 3;

/** What the notebooks import; the root loads a topic when it is used. */
const modules = ["dabbawala", "dabbawala/batch", "dabbawala/figures", "dabbawala/generators"];

export async function run(): Promise<BenchmarkRow[]> {
  const rows: BenchmarkRow[] = [];
  for (const name of modules) {
    const { ours, peer } = await interleaved({
      ours: () => runNode(`require("${name}")`),
      peer: () => runNode(""),
    });
    const importMs = Math.max(1, ours.medianMs - peer.medianMs);
    rows.push(row(`require("${name}"), beyond the start of Node`, importMs, 1));
  }
  const batch = await cellMs('import { mapReduce } from "dabbawala/batch";');
  const all = await cellMs('import * as dabbawala from "dabbawala";');
  return [
    ...rows,
    row("first cell: import from batch, with its types", batch, null),
    row("first cell: import of every topic, with all types", all, null),
  ];
}

function row(work: string, importMs: number, bar: number | null): BenchmarkRow {
  const peer = `budget ${budgetMs} ms`;
  return { work, ours: `${importMs.toFixed(0)} ms`, peer, ratio: budgetMs / importMs, bar };
}

function runNode(program: string): void {
  const options = { cwd: join(__dirname, "..", ".."), encoding: "utf8" as const };
  const { status, stderr } = spawnSync(process.execPath, ["-e", program], options);
  if (status !== 0) throw new Error(`node -e '${program}' failed: ${stderr}`);
}

/** An import beyond a cell that does nothing: compiled, declared and loaded in a fresh kernel. */
async function cellMs(importing: string): Promise<number> {
  const times: number[] = [];
  for (let i = 0; i < kernels; i++) {
    const kernel = await KernelClient.start();
    await kernel.execute("1");
    const trivialMs = await timeOf(() => kernel.execute("2"));
    times.push((await timeOf(() => kernel.execute(importing))) - trivialMs);
    await kernel.stop();
  }
  return timing(times).medianMs;
}
