/** Synthetic records of Aadhaar, India's register of residents. Nobody in them exists. */
import type { Spec } from "../data-set";
import { aadhaarBlockCount, makeAadhaarBlock } from "./block";
import type { AadhaarColumns } from "./columns";
import type { AadhaarTruth } from "./faults";
import { aadhaarRowAt } from "./rows";
import type { AadhaarRow } from "./rows";

export { aadhaarHeader, irisOf } from "./columns";
export type { AadhaarColumns } from "./columns";
export { aadhaar } from "./data-set";
export { aadhaarFaults } from "./faults";
export type { AadhaarFault, AadhaarTruth } from "./faults";
export {
  addIrisNoise,
  drawGenuineDistance,
  drawIris,
  genuineDistance,
  irisBits,
  irisDegreesOfFreedom,
  irisDistance,
  irisThreshold,
} from "./iris";
export { irisColumns, IrisPictures, irisPictureBytes, irisTruth } from "./iris-picture";
export type { IrisGallerySpec, IrisTruth } from "./iris-picture";
export { AadhaarNumbers, formatAadhaar } from "./number";
export { ageWeights, enrolmentWeights, genders, genderWeights } from "./population";
export type { AadhaarRow } from "./rows";
export { isVerhoeffValid, verhoeffDigit } from "./verhoeff";

/** The records one by one. */
export function* aadhaarRows(spec: Spec): Generator<AadhaarRow> {
  for (const columns of aadhaarColumns(spec)) {
    for (let row = 0; row < columns.rows; row++) yield aadhaarRowAt(columns, row);
  }
}

/** The records as typed columns, a block of at most 8,192 rows at a time. */
export function* aadhaarColumns(spec: Spec): Generator<AadhaarColumns> {
  for (let block = 0; block < aadhaarBlockCount(spec); block++) {
    yield makeAadhaarBlock(spec, block).columns;
  }
}

/** The planted faults, in the order of rows: the ground truth. */
export function* aadhaarTruth(spec: Spec): Generator<AadhaarTruth> {
  for (let block = 0; block < aadhaarBlockCount(spec); block++) {
    for (const planted of makeAadhaarBlock(spec, block).truth) yield planted;
  }
}
