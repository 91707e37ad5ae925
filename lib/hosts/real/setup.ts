/** Everything a place needs to know, as JSON: it crosses to a thread or a process. */
import type { NodeId } from "../../protocol";
import type { SaveOptions } from "./save-options";
import type { SocketOptions } from "./sockets";

/** Where a protocol's class is: a process cannot be sent the class itself. */
export interface ProtocolReference {
  /** "dabbawala/consensus", or the absolute path of a CommonJS module. */
  readonly module: string;
  /** The name under which it exports the class: "Raft". */
  readonly exportName: string;
}

export interface NodeSetup {
  readonly id: NodeId;
  readonly peers: readonly NodeId[];
  readonly options: Readonly<Record<string, unknown>>;
  readonly protocol: ProtocolReference;
}

export interface PlaceSetup {
  /** Drawn at random: only those who know it are let in. */
  readonly cluster: string;
  readonly place: string;
  readonly nodes: readonly NodeSetup[];
  /** 0: any free one. */
  readonly port: number;
  /** Where its nodes' saves are; null: in memory, and gone with the place. */
  readonly directory: string | null;
  readonly saves: SaveOptions;
  readonly sockets: SocketOptions;
  /** Events of clients' histories that are kept. */
  readonly maxHistory: number;
}
