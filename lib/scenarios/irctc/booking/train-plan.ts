/**
 * A train that can be booked: its stations in order, its coaches, and what each quota has of them.
 * The sizes of coaches are the railway's usual ones; the shares of quotas are assumptions.
 */
import { wholeInRange } from "../../../basics";

export const bookingQuotas = ["general", "tatkal", "ladies", "senior", "defence"] as const;
export type BookingQuota = (typeof bookingQuotas)[number];

export const berthTypes = ["lower", "middle", "upper", "side lower", "side upper"] as const;
export type BerthType = (typeof berthTypes)[number];

export type TravelClass = "SL" | "3A" | "2A" | "1A";

export interface TrainPlan {
  /** Codes of the stops in the order of travel, 2 to 64. */
  readonly stations: readonly string[];
  /** Kilometres from the first station to each. */
  readonly kmTo: readonly number[];
  readonly travelClass: TravelClass;
  readonly coaches: number;
  /** Berths of each quota; the general quota has the rest. */
  readonly quotas: Readonly<Record<Exclude<BookingQuota, "general">, number>>;
  /** Side lower berths of each quota that two passengers may sit on: its RAC, see layout.ts. */
  readonly racBerths: Readonly<Record<BookingQuota, number>>;
  /** Tickets that may wait under each quota; who comes later is refused. */
  readonly waitingLimits: Readonly<Record<BookingQuota, number>>;
  /** An unpaid ticket is let go so long after its booking, in ms. */
  readonly holdMs: number;
  /** Times in ms, by the clock of the servers. */
  readonly departsMs: number;
  readonly tatkalOpensMs: number;
}

export interface TrainPlanOptions {
  readonly stations: readonly string[];
  /** Default: 100 km from one stop to the next. */
  readonly kmTo?: readonly number[];
  /** Default "SL". */
  readonly travelClass?: TravelClass;
  /** 1 to 30; default 2. */
  readonly coaches?: number;
  /**
   * Berths; default 30 % tatkal, 6 % ladies, 6 % senior, 3 % defence, rounded down. Of 1A no
   * tatkal: the railway sells none there.
   */
  readonly quotas?: Partial<TrainPlan["quotas"]>;
  /**
   * Reservation against cancellation; a number is the general quota's. Default: one side lower
   * berth in three bays for general, none in a class without them, none for other quotas. Tatkal
   * has no RAC.
   */
  readonly racBerths?: number | Partial<TrainPlan["racBerths"]>;
  /** Default: 100 general, 50 tatkal, 10 each of the others. */
  readonly waitingLimits?: Partial<TrainPlan["waitingLimits"]>;
  /** Default 5 minutes. */
  readonly holdMs?: number;
  /** Default: four days after time 0. */
  readonly departsMs?: number;
  /** Default 0: tatkal is open from the beginning. */
  readonly tatkalOpensMs?: number;
}

/** A bay (or a cabin) of each class, in the order of the numbers of its berths. */
const bays: Readonly<Record<TravelClass, { readonly types: string; readonly perCoach: number }>> = {
  SL: { types: "l m u l m u L U", perCoach: 9 },
  "3A": { types: "l m u l m u L U", perCoach: 8 },
  "2A": { types: "l u l u L U", perCoach: 8 },
  "1A": { types: "l u l u", perCoach: 6 },
};
const typeOfLetter: Readonly<Record<string, BerthType>> = {
  ...{ l: "lower", m: "middle", u: "upper", L: "side lower", U: "side upper" },
};

export function bayOf(travelClass: TravelClass): readonly BerthType[] {
  return bays[travelClass].types.split(" ").map((letter) => typeOfLetter[letter] as BerthType);
}

export function baysPerCoach(travelClass: TravelClass): number {
  return bays[travelClass].perCoach;
}

export function berthsOfPlan({ travelClass, coaches }: TrainPlan): number {
  return coaches * baysPerCoach(travelClass) * bayOf(travelClass).length;
}

/** Throws a RangeError that names the option which is wrong. */
export function trainPlan(options: TrainPlanOptions): TrainPlan {
  const { stations, travelClass = "SL", coaches = 2 } = options;
  wholeInRange("the number of stations", stations.length, { min: 2, max: 64 });
  wholeInRange("coaches", coaches, { min: 1, max: 30 });
  if (!(travelClass in bays)) throw new RangeError(`there is no class "${travelClass}"`);
  const { kmTo = stations.map((_, stop) => 100 * stop) } = options;
  const berths = coaches * baysPerCoach(travelClass) * bayOf(travelClass).length;
  const share = (part: number): number => Math.floor(part * berths);
  const quotas = {
    ...{ tatkal: travelClass === "1A" ? 0 : share(0.3), ladies: share(0.06) },
    ...{ senior: share(0.06), defence: share(0.03) },
    ...options.quotas,
  };
  const isSided = bayOf(travelClass).includes("side lower");
  const sides = isSided ? coaches * baysPerCoach(travelClass) : 0;
  const racBerths = racOf(options.racBerths, sides);
  const total = (counts: object): number =>
    (Object.values(counts) as number[]).reduce((sum, count) => sum + count, 0);
  const most = berths - total(racBerths);
  wholeInRange("the berths of all quotas", total(quotas), { min: 0, max: most });
  const limits = { general: 100, tatkal: 50, ladies: 10, senior: 10, defence: 10 };
  return {
    ...{ stations, kmTo, travelClass, coaches, quotas, racBerths },
    waitingLimits: { ...limits, ...options.waitingLimits },
    holdMs: options.holdMs ?? 300_000,
    departsMs: options.departsMs ?? 4 * 86_400_000,
    tatkalOpensMs: options.tatkalOpensMs ?? 0,
  };
}

function racOf(asked: TrainPlanOptions["racBerths"], sides: number): TrainPlan["racBerths"] {
  const given = typeof asked === "object" ? asked : { general: asked ?? Math.floor(sides / 3) };
  const racBerths = { general: 0, tatkal: 0, ladies: 0, senior: 0, defence: 0, ...given };
  if (racBerths.tatkal !== 0) throw new RangeError("racBerths: tatkal has no RAC");
  const all = bookingQuotas.reduce((sum, quota) => sum + racBerths[quota], 0);
  wholeInRange("racBerths", all, { min: 0, max: sides });
  return racBerths;
}
