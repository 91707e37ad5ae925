/**
 * PBFT for the explorer: four replicas, one sequence number, one view change, in every order of
 * messages and time-outs. The primary of view 0 is the adversary: it has proposed one batch to n2
 * and n4 and another to n3, votes for both, and helps any view change with a message that hides
 * what it knows. Links keep their order, and what is sent to the adversary is left out.
 * Castro and Liskov 1999 argue for safety in section 4.5.1.
 */
import { Explorer } from "../../../hosts";
import type { ExplorerHistory, ExplorerProperty, View } from "../../../hosts";
import { aroundHost } from "../../../protocol";
import type { Event, Host, Node, NodeId } from "../../../protocol";
import { authenticationOf, defaultAuthentication } from "../authentication";
import { batchDigest, textOf } from "../encoding";
import type { Commit, PbftMessage, PbftRequest, PbftTimer, PrePrepare } from "../messages";
import type { ProvenMessage, Unproven, ViewChange } from "../messages";
import { Pbft } from "../pbft";
import type { PbftHost } from "../state";

export interface ExploredPbft {
  /** Another class in its place, such as one with a planted bug. */
  readonly replica?: typeof Pbft;
  /** Steps from the beginning, all replicas started; default 13: about a million. */
  readonly maxDepth?: number;
  /** Default 2,000,000. */
  readonly maxStates?: number;
  readonly onProgress?: (done: number, total: number) => void;
}

const replicas = ["n1", "n2", "n3", "n4"] as const;

/** What was executed at sequence number 1, by whom, and in how high a view somebody is. */
interface Past {
  readonly executed: readonly string[];
  readonly view: number;
}

const history: ExplorerHistory<PbftMessage, PbftTimer> = {
  initial: { executed: [], view: 0 } satisfies Past,
  next(past, { effects }, node) {
    let { executed, view } = past as Past;
    for (const effect of effects) {
      if (effect.kind !== "note" || effect.label !== "executed") continue;
      const { sequence, digest } = effect.detail as { sequence: number; digest: string };
      const what = `${sequence} ${digest}`;
      if (!executed.includes(what)) executed = [...executed, what].sort();
    }
    const replica = node as Pbft | undefined;
    if (replica?.isActive === true) view = Math.max(view, replica.view);
    return { executed, view };
  },
};

/** One content at a sequence number, in whatever view: always. */
export const pbftAgreement: ExplorerProperty<PbftMessage, PbftTimer> = {
  kind: "always",
  name: "correct replicas execute the same",
  says(view) {
    const { executed } = view.history as Past;
    const places = executed.map((what) => what.split(" ")[0]);
    return new Set(places).size === places.length || `two contents: ${executed.join(" and ")}`;
  },
};

/** Guards against a search that sees nothing. */
export const pbftReaches: readonly ExplorerProperty<PbftMessage, PbftTimer>[] = [
  {
    kind: "sometimes",
    name: "a batch is executed",
    says: (view) => (view.history as Past).executed.length > 0,
  },
  {
    kind: "sometimes",
    name: "view 1 is entered",
    says: (view) => (view.history as Past).view === 1,
  },
  {
    kind: "sometimes",
    name: "a batch is executed in view 1",
    says: (view) => [...view.nodes.values()].some((node) => isDoneIn(node, 1)),
  },
];

function isDoneIn(node: Node<PbftMessage, PbftTimer> | undefined, view: number): boolean {
  const { lastExecuted = 0, view: own } = (node ?? {}) as Partial<Pbft>;
  return own === view && lastExecuted > 0;
}

/** Ready to `explore([pbftAgreement, ...pbftReaches])`. */
export function pbftExplorer(explored: ExploredPbft = {}): Explorer<PbftMessage, PbftTimer> {
  const { replica = Pbft, maxDepth = 13, maxStates = 2_000_000, onProgress } = explored;
  const explorer = new Explorer<PbftMessage, PbftTimer>({
    network: "ordered",
    mayRing: (timer, node) => timer === "request" && (node as unknown as Pbft).view === 0,
    isWithin: (view) => !isBeyond(view),
    maxDepth,
    maxStates,
    history,
    ...(onProgress && { onProgress }),
  });
  const options = { replicas, maxBatchRequests: 1 };
  explorer.add("n1", FacesOfPrimary, { options: {} });
  for (const id of replicas.slice(1)) explorer.add(id, withoutAdversary(replica), { options });
  return explorer;
}

/** Views above 1 are not entered. */
function isBeyond({ nodes }: View<PbftMessage, PbftTimer>): boolean {
  return [...nodes.values()].some((node) => ((node as Partial<Pbft> | undefined)?.view ?? 0) > 1);
}

/** The adversary needs no messages, and clients no answers: fewer states, the same behaviour. */
function withoutAdversary(replica: typeof Pbft): typeof Pbft {
  return class extends replica {
    override handle(event: Event<PbftMessage, PbftTimer>, host: PbftHost): void {
      const send = (to: NodeId, message: PbftMessage): void => {
        if (to !== "n1" && !to.startsWith("c")) host.send(to, message);
      };
      super.handle(event, aroundHost(host, { send }));
    }
  };
}

/**
 * Says all that it ever says at once; the order of the links lets each word come as late as it may.
 *
 * Source: the adversary of Castro and Liskov 1999, section 2, with one script.
 * Assumes: it has its own key only; the two requests are made and signed by their clients.
 * Guarantees: nothing.
 * Cost: three messages to each replica.
 */
class FacesOfPrimary implements Node<PbftMessage, PbftTimer> {
  constructor(
    readonly id: NodeId,
    readonly peers: readonly NodeId[],
  ) {}

  handle(event: Event<PbftMessage, PbftTimer>, host: Host<PbftMessage, PbftTimer>): void {
    if (event.kind !== "start") return;
    const batches = ["c1", "c2"].map((client) => [requestOf(client)]);
    for (const to of replicas.slice(1)) {
      const requests = batches[to === "n3" ? 1 : 0];
      const place = { view: 0, sequence: 1, digest: batchDigest(requests), replica: "n1" };
      host.send(to, provenBy<PrePrepare>("n1", { type: "prePrepare", ...place, requests }));
      host.send(to, provenBy<Commit>("n1", { type: "commit", ...place }));
      const nothing = { checkpointProof: [], prepared: [], prePrepared: [] };
      const asked = { view: 1, stableSequence: 0, ...nothing, replica: "n1" };
      host.send(to, provenBy<ViewChange>("n1", { type: "viewChange", ...asked }));
    }
  }
}

function requestOf(client: NodeId): PbftRequest {
  const operation = { command: { op: "put", key: "k", value: client } };
  const said = { type: "request", client, timestamp: 1, operation, isReadOnly: false } as const;
  return provenBy<PbftRequest>(client, said);
}

function provenBy<M extends ProvenMessage>(id: NodeId, said: Unproven<M>): M {
  const text = textOf(said as Unproven<ProvenMessage>);
  const proof = authenticationOf(id, defaultAuthentication).prove(text, replicas);
  return { ...said, proof } as unknown as M;
}
