/** A simulated Dynamo cluster with clients and an operator: for notebooks, tests and storms. */
import { wholeInRange } from "../../../basics";
import { notedHistory, Simulator } from "../../../hosts";
import type { ScheduledFault, SimulatedNote, SimulatorOptions } from "../../../hosts";
import type { Event, HistoryEvent, NodeId, Trace } from "../../../protocol";
import { DynamoClient } from "../client";
import type { DynamoClientOptions } from "../client";
import { Dynamo } from "../dynamo";
import type { DynamoMessage, DynamoOperation, DynamoTimer } from "../messages";
import type { DynamoOptions } from "../options";
import { targetsOf } from "../owners";
import { isSettled } from "../ring";
import type { RingChange } from "../ring";
import type { DynamoHost } from "../state";

export type DynamoClass = new (
  id: NodeId,
  peers: readonly NodeId[],
  options?: Partial<DynamoOptions>,
) => Dynamo;

export interface ClusterSettings {
  readonly seed: number;
  /** n1, n2...: those of the first ring. */
  readonly servers: number;
  /** Further nodes that may join, numbered on. */
  readonly spares?: number;
  readonly options?: Partial<DynamoOptions>;
  readonly server?: DynamoClass;
  readonly simulator?: Omit<SimulatorOptions<DynamoMessage, DynamoTimer>, "seed" | "onNote">;
  readonly onNote?: (note: SimulatedNote) => void;
  /** For one server. */
  readonly skewMs?: (id: NodeId) => number;
}

/** What the servers have sent, by the type of the message; bytes are those of the JSON text. */
export interface Traffic {
  messages: number;
  bytes: number;
}

export class DynamoCluster {
  readonly ids: readonly NodeId[];
  readonly notes: SimulatedNote[] = [];
  readonly traffic = new Map<string, Traffic>();
  private readonly simulator: Simulator<DynamoMessage, DynamoTimer>;
  private requestId = 0;

  /** Throws a RangeError for an option that is wrong. */
  constructor(private readonly settings: ClusterSettings) {
    const { seed, servers, spares = 0, server = Dynamo, skewMs } = settings;
    wholeInRange("servers", servers, { min: 1, max: 1_000 });
    wholeInRange("spares", spares, { min: 0, max: 1_000 });
    this.simulator = new Simulator({
      isTraced: false,
      ...settings.simulator,
      seed,
      onNote: (note) => this.hear(note),
    });
    this.ids = Array.from({ length: servers + spares }, (_, i) => `n${i + 1}`);
    const members = this.ids.slice(0, servers);
    const counted = this.counted(server);
    for (const id of this.ids) {
      const peers = this.ids.filter((other) => other !== id);
      const options = { members, ...settings.options };
      this.simulator.add(id, counted, {
        peers,
        options,
        ...(skewMs && { clock: { skewMs: skewMs(id) } }),
      });
    }
    this.addClient("c0", {}, 0); // hears what an operator is answered
  }

  get nowMs(): number {
    return this.simulator.nowMs;
  }

  get trace(): Trace<DynamoMessage, DynamoTimer> {
    return this.simulator.trace;
  }

  addClient(id: NodeId, options: Partial<DynamoClientOptions>, startAtMs = this.nowMs): void {
    this.simulator.add(id, DynamoClient, { peers: this.ids, options, startAtMs });
  }

  /** One thing more for a client to do, from now on. */
  submit(client: NodeId, operation: DynamoOperation): void {
    this.simulator.inject("outside", client, { type: "submit", operation });
  }

  schedule(...faults: readonly ScheduledFault[]): void {
    this.simulator.schedule(...faults);
  }

  /** Returns how many events there were. */
  run(untilMs: number): number {
    return this.simulator.run({ untilMs, maxEvents: 3_000_000 }).events;
  }

  stop(): void {
    this.simulator.stop();
  }

  isUp(id: NodeId): boolean {
    return this.simulator.isUp(id);
  }

  /** Those that live, to look at. */
  living(): Dynamo[] {
    return this.ids.flatMap((id) => (this.simulator.nodeOf(id) as Dynamo | undefined) ?? []);
  }

  /** An operator's wish, told to one server. */
  change(at: NodeId, change: RingChange): void {
    this.simulator.inject("c0", at, { type: "changeRing", requestId: ++this.requestId, change });
  }

  /** All living servers have the same settled ring: the next change may be asked for. */
  isSettled(): boolean {
    const living = this.living();
    return living.every(({ ring, epoch }) => isSettled(ring) && epoch === living[0].epoch);
  }

  /**
   * What is not as it should be when the cluster has been left alone: copies that differ, hints,
   * partitions of others; undefined when all is well.
   */
  disorder(): string | undefined {
    if (!this.isSettled()) return "the ring is not settled";
    const living = this.living();
    const ofId = new Map(living.map((node) => [node.id, node]));
    for (const node of living) {
      if (node.hints.size > 0) return `${node.id} keeps hints for ${[...node.hints.keys()].join()}`;
      for (const [partition, keys] of node.keys) {
        const owners = targetsOf(node.owners, partition);
        if (!owners.includes(node.id)) return `${node.id} has partition ${partition} of others`;
        for (const key of keys) {
          for (const owner of owners) {
            const theirs = ofId.get(owner)?.entries.get(key)?.versions;
            if (JSON.stringify(theirs) === JSON.stringify(node.entries.get(key)?.versions))
              continue;
            return `${node.id} and ${owner} differ in ${key}`;
          }
        }
      }
    }
    return undefined;
  }

  /** Copies of each key on its owners, over all keys. */
  copies(): number {
    return this.living().reduce((sum, node) => sum + node.entries.size, 0);
  }

  /** What clients have seen; `over` of an invoke is what the writer had seen. */
  history(): (HistoryEvent & { readonly over?: readonly unknown[] })[] {
    return notedHistory(this.notes);
  }

  private hear(note: SimulatedNote): void {
    this.notes.push(note);
    this.settings.onNote?.(note);
  }

  private counted(server: DynamoClass): DynamoClass {
    const { traffic } = this;
    return class extends server {
      override handle(event: Event<DynamoMessage, DynamoTimer>, host: DynamoHost): void {
        const send = (to: NodeId, message: DynamoMessage): void => {
          const sum = traffic.get(message.type) ?? { messages: 0, bytes: 0 };
          sum.messages++;
          sum.bytes += JSON.stringify(message).length;
          traffic.set(message.type, sum);
          host.send(to, message);
        };
        super.handle(event, {
          nowMs: host.nowMs,
          random: () => host.random(),
          send,
          setTimer: (timer, afterMs) => host.setTimer(timer, afterMs),
          cancelTimer: (timer) => host.cancelTimer(timer),
          save: (key, value) => host.save(key, value),
          note: (label, detail) => host.note(label, detail),
        });
      }
    };
  }
}
