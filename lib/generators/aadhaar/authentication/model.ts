/**
 * How an authentication goes: scores of the right person and of an impostor, errors, latency.
 * The daily curve, shares of agencies and modalities, fingerprint scores, shares of errors, and
 * latencies are assumptions: no published figure stands behind them. The iris is Daugman's.
 */
import type { Random } from "../../../basics";
import { AliasTable } from "../../alias-table";
import { DailyCurve, hump } from "../../daily-curve";
import { logNormalTable } from "../../tables";
import { drawGenuineDistance, irisDegreesOfFreedom, irisThreshold } from "../iris";
import { modalities, noDistance, noScore } from "./columns";

/** The day's load: shops and banks are open from nine, the evening belongs to telephones. */
export const authenticationCurve = new DailyCurve(
  (minute) =>
    0.05 +
    hump(minute, { at: 11 * 60, width: 130 }) +
    0.7 * hump(minute, { at: 16 * 60 + 30, width: 110 }) +
    0.25 * hump(minute, { at: 20 * 60, width: 80 }),
);

/** Weights of `agencies` and `modalities`, in per cent. */
export const agencyWeights = [46, 22, 9, 8, 7, 4, 4];
export const modalityWeights = [52, 4, 3, 10, 26, 5];
export const agencyTable = new AliasTable(agencyWeights);
export const modalityTable = new AliasTable(modalityWeights);
/** An impostor has no demographic data to match, and no live face. */
export const impostorModalityTable = new AliasTable([60, 15, 0, 0, 25, 0]);

/** A fingerprint score of at least this, or an iris distance of at most 0.32, is a yes. */
export const fingerprintThreshold = 40;
/** Mean and standard deviation of fingerprint scores. */
export const genuineFingerprint = { mean: 68, spread: 13 };
export const impostorFingerprint = { mean: 20, spread: 8 };

/** Source of the codes 100, 300, 330, 400: UIDAI's authentication API errors. 999: from memory. */
export const ErrorCode = {
  none: 0,
  demographicMismatch: 100,
  biometricMismatch: 300,
  biometricLocked: 330,
  invalidOtp: 400,
  unknown: 999,
} as const;

export interface Outcome {
  fingerprintScore: number;
  irisThousandths: number;
  error: number;
}

const usesFingerprint = modalities.map((name) => name.startsWith("fingerprint"));
const usesIris = modalities.map((name) => name.endsWith("iris"));
export const usesDevice = modalities.map((name) => name !== "otp" && name !== "demographic");
const [face, otp] = [modalities.indexOf("face"), modalities.indexOf("otp")];

/** Writes the outcome of one attempt into `outcome`. */
export function drawOutcome(
  attempt: { readonly modality: number; readonly isGenuine: boolean },
  random: Random,
  outcome: Outcome,
): void {
  const { modality, isGenuine } = attempt;
  outcome.fingerprintScore = usesFingerprint[modality] ? drawScore(isGenuine, random) : noScore;
  outcome.irisThousandths = usesIris[modality] ? drawThousandths(isGenuine, random) : noDistance;
  outcome.error = drawError(attempt, random, outcome);
}

function drawError(
  { modality, isGenuine }: { readonly modality: number; readonly isGenuine: boolean },
  random: Random,
  { fingerprintScore, irisThousandths }: Outcome,
): number {
  const draw = random.next();
  if (draw < 0.002) return ErrorCode.unknown;
  if (modality === otp) return isGenuine && draw > 0.03 ? ErrorCode.none : ErrorCode.invalidOtp;
  if (!usesDevice[modality]) return draw > 0.06 ? ErrorCode.none : ErrorCode.demographicMismatch;
  if (draw < 0.005) return ErrorCode.biometricLocked;
  if (modality === face) return draw > 0.05 ? ErrorCode.none : ErrorCode.biometricMismatch;
  const isMatch =
    (fingerprintScore !== noScore && fingerprintScore >= fingerprintThreshold) ||
    irisThousandths <= irisThreshold * 1_000;
  return isMatch ? ErrorCode.none : ErrorCode.biometricMismatch;
}

function drawScore(isGenuine: boolean, random: Random): number {
  const { mean, spread } = isGenuine ? genuineFingerprint : impostorFingerprint;
  return Math.max(0, Math.min(100, Math.round(mean + spread * random.normal())));
}

const impostorSpread = 0.5 / Math.sqrt(irisDegreesOfFreedom);

function drawThousandths(isGenuine: boolean, random: Random): number {
  const distance = isGenuine ? drawGenuineDistance(random) : 0.5 + impostorSpread * random.normal();
  return Math.round(1_000 * distance);
}

/** Median latency of each modality in ms when the servers are idle. */
export const baseLatencyMs = [180, 150, 240, 320, 90, 60];
/** Standard deviation of the logarithm of the latency. */
export const latencySigma = 0.45;
const latencyTable = logNormalTable(latencySigma);
const timeoutMs = 5_000;
/** A load of so many times the day's mean would be all that the servers can take. */
const capacity = 4.5;

/** Log-normal around the modality's base, which grows with the load as an M/M/1 queue would. */
export function drawLatencyMs(
  { modality, error, load }: { modality: number; error: number; load: number },
  random: Random,
): number {
  const factor = latencyTable[random.uint32() >>> 20];
  if (error === ErrorCode.unknown) return Math.round(timeoutMs * factor);
  return Math.max(1, Math.round((baseLatencyMs[modality] * factor) / (1 - load / capacity)));
}
