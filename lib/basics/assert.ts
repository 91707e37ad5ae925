/**
 * Assertions that are always on: a broken invariant is a bug of the program, and running on would
 * turn it into a wrong answer. Bad input is not an assertion: see `InputError`.
 */
export class AssertionError extends Error {
  override readonly name = "AssertionError";
}

/**
 * Throws AssertionError with `message` and the `values` that broke it when `condition` is false.
 */
export function assert(
  condition: boolean,
  message: string,
  values?: Record<string, unknown>,
): asserts condition {
  if (condition) return;
  throw new AssertionError(values === undefined ? message : `${message} (${describe(values)})`);
}

/** Marks a place that a complete `switch` cannot reach; the compiler checks that it is complete. */
export function unreachable(value: never): never {
  throw new AssertionError(`unreachable case: ${JSON.stringify(value)}`);
}

function describe(values: Record<string, unknown>): string {
  return Object.entries(values)
    .map(([name, value]) => `${name}=${JSON.stringify(value)}`)
    .join(", ");
}
