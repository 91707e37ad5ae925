/** The weighted sum and the likelihood ratio beside each other, at one rate of false matches. */
import { inRange } from "../../../basics";
import { errorRatesOf, thresholdFor } from "../error-rates";
import type { ErrorRates } from "../error-rates";
import { shareInterval } from "../share-interval";
import { fusedLikeness } from "./fusion";
import type { FusionOptions } from "./fusion";
import { fitLikelihoodRatio, logLikelihoodRatio } from "./likelihood-ratio";
import type { Trial } from "./trials";

export interface FusionOutcome {
  readonly rates: ErrorRates;
  /** Shares, 0 to 1, at the greatest threshold that keeps to the stated false matches. */
  readonly falseAccept: number;
  readonly falseReject: number;
  /** In which the share of right ones refused lies, by 95 to 5. */
  readonly falseRejectInterval: readonly [low: number, high: number];
}

export interface FusionComparison {
  readonly weightedSum: FusionOutcome;
  readonly likelihoodRatio: FusionOutcome;
  /** Trials that both were judged on; the densities are of the others. */
  readonly genuine: number;
  readonly impostors: number;
}

export interface FusionComparisonOptions extends FusionOptions {
  /** Share of impostors that may be let in, 0 to 1; default 0.001. */
  readonly mostFalseAccepts?: number;
}

/** Every second trial trains, the others judge. */
export function compareFusions(
  trials: readonly Trial[],
  { mostFalseAccepts = 0.001, ...weights }: FusionComparisonOptions = {},
): FusionComparison {
  inRange("mostFalseAccepts", mostFalseAccepts, { min: 0, max: 1 });
  const genuine = trials.filter(({ isGenuine }) => isGenuine);
  const impostors = trials.filter(({ isGenuine }) => !isGenuine);
  const half = (all: readonly Trial[], rest: number): Trial[] => {
    return all.filter((_, i) => i % 2 === rest);
  };
  const model = fitLikelihoodRatio([...half(genuine, 0), ...half(impostors, 0)]);
  const [right, wrong] = [half(genuine, 1), half(impostors, 1)];
  const judge = (distance: (trial: Trial) => number): FusionOutcome => {
    const rates = errorRatesOf(right.map(distance), wrong.map(distance));
    const { falseAccept, falseReject } = thresholdFor(rates, mostFalseAccepts);
    const refused = Math.round(falseReject * right.length);
    return {
      ...{ rates, falseAccept, falseReject },
      falseRejectInterval: shareInterval(refused, right.length),
    };
  };
  return {
    weightedSum: judge((trial) => inSteps(1 - fusedLikeness(trial, weights), 5_000)),
    likelihoodRatio: judge((trial) => inSteps(-logLikelihoodRatio(model, trial), 50)),
    ...{ genuine: right.length, impostors: wrong.length },
  };
}

/** Curves of a few thousand points draw quickly and show the same. */
function inSteps(value: number, stepsOfOne: number): number {
  return Math.round(value * stepsOfOne) / stepsOfOne;
}
