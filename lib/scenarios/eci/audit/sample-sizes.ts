/**
 * How many ballots an audit of two candidates takes, computed exactly, ballot by ballot: no
 * simulation. The winner's share among the two is reported rightly.
 */
import { inRange } from "../../../basics";

export interface SampleSizes {
  /** Ballots after which so many audits have ended: of a quarter, of half, ... */
  readonly quantiles: ReadonlyMap<number, number>;
  /** The mean, where the rest that is still open after `mostBallots` counts with those. */
  readonly mean: number;
  /** The chance to be confirmed within `mostBallots`. */
  readonly confirmed: number;
}

/**
 * `share`: of the reported winner, above 0.5; `trueShare`: as the ballots have it, default the same
 * (0.5 or less makes the report wrong, and `confirmed` the risk).
 * Cost: O(mostBallots^1.5).
 */
export function sampleSizes(
  share: number,
  options: {
    readonly risk: number;
    readonly mostBallots: number;
    readonly trueShare?: number;
    readonly at?: readonly number[];
  },
): SampleSizes {
  const { risk, mostBallots, trueShare = share, at = [0.25, 0.5, 0.75, 0.9, 0.99] } = options;
  inRange("share", share, { min: 0.5 + 1e-9, max: 1 - 1e-9 });
  const ended = new Ended(at);
  const open = new Open(mostBallots);
  for (let ballots = 1; ballots <= mostBallots && !open.isEmpty; ballots++) {
    open.draw(trueShare);
    ended.add(ballots, open.end(votesNeeded(ballots, share, risk)));
  }
  return ended.tell(mostBallots);
}

/** Votes of the winner among so many ballots that confirm it. */
function votesNeeded(ballots: number, share: number, risk: number): number {
  const [up, down] = [Math.log(2 * share), Math.log(2 - 2 * share)];
  return Math.ceil((-Math.log(risk) - ballots * down) / (up - down) - 1e-9);
}

/** Chances of the audits that go on, by the winner's votes so far. */
class Open {
  private readonly chances: Float64Array;
  private low = 0;
  private high = 0;

  constructor(mostBallots: number) {
    this.chances = new Float64Array(mostBallots + 2);
    this.chances[0] = 1;
  }

  get isEmpty(): boolean {
    return this.low > this.high;
  }

  draw(share: number): void {
    const { chances } = this;
    this.high++;
    for (let votes = this.high; votes > this.low; votes--) {
      chances[votes] = chances[votes] * (1 - share) + chances[votes - 1] * share;
    }
    chances[this.low] *= 1 - share;
    // What is left out adds up to less than one in a billion.
    while (this.low <= this.high && chances[this.low] < 1e-16) chances[this.low++] = 0;
  }

  /** The chance of those with so many votes or more, which go on no longer. */
  end(least: number): number {
    let chance = 0;
    for (; this.high >= Math.max(least, this.low); this.high--) {
      chance += this.chances[this.high];
      this.chances[this.high] = 0;
    }
    return chance;
  }
}

class Ended {
  private confirmed = 0;
  private ballots = 0;
  private readonly quantiles = new Map<number, number>();

  constructor(private readonly at: readonly number[]) {}

  add(ballots: number, chance: number): void {
    this.confirmed += chance;
    this.ballots += ballots * chance;
    for (const share of this.at) {
      if (this.confirmed >= share && !this.quantiles.has(share)) this.quantiles.set(share, ballots);
    }
  }

  tell(mostBallots: number): SampleSizes {
    const { quantiles, confirmed } = this;
    return { quantiles, confirmed, mean: this.ballots + (1 - confirmed) * mostBallots };
  }
}
