/**
 * A simulated HotStuff cluster with clients and traitors, ready for notebooks: what was decided,
 * what clients were told, and who can be shown to lie. The same run for the same options.
 */
import { inRange, wholeInRange } from "../../../basics";
import { Simulator } from "../../../hosts";
import type { NetworkOptions, ScheduledFault, SimulatedNote } from "../../../hosts";
import { operationsOf } from "../../../protocol";
import type { HistoryEvent, NodeId, Operation, Protocol, Trace } from "../../../protocol";
import { hotStuffLiars } from "../adversaries";
import type { HotStuffTraitors } from "../adversaries";
import { HotStuffClient } from "../client";
import type { HotStuffClientOptions } from "../client";
import { HotStuff } from "../hotstuff";
import type { Block, HotStuffMessage, HotStuffTimer } from "../messages";
import type { HotStuffOptions } from "../options";
import type { Evidence } from "../state";

export interface HotStuffSimulation {
  /** Any whole number; decides the run. */
  readonly seed: number;
  /** n1, n2...; 4 to 100, default 4. */
  readonly replicas?: number;
  /** One client each, c1, c2... */
  readonly clients: readonly Partial<HotStuffClientOptions>[];
  /** Who lies, and how; default nobody. More than f of them break what is promised. */
  readonly traitors?: HotStuffTraitors;
  readonly options?: Partial<HotStuffOptions>;
  /** Default: a local network that loses nothing. */
  readonly network?: Partial<NetworkOptions>;
  readonly faults?: readonly ScheduledFault[];
  /** Virtual time of the end, in ms. */
  readonly untilMs: number;
  /** Keeps the trace, for diagrams; default false. */
  readonly isTraced?: boolean;
}

export interface HotStuffRun {
  readonly trace: Trace<HotStuffMessage, HotStuffTimer>;
  /** What the clients were told. */
  readonly operations: readonly Operation[];
  /** Of the correct replicas that live: what they decided, the first block first. */
  readonly decided: ReadonlyMap<NodeId, readonly Block[]>;
  /** And their machines' states, as JSON. */
  readonly states: ReadonlyMap<NodeId, unknown>;
  /** What correct replicas can prove of others. */
  readonly evidence: readonly Evidence[];
  /** All notes in order. */
  readonly notes: readonly SimulatedNote[];
  /** The notes of replicas and clients as lines, to be read. */
  readonly story: readonly string[];
}

type Replica = Protocol<HotStuffMessage, HotStuffTimer, object>;

/** Throws a RangeError that names the option that is wrong. */
export function simulateHotStuff(given: HotStuffSimulation): HotStuffRun {
  const { seed, clients, traitors = {}, options = {}, network, faults = [] } = given;
  const replicas = wholeInRange("replicas", given.replicas ?? 4, { min: 4, max: 100 });
  const notes: SimulatedNote[] = [];
  const simulator = new Simulator<HotStuffMessage, HotStuffTimer>({
    ...{ seed, isTraced: given.isTraced ?? false, onNote: (note) => notes.push(note) },
    ...(network !== undefined && { network }),
  });
  const ids = Array.from({ length: replicas }, (_, i) => `n${i + 1}`);
  for (const id of ids) {
    const lie = traitors[id];
    const peers = ids.filter((other) => other !== id);
    const extra = lie === "splitBrain" ? { traitors: Object.keys(traitors) } : {};
    const protocol: Replica = lie === undefined ? HotStuff : hotStuffLiars[lie];
    simulator.add(id, protocol, { peers, options: { ...options, ...extra } });
  }
  clients.forEach((own, i) => {
    simulator.add(`c${i + 1}`, HotStuffClient, { peers: ids, options: own });
  });
  simulator.schedule(...faults);
  const untilMs = inRange("untilMs", given.untilMs, { min: 0, max: Number.MAX_SAFE_INTEGER });
  simulator.run({ untilMs });
  const loyal = ids.filter((id) => traitors[id] === undefined);
  const correct = loyal.flatMap((id) => (simulator.nodeOf(id) as HotStuff | undefined) ?? []);
  return {
    ...{ trace: simulator.trace, notes, story: notes.map(lineOf) },
    operations: operationsOf(historyOf(notes)),
    decided: new Map(correct.map((replica) => [replica.id, decidedBy(replica)])),
    states: new Map(correct.map((replica) => [replica.id, stateOf(replica)])),
    evidence: correct.flatMap((replica) => replica.evidence),
  };
}

function decidedBy({ decided, blocks }: HotStuff): Block[] {
  return decided.flatMap((name) => blocks.get(name) ?? []).filter(({ height }) => height > 0);
}

function stateOf({ machine, machineState }: HotStuff): unknown {
  return machine.toJson(machineState);
}

function historyOf(notes: readonly SimulatedNote[]): HistoryEvent[] {
  const ofClients = notes.filter(({ node }) => node.startsWith("c"));
  return ofClients.map(({ node, label, detail, atMs }) => {
    const call = detail as { f: string; key?: string; value?: unknown };
    return { process: node, type: label as HistoryEvent["type"], ...call, time: atMs };
  });
}

function lineOf({ atMs, node, label, detail }: SimulatedNote): string {
  return `${atMs.toFixed(1).padStart(8)} ms  ${node}  ${label} ${JSON.stringify(detail)}`;
}
