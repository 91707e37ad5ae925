/**
 * Worker threads that go through the phases of one computation together: each takes blocks of work
 * until none is left, waits for the others, and one of them draws the sum.
 *
 * Source: the central counting barrier of J. Mellor-Crummey and M. Scott, "Algorithms for Scalable
 * Synchronization on Shared-Memory Multiprocessors", 1991, with a futex in the place of spinning.
 * Assumes: the threads neither die nor throw within a phase; who starts them ends all if one does.
 * Guarantees: every block is done once; what was written before a barrier is seen after it.
 * Cost: one atomic addition a block, and one wait a phase and thread.
 */

const arrived = 0;
const generation = 1;
/** Two counters of blocks in turn: one is set back while the other is in use. */
const counters = 2;

export const controlLength = 4;

export class Team {
  private phase = 0;

  /** `control`: shared by the team, `controlLength` numbers, 0 at first. */
  constructor(
    private readonly control: Int32Array,
    readonly worker: number,
    readonly workers: number,
  ) {}

  /** A team of one, on the thread that calls. */
  static alone(): Team {
    return new Team(new Int32Array(controlLength), 0, 1);
  }

  get isAlone(): boolean {
    return this.workers === 1;
  }

  /**
   * Does `work` for the blocks 0 to `blocks - 1`, each on some thread; `conclude` then runs on one
   * thread, while the others wait.
   */
  each(blocks: number, work: (block: number) => void, conclude?: () => void): void {
    const counter = counters + (this.phase++ % 2);
    for (;;) {
      const block = Atomics.add(this.control, counter, 1);
      if (block >= blocks) break;
      work(block);
    }
    this.wait(() => {
      Atomics.store(this.control, counter, 0);
      conclude?.();
    });
  }

  /** Returns when all of the team have called it; the last one runs `conclude` before. */
  private wait(conclude: () => void): void {
    const { control, workers } = this;
    const now = Atomics.load(control, generation);
    if (Atomics.add(control, arrived, 1) + 1 === workers) {
      Atomics.store(control, arrived, 0);
      conclude();
      Atomics.add(control, generation, 1);
      Atomics.notify(control, generation);
      return;
    }
    while (Atomics.load(control, generation) === now) Atomics.wait(control, generation, now);
  }
}
