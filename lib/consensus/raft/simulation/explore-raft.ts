/**
 * Raft for the explorer: three servers, terms up to a bound, and what is promised of them.
 *
 * Source: Ongaro 2014, figure 3.2.
 */
import { Explorer } from "../../../hosts";
import type { ExplorerHistory, ExplorerOptions, ExplorerProperty, View } from "../../../hosts";
import type { RaftMessage, RaftTimer } from "../messages";
import type { Raft } from "../raft";
import type { RaftClass } from "../storm/run";

type Options = ExplorerOptions<RaftMessage, RaftTimer>;
type Property = ExplorerProperty<RaftMessage, RaftTimer>;

/** Who led which term, which entries were committed (index from 1), and what went wrong. */
interface Past {
  readonly leaders: Readonly<Record<number, string>>;
  readonly committed: readonly { readonly term: number; readonly byTerm: number }[];
  readonly twoLeaders?: string;
  readonly twoEntries?: string;
}

const history: ExplorerHistory<RaftMessage, RaftTimer> = {
  initial: { leaders: {}, committed: [] } satisfies Past,
  next: (past, _, node) => {
    const server = node as Raft | undefined;
    return server === undefined ? past : withCommits(withLeader(past as Past, server), server);
  },
};

function withLeader(past: Past, { id, role, currentTerm }: Raft): Past {
  if (role !== "leader") return past;
  const other = past.leaders[currentTerm] ?? id;
  const leaders = { ...past.leaders, [currentTerm]: other };
  if (other === id) return { ...past, leaders };
  return { ...past, twoLeaders: `two servers lead term ${currentTerm}` };
}

function withCommits(past: Past, { commitIndex, currentTerm, log }: Raft): Past {
  const committed = [...past.committed];
  for (let index = 1; index <= commitIndex; index++) {
    const { term } = log.entries[index - 1];
    committed[index - 1] ??= { term, byTerm: currentTerm };
    if (committed[index - 1].term === term) continue;
    return { ...past, twoEntries: `entry ${index} is committed of two terms` };
  }
  return { ...past, committed };
}

const pastOf = ({ history: past }: View): Past => past as Past;
const serversOf = ({ nodes }: View): Raft[] =>
  [...nodes.values()].flatMap((node) => (node === undefined ? [] : [node as unknown as Raft]));

/** At equal index and term, all up to there must be equal. */
function matching(view: View): boolean {
  const logs = serversOf(view).map(({ log }) => log.entries);
  return logs.every((left, i) =>
    logs.slice(i + 1).every((right) => {
      let last = Math.min(left.length, right.length);
      while (last > 0 && left[last - 1].term !== right[last - 1].term) last--;
      return JSON.stringify(left.slice(0, last)) === JSON.stringify(right.slice(0, last));
    }),
  );
}

/** The leaders that lack an entry committed in an earlier term. */
function incomplete(view: View): Raft | undefined {
  const { committed } = pastOf(view);
  return serversOf(view).find(
    ({ role, currentTerm, log }) =>
      role === "leader" &&
      committed.some(
        ({ term, byTerm }, at) => byTerm < currentTerm && log.entries[at]?.term !== term,
      ),
  );
}

/** Election safety, log matching, leader completeness, state-machine safety: always. */
export const raftSafety: readonly Property[] = [
  {
    kind: "always",
    name: "election safety",
    says: (view) => pastOf(view as View).twoLeaders ?? true,
  },
  { kind: "always", name: "log matching", says: (view) => matching(view as View) },
  {
    kind: "always",
    name: "leader completeness",
    says: (view) => {
      const leader = incomplete(view as View);
      return leader === undefined || `${leader.id} leads and lacks a committed entry`;
    },
  },
  {
    kind: "always",
    name: "state-machine safety",
    says: (view) => pastOf(view as View).twoEntries ?? true,
  },
];

/** An entry of this term is committed somewhere: a guard against a search that sees nothing. */
export function raftCommits(term: number, index: number): Property {
  const says = (view: unknown): boolean => pastOf(view as View).committed[index - 1]?.term === term;
  return { kind: "sometimes", name: `entry ${index} of term ${term} is committed`, says };
}

/**
 * Three servers n1, n2, n3, ready to `explore(raftSafety)`; terms go up to `maxTerm`, the other
 * bounds are the explorer's. Heartbeats are silent: they repeat what was sent, and a round number
 * in each would never end.
 */
export function raftExplorer(
  server: RaftClass,
  bounds: Options & { readonly maxTerm: number },
): Explorer<RaftMessage, RaftTimer> {
  const { maxTerm, ...options } = bounds;
  const ids = ["n1", "n2", "n3"];
  const explorer = new Explorer<RaftMessage, RaftTimer>({
    mayRing: (timer) => timer === "election",
    isWithin: (view) =>
      serversOf(view as unknown as View).every(({ currentTerm }) => currentTerm <= maxTerm),
    symmetric: ids,
    history,
    ...options,
  });
  for (const id of ids) {
    explorer.add(id, server, { options: { hasPreVote: false, hasCheckQuorum: false } });
  }
  return explorer;
}
