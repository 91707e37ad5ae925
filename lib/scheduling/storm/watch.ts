/**
 * What must hold: at every note of a worker or a client, and of the servers and the store at the
 * end. The first breach is kept.
 */
import type { SimulatedNote } from "../../hosts";
import type { EffectStore } from "../effect-store";
import type { BoardState, Task } from "../board/state";
import type { Ending, TaskSpec } from "../task";

export interface SchedulerViolation {
  readonly property:
    | "lostTask"
    | "tokenReused"
    | "orderBroken"
    | "ranAfterEnd"
    | "staleAccepted"
    | "endingChanged"
    | "effectTwice"
    | "noEffect"
    | "causeUnknown"
    | "triedTooOften"
    | "notEnded"
    | "differentStates"
    | "exception";
  readonly detail: string;
}

interface Attempt {
  readonly id: string;
  readonly attempt: number;
  readonly life: number;
}

export class SchedulerWatch {
  violation: SchedulerViolation | undefined;
  private readonly begunBy = new Map<string, string>();
  /** The last attempt that anybody began, by task. */
  private readonly lastBegun = new Map<string, number>();
  private readonly finished = new Set<string>();
  private readonly told = new Map<string, Ending>();
  private readonly tasks: ReadonlyMap<string, TaskSpec>;

  constructor(tasks: readonly TaskSpec[]) {
    this.tasks = new Map(tasks.map((task) => [task.id, task]));
  }

  hear({ node, label, detail }: SimulatedNote): void {
    if (label === "begin") this.begun(node, detail as Attempt);
    if (label === "finish") this.finished.add((detail as Attempt).id);
    if (label === "ended") this.ended(detail as Ending & { id: string });
    if (label === "forgotten") {
      const { id } = detail as { id: string };
      this.fail("lostTask", `${id} was accepted, and the scheduler does not know it`);
    }
  }

  /** A token is one worker's, in one of its lives; parents are done; what is done is over. */
  private begun(worker: string, { id, attempt, life }: Attempt): void {
    const token = `attempt ${attempt} of ${id}`;
    const who = `${worker} in its life ${life}`;
    const known = this.begunBy.get(token);
    // News that were on their way in a crash may reach the next life, in which they are stale.
    if (known !== undefined && known.split(" ")[0] !== worker) {
      this.fail("tokenReused", `${token}: ${known}, and ${who}`);
    }
    this.begunBy.set(token, who);
    this.lastBegun.set(id, Math.max(attempt, this.lastBegun.get(id) ?? 0));
    const parents = this.tasks.get(id)?.after ?? [];
    const early = parents.find((parent) => !this.finished.has(parent));
    if (early !== undefined) this.fail("orderBroken", `${id} began before ${early} was done`);
    const ending = this.told.get(id);
    if (ending?.kind === "done" && attempt > ending.attempt) {
      this.fail("ranAfterEnd", `${token} began, though attempt ${ending.attempt} was the end`);
    }
  }

  private ended({ id, ...ending }: Ending & { id: string }): void {
    const before = this.told.get(id);
    if (before?.kind === "done" && JSON.stringify(before) !== JSON.stringify(ending)) {
      this.fail("endingChanged", `${id}: ${JSON.stringify(before)}, then another one`);
    }
    this.told.set(id, ending as Ending);
    const last = this.lastBegun.get(id) ?? 0;
    if (ending.kind === "done" && last > ending.attempt) {
      this.fail("staleAccepted", `${id} is done by attempt ${ending.attempt}, after ${last} began`);
    }
    if (ending.kind === "dead") this.cause(id, ending as Ending);
  }

  private cause(id: string, ending: Ending): void {
    if (ending.kind !== "dead") return;
    const { why, detail, failures } = ending;
    const isTold = detail !== "" && (why === "expired" || why === "parent" || failures.length > 0);
    const root = /is dead \((\w+): (.+)\)|was cancelled/.test(detail);
    if (isTold && (why !== "parent" || root)) return;
    this.fail("causeUnknown", `${id} is dead: ${JSON.stringify(ending)}`);
  }

  /** When all is calm and over. */
  judge(state: BoardState, { effects }: EffectStore): void {
    for (const [id, { times }] of effects) {
      if (times !== 1) this.fail("effectTwice", `${id} took effect ${times} times`);
    }
    for (const [id, ending] of this.told) {
      if (ending.kind === "done" && !effects.has(id)) {
        this.fail("noEffect", `${id} is done, and its effect is not there`);
      }
      const task = state.tasks.get(id);
      if (task === undefined) this.fail("lostTask", `${id} ended, and is not known any more`);
      else this.compare(task, ending);
    }
  }

  /** What was told is so; only dead letters may have been tried again. */
  private compare(task: Task, told: Ending): void {
    const { spec, ending, failed } = task;
    if (told.kind !== "dead" && ending?.kind !== told.kind) {
      this.fail("endingChanged", `${spec.id} was ${told.kind}, and is ${ending?.kind ?? "open"}`);
    }
    if (failed > 4) this.fail("triedTooOften", `${spec.id} has failed ${failed} times`);
  }

  fail(property: SchedulerViolation["property"], detail: string): void {
    this.violation ??= { property, detail };
  }
}
