/**
 * HotStuff for the explorer: four replicas in every order of messages and time-outs. The first
 * leader is the adversary, one replica to n2 and n4 and another to n3, each with a command of its
 * own to decide; its office can be ended by time-outs. Links keep their order.
 * Yin and others 2019 argue for safety in section 4.4 and for the chained form in section 5.
 */
import { Explorer } from "../../../hosts";
import type { ExplorerProperty, View } from "../../../hosts";
import type { NodeId } from "../../../protocol";
import { hotStuffLiars } from "../adversaries";
import { signCommand } from "../block";
import { HotStuff } from "../hotstuff";
import type { HotStuffMessage, HotStuffTimer } from "../messages";
import { defaultHotStuffOptions } from "../options";

export interface ExploredHotStuff {
  /** Another class in its place, such as one with a planted bug. */
  readonly replica?: typeof HotStuff;
  /** The adversary shows certificates of 2f votes; default false: real ones alone. */
  readonly isHasty?: boolean;
  /** Time-outs of each replica, at any time; default 1. */
  readonly maxTimeouts?: number;
  /** Steps from the beginning, all replicas started; default 24: 289,572 states. */
  readonly maxDepth?: number;
  /** Default 2,000,000. */
  readonly maxStates?: number;
  readonly onProgress?: (done: number, total: number) => void;
}

type HotStuffView = View<HotStuffMessage, HotStuffTimer>;

const adversary = "n1";
const correct = ["n2", "n3", "n4"] as const;

function replicasOf({ nodes }: HotStuffView): HotStuff[] {
  return correct.flatMap((id) => (nodes.get(id) as HotStuff | undefined) ?? []);
}

/** What one has decided is the beginning of what another has: always. */
export const hotStuffAgreement: ExplorerProperty<HotStuffMessage, HotStuffTimer> = {
  kind: "always",
  name: "correct replicas decide the same blocks",
  says(view) {
    const chains = replicasOf(view).map(({ id, decided }) => ({ id, decided }));
    const longest = chains.reduce((long, one) => {
      return one.decided.length > long.decided.length ? one : long;
    });
    const other = chains.find(({ decided }) => decided.some((b, i) => b !== longest.decided[i]));
    return other === undefined || `${other.id} and ${longest.id} have decided different blocks`;
  },
};

/** Guards against a search that sees nothing. */
export const hotStuffReaches: readonly ExplorerProperty<HotStuffMessage, HotStuffTimer>[] = [
  {
    kind: "sometimes",
    name: "a block is decided",
    says: (view) => replicasOf(view).some(({ decided }) => decided.length > 1),
  },
  {
    kind: "sometimes",
    name: "two blocks of one view are known",
    says: (view) => {
      const first = replicasOf(view).flatMap(({ proposed }) => proposed.get(1)?.block ?? []);
      return new Set(first).size > 1;
    },
  },
  {
    kind: "sometimes",
    name: "the next leader's block is voted for",
    says: (view) => replicasOf(view).some(({ lastVotedView }) => lastVotedView > office),
  },
];

/** Views of the adversary's office: enough for one block to be decided. */
const office = 4;

/** Ready to `explore([hotStuffAgreement, ...hotStuffReaches])`. */
export function hotStuffExplorer(
  explored: ExploredHotStuff = {},
): Explorer<HotStuffMessage, HotStuffTimer> {
  const {
    replica = HotStuff,
    isHasty = false,
    maxTimeouts = 1,
    maxDepth = 24,
    onProgress,
  } = explored;
  const explorer = new Explorer<HotStuffMessage, HotStuffTimer>({
    network: "ordered",
    mayRing: (timer, node) => timer === "view" && node.id !== adversary,
    isWithin: (view) => replicasOf(view).every((node) => node.view <= 2 * office),
    maxTimerFirings: maxTimeouts,
    maxStates: explored.maxStates ?? 2_000_000,
    maxDepth,
    ...(onProgress && { onProgress }),
  });
  const options = { viewsPerLeader: office, maxBatch: 1 };
  const lies = { ...options, traitors: [adversary], isHasty };
  explorer.add(adversary, hotStuffLiars.splitBrain, { peers: correct, options: lies });
  for (const id of correct) {
    const peers = [adversary, ...correct].filter((other) => other !== id);
    explorer.add(id, replica, { peers, options });
  }
  // The adversary's faces take the commands of clients with even and with odd numbers.
  for (const client of ["c1", "c2"]) explorer.inject(client, adversary, requestOf(client));
  // Who waits for a command ends the office of a leader who keeps it from him.
  explorer.inject("c2", "n3", requestOf("c2"));
  return explorer;
}

function requestOf(client: NodeId): HotStuffMessage {
  const { keySeed } = defaultHotStuffOptions;
  const command = { op: "put", key: "k", value: client };
  return { type: "request", ...signCommand({ client, requestId: 1, command }, keySeed) };
}
