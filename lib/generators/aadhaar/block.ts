import type { Spec } from "../data-set";
import { makeAadhaarColumns } from "./columns";
import type { AadhaarColumns } from "./columns";
import { FaultPlanter } from "./faults";
import type { AadhaarTruth } from "./faults";
import { Register } from "./record";

/** Rows of a block; a row is about 700 bytes. The data do not depend on it. */
export const aadhaarBlockRows = 2_048;

export function aadhaarBlockCount(spec: Spec): number {
  return Math.ceil(spec.rows / aadhaarBlockRows);
}

/** Block `block` (0 to count - 1), and what was planted in it, in the order of rows. */
export function makeAadhaarBlock(
  spec: Spec,
  block: number,
): { columns: AadhaarColumns; truth: AadhaarTruth[] } {
  const first = block * aadhaarBlockRows;
  const columns = makeAadhaarColumns(Math.min(aadhaarBlockRows, spec.rows - first));
  const register = new Register(spec.seed);
  for (let at = 0; at < columns.rows; at++) register.fill(columns, at, first + at);
  if (!spec.faults) return { columns, truth: [] };
  const planter = new FaultPlanter(spec, register);
  const truth: AadhaarTruth[] = [];
  for (let at = 0; at < columns.rows; at++) {
    const planted = planter.plant(columns, at, first + at);
    if (planted !== undefined) truth.push(planted);
  }
  return { columns, truth };
}
