/**
 * Who waits, by priority: a line for each, and a word of bits that says which are not empty, so
 * that the most urgent task is found by counting zeros. Cost: every step constant.
 */
import type { Entry } from "./entry";
import { Line } from "./line";
import { priorities } from "./options";

export class Waiting {
  size = 0;
  private readonly lines = Array.from({ length: priorities }, () => new Line<Entry>());
  private filled = 0;

  push(entry: Entry): void {
    this.lines[entry.priority].push(entry);
    this.filled |= 1 << entry.priority;
    this.size++;
  }

  /** The first of the highest priority; undefined when nobody waits. */
  take(): Entry | undefined {
    if (this.filled === 0) return undefined;
    const entry = this.lines[31 - Math.clz32(this.filled)].first as Entry;
    this.remove(entry);
    return entry;
  }

  remove(entry: Entry): void {
    const line = this.lines[entry.priority];
    line.remove(entry);
    if (line.first === undefined) this.filled &= ~(1 << entry.priority);
    this.size--;
  }

  /** Everybody who waits, most urgent first. */
  *all(): Generator<Entry> {
    for (let priority = priorities - 1; priority >= 0; priority--) yield* this.lines[priority];
  }
}
