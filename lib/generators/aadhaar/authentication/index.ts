/** Synthetic authentication events of one day, against the synthetic Aadhaar records. */
import type { Spec } from "../../data-set";
import {
  authenticationBlockCount,
  authenticationBlockRows,
  makeAuthenticationBlock,
} from "./block";
import type { AuthenticationTruth } from "./block";
import type { AuthenticationColumns } from "./columns";
import { authenticationRowAt } from "./rows";
import type { AuthenticationRow } from "./rows";

export { authenticatedPeople } from "./block";
export type { AuthenticationTruth } from "./block";
export { agencies, authenticationHeader, modalities, noDistance, noScore } from "./columns";
export type { AuthenticationColumns } from "./columns";
export { aadhaarAuthentication } from "./data-set";
export {
  agencyWeights,
  authenticationCurve,
  baseLatencyMs,
  ErrorCode,
  fingerprintThreshold,
  genuineFingerprint,
  impostorFingerprint,
  latencySigma,
  modalityWeights,
} from "./model";
export { authenticationDate } from "./rows";
export type { AuthenticationRow } from "./rows";
export { authenticationTravels } from "./travel";
export type { TravelBlock, TravelSpec, TravelTruth } from "./travel";

/** The events one by one, in the order of time. */
export function* authenticationRows(spec: Spec): Generator<AuthenticationRow> {
  let first = 0;
  for (const columns of authenticationColumns(spec)) {
    for (let row = 0; row < columns.rows; row++) yield authenticationRowAt(columns, row, first);
    first += authenticationBlockRows;
  }
}

/** The events as typed columns, a block of at most 16,384 rows at a time. */
export function* authenticationColumns(spec: Spec): Generator<AuthenticationColumns> {
  for (let block = 0; block < authenticationBlockCount(spec); block++) {
    yield makeAuthenticationBlock(spec, block).columns;
  }
}

/** The rows of planted bursts, in order: the ground truth. */
export function* authenticationTruth(spec: Spec): Generator<AuthenticationTruth> {
  for (let block = 0; block < authenticationBlockCount(spec); block++) {
    for (const planted of makeAuthenticationBlock(spec, block).truth) yield planted;
  }
}
