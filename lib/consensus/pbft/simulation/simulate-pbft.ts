/**
 * A simulated PBFT cluster with clients and liars, ready for notebooks: what was executed, what
 * clients were told, who can be convicted, and what it cost. The same run for the same options.
 */
import { noteLine, notedHistory } from "../../../hosts";
import type { SimulatedNote } from "../../../hosts";
import { aroundHost, operationsOf } from "../../../protocol";
import type { Event, NodeId, Operation, Trace } from "../../../protocol";
import { beginSimulation } from "../../simulation/replicas";
import type { BegunSimulation, ReplicaSimulation } from "../../simulation/replicas";
import { ByzantinePbft } from "../adversaries";
import type { PbftBehaviour } from "../adversaries";
import { PbftClient } from "../client";
import type { PbftClientOptions } from "../client";
import type { PbftEvidence, PbftMessage, PbftTimer } from "../messages";
import type { PbftOptions } from "../options";
import { Pbft } from "../pbft";
import type { PbftHost } from "../state";

export interface PbftSimulation extends ReplicaSimulation {
  /** One client each, c1, c2... */
  readonly clients: readonly Partial<PbftClientOptions>[];
  /** When each client begins, in ms; default 0. */
  readonly startsMs?: readonly number[];
  /** Who lies, and how; default nobody. More than f of them break what is promised. */
  readonly liars?: Readonly<Record<NodeId, readonly PbftBehaviour[]>>;
  /** They lie from this time on, in ms; default 0. */
  readonly liesFromMs?: number;
  /** Of every replica. */
  readonly options?: Partial<PbftOptions>;
}

export interface PbftRun {
  /** Empty unless it was asked for. */
  readonly trace: Trace<PbftMessage, PbftTimer>;
  /** What the clients were told. */
  readonly operations: readonly Operation[];
  /** Of the correct replicas that live: their views, and their machines' states as JSON. */
  readonly views: ReadonlyMap<NodeId, number>;
  readonly states: ReadonlyMap<NodeId, unknown>;
  /** What correct replicas can prove of others. */
  readonly evidence: readonly PbftEvidence[];
  /** How many messages correct replicas have refused, by the reason. */
  readonly refused: Readonly<Record<string, number>>;
  /** Sent, by type. */
  readonly messages: Readonly<Record<string, number>>;
  /** All notes in order, and the same as lines to be read. */
  readonly notes: readonly SimulatedNote[];
  readonly story: readonly string[];
}

/** Throws a RangeError that names the option that is wrong. */
export function simulatePbft(given: PbftSimulation): PbftRun {
  const { liars = {} } = given;
  const messages: Record<string, number> = {};
  const begun = beginSimulation<PbftMessage, PbftTimer>(given);
  const { simulator, ids, notes } = begun;
  const count = (type: string): void => {
    messages[type] = (messages[type] ?? 0) + 1;
  };
  addNodes(begun, given, count);
  begun.run();
  const loyal = ids.filter((id) => liars[id] === undefined);
  const correct = loyal.flatMap((id) => (simulator.nodeOf(id) as Pbft | undefined) ?? []);
  return {
    ...{ trace: simulator.trace, notes, messages, story: notes.map(noteLine) },
    operations: operationsOf(notedHistory(notes)),
    views: new Map(correct.map(({ id, view }) => [id, view])),
    states: new Map(
      correct.map(({ id, machine, machineState }) => {
        return [id, machine.toJson(machineState)];
      }),
    ),
    evidence: correct.flatMap(({ evidence }) => evidence),
    refused: refusedBy(correct),
  };
}

function addNodes(
  { simulator, ids }: BegunSimulation<PbftMessage, PbftTimer>,
  { liars = {}, options = {}, clients, ...given }: PbftSimulation,
  count: (type: string) => void,
): void {
  for (const id of ids) {
    const behaviours = liars[id];
    const accomplices = Object.keys(liars).filter((other) => other !== id);
    const lies = behaviours === undefined ? {} : { behaviours, accomplices };
    const liar = lyingFrom(given.liesFromMs ?? 0);
    const protocol = counting(behaviours === undefined ? Pbft : liar, count);
    const peers = ids.filter((other) => other !== id);
    simulator.add(id, protocol, { peers, options: { ...options, ...lies } as object });
  }
  const { authentication } = options;
  clients.forEach((own, i) => {
    const all = { ...(authentication !== undefined && { authentication }), ...own };
    const placement = { peers: ids, options: all, startAtMs: given.startsMs?.[i] ?? 0 };
    simulator.add(`c${i + 1}`, counting(PbftClient, count), placement);
  });
}

type NodeClass = new (
  id: NodeId,
  peers: readonly NodeId[],
  options?: object,
) => { readonly id: NodeId; handle(event: Event<PbftMessage, PbftTimer>, host: PbftHost): void };

/** A replica that is correct until it is bribed. */
function lyingFrom(bribedMs: number): NodeClass {
  return class extends ByzantinePbft {
    override handle(event: Event<PbftMessage, PbftTimer>, host: PbftHost): void {
      if (host.nowMs >= bribedMs) super.handle(event, host);
      else Pbft.prototype.handle.call(this, event, host);
    }
  };
}

/** The class, with what it sends counted. */
function counting(protocol: NodeClass, count: (type: string) => void): NodeClass {
  return class extends protocol {
    override handle(event: Event<PbftMessage, PbftTimer>, host: PbftHost): void {
      const send = (to: NodeId, message: PbftMessage): void => {
        count(message.type);
        host.send(to, message);
      };
      super.handle(event, aroundHost(host, { send }));
    }
  };
}

function refusedBy(correct: readonly Pbft[]): Record<string, number> {
  const refused: Record<string, number> = {};
  for (const { dropped } of correct) {
    for (const [reason, times] of dropped) refused[reason] = (refused[reason] ?? 0) + times;
  }
  return refused;
}
