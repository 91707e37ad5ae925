/**
 * Divide and conquer on two threads: by stealing against one shared queue, against shares dealt out
 * beforehand, and against one thread alone, all with the same program, warm, in turns.
 */
import { startTeam } from "dabbawala/scheduling";
import type { SharingPolicy, Team } from "dabbawala/scheduling";
import { interleaved } from "../benchmark";
import type { BenchmarkRow } from "../benchmark";

const side = 1_024;

export async function stealingRows(): Promise<BenchmarkRow[]> {
  const image = new SharedArrayBuffer(4 * side * side);
  const tiles = { side, tile: 16, maxIterations: 200, image };
  const tiny = { side, tile: 2, maxIterations: 5, image };
  return [
    ...(await rowsOf("12 queens, 10,000 parts", "queens", { n: 12, forkedRows: 4 })),
    ...(await rowsOf("Mandelbrot set, 5,461 parts", "mandelbrot", tiles)),
    ...(await rowsOf("349,525 parts of next to no work", "mandelbrot", tiny)),
  ];
}

async function rowsOf(name: string, exportName: string, options: unknown): Promise<BenchmarkRow[]> {
  const program = { module: "dabbawala/scheduling", exportName, options };
  const [two, one] = [
    await startTeam({ workers: 2, program }),
    await startTeam({ workers: 1, program }),
  ];
  const against = async (
    peer: string,
    team: Team,
    policy: SharingPolicy,
  ): Promise<BenchmarkRow> => {
    const result = await interleaved({
      ours: () => two.run(),
      peer: () => team.run({ policy }),
      rounds: 9,
    });
    return {
      work: `${name}, 2 threads that steal`,
      ours: `${result.ours.medianMs.toFixed(0)} ms`,
      peer: `${peer} ${result.peer.medianMs.toFixed(0)} ms`,
      ratio: result.ratio,
      bar: null,
    };
  };
  const rows = [
    await against("one thread alone", one, "static"),
    await against("2 threads, one shared queue", two, "sharing"),
    await against("2 threads, shares dealt out", two, "static"),
  ];
  if (exportName === "mandelbrot") rows.push(await balanceOf(two, name));
  await Promise.all([two.close(), one.close()]);
  return rows;
}

/** What does not depend on who else uses the cores: how the work itself is shared out. */
async function balanceOf(two: Team, name: string): Promise<BenchmarkRow> {
  const share = async (policy: SharingPolicy): Promise<number> => {
    const { threads, sum } = await two.run({ policy });
    return Math.max(...threads.map((tally) => tally.sum)) / sum;
  };
  const [stolen, dealt] = [await share("stealing"), await share("static")];
  const text = (of: number): string => `${(100 * of).toFixed(0)} % of the work`;
  return {
    work: `${name}: the busier of 2 threads that steal`,
    ours: text(stolen),
    peer: `shares dealt out ${text(dealt)}`,
    ratio: dealt / stolen,
    bar: null,
  };
}
