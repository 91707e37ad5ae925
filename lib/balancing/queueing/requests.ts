/** The requests that are in the farm, as rows of typed arrays; a row that is free is used again. */
import type { BalancedRequest } from "../policy";

export class Requests {
  arrivedMs = new Float64Array(256);
  workMs = new Float64Array(256);
  travelMs = new Float64Array(256);
  /** The server, and how many were in flight there when it came. */
  server = new Int32Array(256);
  level = new Int32Array(256);
  /** Only where somebody wants to be told of them. */
  readonly descriptions: BalancedRequest[] = [];
  private used = 0;
  private readonly free: number[] = [];

  /** The number of a row that nobody uses. */
  take(): number {
    const freed = this.free.pop();
    if (freed !== undefined) return freed;
    if (this.used === this.server.length) this.grow();
    return this.used++;
  }

  release(request: number): void {
    this.free.push(request);
  }

  private grow(): void {
    const length = 2 * this.used;
    const numbers = (old: Float64Array): Float64Array => copyInto(new Float64Array(length), old);
    const wholes = (old: Int32Array): Int32Array => copyInto(new Int32Array(length), old);
    [this.arrivedMs, this.workMs] = [numbers(this.arrivedMs), numbers(this.workMs)];
    this.travelMs = numbers(this.travelMs);
    [this.server, this.level] = [wholes(this.server), wholes(this.level)];
  }
}

/** The longer array, which now begins with the shorter one. */
export function copyInto<T extends Float64Array | Int32Array>(longer: T, shorter: T): T {
  longer.set(shorter);
  return longer;
}
