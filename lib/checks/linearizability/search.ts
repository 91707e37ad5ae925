/**
 * Searches an order of operations that respects real time and a sequential specification.
 *
 * Source: J. Wing, C. Gong, "Testing and verifying concurrent objects", JPDC 17, 1993; memory of
 * configurations: G. Lowe, "Testing for linearizability", CCPE 29(4), 2017; linked list and bit
 * sets: A. Athalye, Porcupine, 2017. Ours: a read that fits is taken at once, never reconsidered;
 * the call answered next is tried first, then what makes it possible; of equal calls only the most
 * urgent; unknown outcomes may be left out, and who has more of them left prevails; and `Guide`.
 * Assumes: a deterministic specification. Guarantees: finds an order if there is one, unless
 * stopped.
 * Cost: exponential in the concurrency at worst (NP-complete: Gibbons and Korach, 1997), linear
 * when the first choice is right; memory for each configuration goes with the concurrency.
 */
import { EventList } from "./event-list";
import type { SearchItem } from "./event-list";
import { Guidance } from "./guidance";
import type { Guide } from "./guidance";
import { OperationSet } from "./operation-set";
import type { Transitions } from "./transitions";
import { Visited } from "./visited";

export type SearchResult = "found" | "none" | "paused";

/** A choice made: the item, and what is needed to undo it. */
interface Choice {
  readonly item: number;
  readonly stateBefore: number;
  readonly expiredBefore: number;
  readonly phaseBefore: number;
  /** The candidates of the place where it was made, and the next of them to try. */
  readonly candidates: readonly number[];
  tried: number;
}

const none: readonly number[] = [];
const lookCost = 0.01;

export class Search {
  private readonly list: EventList;
  /** Numbers within `done` (required items) or `spent` (optional ones), in order of calls. */
  private readonly bit: Int32Array;
  private readonly done: OperationSet;
  private readonly spent: OperationSet;
  private readonly visited: Visited;
  /** Optional items with an answer, by answer; the first `expired` can no longer take effect. */
  private readonly expiring: readonly number[];
  private expired = 0;
  private readonly guidance: Guidance;
  private readonly isTaken: Uint8Array;
  private readonly choices: Choice[] = [];
  private candidates: readonly number[] = none;
  private tried = 0;
  private state: number;
  private left: number;
  private readonly required: number;
  private isBegun = false;
  private isOver = false;
  /** Choices made, and operations looked at for them, a hundredth each. */
  work = 0;
  /** The required item whose answer no order has got past, or -1. */
  furthest = -1;

  constructor(
    private readonly items: readonly SearchItem[],
    private readonly transitions: Transitions,
    { guide, start = transitions.initial }: { guide?: Guide; start?: number } = {},
  ) {
    this.guidance = new Guidance(items.length, guide);
    this.list = new EventList(items);
    this.bit = new Int32Array(items.length);
    this.left = this.number(true);
    this.required = this.left;
    this.done = new OperationSet(this.left);
    this.spent = new OperationSet(this.number(false));
    this.visited = new Visited(this.done, this.spent);
    this.expiring = items
      .flatMap((item, i) => (!item.isRequired && item.return < Infinity ? [i] : []))
      .sort((left, right) => items[left].return - items[right].return);
    this.isTaken = new Uint8Array(items.length);
    this.state = start;
  }

  /** Configurations met so far. */
  get configurations(): number {
    return this.visited.size;
  }

  get bytes(): number {
    return this.visited.bytes;
  }

  /** Required items that the present order has placed. */
  get placed(): number {
    return this.required - this.left;
  }

  /** The state that the present order ends in, and whether it has placed an item. */
  get end(): { readonly state: number; readonly has: (item: number) => boolean } {
    return { state: this.state, has: (item) => this.isTaken[item] === 1 };
  }

  /** The order found, with the state after each: item numbers. */
  order(): { item: number; state: number }[] {
    return this.choices.map(({ item }, i) => {
      return { item, state: this.choices[i + 1]?.stateBefore ?? this.state };
    });
  }

  /** Goes on for about `steps` choices, fewer where each takes long. */
  run(steps: number): SearchResult {
    if (!this.isBegun) this.expand();
    this.isBegun = true;
    const end = this.work + steps;
    while (this.work < end) {
      this.work++;
      if (this.isOver) return "none";
      if (this.left === 0) return "found";
      if (this.tried < this.candidates.length) this.tryNext();
      else if (!this.backtrack()) return "none";
    }
    return "paused";
  }

  /** After "found": leaves that order, so that `run` looks for one with another end. */
  leave(): void {
    if (!this.backtrack()) this.isOver = true;
  }

