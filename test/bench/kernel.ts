/** The kernel beside a stock tslab: its start, a trivial cell, and the memory that cells keep. */
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { kernelSpec } from "dabbawala/kernel";
import { KernelClient } from "../kernel/client";
import { interleaved, timeOf, timing } from "./benchmark";
import type { BenchmarkRow } from "./benchmark";

const startBudgetMs = 2500;
const cellBudgetMs = 60;
const starts = 3;
const timedCells = 41;
const keptCells = 200;

const tslab = dirname(createRequire(__filename).resolve("tslab/package.json"));
/** Lets a cell collect garbage, so that what is measured is what cells keep. */
const collecting = [process.execPath, "--expose-gc"];
const ourCommand = [...collecting, ...kernelSpec().argv.slice(1)];
const stockCommand = [
  ...collecting,
  join(tslab, "bin", "tslab"),
  ...["kernel", "--config-path", "{connection_file}"],
];

export async function run(): Promise<BenchmarkRow[]> {
  const start = await interleaved({
    ours: () => startAndStop(ourCommand),
    peer: () => startAndStop(stockCommand),
    rounds: starts,
  });
  const ours = await KernelClient.start({ argv: ourCommand });
  const stock = await KernelClient.start({ argv: stockCommand });
  try {
    // Every cell is another one: the compiler passes over a cell that it has just compiled.
    let count = 0;
    const cell = await interleaved({
      ours: () => ours.execute(`${count++} + 1`),
      peer: () => stock.execute(`${count++} + 1`),
      rounds: timedCells,
    });
    const [our, their] = [await growth(ours), await growth(stock)];
    const laden = await cellAfterImports();
    return [
      within("start of the kernel", start.ours.medianMs, start.peer.medianMs, startBudgetMs),
      within("trivial cell", cell.ours.medianMs, cell.peer.medianMs, cellBudgetMs),
      {
        work: "trivial cell after an import of every topic",
        ours: `${laden.toFixed(0)} ms`,
        peer: `budget ${cellBudgetMs} ms`,
        ratio: cellBudgetMs / laden,
        bar: 1,
      },
      memory("heap that a trivial cell keeps", our.heap, their.heap),
      memory("resident memory that a trivial cell adds", our.resident, their.resident),
    ];
  } finally {
    await Promise.all([ours.stop(), stock.stop()]);
  }
}

/** Milliseconds of a trivial cell once the compiler has read the declarations of all topics. */
async function cellAfterImports(): Promise<number> {
  const kernel = await KernelClient.start();
  try {
    await kernel.execute('import * as dabbawala from "dabbawala"; Object.keys(dabbawala).length');
    const times: number[] = [];
    for (let i = 0; i < timedCells; i++) {
      times.push(await timeOf(() => kernel.execute(`${i} + 1`)));
    }
    return timing(times).medianMs;
  } finally {
    await kernel.stop();
  }
}

/** A row whose bar is the budget: ratio 1 is just within it. */
function within(work: string, ourMs: number, stockMs: number, budgetMs: number): BenchmarkRow {
  const peer = `budget ${budgetMs} ms; stock tslab ${stockMs.toFixed(0)} ms`;
  return { work, ours: `${ourMs.toFixed(0)} ms`, peer, ratio: budgetMs / ourMs, bar: 1 };
}

function memory(what: string, ourBytes: number, stockBytes: number): BenchmarkRow {
  const text = (bytes: number): string => `${(bytes / 1024).toFixed(0)} KB`;
  return {
    work: `${what}, mean of ${keptCells}`,
    ours: text(ourBytes),
    peer: `stock tslab ${text(stockBytes)}`,
    ratio: stockBytes / Math.max(1, ourBytes),
    bar: null,
  };
}

async function startAndStop(argv: readonly string[]): Promise<void> {
  const kernel = await KernelClient.start({ argv });
  await kernel.stop();
}

interface Memory {
  /** Bytes of the heap after a collection. */
  readonly heap: number;
  /** Bytes that the process holds before it. */
  readonly resident: number;
}

/** How much each grew over that many cells, a cell. */
async function growth(kernel: KernelClient): Promise<Memory> {
  const code = `
    const resident = process.memoryUsage().rss;
    globalThis.gc?.();
    console.log(JSON.stringify({ resident, heap: process.memoryUsage().heapUsed }))`;
  const memory = async (): Promise<Memory> => JSON.parse((await kernel.execute(code)).stdout);
  const before = await memory();
  for (let cell = 0; cell < keptCells; cell++) await kernel.execute(`const kept = ${cell};`);
  const after = await memory();
  return {
    heap: (after.heap - before.heap) / keptCells,
    resident: (after.resident - before.resident) / keptCells,
  };
}
