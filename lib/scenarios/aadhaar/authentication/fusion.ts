/**
 * One score out of two traits: the weighted sum of a fingerprint's and an iris's likeness, the
 * weights by the quality of each.
 *
 * Source: A. Ross and A. Jain, "Information fusion in biometrics" (Pattern Recognition Letters 24,
 * 2003), section 4: scores brought to 0..1, then summed by weights. The weights by quality are
 * those of the episode: 0.7 or 0.5 for a clear or a poor fingerprint, 0.6 or 0.4 for an iris.
 */
import { errorRatesOf } from "../error-rates";
import type { ErrorRates } from "../error-rates";
import type { Trial } from "./trials";

export interface FusionWeights {
  readonly clear: number;
  readonly poor: number;
  /** Quality, 0 to 1, from which the trait is clear. */
  readonly cut: number;
}

export interface FusionOptions {
  readonly fingerprint?: FusionWeights;
  readonly iris?: FusionWeights;
}

const fingerprintWeights: FusionWeights = { clear: 0.7, poor: 0.5, cut: 0.6 };
/** Two pictures have 0.67 of the bits in common on average. */
const irisWeights: FusionWeights = { clear: 0.6, poor: 0.4, cut: 0.6 };

/** A fingerprint's likeness, 0 to 1. */
export const fingerprintLikeness = ({ fingerprintScore }: Trial): number => fingerprintScore / 100;

/** An iris's: 1 for the same code, 0 from the distance of strangers, 0.5, on. */
export const irisLikeness = ({ irisDistance }: Trial): number =>
  Math.max(0, 1 - irisDistance / 0.5);

/** 0 to 1: the likeness of both, weighted by their qualities. */
export function fusedLikeness(trial: Trial, options: FusionOptions = {}): number {
  const { fingerprint = fingerprintWeights, iris = irisWeights } = options;
  const finger = trial.fingerprintQuality >= fingerprint.cut ? fingerprint.clear : fingerprint.poor;
  const eye = trial.irisQuality >= iris.cut ? iris.clear : iris.poor;
  const sum = finger * fingerprintLikeness(trial) + eye * irisLikeness(trial);
  return sum / (finger + eye);
}

/** Rates of error of each way to decide; thresholds are on 1 - likeness. */
export interface FusionCurves {
  readonly fingerprint: ErrorRates;
  readonly iris: ErrorRates;
  /** Both, each by half. */
  readonly equalWeights: ErrorRates;
  readonly qualityWeights: ErrorRates;
}

export function fusionCurves(trials: readonly Trial[], options: FusionOptions = {}): FusionCurves {
  const genuine = trials.filter(({ isGenuine }) => isGenuine);
  const impostors = trials.filter(({ isGenuine }) => !isGenuine);
  const curve = (likeness: (trial: Trial) => number): ErrorRates => {
    const distance = (trial: Trial): number => rounded(1 - likeness(trial));
    return errorRatesOf(genuine.map(distance), impostors.map(distance));
  };
  const half: FusionWeights = { clear: 0.5, poor: 0.5, cut: 0 };
  return {
    fingerprint: curve(fingerprintLikeness),
    iris: curve(irisLikeness),
    equalWeights: curve((trial) => fusedLikeness(trial, { fingerprint: half, iris: half })),
    qualityWeights: curve((trial) => fusedLikeness(trial, options)),
  };
}

/** Curves of a few thousand points draw quickly and show the same. */
const rounded = (value: number): number => Math.round(value * 2_000) / 2_000;
