/** What one seed of a PBFT storm draws: a whole experiment, as plain data. */
import { Random } from "../../../basics";
import type { RandomFaultOptions } from "../../../hosts";
import type { NodeId } from "../../../protocol";
import { behaviourNames } from "../adversaries";
import type { PbftBehaviour } from "../adversaries";
import type { PbftOptions } from "../options";
import { faultsOf } from "../rules";

/** A replica that lies, and how. */
export interface Turncoat {
  readonly replica: NodeId;
  readonly behaviours: readonly PbftBehaviour[];
}

export interface PbftStormPlan {
  readonly seed: number;
  /** 4 or 7. */
  readonly replicas: number;
  readonly clients: number;
  readonly operationsEach: number;
  /** A client's pause between operations. */
  readonly thinkMs: number;
  readonly machine: "kv" | "payments";
  readonly options: Partial<PbftOptions>;
  readonly turncoats: readonly Turncoat[];
  /** How late slow adversaries are. */
  readonly delayMs: number;
  /** One way; drawn evenly from 1 to this, in ms. */
  readonly maxLatencyMs: number;
  readonly faultsMs: number;
  readonly faults: Omit<RandomFaultOptions, "seed" | "names" | "untilMs">;
  /** When the faults end the adversaries go on lying, or are gone. */
  readonly liesGoOn: boolean;
}

export function planOf(seed: number, changes: Partial<PbftStormPlan> = {}): PbftStormPlan {
  const random = new Random(seed, 310);
  const replicas = changes.replicas ?? random.pick([4, 4, 7]);
  const requestTimeoutMs = random.pick([120, 250]);
  const checkpointEvery = random.pick([2, 4, 10]);
  const options: Partial<PbftOptions> = {
    authentication: random.pick(["signatures", "macs"] as const),
    checkpointEvery,
    watermarkWindow: checkpointEvery * random.pick([1, 2, 3]),
    maxBatchRequests: random.pick([1, 2, 64]),
    maxInFlight: random.pick([1, 4]),
    statePageLength: random.pick([40, 16_384]),
    requestTimeoutMs,
    maxTimeoutMs: 4 * requestTimeoutMs,
    statusMs: 50,
    // Without it a replica that missed the last request learns of it from the next one.
    heartbeatMs: 200,
  };
  return {
    seed,
    replicas,
    clients: 3,
    operationsEach: 12,
    thinkMs: random.pick([0, 20, 60]),
    machine: random.chance(0.8) ? "kv" : "payments",
    turncoats: drawTurncoats(random, replicas),
    delayMs: random.pick([20, 100, 400]),
    maxLatencyMs: random.pick([2, 8, 20]),
    faultsMs: 2_500,
    faults: drawFaults(random),
    liesGoOn: random.chance(0.7),
    ...changes,
    options: { ...options, ...changes.options },
  };
}

/** Up to f of them; the first primary is among them for every second seed. */
function drawTurncoats(random: Random, replicas: number): Turncoat[] {
  const ids = replicaNames(replicas);
  const f = faultsOf(replicas);
  const isPrimaryFaulty = random.chance(0.5);
  const rest = random.shuffle(ids.slice(1));
  const count = random.chance(0.85) ? f : random.below(f + 1);
  const chosen = (isPrimaryFaulty ? ["n1", ...rest] : rest).slice(0, count);
  const isPlot = random.chance(0.5);
  const common = drawBehaviours(random);
  return chosen.map((replica) => {
    return { replica, behaviours: isPlot ? common : drawBehaviours(random) };
  });
}

/** One to four, in the order of the table, where what delays comes last. */
function drawBehaviours(random: Random): PbftBehaviour[] {
  const names = random.shuffle(behaviourNames).slice(0, 1 + random.below(4));
  return inOrder(names);
}

const timing: readonly PbftBehaviour[] = ["dawdling", "slow", "silent"];

/** What delays or swallows messages does it to what the other behaviours have made of them. */
export function inOrder(names: readonly PbftBehaviour[]): PbftBehaviour[] {
  const place = (name: PbftBehaviour): number => {
    return timing.includes(name) ? 100 + timing.indexOf(name) : behaviourNames.indexOf(name);
  };
  return [...names].sort((left, right) => place(left) - place(right));
}

export function replicaNames(replicas: number): NodeId[] {
  return Array.from({ length: replicas }, (_, i) => `n${i + 1}`);
}

function drawFaults(random: Random): PbftStormPlan["faults"] {
  return {
    omitRate: 0.5,
    crash: { everyMs: 600, minMs: 5, maxMs: 700, disk: random.pick(["kept", "torn"] as const) },
    pause: { everyMs: 800, minMs: 10, maxMs: 600 },
    partition: { everyMs: 700, minMs: 30, maxMs: 900, ringRate: 0.2 },
    network: {
      ...{ everyMs: 500, minMs: 100, maxMs: 900, maxLossRate: 0.3, maxDuplicateRate: 0.5 },
      maxReorderRate: 0.3,
    },
    clog: { everyMs: 900, minMs: 20, maxMs: 600 },
    jumpClock: { everyMs: 1_500, maxJumpMs: 10_000 },
  };
}
