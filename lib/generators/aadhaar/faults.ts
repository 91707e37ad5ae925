/**
 * What is wrong with some Aadhaar records, and what is true. A row's fault follows from the seed
 * and the row number alone, so that any worker can tell.
 *
 * Kinds: "duplicate": somebody enrolled again under another number, with a new picture of the same
 * eye, the name often spelt otherwise, the birth date sometimes misread, and in one case of three
 * in another district. "bad-check-digit": the last digit is wrong. "impossible-date": a birth date
 * that no calendar has, or after the enrolment, or in the century before last.
 */
import { Random } from "../../basics";
import type { Spec } from "../data-set";
import { AliasTable } from "../alias-table";
import { formatDate } from "../calendar";
import { irisOf, makeAadhaarColumns } from "./columns";
import type { AadhaarColumns } from "./columns";
import { addIrisNoise, drawGenuineDistance, irisDistance } from "./iris";
import { formatAadhaar } from "./number";
import { settle } from "./record";
import type { Register } from "./record";
import { respell } from "./respell";

export const aadhaarFaults = ["duplicate", "bad-check-digit", "impossible-date"] as const;
export type AadhaarFault = (typeof aadhaarFaults)[number];

/** Shares of the kinds among the planted faults. */
export const faultWeights = [40, 30, 30];
const faultTable = new AliasTable(faultWeights);

/** One planted fault, as told beside the data. */
export interface AadhaarTruth {
  /** Number of the row in the data, from 0. */
  readonly row: number;
  readonly fault: AadhaarFault;
  /** The number as it stands in the row. */
  readonly aadhaar: string;
  /** Of a duplicate: the row and the number of the same person's first enrolment. */
  readonly of?: number;
  readonly of_aadhaar?: string;
  /** Of a duplicate: Hamming distance of the two iris codes, 0 to 1. */
  readonly iris_distance?: number;
  /** Of a bad check digit: the number as it should be. */
  readonly correct?: string;
  /** Of an impossible date: the birth date as it should be. */
  readonly birth_date?: string;
}

/** Streams of random numbers of the faults lie behind those of the records. */
const faultStream = 1_000_000_000;
const movedShare = 1 / 3;
const misreadShare = 0.15;

export class FaultPlanter {
  constructor(
    private readonly spec: Spec,
    private readonly register: Register,
  ) {}

  /** Plants the fault of `row` at place `at`; undefined when the row has none. */
  plant(columns: AadhaarColumns, at: number, row: number): AadhaarTruth | undefined {
    const random = this.randomOf(row);
    switch (this.draw(row, random)) {
      case "duplicate":
        return this.duplicate(columns, at, { row, random });
      case "bad-check-digit":
        return spoilDigit(columns, at, { row, random });
      case "impossible-date":
        return spoilDate(columns, at, { row, random });
      default:
        return undefined;
    }
  }

  private randomOf(row: number): Random {
    return new Random(this.spec.seed, row + faultStream);
  }

  private draw(row: number, random: Random): AadhaarFault | undefined {
    if (!random.chance(this.spec.faults ?? 0)) return undefined;
    const kind = aadhaarFaults[faultTable.draw(random)];
    return row === 0 && kind === "duplicate" ? "bad-check-digit" : kind;
  }

  /** The row of the first enrolment of the person in `row`; `random` stands behind its `draw`. */
  private originalOf(row: number, random: Random): number {
    const earlier = random.below(row);
    const next = this.randomOf(earlier);
    return this.draw(earlier, next) === "duplicate" ? this.originalOf(earlier, next) : earlier;
  }

  private duplicate(
    columns: AadhaarColumns,
    at: number,
    { row, random }: { row: number; random: Random },
  ): AadhaarTruth {
    const of = this.originalOf(row, random);
    const first = makeAadhaarColumns(1);
    this.register.fill(first, 0, of);
    columns.gender[at] = first.gender[0];
    columns.language[at] = first.language[0];
    columns.name[at] = respell(first.name[0], random);
    columns.birthDate[at] = random.chance(misreadShare)
      ? misread(first.birthDate[0], random)
      : first.birthDate[0];
    if (!random.chance(movedShare)) settle(columns, at, { district: first.district[0], random });
    const iris = irisOf(columns, at);
    iris.set(first.iris);
    addIrisNoise(iris, drawGenuineDistance(random), random);
    return {
      row,
      fault: "duplicate",
      aadhaar: formatAadhaar(columns.aadhaar[at]),
      of,
      of_aadhaar: formatAadhaar(first.aadhaar[0]),
      iris_distance: irisDistance(iris, first.iris),
    };
  }
}

/** Day and month exchanged where that is another date that can be, else the year before. */
function misread(date: number, random: Random): number {
  const year = Math.floor(date / 10_000);
  const month = Math.floor(date / 100) % 100;
  const day = date % 100;
  if (day > 12 || day === month || year === 2011 || random.chance(0.3)) {
    return date - 10_000 - (month === 2 && day === 29 ? 1 : 0);
  }
  return year * 10_000 + day * 100 + month;
}

function spoilDigit(
  columns: AadhaarColumns,
  at: number,
  { row, random }: { row: number; random: Random },
): AadhaarTruth {
  const correct = columns.aadhaar[at];
  const digit = correct % 10;
  columns.aadhaar[at] = correct - digit + ((digit + 1 + random.below(9)) % 10);
  const aadhaar = formatAadhaar(columns.aadhaar[at]);
  return { row, fault: "bad-check-digit", aadhaar, correct: formatAadhaar(correct) };
}

function spoilDate(
  columns: AadhaarColumns,
  at: number,
  { row, random }: { row: number; random: Random },
): AadhaarTruth {
  const correct = columns.birthDate[at];
  columns.birthDate[at] = impossibleDate(correct, columns.enrolled[at], random);
  return {
    row,
    fault: "impossible-date",
    aadhaar: formatAadhaar(columns.aadhaar[at]),
    birth_date: formatDate(correct),
  };
}

export function impossibleDate(birthDate: number, enrolled: number, random: Random): number {
  const year = Math.floor(birthDate / 10_000);
  switch (random.below(4)) {
    case 0:
      return year * 10_000 + 230;
    case 1:
      return year * 10_000 + 1_300 + (birthDate % 100);
    case 2:
      return enrolled + (1 + random.below(9)) * 10_000 - (enrolled % 100) + 1;
    default:
      return birthDate - (Math.floor(year / 100) - 18) * 1_000_000;
  }
}
