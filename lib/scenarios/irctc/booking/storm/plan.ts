/** What one seed of a booking storm draws: a whole experiment, as plain data. */
import { Random } from "../../../../basics";
import type { RandomFaultOptions } from "../../../../hosts";
import type { Wish } from "../client";
import type { Passenger } from "../commands";
import type { GatewayOptions } from "../gateway";
import { trainPlan } from "../train-plan";
import type { BookingQuota, TrainPlan } from "../train-plan";

export interface BookingStormPlan {
  readonly seed: number;
  /** Raft groups of three servers. */
  readonly shards: number;
  readonly trains: Readonly<Record<string, TrainPlan>>;
  /** What each client wants, one after the other. */
  readonly wishes: readonly (readonly Wish[])[];
  readonly thinkMs: number;
  /** Whether tickets end by their passengers' wish alone, so that a sequential model can follow. */
  readonly isJudgedInOrder: boolean;
  /** When the charts are prepared; null: never. */
  readonly chartAtMs: number | null;
  readonly gateway: GatewayOptions;
  readonly faultsMs: number;
  readonly maxLatencyMs: number;
  readonly diskMs: number;
  readonly maxSkewMs: number;
  readonly snapshotEvery: number;
  readonly faults: Omit<RandomFaultOptions, "seed" | "names" | "untilMs">;
}

const quotas: readonly BookingQuota[] = ["general", "general", "general", "tatkal", "ladies"];

export function planOf(seed: number, changes: Partial<BookingStormPlan> = {}): BookingStormPlan {
  const random = new Random(seed, 120);
  const shards = random.chance(0.25) ? 2 : 1;
  const isJudgedInOrder = changes.isJudgedInOrder ?? random.chance(0.3);
  const names = Array.from({ length: shards }, (_, i) => `1200${1 + 4 * i}|2026-01-12|1A`);
  const trains = Object.fromEntries(
    names.map((name) => [name, drawTrain(random, isJudgedInOrder)]),
  );
  const chartAtMs = !isJudgedInOrder && random.chance(0.3) ? random.between(1_000, 4_000) : null;
  const isCharted = (changes.chartAtMs ?? chartAtMs) !== null;
  const clients = 4;
  const wishes = Array.from({ length: clients }, (_, i) => {
    const first = isCharted && i < 3 ? names.flatMap((name) => groups(name, i < 2)) : [];
    const own = Array.from({ length: 10 }, () => drawWish(random, names, isJudgedInOrder));
    return [...first, ...own];
  });
  return {
    ...{ seed, shards, trains, wishes, isJudgedInOrder, chartAtMs },
    thinkMs: random.pick([0, 50, 150]),
    gateway: {
      answerMs: isJudgedInOrder ? 20 : random.pick([10, 100, 400]),
      declineRate: isJudgedInOrder ? 0 : 0.1,
      loseRate: random.pick([0, 0.2]),
      repeatRate: 0.3,
    },
    faultsMs: 4_000,
    maxLatencyMs: 6,
    diskMs: random.chance(0.3) ? random.between(0.1, 2) : 0,
    maxSkewMs: random.pick([0, 500, 3_600_000]),
    snapshotEvery: random.pick([20, 100]),
    faults: {
      omitRate: 0.4,
      crash: { everyMs: 600, minMs: 10, maxMs: 700, disk: random.pick(["kept", "torn"] as const) },
      pause: { everyMs: 1_000, minMs: 10, maxMs: 500 },
      partition: { everyMs: 900, minMs: 50, maxMs: 700 },
      network: { everyMs: 900, minMs: 100, maxMs: 900, maxLossRate: 0.3, maxDuplicateRate: 0.5 },
      clog: { everyMs: 1_500, minMs: 50, maxMs: 600 },
      jumpClock: { everyMs: 2_000, maxJumpMs: 2_000 },
    },
    ...changes,
  };
}

/** So few berths that most of them are fought for. */
function drawTrain(random: Random, isJudgedInOrder: boolean): TrainPlan {
  const stations = ["MMCT", "BRC", "KOTA", "NDLS"];
  if (isJudgedInOrder) {
    const limits = { general: 0, tatkal: 0, ladies: 0, senior: 0, defence: 0 };
    const own = { tatkal: 2, ladies: 2, senior: 0, defence: 17 };
    return trainPlan({
      ...{ stations, coaches: 1, travelClass: "1A", holdMs: 10 ** 9, departsMs: 10 ** 12 },
      ...{ quotas: own, waitingLimits: limits },
    });
  }
  return trainPlan({
    ...{ stations, coaches: 1, travelClass: "2A", departsMs: 10 ** 12 },
    holdMs: random.pick([200, 800, 2_000]),
    quotas: { tatkal: 2, ladies: 2, senior: 10, defence: 28 },
    racBerths: random.pick([0, 2, { general: 2, ladies: 1 }]),
    waitingLimits: { general: 8, tatkal: 3, ladies: 2 },
  });
}

/** They leave so few berths to the chart that lists compete for them. */
function groups(departure: string, isDefence: boolean): Wish[] {
  const passengers = isDefence
    ? new Array(6).fill({ ...man, isDefence })
    : new Array(5).fill(oldMan);
  const quota = isDefence ? "defence" : "senior";
  const wish: Wish = { departure, from: 0, to: 3, quota, passengers: passengers as Passenger[] };
  return [wish, wish];
}

const woman = { age: 30, gender: "F" } as const;
const man = { age: 30, gender: "M" } as const;
const oldMan = { age: 70, gender: "M" } as const;

function drawWish(random: Random, names: readonly string[], isJudgedInOrder: boolean): Wish {
  const from = random.below(3);
  const to = from + 1 + random.below(3 - from);
  const quota = random.pick(quotas);
  const passenger = quota === "ladies" || random.chance(0.5) ? woman : random.pick([man, oldMan]);
  const passengers = new Array<Passenger>(1 + random.below(3)).fill(passenger);
  const cancelAfterMs = random.chance(isJudgedInOrder ? 0.6 : 0.4) ? random.below(400) : undefined;
  const departure = random.pick(names);
  const wish = { departure, from, to, quota, passengers };
  return cancelAfterMs === undefined ? wish : { ...wish, cancelAfterMs };
}
