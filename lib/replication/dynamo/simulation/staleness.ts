/**
 * How stale reads of a partial quorum are: the chance that a read, begun some time after a write
 * was acknowledged, misses it; by a model of message delays alone, and measured in the simulator.
 *
 * Source: P. Bailis et al., "Probabilistically bounded staleness for practical partial quorums",
 * VLDB 2012, section 4 (the model W, A, R, S). Ours has coordinators that are replicas themselves,
 * as Dynamo's are: the write's and the read's are two different owners, and their own delay is 0.
 */
import { Random, inRange, wholeInRange, withDefaults } from "../../../basics";
import type { Latency } from "../../../hosts";
import { DynamoCluster } from "./cluster";

export interface StalenessOptions {
  /** Any whole number; default 1. */
  readonly seed?: number;
  /** N, R and W; default 3, 1, 1. */
  readonly replicas?: number;
  readonly readQuorum?: number;
  readonly writeQuorum?: number;
  /** One way between two nodes: `minMs`, and an exponential tail of this mean; default 1 and 9. */
  readonly minMs?: number;
  readonly tailMs?: number;
  /** From the acknowledgement to the read, in ms; default 0 to 60. */
  readonly afterMs?: readonly number[];
  /** Pairs of a write and a read for each of them, 10 to a million; default 2,000. */
  readonly trials?: number;
}

export interface StalenessRow {
  readonly afterMs: number;
  /** Chances of a stale read, 0 to 1: the model's, and the simulator's. */
  readonly predicted: number;
  readonly measured: number;
  /** Three standard deviations of the difference that chance alone makes. */
  readonly band: number;
}

type Model = Required<Omit<StalenessOptions, "afterMs">>;

const defaults: Required<StalenessOptions> = {
  ...{ seed: 1, replicas: 3, readQuorum: 1, writeQuorum: 1 },
  ...{ minMs: 1, tailMs: 9, trials: 2_000 },
  afterMs: [0, 2, 5, 10, 15, 20, 30, 40, 60],
};

/** Throws a RangeError that names the option that is wrong. */
export function stalenessCurve(options: StalenessOptions = {}): StalenessRow[] {
  const { afterMs, ...model } = checked(options);
  const modelTrials = Math.max(model.trials, 20_000);
  return afterMs.map((t) => {
    inRange("afterMs", t, { min: 0, max: 60_000 });
    const predicted = predictedStaleness({ ...model, trials: modelTrials }, t);
    const measured = measuredStaleness(model, t);
    const variance = predicted * (1 - predicted);
    const band = 3 * Math.sqrt(variance / model.trials + variance / modelTrials);
    return { afterMs: t, predicted, measured, band };
  });
}

function checked(given: StalenessOptions): Required<StalenessOptions> {
  const options = withDefaults<Required<StalenessOptions>>("stalenessCurve", defaults, given);
  const { replicas, readQuorum, writeQuorum, minMs, tailMs, trials } = options;
  wholeInRange("replicas", replicas, { min: 2, max: 9 });
  wholeInRange("readQuorum", readQuorum, { min: 1, max: replicas });
  wholeInRange("writeQuorum", writeQuorum, { min: 1, max: replicas });
  inRange("minMs", minMs, { min: 0, max: 1_000 });
  inRange("tailMs", tailMs, { min: 0, max: 1_000 });
  wholeInRange("trials", trials, { min: 10, max: 1_000_000 });
  return options;
}

/** Section 4.1: draws the delays of one write and one read, many times. */
function predictedStaleness(model: Model, afterMs: number): number {
  const random = new Random(model.seed, 7);
  let stale = 0;
  for (let i = 0; i < model.trials; i++) if (isStale(model, afterMs, random)) stale++;
  return stale / model.trials;
}

/** Owner 0 coordinates the write, owner 1 the read. */
function isStale(model: Model, afterMs: number, random: Random): boolean {
  const { replicas, readQuorum, writeQuorum, minMs, tailMs } = model;
  const delay = (): number => minMs + random.exponential(tailMs);
  const writes = Array.from({ length: replicas }, (_, i) => (i === 0 ? 0 : delay()));
  const acks = writes.map((write, i) => (i === 0 ? 0 : write + delay())).sort(ascending);
  const readMs = acks[writeQuorum - 1] + afterMs;
  const reads = writes.map((write, i) => {
    const askedMs = i === 1 ? 0 : delay();
    const answeredMs = i === 1 ? 0 : askedMs + delay();
    return { answeredMs, hasIt: write <= readMs + askedMs };
  });
  reads.sort((left, right) => left.answeredMs - right.answeredMs);
  return reads.slice(0, readQuorum).every(({ hasIt }) => !hasIt);
}

function ascending(left: number, right: number): number {
  return left - right;
}

/**
 * As many keys as trials on nodes that are all owners: one client writes each through n1, another
 * one reads it through n2 so long after the acknowledgement.
 */
function measuredStaleness(model: Model, afterMs: number): number {
  const { seed, replicas, readQuorum, writeQuorum, trials, minMs, tailMs } = model;
  const latency: Latency = { kind: "exponential", minMs, tailMs };
  const links = [
    { from: ["c1", "c2"], latency: { kind: "constant" as const, ms: 0 } },
    { to: ["c1", "c2"], latency: { kind: "constant" as const, ms: 0 } },
  ];
  const rareMs = 1e7;
  let stale = 0;
  let acknowledged = false;
  const cluster = new DynamoCluster({
    seed: seed + Math.round(1_000 * afterMs),
    servers: replicas,
    // Nothing but the write itself may bring the value to the other owners.
    options: {
      replicas,
      readQuorum,
      writeQuorum,
      readRepair: "none",
      partitions: 1,
      replyMs: 60_000,
      gossipMs: rareMs,
      antiEntropyMs: rareMs,
      handOffMs: rareMs,
    },
    simulator: { network: { latency, links } },
    onNote: ({ node, label, detail }) => {
      if (label !== "ok") return;
      if (node === "c1") acknowledged = true;
      else if ((detail as { value: unknown[] }).value.length === 0) stale++;
      cluster.stop();
    },
  });
  cluster.addClient("c1", { server: "n1" });
  cluster.addClient("c2", { server: "n2" });
  for (let trial = 0; trial < trials; trial++) {
    acknowledged = false;
    cluster.submit("c1", { op: "put", key: `k${trial}`, value: trial });
    while (!acknowledged) cluster.run(cluster.nowMs + 60_000);
    cluster.run(cluster.nowMs + afterMs);
    cluster.submit("c2", { op: "get", key: `k${trial}` });
    cluster.run(cluster.nowMs + 60_000);
    cluster.run(cluster.nowMs + 20 * (minMs + tailMs));
  }
  return stale / trials;
}
