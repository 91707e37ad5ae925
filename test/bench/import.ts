/** How long a fresh process, or the first cell of a notebook, waits for the library. */
import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { interleaved } from "./benchmark";
import type { BenchmarkRow } from "./benchmark";

const budgetMs = 300;

export async function run(): Promise<BenchmarkRow[]> {
  const { ours, peer } = await interleaved({
    ours: () => runNode('require("dabbawala")'),
    peer: () => runNode(""),
  });
  const importMs = ours.medianMs - peer.medianMs;
  return [
    {
      work: "import of the whole library, beyond the start of Node",
      ours: `${importMs.toFixed(0)} ms`,
      peer: `budget ${budgetMs} ms`,
      ratio: budgetMs / importMs,
      bar: 1,
    },
  ];
}

function runNode(program: string): void {
  const options = { cwd: join(__dirname, "..", ".."), encoding: "utf8" as const };
  const { status, stderr } = spawnSync(process.execPath, ["-e", program], options);
  if (status !== 0) throw new Error(`node -e '${program}' failed: ${stderr}`);
}
