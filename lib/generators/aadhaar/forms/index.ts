/** Synthetic enrolment forms, with the slips of those who type them. */
import type { Spec } from "../../data-set";
import { aadhaarBlockCount } from "../block";
import { makeFormBlock } from "./data-set";
import type { FormTruth } from "./faults";
import type { AadhaarForm } from "./form";

export { aadhaarForms } from "./data-set";
export { formFaults, formFaultWeights } from "./faults";
export type { FormFault, FormTruth } from "./faults";
export { formHeader } from "./form";
export type { AadhaarForm } from "./form";

/** The forms one by one. */
export function* aadhaarFormRows(spec: Spec): Generator<AadhaarForm> {
  for (let block = 0; block < aadhaarBlockCount(spec); block++) {
    for (const form of makeFormBlock(spec, block).forms) yield form;
  }
}

/** The planted faults, in the order of rows: the ground truth. */
export function* aadhaarFormTruth(spec: Spec): Generator<FormTruth> {
  for (let block = 0; block < aadhaarBlockCount(spec); block++) {
    for (const planted of makeFormBlock(spec, block).truth) yield planted;
  }
}
