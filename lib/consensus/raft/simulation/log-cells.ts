import type { NodeId } from "../../../protocol";
import type { Raft } from "../raft";

/** One entry of a server's log, as `figures.logChart` draws it. */
export interface RaftLogCell {
  readonly server: NodeId;
  readonly index: number;
  readonly term: number;
  /** Whether this server knows that it is committed. */
  readonly isCommitted: boolean;
}

/** The entries that the servers hold, in the order of the servers; from `fromIndex`, default 1. */
export function logCells(servers: readonly Raft[], fromIndex = 1): RaftLogCell[] {
  return servers.flatMap(({ id, log, commitIndex }) => {
    const cells = log.entries.map(({ term }, i) => {
      const index = log.baseIndex + i + 1;
      return { server: id, index, term, isCommitted: index <= commitIndex };
    });
    return cells.filter(({ index }) => index >= fromIndex);
  });
}
