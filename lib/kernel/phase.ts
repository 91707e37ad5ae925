/**
 * What the main thread is doing, in memory that the control thread reads while the main thread is
 * busy: an interrupt stops a cell in another way before its first await than after it.
 */
export const phases = {
  /** The kernel's own work (compiling, answering), which must not be cut off. */
  kernel: 0,
  /** The part of a cell before its first await: Node.js stops it by SIGINT. */
  cellStart: 1,
  /** Anything that runs later: after an await, in a timer, in a callback. */
  later: 2,
} as const;

export type Phase = (typeof phases)[keyof typeof phases];

const phaseSlot = 0;
const heardSlot = 1;

export class SharedPhase {
  private readonly slots: Int32Array;

  constructor(readonly memory: SharedArrayBuffer = new SharedArrayBuffer(8)) {
    this.slots = new Int32Array(memory);
  }

  get phase(): Phase {
    return Atomics.load(this.slots, phaseSlot) as Phase;
  }

  set phase(phase: Phase) {
    Atomics.store(this.slots, phaseSlot, phase);
  }

  /** How many interrupts the main thread has dealt with. */
  get heard(): number {
    return Atomics.load(this.slots, heardSlot);
  }

  noteHeard(): void {
    Atomics.add(this.slots, heardSlot, 1);
  }
}
