/**
 * The records that a job fails on: a map task goes on after one, to find all of them in one pass,
 * since its output is thrown away then; the attempts after it skip them and count them.
 *
 * Source: Dean and Ghemawat 2004, section 4.6; there a record that fails ends the process.
 */
import type { RecordError } from "./record-error";

/** So many records of a job may fail, and are skipped. */
export const defaultBadRecords = 1_000;

/** Some records of a split cannot be mapped; the message is of the first. */
export class BadRecordsError extends Error {
  constructor(
    message: string,
    /** Where each begins in its file. */
    readonly recordsAt: readonly number[],
    /** They are more than may be skipped. */
    readonly isFinal: boolean,
  ) {
    super(message);
  }
}

/** `first` says what is wrong with one of them. */
export function tooManyBadRecords(most: number, first: string): string {
  const remedy = "mend the job or its input, or raise maxBadRecords";
  return `more than ${most} records cannot be mapped, such as ${first}: ${remedy}`;
}

export class BadRecords {
  private readonly places: number[] = [];
  private first = "";

  constructor(
    private readonly file: string,
    /** Beside `skipped` ones, which are known already. */
    private readonly limits: { readonly most: number; readonly skipped: number },
  ) {}

  /** Throws BadRecordsError when there are too many. */
  note({ message, recordAt }: RecordError): void {
    if (this.places.length === 0) this.first = `${this.file} at byte ${recordAt}: ${message}`;
    this.places.push(recordAt);
    const { most, skipped } = this.limits;
    if (this.places.length + skipped <= most) return;
    throw new BadRecordsError(tooManyBadRecords(most, this.first), this.places, true);
  }

  /** Throws when a record has failed: then the output of the task is not whole. */
  check(): void {
    if (this.places.length > 0) throw new BadRecordsError(this.first, this.places, false);
  }
}
