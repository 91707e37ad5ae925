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

/**
 * The defaults with what was given in place of them; undefined is the default too. Throws a
 * RangeError for an option that `owner` does not have, and for one of another type than its default
 * (null: of any type).
 */
export function withDefaults<O extends object>(owner: string, defaults: O, given: Partial<O>): O {
  const options: Record<string, unknown> = Object.fromEntries(Object.entries(defaults));
  onlyKnown(owner, given, Object.keys(defaults));
  for (const [name, value] of Object.entries(given)) {
    if (value === undefined) continue;
    const usual = typeNameOf(options[name]);
    const actual = typeNameOf(value);
    if (usual !== "null" && actual !== usual) {
      throw new RangeError(`${name} must be of the type ${usual}, but was of the type ${actual}`);
    }
    options[name] = value;
  }
  return options as O;
}

/** Throws a RangeError for an option that `owner` does not have. */
export function onlyKnown(owner: string, given: object, known: readonly string[]): void {
  const stranger = Object.keys(given).find((name) => !known.includes(name));
  if (stranger !== undefined) throw new RangeError(`${owner} has no option "${stranger}"`);
}

function typeNameOf(value: unknown): string {
  if (value === null) return "null";
  if (Array.isArray(value)) return "list";
  return typeof value === "string" ? "text" : typeof value;
}
