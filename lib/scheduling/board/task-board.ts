/**
 * The scheduler without a network: what it knows of tasks and workers, and what each command does
 * to it. Time comes with the commands, chance from a seed in the settings, so that whoever applies
 * the same commands in the same order has the same board.
 *
 * Source: leases: C. Gray, D. Cheriton, SOSP 1989; attempts as fencing tokens: M. Kleppmann, "How
 * to do distributed locking", 2016; order: see `order/`. Ours has them in one state machine.
 * Guarantees: a task that was accepted ends once: done, cancelled or a dead letter with its cause;
 * an outcome of any but its current attempt changes nothing; children begin after their parents.
 * Cost: O(log n) a task and command; answers and news as long as what they tell.
 */
import { applyCommand } from "./apply";
import type { BoardAnswer, BoardCommand, BoardNews, BoardQuery } from "./commands";
import { queryBoard } from "./query";
import { boardRules } from "./rules";
import type { BoardRules } from "./rules";
import type { BoardSettings } from "./settings";
import { boardSettings } from "./settings";
import { emptyBoardState } from "./state";
import type { BoardState } from "./state";
import { nextTimerMs } from "./time";

export class TaskBoard {
  readonly state: BoardState = emptyBoardState();
  readonly rules: BoardRules;

  /** RangeError for a setting that is wrong. */
  constructor(settings: Partial<BoardSettings> = {}, rules: Partial<BoardRules> = {}) {
    this.rules = { ...boardRules, ...rules };
    this.state.settings = boardSettings(settings);
  }

  /** `atMs`: the time, default the board's own; `from`: who asks, and is told. */
  do(command: BoardCommand, { atMs = this.state.nowMs, from = "c1" } = {}): BoardAnswer {
    return applyCommand(this, { ...command, atMs, from });
  }

  ask(query: BoardQuery): BoardAnswer {
    return queryBoard(this.state, query);
  }

  /** What is to be told, since this was asked last. */
  takeNews(): readonly BoardNews[] {
    const { news } = this.state;
    this.state.news = [];
    return news;
  }

  /** When time does something next; Infinity: never. */
  get nextTimerMs(): number {
    return nextTimerMs(this.state);
  }
}
