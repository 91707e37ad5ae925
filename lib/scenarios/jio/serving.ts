/** One balancer, its servers and a crowd in the simulator, message by message. */
import { inRange, wholeInRange } from "../../basics";
import { BalancedServer, Balancer, RequestClient } from "../../balancing";
import type { BalancedServerOptions, BalancerOptions, BalancingMessage } from "../../balancing";
import type { BalancingTimer, ServerMode } from "../../balancing";
import { Simulator } from "../../hosts";
import type { Trace } from "../../protocol";

export interface SimulatedServing {
  readonly seed: number;
  /** n1 and so on; 1 to 100. */
  readonly servers: number;
  /** Requests of c1, and the time between two in the mean. */
  readonly requests: number;
  readonly everyMs: number;
  readonly untilMs: number;
  readonly balancer?: Partial<BalancerOptions>;
  readonly server?: Partial<BalancedServerOptions>;
  /** From when on servers fare how; default: all are well. */
  readonly modes?: readonly ServerChange[];
  /** What `answered` is counted in; default 500 ms. */
  readonly stepMs?: number;
  /** One way; default 0.5 ms. */
  readonly latencyMs?: number;
  readonly isTraced?: boolean;
}

export interface ServerChange {
  readonly atMs: number;
  /** Default: all. */
  readonly server?: string;
  readonly mode: ServerMode;
}

export interface ServingRun {
  /** By step: answers a second. */
  readonly answered: readonly number[];
  /** Requests that servers have worked on, those too that nobody waited for. */
  readonly worked: number;
  readonly trace: Trace<BalancingMessage, BalancingTimer>;
}

/** Throws a RangeError for options that are wrong. */
export function simulateServing(options: SimulatedServing): ServingRun {
  const { seed, everyMs, requests, untilMs, stepMs = 500, latencyMs = 0.5, modes = [] } = options;
  wholeInRange("servers", options.servers, { min: 1, max: 100 });
  inRange("stepMs", stepMs, { min: 1, max: 1e9 });
  const answered = Array<number>(Math.ceil(untilMs / stepMs)).fill(0);
  let worked = 0;
  const simulator = new Simulator<BalancingMessage, BalancingTimer>({
    ...{ seed, isTraced: options.isTraced ?? false },
    network: { latency: { kind: "constant", ms: latencyMs } },
    onNote: ({ label, atMs }) => {
      if (label === "worked") worked++;
      const step = Math.floor(atMs / stepMs);
      if (label === "ok" && step < answered.length) answered[step] += 1_000 / stepMs;
    },
  });
  const names = Array.from({ length: options.servers }, (_, at) => `n${at + 1}`);
  const { server = {}, balancer = {} } = options;
  for (const id of names) simulator.add(id, BalancedServer, { peers: [], options: server });
  simulator.add("b1", Balancer, { peers: names, options: balancer });
  simulator.add("c1", RequestClient, { peers: ["b1"], options: { requests, everyMs } });
  for (const { atMs, server: only, mode } of modes) {
    simulator.run({ untilMs: atMs });
    for (const id of only === undefined ? names : [only]) {
      simulator.inject("operator", id, { type: "mode", mode });
    }
  }
  simulator.run({ untilMs });
  return { answered, worked, trace: simulator.trace };
}

/** A balancer that believes in its servers whatever they do: to see what retries alone do. */
export const credulous = {
  outliers: { consecutiveErrors: 0, successRateFactor: 0 },
  active: { fall: 1_000 },
  circuit: { window: 10_000, minimumCalls: 10_000 },
} as const;
