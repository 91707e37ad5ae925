/**
 * One storm: replicas, of which some lie, and clients, under random faults; then the network calms,
 * and the correct replicas have to serve a new client and to come to one state. Who lies, and what
 * befalls the cluster, is recorded as actions, and a run can be given the actions: so a storm can
 * be shrunk.
 */
import { Random } from "../../../basics";
import { Simulator, at, faultLabel, randomFaults } from "../../../hosts";
import type { ScheduledFault, SimulatedNote, StormRunOptions } from "../../../hosts";
import type { StormVerdict } from "../../../hosts";
import { aroundHost } from "../../../protocol";
import type { Event, NodeId } from "../../../protocol";
import { ByzantinePbft } from "../adversaries";
import type { PbftBehaviour } from "../adversaries";
import { pbftKeys } from "../authentication";
import type { PbftKeys } from "../authentication";
import { PbftClient } from "../client";
import type { PbftMessage, PbftReply, PbftTimer } from "../messages";
import { Pbft } from "../pbft";
import type { PbftRules } from "../rules";
import type { PbftHost } from "../state";
import { calmFaults } from "./calm";
import { judgeEnd, unsettled } from "./judge";
import { inOrder, replicaNames } from "./plan";
import type { PbftStormPlan } from "./plan";
import { PbftWatch } from "./watch";
import { operationsOf } from "./workload";

export type PbftStormAction =
  | ({ readonly kind: "fault" } & ScheduledFault)
  /** From the beginning on this replica does this. */
  | {
      readonly kind: "turn";
      readonly atMs: number;
      readonly replica: NodeId;
      readonly behaviour: PbftBehaviour;
    };

/** What a planted bug replaces. */
export interface PbftParts {
  readonly replica?: typeof Pbft;
  readonly client?: typeof PbftClient;
}

export interface PbftStormVerdict extends StormVerdict<PbftStormAction> {
  /** What the clients noted. */
  readonly notes: readonly SimulatedNote[];
}

export function describeAction(action: PbftStormAction): string {
  if (action.kind === "fault") return faultLabel(action.fault);
  return `${action.replica} lies: ${action.behaviour}`;
}

export function runStorm(
  plan: PbftStormPlan,
  parts: PbftParts = {},
  options: StormRunOptions<PbftStormAction> = {},
): PbftStormVerdict {
  return new Storm(plan, parts, options).run();
}

interface Executed {
  readonly sequence: number;
  readonly digest: string;
}

const newClient = "c9";

/** Each size of cluster has its keys, the same in every storm. */
const knownKeys = new Map<number, Record<NodeId, PbftKeys>>();

function keysFor(plan: PbftStormPlan): Record<NodeId, PbftKeys> {
  let keys = knownKeys.get(plan.replicas);
  if (keys === undefined) {
    const clients = Array.from({ length: 9 }, (_, i) => `c${i + 1}`);
    keys = pbftKeys("storm", [...replicaNames(plan.replicas), ...clients]);
    knownKeys.set(plan.replicas, keys);
  }
  return keys;
}

class Storm {
  private readonly simulator: Simulator<PbftMessage, PbftTimer>;
  private readonly replicas: readonly NodeId[];
  private readonly actions: readonly PbftStormAction[];
  private readonly lies = new Map<NodeId, PbftBehaviour[]>();
  private readonly watch: PbftWatch;
  private readonly counts = new Map<string, number>();
  private readonly notes: SimulatedNote[] = [];
  private readonly keys: Record<NodeId, PbftKeys>;
  private events = 0;

