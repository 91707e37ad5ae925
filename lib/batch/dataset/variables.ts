/**
 * What functions of steps share with the program: broadcasts, which go out, and accumulators, which
 * come back. Source: Zaharia et al., "Spark: Cluster Computing with Working Sets", HotCloud 2010,
 * section 2.2.
 */

/** A value that is sent to each worker once; in functions `.value`, which must not be changed. */
export class Broadcast<T> {
  constructor(
    /** Of the session's. */
    readonly id: number,
    readonly value: T,
  ) {}
}

/**
 * A sum that functions add to. Each partition of a step counts once, when it has been computed
 * whole, however often it is computed again; Spark promises that for actions alone: there, what is
 * added in `map` counts again with each time that it runs again.
 */
export class Accumulator {
  private sum = 0;

  constructor(
    /** Of the session's. */
    readonly id: number,
    readonly name: string,
  ) {}

  /** As of the last job that ended. */
  get value(): number {
    return this.sum;
  }

  /** By 1 unless told. Only functions of steps, with the accumulator in their scope, may add. */
  add(_by?: number): void {
    throw new RangeError(
      `add to the accumulator "${this.name}" in a step that has it in its scope`,
    );
  }

  /** The session tells what came in. */
  receive(sum: number): void {
    this.sum = sum;
  }
}
