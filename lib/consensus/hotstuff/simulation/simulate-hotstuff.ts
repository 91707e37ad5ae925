/**
 * A simulated HotStuff cluster with clients and traitors, ready for notebooks: what was decided,
 * what clients were told, and who can be shown to lie. The same run for the same options.
 */
import { noteLine, notedHistory } from "../../../hosts";
import type { SimulatedNote } from "../../../hosts";
import { operationsOf } from "../../../protocol";
import type { NodeId, Operation, Protocol, Trace } from "../../../protocol";
import { beginSimulation } from "../../simulation/replicas";
import type { ReplicaSimulation } from "../../simulation/replicas";
import { hotStuffLiars } from "../adversaries";
import type { HotStuffTraitors } from "../adversaries";
import { HotStuffClient } from "../client";
import type { HotStuffClientOptions } from "../client";
import { HotStuff } from "../hotstuff";
import type { Block, HotStuffMessage, HotStuffTimer } from "../messages";
import type { HotStuffOptions } from "../options";
import type { Evidence } from "../state";

export interface HotStuffSimulation extends ReplicaSimulation {
  /** One client each, c1, c2... */
  readonly clients: readonly Partial<HotStuffClientOptions>[];
  /** Who lies, and how; default nobody. More than f of them break what is promised. */
  readonly traitors?: HotStuffTraitors;
  readonly options?: Partial<HotStuffOptions>;
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
  const { clients, traitors = {}, options = {} } = given;
  const begun = beginSimulation<HotStuffMessage, HotStuffTimer>(given);
  const { simulator, ids, notes } = begun;
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
  begun.run();
  const loyal = ids.filter((id) => traitors[id] === undefined);
  const correct = loyal.flatMap((id) => (simulator.nodeOf(id) as HotStuff | undefined) ?? []);
  return {
    ...{ trace: simulator.trace, notes, story: notes.map(noteLine) },
    operations: operationsOf(notedHistory(notes)),
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