  constructor(
    private readonly plan: PbftStormPlan,
    private readonly parts: PbftParts,
    private readonly given: StormRunOptions<PbftStormAction>,
  ) {
    this.replicas = replicaNames(plan.replicas);
    this.keys = keysFor(plan);
    this.actions = (given.actions ?? this.draw()).filter(({ atMs }) => atMs <= this.untilMs);
    for (const action of this.actions) {
      if (action.kind !== "turn") continue;
      const names = [...(this.lies.get(action.replica) ?? []), action.behaviour];
      this.lies.set(action.replica, inOrder(names));
    }
    this.watch = new PbftWatch(new Set(this.lies.keys()), this.keys["n1"].publicKeys);
    this.simulator = new Simulator<PbftMessage, PbftTimer>({
      seed: plan.seed,
      isTraced: given.isTraced ?? false,
      network: { latency: { kind: "uniform", minMs: 1, maxMs: plan.maxLatencyMs } },
      onNote: (note) => this.hear(note),
    });
  }

  run(): PbftStormVerdict {
    this.addReplicas();
    this.addClients();
    for (const action of this.actions) {
      if (action.kind === "fault") this.simulator.schedule(at(action.atMs, action.fault));
    }
    this.runUntil(this.untilMs);
    this.recover();
    if (this.watch.failure === undefined) {
      judgeEnd(this.watch, { plan: this.plan, notes: this.notes, correct: this.living() });
    }
    const { actions, events, counts, notes, simulator } = this;
    const { nowMs, trace } = simulator;
    return { failure: this.watch.failure, actions, nowMs, events, counts, trace, notes };
  }

  private get untilMs(): number {
    return Math.min(this.given.untilMs ?? Infinity, this.plan.faultsMs);
  }

  private get correct(): readonly NodeId[] {
    return this.replicas.filter((id) => !this.lies.has(id));
  }

  private living(): Pbft[] {
    return this.correct.flatMap((id) => (this.simulator.nodeOf(id) as Pbft | undefined) ?? []);
  }

  private draw(): PbftStormAction[] {
    const { turncoats, seed, faults, faultsMs: untilMs, clients } = this.plan;
    const turns = turncoats.flatMap(({ replica, behaviours }) =>
      behaviours.map((behaviour) => ({ kind: "turn", atMs: 0, replica, behaviour }) as const),
    );
    const clientNames = Array.from({ length: clients }, (_, i) => `c${i + 1}`);
    const all = [...this.replicas, ...clientNames];
    const { partition } = faults;
    const drawn = randomFaults({
      ...{ ...faults, ...(partition && { partition: { ...partition, names: all } }) },
      ...{ seed, names: this.replicas, untilMs },
    });
    return [...turns, ...drawn.map((fault) => ({ kind: "fault", ...fault }) as const)];
  }

  private hear(note: SimulatedNote): void {
    const { node, label } = note;
    this.counts.set(label, (this.counts.get(label) ?? 0) + 1);
    if (node.startsWith("c")) this.notes.push(note);
    this.watch.hear(note);
    if (label === "executed" && !this.lies.has(node)) this.look(node, note.detail as Executed);
  }

  /** What a digest stands for, at this replica. */
  private look(node: NodeId, { sequence, digest }: Executed): void {
    const replica = this.simulator.nodeOf(node) as Pbft | undefined;
    const requests = replica?.slots.get(sequence)?.batches.get(digest);
    const operations = requests?.map(({ client, timestamp, operation }) => {
      return [client, timestamp, operation];
    });
    this.watch.executed(node, sequence, JSON.stringify(operations));
  }

  private addReplicas(): void {
    const { options, machine, delayMs } = this.plan;
    const [protocol, liar] = [this.watchedReplica(), this.liar()];
    for (const id of this.replicas) {
      const all = { ...options, machine, replicas: this.replicas, keys: this.keys[id] };
      const behaviours = this.lies.get(id);
      if (behaviours === undefined) this.simulator.add(id, protocol, { options: all });
      else {
        const accomplices = [...this.lies.keys()].filter((other) => other !== id);
        const lying = { ...all, behaviours, accomplices, delayMs };
        this.simulator.add(id, liar, { options: lying });
      }
    }
  }

