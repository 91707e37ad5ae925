/**
 * A database of finite capacity: `workers` requests at a time, first come, first served, the others
 * wait; whoever would wait too long is refused at once. M/G/k when requests come at random.
 *
 * Cost: O(log k) a request.
 */
import { Heap, Random } from "../../../basics";
import type { DatabaseOptions } from "./options";

export type Admission =
  | { readonly kind: "accepted"; readonly doneAtMs: number; readonly serviceMs: number }
  | { readonly kind: "refused" };

export class QueueingDatabase {
  private readonly freeAtMs = new Heap<number>((left, right) => left - right);
  private readonly random: Random;

  constructor(
    private readonly options: DatabaseOptions,
    seed: number,
  ) {
    this.random = new Random(seed, 2);
    for (let i = 0; i < options.workers; i++) this.freeAtMs.push(0);
  }

  /** A request comes in; the calls must be in order of their times. */
  accept(nowMs: number): Admission {
    const startMs = Math.max(nowMs, this.freeAtMs.peek() as number);
    if (startMs - nowMs > this.options.longestWaitMs) return { kind: "refused" };
    const serviceMs = this.draw();
    this.freeAtMs.replaceTop(startMs + serviceMs);
    return { kind: "accepted", doneAtMs: startMs + serviceMs, serviceMs };
  }

  /** Log-normal with the mean that was asked for. */
  private draw(): number {
    const { serviceMs, sigma } = this.options;
    return sigma === 0
      ? serviceMs
      : this.random.logNormal(serviceMs * Math.exp(-(sigma ** 2) / 2), sigma);
  }
}
