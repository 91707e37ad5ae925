/**
 * The density of scores, as a mixture of normal distributions.
 *
 * Source: A. Dempster, N. Laird, D. Rubin, "Maximum likelihood from incomplete data via the EM
 * algorithm" (JRSS B 39, 1977); how many normals: G. Schwarz's criterion (Annals of Statistics 6,
 * 1978). Ours begins at quantiles, so that the same scores give the same density.
 * Guarantees: no normal is narrower than a hundredth of all scores' spread: where many scores are
 * the same, one of that width stands for them.
 * Cost: up to 60 passes for each of 1 to 4 normals.
 */
import { mean, quantileSorted, standardDeviation } from "simple-statistics";

export interface Mixture {
  readonly weights: readonly number[];
  readonly means: readonly number[];
  readonly spreads: readonly number[];
}

const mostNormals = 4;
const mostPasses = 60;
/** Of the log likelihood a score: less is no gain. */
const leastGain = 1e-5;
const narrowest = 0.01;

/** Of at least two scores. */
export function fitMixture(scores: ArrayLike<number>): Mixture {
  const sorted = [...Float64Array.from(scores).sort()];
  const spread = Math.max(standardDeviation(sorted), 1e-9);
  let best: Mixture | undefined;
  let bestCost = Infinity;
  for (let count = 1; count <= mostNormals; count++) {
    const { mixture, logLikelihood } = maximise(beginAt(sorted, count, spread), sorted, spread);
    const cost = (3 * count - 1) * Math.log(sorted.length) - 2 * logLikelihood;
    if (cost < bestCost) [best, bestCost] = [mixture, cost];
  }
  return best ?? beginAt(sorted, 1, spread);
}

/** Finite however far the score is from all that were seen. */
export function logDensity({ weights, means, spreads }: Mixture, score: number): number {
  let [most, sum] = [-Infinity, 0];
  for (let i = 0; i < weights.length; i++) {
    const away = (score - means[i]) / spreads[i];
    const log = Math.log(weights[i] / spreads[i]) - (away * away) / 2;
    if (log > most) {
      sum = sum * Math.exp(most - log) + 1;
      most = log;
    } else sum += Math.exp(log - most);
  }
  return most + Math.log(sum) - Math.log(2 * Math.PI) / 2;
}

function beginAt(sorted: number[], count: number, spread: number): Mixture {
  if (count === 1) return { weights: [1], means: [mean(sorted)], spreads: [spread] };
  const all = Array.from({ length: count }, (_, i) => i);
  return {
    weights: all.map(() => 1 / count),
    means: all.map((i) => quantileSorted(sorted, (i + 0.5) / count)),
    spreads: all.map(() => spread / count),
  };
}

function maximise(
  begun: Mixture,
  scores: readonly number[],
  spread: number,
): { mixture: Mixture; logLikelihood: number } {
  let [mixture, before] = [begun, -Infinity];
  for (let pass = 0; pass < mostPasses; pass++) {
    const { next, logLikelihood } = improve(mixture, scores, spread);
    if (logLikelihood - before < leastGain * scores.length) break;
    [mixture, before] = [next, logLikelihood];
  }
  const logLikelihood = scores.reduce((sum, score) => sum + logDensity(mixture, score), 0);
  return { mixture, logLikelihood };
}

/** Each normal takes its share of each score; its mean and spread are then those of its shares. */
function improve(
  mixture: Mixture,
  scores: readonly number[],
  spread: number,
): { next: Mixture; logLikelihood: number } {
  const { weights, means, spreads } = mixture;
  const shares = weights.map((_, i) => {
    const [weight, centre, own] = [weights[i], means[i], spreads[i]];
    const scale = Math.log(weight / own) - Math.log(2 * Math.PI) / 2;
    return { scale, centre, own, sum: 0, first: 0, second: 0 };
  });
  let logLikelihood = 0;
  for (const score of scores) {
    const log = logDensity(mixture, score);
    logLikelihood += log;
    for (const share of shares) {
      const away = score - share.centre;
      const part = Math.exp(share.scale - (away / share.own) ** 2 / 2 - log);
      share.sum += part;
      share.first += part * away;
      share.second += part * away * away;
    }
  }
  const kept = shares.filter(({ sum }) => sum > 1e-6 * scores.length);
  const total = kept.reduce((sum, share) => sum + share.sum, 0);
  const next = {
    weights: kept.map(({ sum }) => sum / total),
    means: kept.map(({ centre, first, sum }) => centre + first / sum),
    spreads: kept.map(({ first, second, sum }) => {
      return Math.max(narrowest * spread, Math.sqrt(second / sum - (first / sum) ** 2) || 0);
    }),
  };
  return { next, logLikelihood };
}
