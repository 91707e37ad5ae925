/**
 * A train that can be booked: its stations in order, its coaches, and what each quota has of them.
 * The sizes of coaches are the railway's usual ones; the shares of quotas are assumptions.
 */
import { inRange, wholeInRange } from "../../../basics";

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
  const kmTo = kilometres(stations, options.kmTo);
  wholeInRange("coaches", coaches, { min: 1, max: 30 });
  if (!Object.keys(bays).includes(travelClass)) {
    throw new RangeError(`there is no class "${travelClass}"`);
  }
  const berths = coaches * baysPerCoach(travelClass) * bayOf(travelClass).length;
  const share = (part: number): number => Math.floor(part * berths);
  const shares = {
    ...{ tatkal: travelClass === "1A" ? 0 : share(0.3), ladies: share(0.06) },
    ...{ senior: share(0.06), defence: share(0.03) },
  };
  const isSided = bayOf(travelClass).includes("side lower");
  const sides = isSided ? coaches * baysPerCoach(travelClass) : 0;
  const racBerths = racOf(options.racBerths, sides);
  const quotas = counts("quotas", { ...shares, ...options.quotas }, berths - total(racBerths));
  const limits = { general: 100, tatkal: 50, ladies: 10, senior: 10, defence: 10 };
  const { waitingLimits, holdMs = 300_000, departsMs = 4 * 86_400_000 } = options;
  const { tatkalOpensMs = 0 } = options;
  inRange("holdMs", holdMs, { min: 1, max: Number.MAX_SAFE_INTEGER });
  inRange("departsMs", departsMs, { min: 0, max: Number.MAX_SAFE_INTEGER });
  inRange("tatkalOpensMs", tatkalOpensMs, { min: 0, max: Number.MAX_SAFE_INTEGER });
  return {
    ...{ stations, kmTo, travelClass, coaches, quotas, racBerths },
    waitingLimits: counts("waitingLimits", { ...limits, ...waitingLimits }, Infinity),
    ...{ holdMs, departsMs, tatkalOpensMs },
  };
}

/** To each station, of which no two have the same name. */
function kilometres(
  stations: readonly string[],
  given: readonly number[] | undefined,
): readonly number[] {
  if (!Array.isArray(stations)) throw new RangeError("stations must be a list of names");
  wholeInRange("the number of stations", stations.length, { min: 2, max: 64 });
  const isNamed = stations.every((name) => typeof name === "string" && name !== "");
  if (!isNamed || new Set(stations).size < stations.length) {
    throw new RangeError("stations must have names, each of its own");
  }
  const kmTo = given ?? stations.map((_, stop) => 100 * stop);
  const isGrowing = kmTo.every((km, stop) => stop === 0 || km > (kmTo[stop - 1] as number));
  if (kmTo.length === stations.length && kmTo[0] === 0 && isGrowing) return kmTo;
  throw new RangeError("kmTo must have a number for each station, from 0 on and growing");
}

function racOf(asked: TrainPlanOptions["racBerths"], sides: number): TrainPlan["racBerths"] {
  const given = typeof asked === "object" ? asked : { general: asked ?? Math.floor(sides / 3) };
  const none = { general: 0, tatkal: 0, ladies: 0, senior: 0, defence: 0 };
  const racBerths = counts("racBerths", { ...none, ...given }, sides);
  if (racBerths.tatkal !== 0) throw new RangeError("racBerths: tatkal has no RAC");
  return racBerths;
}

/** Whole numbers for quotas, and for nothing else; together at most `most`. */
function counts<Counts extends object>(option: string, given: Counts, most: number): Counts {
  for (const [quota, count] of Object.entries(given)) {
    if (!(bookingQuotas as readonly string[]).includes(quota)) {
      throw new RangeError(`${option}: there is no quota "${quota}"`);
    }
    wholeInRange(`${option}, ${quota},`, count as number, { min: 0, max: 1_000_000 });
  }
  if (total(given) <= most) return given;
  throw new RangeError(`${option} must be ${most} berths together at most: ${total(given)}`);
}

function total(counted: object): number {
  return (Object.values(counted) as number[]).reduce((sum, count) => sum + count, 0);
}
