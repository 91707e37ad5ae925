/**
 * Bursts of failed authentication: somebody tries one number again and again, or holds one device
 * to many numbers. A burst is 40 events among 512 neighbouring ones.
 */
import type { Random } from "../../../basics";

export const windowRows = 512;
export const burstRows = 40;

export interface Burst {
  readonly name: string;
  /** "number": one number from many devices; "device": one device, many numbers. */
  readonly kind: "number" | "device";
  readonly person: number;
  /** Of the device that is used throughout; from it the device's number follows. */
  readonly deviceDraw: number;
}

/** Which burst each row of a window belongs to; undefined: none. */
export function planBursts(
  options: { rows: number; rate: number; firstRow: number; people: number },
  random: Random,
): (Burst | undefined)[] {
  const { rows, rate, firstRow, people } = options;
  const plan = new Array<Burst | undefined>(rows).fill(undefined);
  const wanted = (rate * rows) / burstRows;
  const count = Math.floor(wanted) + (random.chance(wanted % 1) ? 1 : 0);
  if (count === 0) return plan;
  const order = random.shuffle(Array.from(plan.keys()));
  for (let number = 0; number < count; number++) {
    const burst: Burst = {
      name: `b${firstRow}-${number}`,
      kind: random.chance(0.5) ? "number" : "device",
      person: random.below(people),
      deviceDraw: random.next(),
    };
    const members = order.slice(number * burstRows, (number + 1) * burstRows);
    for (const row of members) plan[row] = burst;
  }
  return plan;
}
