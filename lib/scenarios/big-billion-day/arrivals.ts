/**
 * When the jobs of the day come: a Poisson process whose rate follows an invented curve, a usual
 * day with its evening, and on it the opening of the sale: at once so many times the mean of the
 * day, for an hour, and from then on less by a factor of e each hour.
 *
 * Source: thinning: P. A. W. Lewis, G. S. Shedler, "Simulation of nonhomogeneous Poisson processes
 * by thinning", Naval Research Logistics Quarterly 26(3), 1979, algorithm 1.
 */
import { Random } from "../../basics";
import { bigBillionKinds, bigBillionTenants } from "./jobs";

export interface ArrivalOptions {
  readonly seed: number;
  /** Jobs a second in the mean of a usual day. */
  readonly usualPerSecond: number;
  /** The rate at the opening, in times of that. */
  readonly spike: number;
  /** One hour of the clock in virtual time. */
  readonly hourMs: number;
}

/** One job of the day. */
export interface Arrival {
  readonly id: string;
  readonly kind: string;
  readonly tenant: string;
  readonly atMs: number;
}

/** The sale opens at 8:00, as the first one did in 2014. */
export const openingHour = 8;
const eveningHour = 20;

/** Jobs at an hour of the day, 0 to 24, in times of the usual mean. */
export function bigBillionRate(hour: number, spike: number): number {
  return usualRate(hour) + saleRate(hour, spike);
}

function usualRate(hour: number): number {
  return 1 + 0.6 * Math.cos((2 * Math.PI * (hour - eveningHour)) / 24);
}

function saleRate(hour: number, spike: number): number {
  if (hour < openingHour) return 0;
  const excess = Math.max(0, spike - usualRate(openingHour));
  return excess * Math.min(1, Math.exp(-(hour - openingHour - 1)));
}

/** All of the day in their order; the same for the same options. */
export function arrivalsOf({ seed, usualPerSecond, spike, hourMs }: ArrivalOptions): Arrival[] {
  const random = new Random(seed, 1);
  const highest = usualRate(eveningHour) + spike;
  const arrivals: Arrival[] = [];
  for (let atMs = 0; ;) {
    atMs += random.exponential(1_000 / (usualPerSecond * highest));
    const hour = atMs / hourMs;
    if (hour >= 24) return arrivals;
    const [usual, sale] = [usualRate(hour), saleRate(hour, spike)];
    const isComing = random.chance((usual + sale) / highest);
    if (!isComing) continue;
    const isOfSale = random.chance(sale / (usual + sale));
    const { kind } = draw(bigBillionKinds, ({ share }) => share, random);
    const part = isOfSale ? ("sale" as const) : ("usual" as const);
    const { tenant } = draw(bigBillionTenants, (row) => row[part], random);
    arrivals.push({ id: `${tenant}/${kind}/${arrivals.length + 1}`, kind, tenant, atMs });
  }
}

function draw<T>(rows: readonly T[], weightOf: (row: T) => number, random: Random): T {
  let mark = random.next() * rows.reduce((sum, row) => sum + weightOf(row), 0);
  for (const row of rows) if ((mark -= weightOf(row)) < 0) return row;
  return rows[rows.length - 1] as T;
}
