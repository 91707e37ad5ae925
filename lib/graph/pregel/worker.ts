/**
 * A worker of a Pregel cluster: computes its partitions when the master says so, and tells that it
 * is done when all that it sent has arrived.
 *
 * Source: Malewicz and others 2010, sections 4.1 to 4.3; ours acknowledges mail, as messages may
 * be lost, and sends it at the end of the superstep.
 * Assumes: as the master; a program is a function of what it is given.
 * Guarantees: a superstep is computed once an epoch; mail of other epochs is not taken.
 * Cost: as the master; memory: its vertices, their mail, and what has not been acknowledged.
 */
import type { Event, Host, Node, NodeId } from "../../protocol";
import { emptyPlan, graphOf } from "./graph-plan";
import type { GraphPlan } from "./graph-plan";
import type { Mail } from "./inbox";
import { unwrap, wrap } from "./messages";
import type { Content, PartitionReport, PregelMessage, Step, Wrapping } from "./messages";
import { runSuperstep, startPartition } from "./partition";
import type { PartitionState, SuperstepResult } from "./partition";
import { programOf } from "./programs";

export interface PregelWorkerOptions {
  /** Default "n0". */
  readonly master: NodeId;
  /** The node that keeps checkpoints; default "store". */
  readonly store: NodeId;
  /** Default "components". */
  readonly program: string;
  readonly graph: GraphPlan;
  /** Default 200 ms. */
  readonly heartbeatMs: number;
  /** "shared": between threads of one process, bulk data lies in its memory. Default "json". */
  readonly wrapping: Wrapping;
}

const defaults: PregelWorkerOptions = {
  ...{ master: "n0", store: "store", program: "components", graph: emptyPlan, heartbeatMs: 200 },
  wrapping: "json",
};

type MailMessage = PregelMessage & { type: "mail" };
type WorkerHost = Host<PregelMessage, "heartbeat">;

export class PregelWorker implements Node<PregelMessage, "heartbeat"> {
  private readonly options: PregelWorkerOptions;
  private incarnation = 0;
  private epoch = 0;
  /** The superstep to compute next. */
  private next = 0;
  private owners: readonly NodeId[] = [];
  private readonly states = new Map<number, PartitionState>();
  /** Partitions whose checkpoint has not come yet. */
  private readonly missing = new Set<number>();
  /** To be computed when nothing is missing any more. */
  private waiting: Step | undefined;
  /** By "superstep/to/from". */
  private readonly inbox = new Map<string, Mail>();
  /** Of an epoch that this worker has not heard of yet: it came faster than the master's step. */
  private readonly early = new Map<string, { from: NodeId; message: MailMessage }>();
  /** Sent and not acknowledged, by what the answer will name. */
  private readonly unanswered = new Map<string, { to: NodeId; message: PregelMessage }>();
  private reports: PartitionReport[] = [];

  constructor(
    readonly id: NodeId,
    _peers: readonly NodeId[],
    options: Partial<PregelWorkerOptions> = {},
  ) {
    this.options = { ...defaults, ...options };
  }

  handle(event: Event<PregelMessage, "heartbeat">, host: WorkerHost): void {
    if (event.kind === "message") return this.hear(event.from, event.message, host);
    if (event.kind === "start") this.incarnation = Math.floor(host.random() * 2 ** 32);
    host.send(this.options.master, { type: "heartbeat", incarnation: this.incarnation });
    host.setTimer("heartbeat", this.options.heartbeatMs);
  }

  private hear(from: NodeId, message: PregelMessage, host: WorkerHost): void {
    switch (message.type) {
      case "step":
        return this.hearStep(message, host);
      case "mail":
        return this.hearMail(from, message, host);
      case "mailTaken":
        return this.settle(mailKey(message), message.epoch, host);
      case "written":
        return this.settle(message.key, this.epoch, host);
      case "content":
        return this.hearContent(message.key, message.content, host);
    }
  }

  private hearStep(step: Step, host: WorkerHost): void {
    if (step.epoch < this.epoch) return;
    if (step.epoch > this.epoch) this.enterEpoch(step, host);
    for (const partition of this.missing) {
      host.send(this.options.store, { type: "read", key: checkpointKey(this.next, partition) });
    }
    this.waiting = this.missing.size > 0 ? step : undefined;
    if (this.waiting !== undefined) return;
    if (step.superstep === this.next) this.compute(step, host);
    // The master has not heard that it is done, so something was lost on the way.
    else if (step.superstep === this.next - 1) this.repeat(host);
  }

  /** What was computed since the checkpoint is forgotten. */
  private enterEpoch({ epoch, epochStart, owners }: Step, host: WorkerHost): void {
    this.epoch = epoch;
    this.next = epochStart;
    this.owners = owners;
    for (const part of [this.states, this.missing, this.inbox, this.unanswered]) part.clear();
    const partitions = owners.length;
    const { graph, program } = this.options;
    owners.forEach((owner, partition) => {
      if (owner !== this.id) return;
      const place = { partition, partitions };
      this.states.set(partition, startPartition(graphOf(graph), programOf(program), place));
      if (epochStart > 0) this.missing.add(partition);
    });
    const early = [...this.early.values()];
    this.early.clear();
    for (const { from, message } of early) this.hearMail(from, message, host);
  }

