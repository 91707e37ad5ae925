/**
 * Bad input from a person: an option, a file, a line. Its message is one sentence that says what
 * was wrong, where, and what to do. The command line prints it alone, without a stack.
 */
export class InputError extends Error {
  override readonly name = "InputError";
}

/**
 * The number, if it lies in [min, max] (both included); otherwise a RangeError that names the
 * option and the value.
 */
export function inRange(name: string, value: number, range: { min: number; max: number }): number {
  if (Number.isFinite(value) && value >= range.min && value <= range.max) return value;
  throw new RangeError(`${name} must be from ${range.min} to ${range.max}, but was ${value}`);
}

/** The value, if it is among those known; otherwise a RangeError that names the option and all. */
export function oneOf<Known>(name: string, value: Known, known: readonly Known[]): Known {
  if (known.includes(value)) return value;
  throw new RangeError(`${name} must be one of ${known.join(", ")}, but was ${String(value)}`);
}

/** As `inRange`, and a whole number. */
export function wholeInRange(
  name: string,
  value: number,
  range: { min: number; max: number },
): number {
  if (Number.isInteger(value)) return inRange(name, value, range);
  throw new RangeError(`${name} must be a whole number, but was ${value}`);
}
