/** From how many requests in flight a server counts as hot: a quantile of the last answers. */
const remembered = 128;

export class HotMark {
  private readonly last: number[] = [];
  private at = 0;
  /** How many of the last answers had so many in flight. */
  private readonly counts: number[] = [];

  /** `quantile`: from 0, where the lowest is hot already, to 1, where none ever is. */
  constructor(private readonly quantile: number) {}

  add(inFlight: number): void {
    const old = this.last[this.at];
    if (old !== undefined) this.counts[old]--;
    this.last[this.at] = inFlight;
    this.at = (this.at + 1) % remembered;
    this.counts[inFlight] = (this.counts[inFlight] ?? 0) + 1;
  }

  /** Infinity where none is hot. */
  get value(): number {
    let below = Math.ceil(this.quantile * this.last.length);
    if (below >= this.last.length) return Infinity;
    for (let mark = 0; mark < this.counts.length; mark++) {
      below -= this.counts[mark] ?? 0;
      if (below < 0) return mark;
    }
    return Infinity;
  }
}
