/** Elections in the simulator over time: who leads when, and how soon again after a crash. */
import { inRange, oneOf, wholeInRange } from "../../../basics";
import { Simulator, at, crash } from "../../../hosts";
import type { Latency, NetworkOptions, ScheduledFault } from "../../../hosts";
import { aroundHost } from "../../../protocol";
import type { Event, Host, Message, NodeId, Protocol, Trace } from "../../../protocol";
import { Raft } from "../../raft/raft";
import { Bully } from "../bully";
import { Invitation } from "../invitation";

export type Among = "bully" | "invitation" | "raft";

export interface SimulatedElection {
  readonly algorithm: Among;
  readonly seed: number;
  /** 2 to 200; default 5. */
  readonly nodes?: number;
  readonly network?: Partial<NetworkOptions>;
  readonly faults?: readonly ScheduledFault[];
  readonly untilMs: number;
  /** Leaders are noted so often; default 50 ms. */
  readonly lookMs?: number;
  readonly options?: object;
  readonly isTraced?: boolean;
}

export interface ElectionLook {
  readonly atMs: number;
  /** Those that lead, in their own opinion. */
  readonly leaders: readonly NodeId[];
}

export interface ElectionRun {
  readonly looks: readonly ElectionLook[];
  readonly trace: Trace<Message, unknown>;
}

interface Elector {
  readonly id: NodeId;
  readonly role: string;
  readonly leader: NodeId | null;
}

const protocols = { bully: Bully, invitation: Invitation, raft: Raft };

/** Throws a RangeError for an option that is wrong. */
export function simulateElection(election: SimulatedElection): ElectionRun {
  const { untilMs, lookMs = 50, faults = [] } = election;
  inRange("lookMs", lookMs, { min: 0.1, max: 86_400_000 });
  inRange("untilMs", untilMs, { min: 0, max: 1e9 });
  const group = new Group(election);
  group.simulator.schedule(...faults);
  const looks: ElectionLook[] = [];
  for (let atMs = lookMs; atMs <= untilMs; atMs += lookMs) {
    group.simulator.run({ untilMs: atMs });
    looks.push({ atMs, leaders: group.leaders() });
  }
  return { looks, trace: group.simulator.trace };
}

export interface FailoverExperiment {
  readonly algorithm: Among;
  readonly seed: number;
  /** 3 to 200; default 5. */
  readonly nodes?: number;
  /** Leaders that crash; default 50. */
  readonly trials?: number;
  /** One way; default 2 to 8 ms. */
  readonly latency?: Latency;
  readonly options?: object;
}

export interface Failover {
  /** From the crash until all who live follow one that lives. */
  readonly tookMs: number;
  /** Sent in that time, by all. */
  readonly messages: number;
}

/** Each in a group of its own; a trial that takes longer than a minute counts as one. */
export function measureFailovers(experiment: FailoverExperiment): Failover[] {
  const trials = wholeInRange("trials", experiment.trials ?? 50, { min: 1, max: 100_000 });
  const { latency = { kind: "uniform", minMs: 2, maxMs: 8 } } = experiment;
  return Array.from({ length: trials }, (_, trial) => {
    const group = new Group({ ...experiment, network: { latency }, seed: experiment.seed + trial });
    // The crashes are spread over the time between two heartbeats.
    group.settle(5_000 + 17 * trial);
    const [leader] = group.leaders();
    const { messages: before } = group;
    const crashedMs = group.simulator.nowMs;
    group.simulator.schedule(at(crashedMs, crash([leader as NodeId])));
    group.settle(crashedMs + 1);
    return { tookMs: group.simulator.nowMs - crashedMs, messages: group.messages - before };
  });
}

type AnyProtocol = Protocol<Message, unknown, object>;

class Group {
  readonly simulator: Simulator<Message, unknown>;
  messages = 0;
  private readonly ids: readonly NodeId[];

  constructor(
    election: Pick<
      SimulatedElection,
      "algorithm" | "seed" | "nodes" | "network" | "options" | "isTraced"
    >,
  ) {
    const nodes = wholeInRange("nodes", election.nodes ?? 5, { min: 2, max: 200 });
    const { algorithm, seed, network, options = {}, isTraced = false } = election;
    oneOf("algorithm", algorithm, Object.keys(protocols));
    this.ids = Array.from({ length: nodes }, (_, i) => `n${i + 1}`);
    const net = network === undefined ? {} : { network };
    this.simulator = new Simulator<Message, unknown>({ seed, isTraced, ...net });
    const protocol = this.counting(protocols[algorithm] as unknown as AnyProtocol);
    for (const id of this.ids) this.simulator.add(id, protocol, { options });
  }

  private counting(protocol: AnyProtocol): AnyProtocol {
    const count = (): void => void this.messages++;
    return class extends protocol {
      override handle(event: Event<Message, unknown>, host: Host<Message, unknown>): void {
        const send = (to: NodeId, message: Message): void => {
          count();
          host.send(to, message);
        };
        super.handle(event, aroundHost(host, { send }));
      }
    };
  }

  leaders(): NodeId[] {
    return this.living().flatMap(({ id, role }) => (role === "leader" ? [id] : []));
  }

  /** Runs until then, and on until all who live follow one of them. */
  settle(fromMs: number): void {
    this.simulator.run({ untilMs: fromMs });
    const endMs = fromMs + 60_000;
    while (!this.isSettled() && this.simulator.nowMs < endMs) {
      this.simulator.run({ untilMs: this.simulator.nowMs + 1 });
    }
  }

  private isSettled(): boolean {
    const followed = new Set(this.living().map(({ leader }) => leader));
    const [leader] = this.leaders();
    return followed.size === 1 && leader !== undefined && followed.has(leader);
  }

  private living(): Elector[] {
    const nodes = this.ids.map((id) => this.simulator.nodeOf(id) as Elector | undefined);
    return nodes.filter((node): node is Elector => node !== undefined);
  }
}
