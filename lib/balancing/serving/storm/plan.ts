/** What one seed of a balancing storm draws: a whole experiment, as plain data. */
import { Random } from "../../../basics";
import { groupActions, momentsOf, randomFaults } from "../../../hosts";
import type { GroupAction, RandomFaultOptions } from "../../../hosts";
import type { BalancingMessage, ServerMode } from "../messages";
import type { BalancedServerOptions, BalancerOptions, RequestClientOptions } from "../options";
import { policyNames } from "../../policies/policy-names";

export type BalancingAction = GroupAction<BalancingMessage>;

export interface BalancingPlan {
  readonly seed: number;
  /** Servers of the pool, and one more that operators add on the way. */
  readonly servers: readonly string[];
  readonly added: string;
  readonly balancers: readonly string[];
  readonly clients: readonly string[];
  readonly balancer: Partial<BalancerOptions>;
  readonly server: Partial<BalancedServerOptions>;
  readonly client: Partial<RequestClientOptions>;
  /** How long the faults last. */
  readonly faultsMs: number;
  readonly maxLatencyMs: number;
  readonly faults: Omit<RandomFaultOptions, "seed" | "names" | "untilMs">;
  /** Modes that servers fall into, and how often one does, in ms. */
  readonly modes: readonly ServerMode[];
  readonly modesEveryMs: number;
  /** How often operators change the pool, in ms. */
  readonly changesEveryMs: number;
}

/** Within so long all that is healed has to be back: the longest ejection, checks and the ramp. */
export const backMs = 6_000;

export function planOf(seed: number, changes: Partial<BalancingPlan> = {}): BalancingPlan {
  const random = new Random(seed, 80);
  const count = random.pick([3, 4, 6]);
  return {
    seed,
    servers: Array.from({ length: count }, (_, at) => `n${at + 1}`),
    added: `n${count + 1}`,
    balancers: random.pick([["b1"], ["b1", "b2"]]),
    clients: ["c1", "c2", "c3"],
    server: { serviceMs: random.pick([2, 6]), slots: 4, maxQueue: random.pick([2, 16]) },
    client: { requests: null, everyMs: 16, answerMs: 1_500, onceEvery: 4, keys: 20 },
    faultsMs: 4_000,
    maxLatencyMs: random.pick([2, 6]),
    faults: {
      omitRate: 0.4,
      crash: { everyMs: 900, minMs: 50, maxMs: 1_500 },
      pause: { everyMs: 900, minMs: 20, maxMs: 600 },
      slow: { everyMs: 1_500, minMs: 100, maxMs: 900, maxFactor: 20 },
      partition: { everyMs: 1_500, minMs: 50, maxMs: 900 },
      network: { everyMs: 1_200, minMs: 100, maxMs: 900, maxLossRate: 0.3, maxDuplicateRate: 0.4 },
      clog: { everyMs: 1_500, minMs: 50, maxMs: 500 },
    },
    modes: random.shuffle(["failing", "sick", "slow", "silent"] as const).slice(0, 3),
    modesEveryMs: random.pick([500, 1_200]),
    changesEveryMs: random.pick([800, 2_500]),
    ...changes,
    balancer: { ...balancerOf(random), ...changes.balancer },
  };
}

function balancerOf(random: Random): Partial<BalancerOptions> {
  const intervalMs = random.pick([100, 200]);
  return {
    policy: random.pick(policyNames),
    attemptMs: 200,
    maxAttempts: random.pick([2, 3, 5]),
    rampMs: 100,
    budget: {
      share: random.pick([0.05, 0.2]),
      minPerSecond: random.pick([0, 1, 5]),
      ttlMs: 2_000,
    },
    health: {
      active: { intervalMs, timeoutMs: 60, rise: random.pick([1, 2]), fall: random.pick([2, 3]) },
      outliers: {
        consecutiveErrors: random.pick([3, 5]),
        consecutiveGateways: random.pick([0, 3]),
        intervalMs: 250,
        baseEjectionMs: 400,
        maxEjectionMs: 1_500,
        maxEjectedShare: random.pick([0.1, 0.34, 0.5]),
        successRateRequests: 20,
        minimumServers: 3,
        failureShare: random.pick([0, 0.85]),
        failureShareRequests: 10,
      },
      circuit: { window: 10, minimumCalls: random.pick([5, 8]), openMs: 300, probes: 2 },
      slowStart: { windowMs: random.pick([0, 500]) },
      panicShare: random.pick([0, 0.5]),
    },
  };
}

/** All that befalls the system, in the order of time. */
export function actionsOf(plan: BalancingPlan): BalancingAction[] {
  const { seed, faultsMs: untilMs, servers, added, balancers, clients, faults } = plan;
  const names = [...servers, added, ...balancers, ...clients];
  const struck = randomFaults({ ...faults, seed, names, untilMs });
  return groupActions(struck, [...modesOf(plan), ...poolChangesOf(plan)]);
}

function modesOf({ seed, servers, modes, modesEveryMs, faultsMs }: BalancingPlan) {
  const random = new Random(seed, 81);
  return momentsOf(random, modesEveryMs, faultsMs).map((atMs): BalancingAction => {
    const mode = random.chance(0.3) ? "well" : random.pick(modes);
    return { kind: "tell", atMs, to: random.pick(servers), message: { type: "mode", mode } };
  });
}

/** Only the first two are ever drained: somebody has to be left. */
function poolChangesOf({
  seed,
  servers,
  added,
  balancers,
  changesEveryMs,
  faultsMs,
}: BalancingPlan) {
  const random = new Random(seed, 82);
  return momentsOf(random, changesEveryMs, faultsMs).map((atMs): BalancingAction => {
    const type = random.pick(["drain", "keep", "add"] as const);
    const server = type === "add" ? added : random.pick(servers.slice(0, 2));
    return { kind: "tell", atMs, to: random.pick(balancers), message: { type, server } };
  });
}
