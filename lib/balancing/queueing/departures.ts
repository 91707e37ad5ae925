/**
 * Which request ends next: a binary min-heap of times in typed arrays. The heap of basics takes any
 * item and any comparison; this one is asked ten million times in a simulation.
 */
import { copyInto } from "./requests";

export class Departures {
  private size = 0;
  private times = new Float64Array(64);
  private requests = new Int32Array(64);

  /** Infinity when none is to come. */
  get nextMs(): number {
    return this.size === 0 ? Infinity : this.times[0];
  }

  push(ms: number, request: number): void {
    if (this.size === this.times.length) this.grow();
    let at = this.size++;
    while (at > 0) {
      const parent = (at - 1) >> 1;
      if (this.times[parent] <= ms) break;
      this.set(at, this.times[parent], this.requests[parent]);
      at = parent;
    }
    this.set(at, ms, request);
  }

  /** Takes out the next one, and returns its request. */
  pop(): number {
    const first = this.requests[0];
    const last = --this.size;
    if (last > 0) this.sink(this.times[last], this.requests[last]);
    return first;
  }

  /** Takes out the requests that are meant, and returns them. */
  remove(isMeant: (request: number) => boolean): number[] {
    const [times, requests] = [this.times.slice(0, this.size), this.requests.slice(0, this.size)];
    this.size = 0;
    requests.forEach((request, at) => !isMeant(request) && this.push(times[at], request));
    return [...requests].filter(isMeant);
  }

  /** Puts a departure in the place of the first, and then where it belongs. */
  private sink(ms: number, request: number): void {
    let at = 0;
    for (;;) {
      let child = 2 * at + 1;
      if (child >= this.size) break;
      if (child + 1 < this.size && this.times[child + 1] < this.times[child]) child++;
      if (this.times[child] >= ms) break;
      this.set(at, this.times[child], this.requests[child]);
      at = child;
    }
    this.set(at, ms, request);
  }

  private set(at: number, ms: number, request: number): void {
    this.times[at] = ms;
    this.requests[at] = request;
  }

  private grow(): void {
    this.times = copyInto(new Float64Array(2 * this.size), this.times);
    this.requests = copyInto(new Int32Array(2 * this.size), this.requests);
  }
}