  private hearContent(key: string, content: Content | null, host: WorkerHost): void {
    const partition = [...this.missing].find((one) => checkpointKey(this.next, one) === key);
    if (partition === undefined || content === null) return;
    this.missing.delete(partition);
    const state = this.states.get(partition) as PartitionState;
    state.values.set(unwrap(content.values));
    state.awake.set(unwrap(content.awake));
    content.mail.forEach((mail, from) => {
      const place = { superstep: this.next, to: partition, from };
      if (mail.length > 0) this.inbox.set(mailKey(place), unwrap(mail));
    });
    if (this.missing.size === 0 && this.waiting) this.hearStep(this.waiting, host);
  }

  private compute(step: Step, host: WorkerHost): void {
    this.reports = [];
    this.next = step.superstep + 1;
    for (const state of this.states.values()) {
      const mail = this.mailFor(state.partition, step.superstep);
      if (step.isFinal) this.write(`result/${state.partition}`, this.contentOf(state, []), host);
      else if (step.hasCheckpoint) {
        const key = checkpointKey(step.superstep, state.partition);
        this.write(key, this.contentOf(state, mail), host);
      }
      if (!step.isFinal) this.computePartition(state, { ...step, mail }, host);
    }
    this.tellIfDone(host);
  }

  private computePartition(
    state: PartitionState,
    step: Step & { readonly mail: readonly Mail[] },
    host: WorkerHost,
  ): void {
    const graph = graphOf(this.options.graph);
    const result = runSuperstep(graph, programOf(this.options.program), { state, step });
    this.reports.push(reportOf(state.partition, result));
    result.mail.forEach((mail, to) => {
      if (mail.length === 0) return;
      const place = { epoch: this.epoch, superstep: this.next, from: state.partition, to };
      if (this.owners[to] === this.id) return void this.inbox.set(mailKey(place), mail);
      const wrapped = wrap(mail, this.options.wrapping);
      const message = { type: "mail", ...place, mail: wrapped } as const;
      this.send(this.owners[to], { key: mailKey(place), message }, host);
    });
  }

  /** By sending partition; it is taken out. */
  private mailFor(to: number, superstep: number): Mail[] {
    return this.owners.map((_, from) => {
      const key = mailKey({ superstep, to, from });
      const mail = this.inbox.get(key) ?? [];
      this.inbox.delete(key);
      return mail;
    });
  }

  private hearMail(from: NodeId, message: MailMessage, host: WorkerHost): void {
    if (message.epoch > this.epoch) this.early.set(mailKey(message), { from, message });
    if (message.epoch !== this.epoch) return;
    const { mail, ...place } = message;
    if (place.superstep >= this.next) this.inbox.set(mailKey(place), unwrap(mail));
    host.send(from, { ...place, type: "mailTaken" });
  }

  private write(key: string, content: Content, host: WorkerHost): void {
    this.send(this.options.store, { key, message: { type: "write", key, content } }, host);
  }

  private contentOf({ values, awake }: PartitionState, mail: readonly Mail[]): Content {
    const wrapped = [values, awake, ...mail].map((part) => wrap(part, this.options.wrapping));
    return { values: wrapped[0], awake: wrapped[1], mail: wrapped.slice(2) };
  }

  private send(
    to: NodeId,
    { key, message }: { key: string; message: PregelMessage },
    host: WorkerHost,
  ): void {
    this.unanswered.set(key, { to, message });
    host.send(to, message);
  }

  private repeat(host: WorkerHost): void {
    for (const { to, message } of this.unanswered.values()) host.send(to, message);
    this.tellIfDone(host);
  }

  private settle(key: string, epoch: number, host: WorkerHost): void {
    if (epoch === this.epoch && this.unanswered.delete(key)) this.tellIfDone(host);
  }

  private tellIfDone(host: WorkerHost): void {
    if (this.unanswered.size > 0) return;
    const { epoch, reports } = this;
    host.send(this.options.master, { type: "stepDone", epoch, superstep: this.next - 1, reports });
  }
}

function mailKey(place: { superstep: number; to: number; from: number }): string {
  return `${place.superstep}/${place.to}/${place.from}`;
}

function checkpointKey(superstep: number, partition: number): string {
  return `checkpoint/${superstep}/${partition}`;
}

function reportOf(partition: number, result: SuperstepResult): PartitionReport {
  const { aggregates, computed, awake, mail } = result;
  const messages = mail.reduce((sum, bundle) => sum + bundle.length / 2, 0);
  return { partition, aggregates, computed, awake, messages };
}
