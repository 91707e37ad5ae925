/**
 * Has jobs run one after the other, and asks again until each has ended.
 * Source: Zaharia et al. 2012, section 2.2, the driver. Assumes: messages may be lost or doubled.
 * Guarantees: each job is submitted after the one before it has ended.
 * Cost: two messages a job, and one more every `retryMs`.
 */
import type { Event, Host, Node, NodeId } from "../../../protocol";
import type { JobPlan } from "../control/messages";
import type { DatasetSimulationMessage } from "./messages";

export interface DatasetClientOptions {
  readonly plans: readonly JobPlan[];
  readonly coordinator: NodeId;
  readonly retryMs: number;
}

const defaults: DatasetClientOptions = { plans: [], coordinator: "n0", retryMs: 1_000 };

export class DatasetClient implements Node<DatasetSimulationMessage, "retry"> {
  private readonly options: DatasetClientOptions;
  private next = 0;

  constructor(
    readonly id: NodeId,
    _peers: readonly NodeId[],
    options: Partial<DatasetClientOptions> = {},
  ) {
    this.options = { ...defaults, ...options };
  }

  handle(
    event: Event<DatasetSimulationMessage, "retry">,
    host: Host<DatasetSimulationMessage, "retry">,
  ): void {
    const { plans, coordinator, retryMs } = this.options;
    if (event.kind === "message") {
      const { message } = event;
      if (message.type !== "jobEnded" || message.requestId !== plans[this.next]?.job) return;
      this.next++;
      if (this.next === plans.length) host.note("allEnded", message.outcome);
    }
    const plan = plans[this.next];
    if (plan === undefined) return host.cancelTimer("retry");
    host.send(coordinator, { type: "submit", requestId: plan.job, plan });
    host.setTimer("retry", retryMs);
  }
}

/**
 * The results that all machines reach: what is written twice is the same twice.
 * Source: J. Dean and S. Ghemawat, OSDI 2004, section 3.3. Assumes: it does not crash itself.
 * Guarantees: a partition holds one whole write. Cost: one message and its answer a partition.
 */
export class ResultStore implements Node<DatasetSimulationMessage, string> {
  constructor(readonly id: NodeId) {}

  handle(
    event: Event<DatasetSimulationMessage, string>,
    host: Host<DatasetSimulationMessage, string>,
  ): void {
    if (event.kind !== "message" || event.message.type !== "write") return;
    const { attemptId, job, partition, rows } = event.message;
    host.save(`${job}/${partition}`, rows);
    host.send(event.from, { type: "written", attemptId });
  }
}
