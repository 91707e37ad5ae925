/**
 * How a rumour spreads over time, measured in the simulator and beside the logistic equation
 * dx/dt = rate x (1 - x), the rate being contacts a cycle.
 */
import { inRange, onlyKnown, wholeInRange } from "../../../basics";
import { Simulator } from "../../../hosts";
import type { RumourMessage } from "../messages";
import { RumourMonger } from "../rumour-monger";
import type { GossipMode, RumourMongerOptions } from "../rumour-monger";

export interface InfectionOptions {
  readonly seed: number;
  /** 2 to 5,000; default 1,000. */
  readonly nodes?: number;
  /** Default "push". */
  readonly mode?: GossipMode;
  /** Default 1. */
  readonly fanout?: number;
  readonly cycleMs?: number;
}

export interface InfectionPoint {
  /** Cycles from the moment at which half of the nodes know. */
  readonly cycle: number;
  readonly measured: number;
  readonly logistic: number;
}

/**
 * Share of nodes that know, from 8 cycles before the half to 8 after, in steps of a quarter. The
 * curves are laid on each other at the half: when a spread takes off is chance, how is not.
 */
export function infectionCurve(options: InfectionOptions): InfectionPoint[] {
  onlyKnown("infectionCurve", options, ["seed", "nodes", "mode", "fanout", "cycleMs"]);
  const { mode = "push", fanout = 1, cycleMs = 100 } = options;
  inRange("cycleMs", cycleMs, { min: 0.1, max: 86_400_000 });
  const nodes = wholeInRange("nodes", options.nodes ?? 1_000, { min: 2, max: 5_000 });
  const heardMs = hearingTimes({ ...options, nodes, mode, fanout, cycleMs });
  const halfMs = heardMs[Math.floor(heardMs.length / 2)] as number;
  const rate = fanout * (mode === "pushPull" ? 2 : 1);
  return Array.from({ length: 65 }, (_, i) => {
    const cycle = (i - 32) / 4;
    const untilMs = halfMs + cycle * cycleMs;
    const measured = heardMs.filter((atMs) => atMs <= untilMs).length / nodes;
    return { cycle, measured, logistic: 1 / (1 + Math.exp(-rate * cycle)) };
  });
}

/** When each node heard, sorted. */
function hearingTimes(options: Required<InfectionOptions>): number[] {
  const { seed, nodes, mode, fanout, cycleMs } = options;
  const heardMs: number[] = [];
  const simulator = new Simulator<RumourMessage, "cycle">({
    seed,
    isTraced: false,
    network: { latency: { kind: "constant", ms: cycleMs / 1_000 } },
    onNote: ({ label, atMs }) => {
      if (label === "heard" && heardMs.push(atMs) === nodes) simulator.stop();
    },
  });
  const ids = Array.from({ length: nodes }, (_, i) => `n${i + 1}`);
  const rumour: Partial<RumourMongerOptions> = { mode, fanout, cycleMs };
  for (const id of ids) {
    simulator.add(id, RumourMonger, { peers: ids, options: { ...rumour, loss: "never" } });
  }
  simulator.run({ untilMs: cycleMs });
  simulator.inject("outside", "n1", { type: "tell", rumour: { id: "news", content: null } });
  simulator.run({ untilMs: 200 * cycleMs });
  return heardMs;
}
