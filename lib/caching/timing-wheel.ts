/**
 * Timers of numbered slots, as clocks have hands: four wheels of 64 places, each place of a wheel
 * worth a whole turn of the wheel below it.
 *
 * Source: G. Varghese, T. Lauck, "Hashed and hierarchical timing wheels", SOSP 1987, scheme 7. What
 * lies beyond the top wheel waits on it and is put in anew when its place comes.
 * Guarantees: a timer rings in the tick that it was set for, never before.
 * Cost: to set or cancel constant; a tick constant, and at most four moves a timer in its life.
 */
import { wholeInRange } from "../basics";
import { SlotLists } from "./slot-lists";

const places = 64;
const wheels = 4;
const bitsAWheel = 6;

export class TimingWheel {
  /** Places from 1: wheel 0 has 1 to 64, wheel 1 has 65 to 128, and so on. */
  private readonly lists = new SlotLists(wheels * places, 64);
  private readonly dueAt: number[] = [];
  private tick: number;
  private count = 0;

  /** `tick`: the present one; default 0. */
  constructor(tick = 0) {
    this.tick = wholeInRange("tick", tick, { min: 0, max: 2 ** 53 - 1 });
  }

  get size(): number {
    return this.count;
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
    this.count++;
    this.put(slot);
  }

  /** False where none was set. */
  cancel(slot: number): boolean {
    const at = this.numberOf(slot);
    if (this.lists.of[at] === undefined || this.lists.of[at] === 0) return false;
    this.lists.unlink(at);
    this.count--;
    return true;
  }

  /** Goes on to a tick, and tells of every slot whose timer rang, in order of the ticks. */
  advance(toTick: number, onRing: (slot: number) => void): void {
    wholeInRange("toTick", toTick, { min: 0, max: 2 ** 53 - 1 });
    while (this.tick < toTick) {
      if (this.count === 0) this.tick = toTick;
      else this.step(onRing);
    }
  }

  private step(onRing: (slot: number) => void): void {
    this.tick++;
    // At the end of a turn the next place of the wheel above is dealt out; the topmost first.
    let turned = 0;
    while (turned < wheels - 1 && this.digit(this.tick, turned) === 0) turned++;
    for (let wheel = turned; wheel > 0; wheel--) this.deal(wheel);
    const list = 1 + this.digit(this.tick, 0);
    for (let at = this.lists.last(list); at !== 0; at = this.lists.last(list)) {
      this.lists.unlink(at);
      this.count--;
      onRing(at - this.numberOf(0));
    }
  }

  /** Puts the timers of the present place of a wheel where they belong now. */
  private deal(wheel: number): void {
    const list = 1 + wheel * places + this.digit(this.tick, wheel);
    const found: number[] = [];
    for (let at = this.lists.last(list); at !== 0; at = this.lists.last(list)) {
      this.lists.unlink(at);
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
    this.lists.pushFront(1 + wheel * places + this.digit(reach, wheel), at);
  }

  private digit(tick: number, wheel: number): number {
    return Math.floor(tick / 2 ** (bitsAWheel * wheel)) % places;
  }

  private numberOf(slot: number): number {
    return slot + wheels * places + 1;
  }
}
