/**
 * A large group of SWIM members in the ordinary simulator, on one core: 60 protocol periods with
 * crashes, a restart and joins by table exchange. The peer is the time that was asked of it.
 */
import { at, crash, restart } from "dabbawala/hosts";
import { swimGroup } from "dabbawala/membership";
import { timeOf } from "./benchmark";
import type { BenchmarkRow } from "./benchmark";

const members = 10_000;
const periods = 60;
const askedSeconds = 60;

export async function run(): Promise<BenchmarkRow[]> {
  let [heard, believers] = [0, 0];
  const ms = await timeOf(() => {
    const group = swimGroup({ seed: 1, members });
    const crashed = ["n2", "n3", "n4", "n5", "n6"];
    group.simulator.schedule(at(10_000, crash(crashed)), at(40_000, restart(["n2"])));
    group.simulator.run({ untilMs: periods * 1_000 });
    heard = group.heard();
    // n2 was away when n3 died: it has it from a table, as a suspicion that has yet to run out.
    believers = group.believers("n3").filter((id) => id !== "n2").length;
  });
  if (believers > 0) throw new Error(`${believers} members have not learned of a crash`);
  const megabytes = Math.round(process.memoryUsage().rss / 1e6);
  return [
    {
      work: `SWIM, ${members.toLocaleString("en-GB")} simulated members, ${periods} periods, one core`,
      ours: `${(ms / 1_000).toFixed(1)} s, ${(heard / 1e6).toFixed(1)} M messages, ${megabytes} MB`,
      peer: `asked ${askedSeconds} s`,
      ratio: (askedSeconds * 1_000) / ms,
      bar: 1,
    },
  ];
}
