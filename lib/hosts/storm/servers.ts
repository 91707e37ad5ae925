/** What storms over servers and their clients have in common: their ground, and its healing. */
import type { Random } from "../../basics";
import type { NodeId } from "../../protocol";
import { heal, networkRates, restart, resume, unclog } from "../simulator";
import type { Fault, RandomFaultOptions, SimulatorOptions } from "../simulator";

/** What every plan of such a storm says; what it is about comes on top. */
export interface ServerStormPlan {
  readonly seed: number;
  readonly servers: number;
  readonly clients: number;
  /** Between two operations of a client. */
  readonly thinkMs: number;
  /** How long the faults last. */
  readonly faultsMs: number;
  readonly maxLatencyMs: number;
  /** A write of a server's disk takes about so long; 0: no time. */
  readonly diskMs: number;
  readonly faults: Omit<RandomFaultOptions, "seed" | "names" | "untilMs">;
}

/** Now and then disks that take time, up to `maxMs`; else 0. */
export function drawDiskMs(random: Random, share: number, maxMs: number): number {
  return random.chance(share) ? random.between(0.1, maxMs) : 0;
}

type Ground = Pick<SimulatorOptions<never, never>, "network" | "disk">;

/** The network and the disks of a plan, for a simulator. */
export function groundOf(
  { maxLatencyMs, diskMs }: Pick<ServerStormPlan, "maxLatencyMs" | "diskMs">,
  minLatencyMs = 1,
): Ground {
  const writeMs = { kind: "exponential", minMs: diskMs / 2, tailMs: diskMs / 2 } as const;
  return {
    network: { latency: { kind: "uniform", minMs: minLatencyMs, maxMs: maxLatencyMs } },
    ...(diskMs > 0 && { disk: { writeMs } }),
  };
}

/** All faults end, and all live. */
export function healingOf(names: readonly NodeId[]): Fault[] {
  return [heal(), networkRates({}), unclog(names), resume(names), restart(names)];
}
