/**
 * What one would write first: berths as rows of booleans, scanned one by one. It decides by the
 * same rules as `chooseBerths`, and is its oracle and the peer of its benchmark.
 */
import type { Layout, Stops, Wishes } from "dabbawala/scenarios/irctc";

interface Berth {
  readonly place: number;
  readonly bay: number;
  readonly type: string;
  /** Whether it is taken, by stretch. */
  readonly taken: boolean[];
}

export class ScanBerths {
  private readonly berths: Berth[] = [];
  private readonly ofPlace = new Map<number, Berth>();

  constructor(
    private readonly layout: Layout,
    stretches: number,
  ) {
    layout.labels.forEach((label, place) => {
      if (label === "") return;
      const isOf = ([, set]: [string, Int32Array]): boolean => has(set, place);
      const [type] = Object.entries(layout.ofType).find(isOf) as [string, Int32Array];
      const taken = new Array<boolean>(stretches).fill(false);
      const berth = { place, bay: place >> 3, type, taken };
      this.berths.push(berth);
      this.ofPlace.set(place, berth);
    });
  }

  mark(places: readonly number[], { from, to }: Stops, isTaken: boolean): void {
    for (const place of places) this.ofPlace.get(place)?.taken.fill(isTaken, from, to);
  }

  choose(within: Int32Array, stops: Stops, wishes: Wishes): number[] | undefined {
    const free = this.berths.filter(({ place, taken }) => {
      if (!has(within, place)) return false;
      for (let stretch = stops.from; stretch < stops.to; stretch++) {
        if (taken[stretch]) return false;
      }
      return true;
    });
    if (free.length < wishes.length) return undefined;
    if (wishes.length === 1) return [best(free, stops, wishes[0]).place];
    return this.group(free, stops, wishes);
  }

  private group(free: Berth[], stops: Stops, wishes: Wishes): number[] {
    const chosen: number[] = [];
    for (const bay of this.baysFor(free, wishes.length)) {
      let own = free.filter((berth) => berth.bay === bay);
      while (own.length > 0 && chosen.length < wishes.length) {
        const { place } = best(own, stops, wishes[chosen.length]);
        chosen.push(place);
        own = own.filter((berth) => berth.place !== place);
      }
    }
    return chosen;
  }

  private baysFor(free: readonly Berth[], needed: number): number[] {
    const { bays, baysPerCoach } = this.layout;
    const count = (isIn: (bay: number) => boolean): number =>
      free.filter(({ bay }) => isIn(bay)).length;
    const all = Array.from({ length: bays }, (_, bay) => bay);
    const counts = all.map((own) => count((bay) => bay === own));
    const fitting = all.filter((bay) => counts[bay] >= needed);
    const [single] = fitting.sort((left, right) => counts[left] - counts[right]);
    if (single !== undefined) return [single];
    const coachOf = (bay: number): number => Math.floor(bay / baysPerCoach);
    const coaches = [...new Set(all.map(coachOf))];
    const inCoach = new Map(coaches.map((own) => [own, count((bay) => coachOf(bay) === own)]));
    const size = (coach: number): number => inCoach.get(coach) as number;
    const [coach] = coaches.filter((own) => size(own) >= needed).sort((a, b) => size(a) - size(b));
    return all
      .filter((bay) => coach === undefined || coachOf(bay) === coach)
      .sort((left, right) => counts[right] - counts[left]);
  }
}

/** The one of the type asked for, if there is one, that wastes least. */
function best(free: readonly Berth[], stops: Stops, wish: string | null): Berth {
  const liked = wish === null ? [] : free.filter(({ type }) => type === wish);
  let chosen: Berth | undefined;
  let least = Infinity;
  for (const berth of liked.length > 0 ? liked : free) {
    const waste = wasteOf(berth.taken, stops);
    if (waste >= least) continue;
    least = waste;
    chosen = berth;
  }
  return chosen as Berth;
}

function wasteOf(taken: readonly boolean[], { from, to }: Stops): number {
  let waste = 0;
  for (let stretch = from - 1; stretch >= 0 && !taken[stretch]; stretch--) waste++;
  for (let stretch = to; stretch < taken.length && !taken[stretch]; stretch++) waste++;
  return waste;
}

function has(set: Int32Array, place: number): boolean {
  return (set[place >> 5] & (1 << (place & 31))) !== 0;
}
