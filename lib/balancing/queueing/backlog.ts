/** Requests that wait at one server, first come first served: a ring that grows. */
export class Backlog {
  size = 0;
  private first = 0;
  private requests = new Int32Array(16);

  push(request: number): void {
    if (this.size === this.requests.length) this.grow();
    this.requests[(this.first + this.size++) % this.requests.length] = request;
  }

  /** Takes out the first, of at least one, and returns it. */
  shift(): number {
    const request = this.requests[this.first];
    this.first = (this.first + 1) % this.requests.length;
    this.size--;
    return request;
  }

  /** Twice as long, with the first at the beginning. */
  private grow(): void {
    const { requests, first } = this;
    this.requests = new Int32Array(2 * requests.length);
    this.requests.set(requests.subarray(first));
    this.requests.set(requests.subarray(0, first), requests.length - first);
    this.first = 0;
  }
}
