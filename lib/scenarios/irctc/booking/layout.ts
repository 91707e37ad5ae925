/**
 * Where each berth of a train is, as sets of bits: by quota and by type, with eight numbers for
 * each bay, so that a bay is one byte of a set.
 */
import type { BerthSet } from "./berth-map";
import { bayOf, baysPerCoach, berthTypes, bookingQuotas } from "./train-plan";
import type { BerthType, BookingQuota, TrainPlan } from "./train-plan";

/** Follows from the plan alone; never changed. */
export interface Layout {
  /** Places for numbers: eight a bay, of which a smaller bay leaves some unused. */
  readonly places: number;
  readonly baysPerCoach: number;
  readonly bays: number;
  /** Berths that each quota may sell. */
  readonly ofQuota: Readonly<Record<BookingQuota, BerthSet>>;
  /** All berths of all quotas, without those that are split for RAC. */
  readonly all: BerthSet;
  readonly ofType: Readonly<Record<BerthType, BerthSet>>;
  /** "S1-17" by place; "" where no berth is. */
  readonly labels: readonly string[];
  /** Labels of the seats for RAC, two a berth: "S1-7a", "S1-7b". */
  readonly seatLabels: readonly string[];
  /** Seats for RAC that each quota may sell. */
  readonly seatsOf: Readonly<Record<BookingQuota, BerthSet>>;
  /** All seats for RAC. */
  readonly seats: BerthSet;
}

const coachLetter = { SL: "S", "3A": "B", "2A": "A", "1A": "H" } as const;

let latest: { readonly kind: string; readonly layout: Layout } | undefined;

/**
 * Quotas other than general have the last berths of the train; side lowers of the first coaches are
 * split for RAC, those of the general quota first. Trains of one kind that are asked for one after
 * the other share their layout: that of a thousand trains would be most of what they take up.
 */
export function layoutOf(plan: TrainPlan): Layout {
  const { travelClass, coaches, quotas, racBerths } = plan;
  const kind = JSON.stringify([travelClass, coaches, quotas, racBerths]);
  if (latest?.kind !== kind) latest = { kind, layout: newLayout(plan) };
  return latest.layout;
}

function newLayout(plan: TrainPlan): Layout {
  const bay = bayOf(plan.travelClass);
  const perCoach = baysPerCoach(plan.travelClass);
  const bays = plan.coaches * perCoach;
  const words = Math.ceil((bays * 8) / 32);
  const set = (): BerthSet => new Int32Array(words);
  const labels = new Array<string>(bays * 8).fill("");
  const ofType = Object.fromEntries(berthTypes.map((type) => [type, set()])) as Layout["ofType"];
  const racLabels: string[] = [];
  const racBerths = bookingQuotas.reduce((sum, quota) => sum + plan.racBerths[quota], 0);
  const sold: number[] = [];
  for (let place = 0; place < bays * 8; place++) {
    const type = bay[place & 7];
    if (type === undefined) continue;
    const coach = Math.floor((place >> 3) / perCoach);
    const number = ((place >> 3) % perCoach) * bay.length + (place & 7) + 1;
    const label = `${coachLetter[plan.travelClass]}${coach + 1}-${number}`;
    if (type === "side lower" && racLabels.length < racBerths) {
      racLabels.push(label);
      continue;
    }
    labels[place] = label;
    addTo(ofType[type], place);
    sold.push(place);
  }
  const seatLabels = racLabels.flatMap((label) => [`${label}a`, `${label}b`]);
  const seats = new Int32Array(Math.ceil(seatLabels.length / 32));
  seatLabels.forEach((_, seat) => addTo(seats, seat));
  const all = set();
  for (const place of sold) addTo(all, place);
  const ofQuota = quotaSets(plan, sold, set);
  return {
    places: bays * 8,
    baysPerCoach: perCoach,
    bays,
    ofQuota,
    all,
    ofType,
    labels,
    ...{ seatLabels, seats, seatsOf: seatSets(plan, seats.length) },
  };
}

function quotaSets(
  { quotas }: TrainPlan,
  places: readonly number[],
  set: () => BerthSet,
): Layout["ofQuota"] {
  const sets = Object.fromEntries(bookingQuotas.map((quota) => [quota, set()]));
  let end = places.length;
  for (const quota of [...bookingQuotas].reverse()) {
    const start = quota === "general" ? 0 : end - quotas[quota];
    for (const place of places.slice(start, end)) addTo(sets[quota] as BerthSet, place);
    end = start;
  }
  return sets as Layout["ofQuota"];
}

function seatSets({ racBerths }: TrainPlan, words: number): Layout["seatsOf"] {
  let next = 0;
  const sets = bookingQuotas.map((quota) => {
    const own = new Int32Array(words);
    for (const end = next + 2 * racBerths[quota]; next < end; next++) addTo(own, next);
    return [quota, own];
  });
  return Object.fromEntries(sets) as Layout["seatsOf"];
}

function addTo(berths: BerthSet, place: number): void {
  (berths[place >> 5] as number) |= 1 << (place & 31);
}
