/** What a cluster of real nodes is made of. */
import type { NodeId } from "../../protocol";
import { wholeInRange } from "../../basics";
import type { SaveOptions } from "./save-options";
import type { SocketOptions } from "./sockets";
import type { ProtocolReference } from "./setup";

type Json = Readonly<Record<string, unknown>>;

export interface ClientOptions {
  readonly protocol: ProtocolReference;
  /** They are called c1, c2... */
  readonly count: number;
  /** The same for all, or of each one. Default none. */
  readonly options?: Json | ((id: NodeId, index: number) => Json);
  /** Threads or processes they share evenly; default 1. */
  readonly places?: number;
  /** The servers they know; default all. */
  readonly peers?: readonly NodeId[];
}

/** A server that is not like all others; what is left out is as theirs. */
export interface ServerPlan {
  readonly id: NodeId;
  readonly protocol?: ProtocolReference;
  /** Default: all other servers. */
  readonly peers?: readonly NodeId[];
  readonly options?: Json;
  /** Servers of one place share a thread or process, and its end; default: the server's name. */
  readonly place?: string;
}

export interface ClusterOptions {
  /** The class of the servers. */
  readonly protocol: ProtocolReference;
  /** How many servers, called n1, n2..., or their names, or plans. */
  readonly nodes: number | readonly (NodeId | ServerPlan)[];
  /** The servers' options: the same for all, or of each one. Default none. */
  readonly options?: Json | ((id: NodeId, index: number) => Json);
  /** Clients save in memory: what they noted is lost if theirs is killed. Default none. */
  readonly clients?: ClientOptions;
  /**
   * Where the servers' saves are, a file each; made where it is missing, and kept. Servers that
   * find saves there go on from them. Default: a new temporary folder, removed by `stop`.
   */
  readonly directory?: string;
  /** Ports on 127.0.0.1, by server; default 0: any free one. */
  readonly ports?: Readonly<Record<NodeId, number>>;
  readonly saves?: Partial<SaveOptions>;
  readonly sockets?: Partial<SocketOptions>;
  /** Events of the clients' history that each place keeps; default 200,000. */
  readonly maxHistory?: number;
  /** Hears what is worth telling people, a sentence at a time. */
  readonly onLog?: (sentence: string) => void;
}

/** The servers with their defaults. Throws a RangeError for too many, or two of the same name. */
export function serverPlans(given: ClusterOptions): readonly Required<ServerPlan>[] {
  const { nodes } = given;
  const some = typeof nodes === "number" ? numbered(nodes) : nodes;
  const plans = some.map((node): ServerPlan => (typeof node === "string" ? { id: node } : node));
  const names = plans.map(({ id }) => id);
  const twice = names.find((name, index) => names.indexOf(name) !== index);
  if (twice !== undefined) throw new RangeError(`there are two nodes of the name ${twice}`);
  wholeInRange("number of nodes", names.length, { min: 1, max: 100 });
  return plans.map((plan, index) => {
    const { id, protocol = given.protocol, place = id } = plan;
    const peers = knownServers(plan.peers ?? names.filter((other) => other !== id), names);
    const options = plan.options ?? optionsOf(given.options, { id, index });
    return { id, protocol, place, peers, options };
  });
}

function numbered(nodes: number): NodeId[] {
  wholeInRange("nodes", nodes, { min: 1, max: 100 });
  return Array.from({ length: nodes }, (_, index) => `n${index + 1}`);
}

/** Throws a RangeError for a peer that is no server. */
export function knownServers(peers: readonly NodeId[], names: readonly NodeId[]): typeof peers {
  const stranger = peers.find((peer) => !names.includes(peer));
  if (stranger === undefined) return peers;
  throw new RangeError(`peers names "${stranger}", which is no server`);
}

export function optionsOf(
  given: ClusterOptions["options"],
  { id, index }: { id: NodeId; index: number },
): Json {
  return (typeof given === "function" ? given(id, index) : given) ?? {};
}
