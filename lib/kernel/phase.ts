/**
 * What the main thread is doing, told through memory that it shares with the control thread: an
 * interrupt stops a cell, and never the kernel itself.
 */
export const phases = {
  /** The kernel's own work (compiling, answering), which must not be cut off. */
  kernel: 0,
  /** A cell, and anything that it called or left behind: a timer, a callback. */
  cell: 1,
  /** Nothing runs, or the stack is empty between two microtasks. */
  idle: 2,
} as const;

export type Phase = (typeof phases)[keyof typeof phases];

const slots = { heard: 0, answer: 1, hold: 2 } as const;
const noAnswer = -1;
/** The longest that the main thread is held, should the control thread have ended. */
const holdMs = 200;

export class SharedPhase {
  private readonly values: Int32Array;

  constructor(readonly memory = new SharedArrayBuffer(4 * Object.keys(slots).length)) {
    this.values = new Int32Array(memory);
  }

  /** How many interrupts the main thread has dealt with. */
  get heard(): number {
    return Atomics.load(this.values, slots.heard);
  }

  noteHeard(): void {
    Atomics.add(this.values, slots.heard, 1);
  }

  /** In the main thread, in the middle of whatever runs: tells what that is and waits. */
  answerAndHold(phase: Phase): void {
    Atomics.store(this.values, slots.answer, phase);
    Atomics.notify(this.values, slots.answer);
    if (phase !== phases.kernel) Atomics.wait(this.values, slots.hold, 1, holdMs);
  }

  /** In the control thread: `ask` makes the main thread answer. Undefined when it did not. */
  askAndHold(ask: () => void, patienceMs: number): Phase | undefined {
    Atomics.store(this.values, slots.hold, 1);
    Atomics.store(this.values, slots.answer, noAnswer);
    ask();
    Atomics.wait(this.values, slots.answer, noAnswer, patienceMs);
    const answer = Atomics.load(this.values, slots.answer);
    return answer === noAnswer ? undefined : (answer as Phase);
  }

  release(): void {
    Atomics.store(this.values, slots.hold, 0);
    Atomics.notify(this.values, slots.hold);
  }
}
