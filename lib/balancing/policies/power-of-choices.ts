/**
 * Looks at a few servers by chance and takes the one with the fewest requests in flight: nearly as
 * good as to look at all, and nobody runs in a herd to the one that looks best.
 *
 * Source: M. Mitzenmacher, "The power of two choices in randomized load balancing", IEEE TPDS
 * 12(10), 2001; with servers that are all different, as there; of equals the first that was drawn.
 * Cost: O(choices) a pick.
 */
import { Random, wholeInRange, withDefaults } from "../../basics";
import type { Policy } from "../policy";
import type { Pool } from "../pool";
import { TwoByChance } from "./two-by-chance";

export class PowerOfChoices implements Policy {
  private readonly random: Random;
  private readonly two: TwoByChance;
  private readonly choices: number;

  /** `choices`: from 1 to 64, default 2; `seed`: default 1. */
  constructor(
    readonly pool: Pool,
    options: { readonly choices?: number; readonly seed?: number } = {},
  ) {
    const { choices, seed } = withDefaults("PowerOfChoices", { choices: 2, seed: 1 }, options);
    this.choices = wholeInRange("choices", choices, { min: 1, max: 64 });
    this.random = new Random(seed);
    this.two = new TwoByChance(this.random);
  }

  pick(): number {
    const { open } = this.pool;
    const count = open.length;
    if (count <= 1) return count === 0 ? -1 : open[0];
    if (this.choices !== 2) return this.pickOfMany();
    const { two } = this;
    two.draw(this.pool);
    return this.freer(two.first, two.second);
  }

  private pickOfMany(): number {
    const { open } = this.pool;
    const seen = new Set<number>();
    let best = -1;
    while (seen.size < Math.min(this.choices, open.length)) {
      const server = open[this.random.below(open.length)];
      if (seen.has(server)) continue;
      seen.add(server);
      best = best < 0 ? server : this.freer(best, server);
    }
    return best;
  }

  private freer(left: number, right: number): number {
    const { inFlight, weights } = this.pool;
    const isRight = (inFlight[right] + 1) * weights[left] < (inFlight[left] + 1) * weights[right];
    return isRight ? right : left;
  }
}
