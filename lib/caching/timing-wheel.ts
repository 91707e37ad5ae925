/**
 * Timers of numbered slots, as clocks have hands: four wheels of 64 places, each place of a wheel
 * worth a whole turn of the wheel below it.
 *
 * Source: G. Varghese, T. Lauck, "Hashed and hierarchical timing wheels", SOSP 1987, scheme 7. What
 * lies beyond the top wheel waits on it and is put in anew when its place comes.
 * Guarantees: a timer rings in the tick that it was set for, never before.
 * Cost: to set or cancel constant; at most four moves a timer in its life, but for one beyond the
 * top wheel; a tick constant, and ticks in which nothing rings are passed over, 64 at least.
 */
import { wholeInRange } from "../basics";
import { SlotLists } from "./slot-lists";

const places = 64;
const wheels = 4;

export class TimingWheel {
  /** Places from 1: wheel 0 has 1 to 64, wheel 1 has 65 to 128, and so on. */
  private readonly lists = new SlotLists(wheels * places, 64);
  private readonly dueAt: number[] = [];
  private tick: number;
  /** Timers on each wheel. */
  private readonly counts = [0, 0, 0, 0];

  /** `tick`: the present one; default 0. */
  constructor(tick = 0) {
    this.tick = wholeInRange("tick", tick, { min: 0, max: 2 ** 53 - 1 });
  }

  get size(): number {
    return this.counts.reduce((sum, count) => sum + count, 0);
  }

  get now(): number {
    return this.tick;
  }

  /** Sets the timer of a slot, from 0, or sets it anew; a tick that is past rings at the next. */
  set(slot: number, dueTick: number): void {
    wholeInRange("slot", slot, { min: 0, max: 2 ** 30 });
    wholeInRange("dueTick", dueTick, { min: 0, max: 2 ** 53 - 1 });
    this.cancel(slot);
    this.dueAt[slot] = Math.max(dueTick, this.tick + 1);
    this.put(slot);
  }

  /** False where none was set. */
  cancel(slot: number): boolean {
    const at = this.numberOf(slot);
    if (this.lists.of[at] === undefined || this.lists.of[at] === 0) return false;
    this.take(at);
    return true;
  }

  /** Goes on to a tick, and tells of every slot whose timer rang, in order of the ticks. */
  advance(toTick: number, onRing: (slot: number) => void): void {
    wholeInRange("toTick", toTick, { min: 0, max: 2 ** 53 - 1 });
    while (this.tick < toTick) {
      this.passOver(toTick);
      if (this.tick < toTick) this.step(onRing);
    }
  }

  /** To the tick before the next that has something to do, or that ends a turn. */
  private passOver(toTick: number): void {
    const lowest = this.counts.findIndex((count) => count > 0);
    if (lowest < 0) return void (this.tick = toTick);
    const ticksAPlace = places ** lowest;
    let next = Math.floor(this.tick / ticksAPlace) + 1;
    while (next % places !== 0 && this.lists.first(listOf(lowest, next)) === 0) next++;
    this.tick = Math.min(toTick, next * ticksAPlace - 1);
  }

  private step(onRing: (slot: number) => void): void {
    this.tick++;
    // At the end of a turn the next place of the wheel above is dealt out; the topmost first.
    let turned = 0;
    while (turned < wheels - 1 && this.tick % places ** (turned + 1) === 0) turned++;
    for (let wheel = turned; wheel > 0; wheel--) this.deal(wheel);
    const list = listOf(0, this.tick);
    for (let at = this.lists.last(list); at !== 0; at = this.lists.last(list)) {
      this.take(at);
      onRing(at - this.numberOf(0));
    }
  }

  /** Puts the timers of the present place of a wheel where they belong now. */
  private deal(wheel: number): void {
    const list = listOf(wheel, Math.floor(this.tick / places ** wheel));
    const found: number[] = [];
    for (let at = this.lists.last(list); at !== 0; at = this.lists.last(list)) {
      this.take(at);
      found.push(at - this.numberOf(0));
    }
    for (const slot of found) this.put(slot);
  }

  private put(slot: number): void {
    const due = this.dueAt[slot];
    const away = due - this.tick;
    let wheel = 0;
    while (wheel < wheels - 1 && away >= places ** (wheel + 1)) wheel++;
    // Too far for the top wheel: it waits there at the place that comes last.
    const reach = Math.min(due, this.tick + places ** wheels - places ** (wheels - 1));
    const at = this.numberOf(slot);
    this.lists.reach(at);
    this.lists.pushFront(listOf(wheel, Math.floor(reach / places ** wheel)), at);
    this.counts[wheel]++;
  }

  private take(at: number): void {
    this.counts[Math.floor((this.lists.of[at] - 1) / places)]--;
    this.lists.unlink(at);
  }

  private numberOf(slot: number): number {
    return slot + wheels * places + 1;
  }
}

/** The list of a place of a wheel, counted since tick 0: it comes again after a turn. */
function listOf(wheel: number, place: number): number {
  return 1 + wheel * places + (place % places);
}
