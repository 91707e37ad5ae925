/** Coordinators and workers that are wrong on purpose: each forgets one thing it must do. */
import { aroundHost } from "../../../protocol";
import type { Host } from "../../../protocol";
import type { Saved } from "../../coordinator-lives";
import { TaskWorker } from "../../task-worker";
import { DatasetCoordinator } from "../control/coordinator";
import type { CoordinatorHost } from "../control/coordinator";
import { restoreLedger } from "../control/ledger";

export interface DatasetVariant {
  readonly id: string;
  /** Where the rule stands that it breaks. */
  readonly section: string;
  readonly coordinator?: typeof DatasetCoordinator;
  readonly worker?: typeof TaskWorker;
}

class SilentWorkersLive extends DatasetCoordinator {
  protected override loseWorker(): void {}
}

class AllIsLostWithAWorker extends DatasetCoordinator {
  protected override loseWorker(...args: Parameters<DatasetCoordinator["loseWorker"]>): void {
    this.ledger.shuffles.clear();
    super.loseWorker(...args);
  }
}

class EachComputationCounts extends DatasetCoordinator {
  protected override count(...args: Parameters<DatasetCoordinator["count"]>): void {
    this.ledger.counted.clear();
    super.count(...args);
  }
}

class LostAssignmentsStay extends DatasetCoordinator {
  protected override forgetAttempt(): void {}
}

class AllPartitionsAreMade extends DatasetCoordinator {
  protected override needs(
    ...[plan, , holdings]: Parameters<DatasetCoordinator["needs"]>
  ): ReturnType<DatasetCoordinator["needs"]> {
    const { partitions = 0 } = plan.steps.find(({ id }) => id === plan.target) ?? {};
    const all = Array.from({ length: partitions }, (_, i) => i);
    return super.needs(plan, all, holdings);
  }
}

class AnswersAreToldOnce extends TaskWorker {
  override handle(...[event, host]: Parameters<TaskWorker["handle"]>): void {
    super.handle(event, host);
    for (const attemptId of this.unnoted.keys()) this.running.set(attemptId, 1);
    this.unnoted.clear();
  }
}

class OutputsAreForgotten extends DatasetCoordinator {
  protected override restoreHoldings(saved: Saved): void {
    const kept = Object.entries(saved).filter(([key]) => !key.startsWith("output/"));
    restoreLedger(this.ledger, Object.fromEntries(kept));
  }
}

class SumsAreForgotten extends DatasetCoordinator {
  protected override restoreHoldings(saved: Saved): void {
    super.restoreHoldings(saved);
    this.ledger.sums.clear();
  }
}

class NotedBeforeSaved extends DatasetCoordinator {
  protected override hearEnded(...args: Parameters<DatasetCoordinator["hearEnded"]>): void {
    const [from, answer, host] = args;
    const saves: Parameters<Host["save"]>[] = [];
    const save = (key: string, value: unknown): void => void saves.push([key, value]);
    super.hearEnded(from, answer, aroundHost(host, { save }));
    for (const [key, value] of saves) host.save(key, value);
  }
}

class AttemptsAreNumberedAgain extends DatasetCoordinator {
  protected override resume(saved: Saved, _life: number, host: CoordinatorHost): void {
    super.resume(saved, 0, host);
  }
}

class HandedOverIsWantedAgain extends DatasetCoordinator {
  protected override resume(saved: Saved, life: number, host: CoordinatorHost): void {
    const kept = Object.entries(saved).filter(([key]) => !key.startsWith("result/"));
    super.resume(Object.fromEntries(kept), life, host);
  }
}

const lineage = "section 5.1";
const failures = "MapReduce, section 3.3";

export const datasetVariants: readonly DatasetVariant[] = [
  { id: "silent-workers-keep-what-they-had", section: lineage, coordinator: SilentWorkersLive },
  { id: "all-is-lost-with-one-worker", section: lineage, coordinator: AllIsLostWithAWorker },
  { id: "each-computation-is-counted", section: lineage, coordinator: EachComputationCounts },
  { id: "lost-tasks-are-waited-for", section: failures, coordinator: LostAssignmentsStay },
  { id: "all-partitions-are-made", section: lineage, coordinator: AllPartitionsAreMade },
  { id: "rows-are-told-once", section: failures, worker: AnswersAreToldOnce },
  { id: "outputs-are-forgotten-in-a-restart", section: failures, coordinator: OutputsAreForgotten },
  { id: "sums-are-forgotten-in-a-restart", section: failures, coordinator: SumsAreForgotten },
  { id: "rows-are-noted-before-saved", section: failures, coordinator: NotedBeforeSaved },
  {
    id: "tasks-are-numbered-from-1-again",
    section: failures,
    coordinator: AttemptsAreNumberedAgain,
  },
  { id: "results-are-wanted-again", section: failures, coordinator: HandedOverIsWantedAgain },
];
