/** User code, or the reading of a field, failed on a record: where it begins in its file. */
export class RecordError extends Error {
  constructor(
    message: string,
    readonly recordAt: number,
  ) {
    super(message);
  }
}
