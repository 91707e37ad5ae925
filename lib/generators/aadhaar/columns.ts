/** A block of Aadhaar records as typed columns. */
import { irisBytes } from "./iris";

/** The column names of the CSV form, in order. */
export const aadhaarHeader = [
  ...["aadhaar", "name", "gender", "birth_date", "language", "address", "district", "state"],
  ...["pin", "enrolled", "centre", "operator", "iris"],
] as const;

/** Rows as columns of equal length. Dates are numbers such as 19840317. */
export interface AadhaarColumns {
  readonly rows: number;
  /** Twelve digits; those that start with 0 have fewer as a number. */
  readonly aadhaar: Float64Array;
  readonly name: string[];
  /** Index into `genders`. */
  readonly gender: Uint8Array;
  readonly birthDate: Uint32Array;
  /** Index into `languages`. */
  readonly language: Uint8Array;
  readonly house: Uint16Array;
  /** Index into `localities`. */
  readonly locality: Uint8Array;
  /** Index into `districts`, which tells the state. */
  readonly district: Uint16Array;
  readonly pin: Uint32Array;
  readonly enrolled: Uint32Array;
  /** Number of the centre within its district, from 1. */
  readonly centre: Uint16Array;
  /** Number of the operator within the centre, from 1. */
  readonly operator: Uint8Array;
  /** 256 bytes a row. */
  readonly iris: Uint8Array;
}

export function makeAadhaarColumns(rows: number): AadhaarColumns {
  return {
    rows,
    aadhaar: new Float64Array(rows),
    name: new Array<string>(rows).fill(""),
    gender: new Uint8Array(rows),
    birthDate: new Uint32Array(rows),
    language: new Uint8Array(rows),
    house: new Uint16Array(rows),
    locality: new Uint8Array(rows),
    district: new Uint16Array(rows),
    pin: new Uint32Array(rows),
    enrolled: new Uint32Array(rows),
    centre: new Uint16Array(rows),
    operator: new Uint8Array(rows),
    iris: new Uint8Array(rows * irisBytes),
  };
}

/** The iris code of one row, as a view. */
export function irisOf(columns: AadhaarColumns, row: number): Uint8Array {
  return columns.iris.subarray(row * irisBytes, (row + 1) * irisBytes);
}
