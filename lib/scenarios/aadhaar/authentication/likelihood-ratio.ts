/**
 * One score out of two traits: how much likelier both are of the same person than of two people,
 * from the densities of the scores of right ones and of impostors.
 *
 * Source: K. Nandakumar, Y. Chen, S. Dass, A. Jain, "Likelihood ratio-based biometric score fusion"
 * (IEEE PAMI 30, 2008), sections 2 and 3: by the lemma of Neyman and Pearson no other rule refuses
 * fewer right ones at the same rate of false matches, if the densities are known. Ours takes both
 * traits as independent, and the quality of each in two classes, as the weighted sum does.
 * Cost: at most 8 densities of 3,000 scores each; then 4 logarithms of sums a trial.
 */
import { InputError } from "../../../basics";
import { fitMixture, logDensity } from "./mixture";
import type { Mixture } from "./mixture";
import type { Trial } from "./trials";

/** Of the scores of one trait and quality. */
interface Densities {
  readonly genuine: Mixture;
  readonly impostor: Mixture;
}

/** By trait: poor pictures, clear ones. Plain data. */
export interface LikelihoodRatio {
  readonly fingerprint: readonly [poor: Densities, clear: Densities];
  readonly iris: readonly [poor: Densities, clear: Densities];
}

/** Quality, 0 to 1, from which a trait is clear. */
const cut = 0.6;
/** More scores make a density no better than the traits' independence is. */
const mostScores = 3_000;
/** Fewer of a class: the density of both classes serves. */
const leastScores = 100;

type Trait = (trial: Trial) => { readonly score: number; readonly quality: number };

const fingerprintOf: Trait = ({ fingerprintScore, fingerprintQuality }) => {
  return { score: fingerprintScore, quality: fingerprintQuality };
};
const irisOf: Trait = ({ irisDistance, irisQuality }) => {
  return { score: irisDistance, quality: irisQuality };
};

/** Throws InputError for less than 100 right ones or 100 impostors. */
export function fitLikelihoodRatio(training: readonly Trial[]): LikelihoodRatio {
  const genuine = training.filter(({ isGenuine }) => isGenuine);
  const impostors = training.filter(({ isGenuine }) => !isGenuine);
  const fewest = Math.min(genuine.length, impostors.length);
  if (fewest < leastScores) {
    throw new InputError(
      `a likelihood ratio needs ${leastScores} right ones and as many impostors, but there are ` +
        `${genuine.length} and ${impostors.length}`,
    );
  }
  const densities = (trait: Trait, isClear: boolean): Densities => ({
    genuine: fitMixture(scoresOf(genuine, trait, isClear)),
    impostor: fitMixture(scoresOf(impostors, trait, isClear)),
  });
  return {
    fingerprint: [densities(fingerprintOf, false), densities(fingerprintOf, true)],
    iris: [densities(irisOf, false), densities(irisOf, true)],
  };
}

/** Of that quality, or of all where these are few; spread evenly where they are many. */
function scoresOf(trials: readonly Trial[], trait: Trait, isClear: boolean): number[] {
  const all = trials.map(trait);
  const own = all.filter(({ quality }) => quality >= cut === isClear);
  const found = own.length < leastScores ? all : own;
  const step = Math.max(1, found.length / mostScores);
  const count = Math.floor(found.length / step);
  return Array.from({ length: count }, (_, i) => (found[Math.floor(i * step)] ?? found[0]).score);
}

/** The natural logarithm of the ratio: above 0, the same person is the likelier. */
export function logLikelihoodRatio(model: LikelihoodRatio, trial: Trial): number {
  return logRatio(model.fingerprint, fingerprintOf(trial)) + logRatio(model.iris, irisOf(trial));
}

function logRatio(
  [poor, clear]: readonly [Densities, Densities],
  { score, quality }: ReturnType<Trait>,
): number {
  const { genuine, impostor } = quality >= cut ? clear : poor;
  return logDensity(genuine, score) - logDensity(impostor, score);
}
