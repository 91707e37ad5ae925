/**
 * Runs a small system in every order of events, and so either finds the shortest way to a state
 * that must not be, or shows that within the stated bounds there is none.
 *
 * Source: E. M. Clarke, O. Grumberg, D. Peled, "Model Checking", 1999; the model of actors and
 * networks is Stateright's. Ours remembers each node's step, and keeps exact keys, no fingerprints.
 * Assumes: nodes keep the contract; time stands still and `random()` is 0, so a timer may ring at
 * any time once it is set; a step is one piece: a crash falls between two steps.
 * Guarantees: "always" and "sometimes" are exact within the bounds, and counterexamples shortest.
 * Cost: time and memory grow with the number of states, which grows exponentially with the system.
 */
import { inRange, wholeInRange } from "../../basics";
import type { Message, Node, NodeId, Protocol } from "../../protocol";
import { canonicalText } from "./canonical";
import { judge } from "./judge";
import type { Envelope, Exploration, ExplorerOptions, ExplorerProperty } from "./options";
import { Place } from "./place";
import { Space } from "./space";

/** What a node is given besides its name. */
export interface ExplorerPlacement<O> {
  readonly options?: Partial<O>;
  /** Default: all other nodes that are no clients, in the order in which they were added. */
  readonly peers?: readonly NodeId[];
}

interface Resident<M extends Message, T> {
  readonly kind: string;
  readonly protocol: unknown;
  readonly build: () => Node<M, T>;
}

export class Explorer<M extends Message = Message, T = unknown> {
  private readonly residents = new Map<NodeId, Resident<M, T>>();
  private readonly outside: Envelope<M>[] = [];

  /** Throws a RangeError that names the option that is wrong. */
  constructor(private readonly options: ExplorerOptions<M, T> = {}) {
    for (const name of ["maxCrashes", "maxTimerFirings", "maxDepth", "maxStates"] as const) {
      const value = options[name];
      const least = name === "maxStates" ? 1 : 0;
      if (value !== undefined) {
        wholeInRange(name, value, { min: least, max: Number.MAX_SAFE_INTEGER });
      }
    }
    const networks = ["unordered", "ordered", "duplicating"];
    if (!networks.includes(options.network ?? "unordered")) {
      throw new RangeError(`network must be one of ${networks.join(", ")}`);
    }
    inRange("the number of symmetric nodes", options.symmetric?.length ?? 0, { min: 0, max: 6 });
  }

  /** Adds a node. Throws a RangeError for a name that is taken. */
  add<O>(id: NodeId, protocol: Protocol<M, T, O>, placement: ExplorerPlacement<O> = {}): void {
    if (this.residents.has(id)) throw new RangeError(`there are two nodes of the name ${id}`);
    const { options } = placement;
    const build = (): Node<M, T> =>
      new protocol(id, placement.peers ?? this.peersOf(id), structuredClone(options));
    const kind = canonicalText(options, `the options of ${id}`);
    this.residents.set(id, { kind, protocol, build });
  }

  /** A message from outside, on its way from the beginning; answers to it leave the system. */
  inject(from: NodeId, to: NodeId, message: M): void {
    this.outside.push({ from, to, message });
  }

  /** Explores everything and judges; may be called again. Throws a RangeError for unknown names. */
  explore(properties: readonly ExplorerProperty<M, T>[] = []): Exploration<M, T> {
    this.checkNames();
    const places = [...this.residents].map(([id, { build }]) => new Place(id, build));
    return judge(new Space(places, this.outside, this.options), properties);
  }

  private checkNames(): void {
    const { symmetric = [] } = this.options;
    for (const id of [...symmetric, ...this.outside.map(({ to }) => to)]) {
      if (this.residents.has(id)) continue;
      const known = [...this.residents.keys()].join(", ");
      throw new RangeError(`there is no node "${id}"; there are ${known}`);
    }
    if (new Set(symmetric).size < symmetric.length) {
      throw new RangeError("symmetric names a node twice");
    }
    const kinds = symmetric.map((id) => this.residents.get(id));
    const other = kinds.findIndex(
      (kind) => kind?.kind !== kinds[0]?.kind || kind?.protocol !== kinds[0]?.protocol,
    );
    if (other === -1) return;
    throw new RangeError(`${symmetric[0]} and ${symmetric[other]} differ, so are not symmetric`);
  }

  private peersOf(id: NodeId): NodeId[] {
    return [...this.residents.keys()].filter((peer) => peer !== id && !peer.startsWith("c"));
  }
}