  private tryNext(): void {
    const item = this.candidates[this.tried++];
    const next = this.transitions.next(this.state, this.items[item].callClass);
    const choice: Choice = {
      item,
      stateBefore: this.state,
      expiredBefore: this.expired,
      phaseBefore: this.guidance.phase,
      candidates: this.candidates,
      tried: this.tried,
    };
    this.take(item);
    if (!this.visited.add(next)) return this.putBack(choice);
    this.choices.push(choice);
    this.state = next;
    this.expand();
  }

  private backtrack(): boolean {
    const choice = this.choices.pop();
    if (choice === undefined) return false;
    this.putBack(choice);
    this.state = choice.stateBefore;
    this.candidates = choice.candidates;
    this.tried = choice.tried;
    return true;
  }

  /** Finds what can take effect next: what was called before the first answer still to come. */
  private expand(): void {
    const { list, items, transitions, state, guidance } = this;
    const possible: number[] = [];
    let node = list.next[list.head];
    this.tried = 0;
    for (; node >= 0 && node < items.length; node = list.next[node]) {
      const { callClass, isRequired } = items[node];
      this.work += lookCost;
      if (!guidance.isFree(node, this.stateValue)) continue;
      const next = transitions.next(state, callClass);
      if (next < 0 || (next === state && !isRequired)) continue;
      if (isRequired && transitions.isReadOnly(callClass)) {
        this.candidates = [node];
        return;
      }
      possible.push(node);
    }
    if (node < 0) return;
    const awaited = node - items.length;
    this.noteFurthest(awaited);
    this.candidates = possible.length < 2 ? possible : this.inOrder(this.best(possible), awaited);
  }

  /**
   * Of equal calls only the one whose answer comes first, since it can stand in for any other: an
   * optional one for optional ones, a required one for all. Forced order tells equals apart.
   */
  private best(possible: readonly number[]): number[] {
    const { items, guidance } = this;
    const optional = new Map<number, number>();
    const required = new Map<number, number>();
    for (const item of possible) {
      const { callClass, return: end, isRequired } = items[item];
      const best = isRequired ? required : optional;
      const other = best.get(callClass);
      if (other === undefined || end < items[other].return) best.set(callClass, item);
    }
    return possible.filter((item) => {
      if (guidance.isSpecial(item)) return true;
      const { callClass, return: end, isRequired } = items[item];
      const sure = required.get(callClass) ?? item;
      if (isRequired) return sure === item;
      return optional.get(callClass) === item && !(sure !== item && items[sure].return <= end);
    });
  }

  private readonly stateValue = (): unknown => this.transitions.valueOf(this.state);

  private noteFurthest(awaited: number): void {
    const { furthest, items } = this;
    if (furthest < 0 || items[awaited].return > items[furthest].return) this.furthest = awaited;
  }

  /** The awaited item first, then those after which it is possible, then the rest. */
  private inOrder(possible: readonly number[], awaited: number): number[] {
    const { items, transitions, state } = this;
    if (possible.includes(awaited)) {
      return [awaited, ...possible.filter((item) => item !== awaited)];
    }
    const helpful: number[] = [];
    const others: number[] = [];
    for (const item of possible) {
      const after = transitions.next(state, items[item].callClass);
      const isHelpful = transitions.next(after, items[awaited].callClass) >= 0;
      (isHelpful ? helpful : others).push(item);
    }
    return helpful.concat(others);
  }

  private take(item: number): void {
    this.list.remove(item);
    this.isTaken[item] = 1;
    this.guidance.take(item);
    if (this.items[item].isRequired) {
      this.left--;
      this.done.add(this.bit[item]);
    } else {
      this.spent.add(this.bit[item]);
    }
    this.expireBefore(this.items[item].call);
  }

  private putBack({ item, expiredBefore, phaseBefore }: Choice): void {
    while (this.expired > expiredBefore) this.unexpire();
    if (this.items[item].isRequired) {
      this.left++;
      this.done.remove(this.bit[item]);
    } else {
      this.spent.remove(this.bit[item]);
    }
    this.isTaken[item] = 0;
    this.guidance.putBack(item, phaseBefore);
    this.list.restore(item);
  }

  /** An optional item answered before `call` cannot come after what was called then. */
  private expireBefore(call: number): void {
    const { expiring, items } = this;
    while (this.expired < expiring.length && items[expiring[this.expired]].return < call) {
      const item = expiring[this.expired++];
      if (this.isTaken[item] === 1) continue;
      this.spent.add(this.bit[item]);
      this.list.remove(item);
    }
  }

  private unexpire(): void {
    const item = this.expiring[--this.expired];
    if (this.isTaken[item] === 1) return;
    this.spent.remove(this.bit[item]);
    this.list.restore(item);
  }

  private number(isRequired: boolean): number {
    let count = 0;
    this.items.forEach((item, i) => {
      if (item.isRequired === isRequired) this.bit[i] = count++;
    });
    return count;
  }
}
