/**
 * The master of a Pregel cluster: who has which partition, when a superstep begins, and where
 * to begin again when a worker is lost.
 *
 * Source: Malewicz and others 2010, sections 4.1, 4.2 and 4.4; ours recovers all partitions from
 * the last checkpoint, not the lost ones alone ("confined recovery").
 * Assumes: workers crash, come back empty, pause; messages are lost, repeated, late; the master and
 * the store of checkpoints do not fail.
 * Guarantees: the values of a run without faults, to the last bit; ends while a worker lives.
 * Cost: 2 messages a worker and superstep, one between each two partitions with mail, doubled by
 * acknowledgement; a checkpoint every `checkpointEvery` supersteps.
 */
import type { Event, Host, Node, NodeId } from "../../protocol";
import type { PartitionReport, PregelMessage, Step } from "./messages";
import { initialAggregates, mergeAggregates } from "./partition";
import { programOf } from "./programs";

export interface PregelMasterOptions {
  /** A name that `programOf` knows; default "components". */
  readonly program: string;
  /** More than workers, so that those of a lost one can be spread; default 8. */
  readonly partitions: number;
  /** Supersteps from one checkpoint to the next; 0: none. Default 5. */
  readonly checkpointEvery: number;
  /** Default 10,000. */
  readonly maxSupersteps: number;
  /** How often leases are looked at and steps repeated, in ms; default 200. */
  readonly checkMs: number;
  /** A worker silent for so long is lost; default 2,000, ten heartbeats. */
  readonly leaseMs: number;
  /** How long the start waits for workers that are missing; default 1,000 ms. */
  readonly joinMs: number;
}

const defaults: PregelMasterOptions = {
  ...{ program: "components", partitions: 8, checkpointEvery: 5, maxSupersteps: 10_000 },
  ...{ checkMs: 200, leaseMs: 2_000, joinMs: 1_000 },
};

type MasterHost = Host<PregelMessage, "check">;

export class PregelMaster implements Node<PregelMessage, "check"> {
  private readonly options: PregelMasterOptions;
  private readonly members = new Map<NodeId, { heardMs: number; incarnation: number }>();
  private readonly reports = new Map<NodeId, readonly PartitionReport[]>();
  private startedMs = 0;
  /** Undefined before the first epoch, and while nobody lives. */
  private step: Step | undefined;
  private epoch = 0;
  private checkpoint: { superstep: number; aggregates: Readonly<Record<string, number>> };
  private isOver = false;

  constructor(
    readonly id: NodeId,
    private readonly workers: readonly NodeId[],
    options: Partial<PregelMasterOptions> = {},
  ) {
    this.options = { ...defaults, ...options };
    const aggregates = initialAggregates(programOf(this.options.program));
    this.checkpoint = { superstep: 0, aggregates };
  }

  handle(event: Event<PregelMessage, "check">, host: MasterHost): void {
    if (this.isOver) return;
    if (event.kind === "message") return this.hear(event.from, event.message, host);
    if (event.kind === "start") this.startedMs = host.nowMs;
    else this.check(host);
    host.setTimer("check", this.options.checkMs);
  }

  private hear(from: NodeId, message: PregelMessage, host: MasterHost): void {
    if (message.type === "heartbeat") this.hearHeartbeat(from, message.incarnation, host);
    if (message.type === "stepDone") this.hearDone(from, message, host);
  }

  private hearHeartbeat(from: NodeId, incarnation: number, host: MasterHost): void {
    const known = this.members.get(from);
    this.members.set(from, { heardMs: host.nowMs, incarnation });
    if (known === undefined) host.note("workerJoined", from);
    if (this.step === undefined) {
      const waitedMs = host.nowMs - this.startedMs;
      const isFull = this.members.size >= this.workers.length;
      if (isFull || this.epoch > 0 || waitedMs >= this.options.joinMs) this.beginEpoch(host);
    } else if (known !== undefined && known.incarnation !== incarnation) this.lose(from, host);
  }

  private check(host: MasterHost): void {
    const { epoch } = this;
    for (const [worker, { heardMs }] of [...this.members]) {
      if (host.nowMs - heardMs <= this.options.leaseMs) continue;
      this.members.delete(worker);
      this.lose(worker, host);
    }
    if (this.epoch === epoch) this.sendSteps(host);
  }

  /** What a worker without a partition knew is not missed. */
  private lose(worker: NodeId, host: MasterHost): void {
    host.note("workerLost", worker);
    if (this.step?.owners.includes(worker) === true) this.beginEpoch(host);
  }

  /** All go back to the last checkpoint; the partitions are dealt out anew. */
  private beginEpoch(host: MasterHost): void {
    const living = [...this.members.keys()].sort();
    this.reports.clear();
    if (living.length === 0) return void (this.step = undefined);
    const { superstep, aggregates } = this.checkpoint;
    const { partitions } = this.options;
    const owners = Array.from({ length: partitions }, (_, i) => living[i % living.length]);
    const epoch = ++this.epoch;
    host.note("epochBegun", { epoch, superstep, owners });
    this.step = {
      ...{ epoch, epochStart: superstep, superstep, owners, aggregates },
      ...{ hasCheckpoint: false, isFinal: false },
    };
    this.sendSteps(host);
  }

  private sendSteps(host: MasterHost): void {
    if (this.step === undefined) return;
    for (const worker of new Set(this.step.owners)) {
      if (!this.reports.has(worker)) host.send(worker, { type: "step", ...this.step });
    }
  }

  private hearDone(
    from: NodeId,
    { epoch, superstep, reports }: PregelMessage & { type: "stepDone" },
    host: MasterHost,
  ): void {
    const { step } = this;
    if (step === undefined || epoch !== step.epoch || superstep !== step.superstep) return;
    this.reports.set(from, reports);
    if (step.owners.every((owner) => this.reports.has(owner))) this.advance(step, host);
  }

  /** "Once all workers are done, the master moves on to the next superstep." Section 4.1. */
  private advance(step: Step, host: MasterHost): void {
    const { superstep, aggregates } = step;
    if (step.hasCheckpoint) this.checkpoint = { superstep, aggregates };
    if (step.isFinal) return this.end(superstep, host);
    const reports = [...this.reports.values()].flat();
    reports.sort((left, right) => left.partition - right.partition);
    const [computed, awake, messages] = (["computed", "awake", "messages"] as const).map((name) => {
      return reports.reduce((sum, report) => sum + report[name], 0);
    });
    host.note("superstepDone", { superstep, computed, messages });
    const next = superstep + 1;
    const { checkpointEvery, maxSupersteps } = this.options;
    const merged = mergeAggregates(
      programOf(this.options.program),
      reports.map((report) => report.aggregates),
    );
    const isHalted = awake === 0 && messages === 0;
    if (!isHalted && next >= maxSupersteps) host.note("cutOff", next);
    this.step = {
      ...{ ...step, superstep: next, aggregates: merged },
      hasCheckpoint: checkpointEvery > 0 && next % checkpointEvery === 0,
      isFinal: isHalted || next >= maxSupersteps,
    };
    this.reports.clear();
    this.sendSteps(host);
  }

  private end(supersteps: number, host: MasterHost): void {
    this.isOver = true;
    host.note("halted", { supersteps, epochs: this.epoch });
  }
}
