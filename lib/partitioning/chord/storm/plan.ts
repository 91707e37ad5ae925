/** What a seed draws for a storm over Chord: plain data. */
import { Random } from "../../../basics";
import { at, crash, groupActions, heal, networkRates, partition, restart } from "../../../hosts";
import type { GroupAction, ScheduledFault } from "../../../hosts";
import type { NodeId } from "../../../protocol";
import type { ChordMessage } from "../messages";
import type { ChordOptions } from "../options";

/**
 * "churn": nodes join, leave and fail for good, up to r - 1 within one repair, and nothing is taken
 * for failed that is not: Zave's assumptions, under which her invariants hold after every event.
 * "returns": so they do when those that have failed soon start again. "loss": messages are lost as
 * well, so that living nodes are taken for failed; what holds of the ring, holds in the end.
 * "split", which no seed draws: the network falls into two halves for `splitMs`, and nothing else
 * happens. That is beyond what Chord promises: two rings stay two when the network is whole again.
 */
export type ChordWeather = "churn" | "returns" | "loss" | "split";

export interface ChordStormPlan {
  readonly seed: number;
  readonly weather: ChordWeather;
  /** Of the first ring: n1, n2... */
  readonly founders: number;
  /** Told to join later: the next names. */
  readonly joiners: number;
  /** Bursts of failures and leaves. */
  readonly bursts: number;
  /** Of the weather "split", from 500 ms on. */
  readonly splitMs: number;
  readonly options: Partial<ChordOptions>;
}

/** Round trips take up to 20 ms: a node that lives has answered in time, if nothing is lost. */
export const stormOptions = {
  ...{ successors: 3, stabilizeMs: 100, fingerMs: 150, repairMs: 200, timeoutMs: 21 },
} as const;

/**
 * From one burst to the next all lists must be right again: a dead node goes out of the r places of
 * a list one stabilisation after the other; and all copies must be made again.
 */
const burstMs = 2_500;
/** After the last burst: lookups that have to be right. */
const calmMs = 4_000;

export function planOf(seed: number, fixed: Partial<ChordStormPlan> = {}): ChordStormPlan {
  const random = new Random(seed, 210);
  const drawn = {
    seed,
    weather: random.pick(["churn", "churn", "returns", "loss"] as const),
    founders: 6 + random.below(4),
    joiners: random.below(7),
    bursts: 2 + random.below(4),
    splitMs: 2_000,
    options: stormOptions,
  };
  return { ...drawn, ...fixed };
}

export function namesOf(plan: ChordStormPlan): NodeId[] {
  return Array.from({ length: plan.founders + plan.joiners }, (_, i) => `n${i + 1}`);
}

export function faultsEndMs({ bursts }: ChordStormPlan): number {
  return 500 + bursts * burstMs + calmMs;
}

type Action = GroupAction<ChordMessage>;

/** In the order of time. */
export function actionsOf(plan: ChordStormPlan): Action[] {
  const random = new Random(plan.seed, 211);
  const joins = joinsOf(plan, random);
  const failures = burstsOf(plan, joins, random);
  const told = [...failures.told, ...tellJoins(plan, joins, random), ...requestsOf(plan, random)];
  return groupActions([...failures.faults, ...weatherOf(plan)], told);
}

interface Arrival {
  readonly id: NodeId;
  readonly atMs: number;
}

function joinsOf(plan: ChordStormPlan, random: Random): Arrival[] {
  return namesOf(plan)
    .slice(plan.founders)
    .map((id) => {
      const anytimeMs = random.between(0, plan.bursts * burstMs);
      const burst = random.below(plan.bursts);
      // Half of them in the middle of a burst of failures.
      const burstingMs = 500 + burst * burstMs + random.between(-100, 300);
      return { id, atMs: Math.ceil(random.chance(0.5) ? anytimeMs : burstingMs) };
    });
}

/** Through any of the founders: those that still live know. */
function tellJoins(plan: ChordStormPlan, joins: readonly Arrival[], random: Random): Action[] {
  const founders = namesOf(plan).slice(0, plan.founders);
  return joins.flatMap(({ id: to, atMs }) =>
    random.shuffle(founders).map((through): Action => {
      return { kind: "tell", atMs, to, message: { type: "join", through } };
    }),
  );
}

/** At most r - 1 nodes fail or leave in a burst, and r + 1 are left at least. */
function burstsOf(plan: ChordStormPlan, joins: readonly Arrival[], random: Random) {
  const r = plan.options.successors ?? stormOptions.successors;
  const isBack = plan.weather === "returns";
  const faults: ScheduledFault[] = [];
  const told: Action[] = [];
  const gone = new Set<NodeId>();
  if (plan.weather === "split") return { faults: splitOf(plan, random), told };
  for (let burst = 0; burst < plan.bursts; burst++) {
    const startMs = 500 + burst * burstMs;
    const settled = joins.filter(({ atMs }) => atMs + burstMs < startMs).map(({ id }) => id);
    const living = [...namesOf(plan).slice(0, plan.founders), ...settled].filter(
      (id) => !gone.has(id),
    );
    const most = Math.max(0, Math.min(r - 1, living.length - (r + 1)));
    for (const victim of random.shuffle(living).slice(0, random.below(most + 1))) {
      const atMs = startMs + Math.ceil(random.between(0, 300));
      if (isBack) {
        const backMs = atMs + Math.ceil(random.between(5, 800));
        faults.push(at(atMs, crash([victim])), at(backMs, restart([victim])));
        continue;
      }
      gone.add(victim);
      if (random.chance(0.5)) faults.push(at(atMs, crash([victim])));
      else told.push({ kind: "tell", atMs, to: victim, message: { type: "leave" } });
    }
  }
  return { faults, told };
}

/** Two halves that hear nothing of each other. */
function splitOf(plan: ChordStormPlan, random: Random): ScheduledFault[] {
  const names = random.shuffle(namesOf(plan));
  const half = names.length >> 1;
  const sides = [names.slice(0, half), names.slice(half)];
  return [at(500, partition(...sides)), at(500 + plan.splitMs, heal())];
}

/** Puts of new keys, gets of old ones, and lookups; in the calm, gets and lookups alone. */
function requestsOf(plan: ChordStormPlan, random: Random): Action[] {
  const names = namesOf(plan);
  const endMs = faultsEndMs(plan);
  const told: Action[] = [];
  let keys = 0;
  for (let atMs = 20; atMs < endMs; atMs += 20 + random.below(80)) {
    const kind = random.pick(["put", "get", "lookup"] as const);
    const isPut = kind === "put" && atMs < endMs - calmMs;
    const old = `key-${random.below(keys + 1)}`;
    const message = isPut
      ? ({ type: "put", key: `key-${keys++}`, value: told.length } as const)
      : kind === "lookup"
        ? ({ type: "lookup", place: random.uint32() } as const)
        : ({ type: "get", key: old } as const);
    told.push({ kind: "tell", atMs, to: random.pick(names), message });
  }
  return told;
}

function weatherOf(plan: ChordStormPlan): ScheduledFault[] {
  const untilMs = faultsEndMs(plan) - calmMs;
  const lossRate = new Random(plan.seed, 212).between(0, 0.05);
  const doubled = { duplicateRate: 0.1, reorderRate: 0.2, reorderFactor: 1 };
  const rates = plan.weather === "loss" ? { ...doubled, lossRate } : doubled;
  return [at(0, networkRates(rates)), at(untilMs, networkRates({}))];
}
