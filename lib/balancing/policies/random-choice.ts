/** An open server by chance, as often as its weight says. */
import { Random } from "../../basics";
import type { Policy } from "../policy";
import type { Pool } from "../pool";

export class RandomChoice implements Policy {
  private readonly random: Random;
  private version = -1;
  /** Sums of the weights up to and with each open server. */
  private sums = new Float64Array(0);
  private isEven = true;

  /** `seed`: default 1. */
  constructor(
    readonly pool: Pool,
    seed = 1,
  ) {
    this.random = new Random(seed);
  }

  pick(): number {
    const { open, version } = this.pool;
    if (open.length === 0) return -1;
    if (this.version !== version) this.restart();
    if (this.isEven) return open[this.random.below(open.length)];
    const { sums } = this;
    return open[firstOver(sums, this.random.next() * sums[sums.length - 1])];
  }

  private restart(): void {
    const { open, weights, version } = this.pool;
    this.version = version;
    let sum = 0;
    this.sums = Float64Array.from(open, (server) => (sum += weights[server]));
    this.isEven = open.every((server) => weights[server] === weights[open[0]]);
  }
}

/** The first place whose value is over the mark. */
function firstOver(values: Float64Array, mark: number): number {
  let [low, high] = [0, values.length - 1];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (values[middle] > mark) high = middle;
    else low = middle + 1;
  }
  return low;
}
