/** Two different open servers by chance, for policies that compare two. */
import type { Random } from "../../basics";
import type { Pool } from "../pool";

export class TwoByChance {
  /** Of the last `draw`. */
  first = 0;
  second = 0;

  constructor(private readonly random: Random) {}

  /** From a pool in which at least two are open. */
  draw({ open }: Pool): void {
    const count = open.length;
    const first = this.random.below(count);
    // The second is drawn from the others: those from the first on are moved up by one.
    const drawn = this.random.below(count - 1);
    this.first = open[first];
    this.second = open[drawn < first ? drawn : drawn + 1];
  }
}
