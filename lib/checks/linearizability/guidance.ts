/** A deduction in item numbers: see `Deduction`. */
export interface Guide {
  readonly pairs: readonly (readonly [number, number])[];
  readonly phases: readonly (readonly number[])[];
  readonly guards: readonly (((state: unknown) => boolean) | undefined)[];
}

const noGuide: Guide = { pairs: [], phases: [], guards: [] };

/** Which items the guide lets come next, kept as items are taken and put back. */
export class Guidance {
  /** How many items each still waits for, and who waits for it. */
  private readonly waitsFor: Int32Array;
  private readonly waiters = new Map<number, number[]>();
  /** The phase of each item, or -1, and how many of each phase have not come. */
  private readonly phaseOf: Int32Array;
  private readonly left: Int32Array;
  /** The phase under way. */
  phase = 0;

  constructor(
    size: number,
    private readonly guide: Guide = noGuide,
  ) {
    const { pairs, phases } = guide;
    this.waitsFor = new Int32Array(size);
    for (const [first, second] of pairs) {
      const waiters = this.waiters.get(first);
      if (waiters === undefined) this.waiters.set(first, [second]);
      else waiters.push(second);
      this.waitsFor[second]++;
    }
    this.phaseOf = new Int32Array(size).fill(-1);
    phases.forEach((members, phase) => members.forEach((item) => (this.phaseOf[item] = phase)));
    this.left = Int32Array.from({ length: Math.max(1, phases.length) }, (_, phase) => {
      return phases[phase]?.length ?? 0;
    });
  }

  /** `stateOf` gives the present state, where it is asked for. */
  isFree(item: number, stateOf: () => unknown): boolean {
    if (this.waitsFor[item] > 0) return false;
    if (this.guide.guards[item]?.(stateOf()) === false) return false;
    const phase = this.phaseOf[item];
    return phase < 0 || phase === this.phase || this.left[this.phase] === 0;
  }

  /** Whether the guide says anything of the item, so that no equal one can stand in for it. */
  isSpecial(item: number): boolean {
    const isGuarded = this.guide.guards[item] !== undefined;
    return isGuarded || this.waiters.has(item) || this.phaseOf[item] >= 0;
  }

  take(item: number): void {
    for (const waiter of this.waiters.get(item) ?? []) this.waitsFor[waiter]--;
    const phase = this.phaseOf[item];
    if (phase < 0) return;
    this.phase = phase;
    this.left[phase]--;
  }

  /** Undoes `take`; `phase` is the one that was under way before it. */
  putBack(item: number, phase: number): void {
    for (const waiter of this.waiters.get(item) ?? []) this.waitsFor[waiter]++;
    if (this.phaseOf[item] >= 0) this.left[this.phaseOf[item]]++;
    this.phase = phase;
  }
}