  private addClients(): void {
    const { clients, options, thinkMs, seed } = this.plan;
    const { authentication } = options;
    const protocol = this.watchedClient();
    const common = { ...(authentication && { authentication }), retryMs: 100 };
    for (let i = 1; i <= clients; i++) {
      const operations = operationsOf(this.plan, i, new Random(seed, 320 + i));
      const own = { operations, thinkMs, giveUpMs: 2_000, keys: this.keys[`c${i}`] };
      this.simulator.add(`c${i}`, protocol, {
        peers: this.replicas,
        options: { ...common, ...own },
      });
    }
    const own = { ...common, keys: this.keys[newClient] };
    this.simulator.add(newClient, protocol, { peers: this.replicas, options: own });
  }

  private runUntil(untilMs: number): void {
    if (this.watch.failure !== undefined) return;
    try {
      this.events += this.simulator.run({ untilMs, maxEvents: 1_000_000 }).events;
    } catch (error) {
      this.watch.fail("exception", (error as Error).message);
    }
  }

  /** The network calms; liars go on or are gone; then a new client asks, and is answered. */
  private recover(): void {
    if (this.watch.failure !== undefined) return;
    const { plan, correct, replicas, simulator } = this;
    const atMs = Math.ceil(simulator.nowMs);
    const liars = replicas.filter((id) => this.lies.has(id));
    const clients = Array.from({ length: plan.clients }, (_, i) => `c${i + 1}`);
    const names = { all: [...replicas, ...clients, newClient], correct, liars };
    simulator.schedule(...calmFaults(names, plan.liesGoOn).map((fault) => at(atMs, fault)));
    for (const operation of newOperations(plan)) {
      simulator.inject("outside", newClient, { type: "submit", operation });
    }
    const asked = newOperations(plan).length;
    for (let i = 1; i <= settleMs / 100; i++) {
      this.runUntil(atMs + 100 * i);
      if (this.watch.failure !== undefined) return;
      if (unsettled(this.notes, this.living(), { newClient, asked }) === undefined) return;
    }
    const open = unsettled(this.notes, this.living(), { newClient, asked });
    this.watch.fail("liveness", `${open} within ${settleMs} ms of calm`);
  }

  /** Liars know the rules that the others keep. */
  private liar(): typeof ByzantinePbft {
    const { rules } = (this.parts.replica ?? Pbft).prototype;
    return class extends ByzantinePbft {
      override get rules(): PbftRules {
        return rules;
      }
    };
  }

  /** Every event is followed by a look at the replica; what it answers is remembered. */
  private watchedReplica(): typeof Pbft {
    // eslint-disable-next-line @typescript-eslint/no-this-alias -- a class within has its own
    const storm = this;
    return class extends (this.parts.replica ?? Pbft) {
      override handle(event: Event<PbftMessage, PbftTimer>, host: PbftHost): void {
        const send = (to: NodeId, message: PbftMessage): void => {
          if (message.type === "reply") storm.watch.answered(message);
          host.send(to, message);
        };
        super.handle(event, aroundHost(host, { send }));
        storm.watch.observe(this);
        if (storm.watch.failure !== undefined) storm.simulator.stop();
      }
    };
  }

  /** What a client believes is held against what correct replicas have said. */
  private watchedClient(): typeof PbftClient {
    // eslint-disable-next-line @typescript-eslint/no-this-alias -- a class within has its own
    const storm = this;
    return class extends (this.parts.client ?? PbftClient) {
      override handle(event: Event<PbftMessage, PbftTimer>, host: PbftHost): void {
        const note = (label: string, detail?: unknown): void => {
          const isAnswer = (label === "ok" || label === "fail") && event.kind === "message";
          if (isAnswer) storm.watch.believed(this.id, event.message as PbftReply);
          host.note(label, detail);
        };
        super.handle(event, aroundHost(host, { note }));
        if (storm.watch.failure !== undefined) storm.simulator.stop();
      }
    };
  }
}

/** From the end of the faults on everything has to be well within so long. */
const settleMs = 20_000;

function newOperations({ machine }: PbftStormPlan) {
  if (machine === "payments") return [{ command: { op: "openWallet", wallet: "new" } }];
  const put = { command: { op: "put", key: "new", value: "new" } };
  return [put, { query: { op: "get", key: "new" } }];
}
