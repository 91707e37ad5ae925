/**
 * Whether a history of reads and writes is causally consistent: nobody sees an effect without its
 * causes, where a cause is what the same client did before, or what it saw.
 *
 * Source: A. Bouajjani, C. Enea, R. Guerraoui, J. Hamza, "On verifying causal consistency", POPL
 * 2017: the bad patterns of its figure 8 for histories in which no value is written twice; causal
 * memory is M. Ahamad et al., "Causal memory", Distributed Computing 9(1), 1995. Ours gives the
 * shortest cycle as evidence, and counts a write of unknown outcome only if somebody saw it.
 * Assumes: reads and writes only, no value written twice to a key, clients one call at a time.
 * Guarantees: exact for such histories.
 * Cost: O(n^3 / 32) at worst, usually O(n^2); n up to some 10,000 (bit sets of n^2 bits).
 */
import type { History, ProcessId } from "../../protocol";
import { accessesOf } from "./accesses";
import type { Access, Accesses } from "./accesses";
import { isBefore, Relation } from "./relation";
import type { Edge } from "./relation";
import { cycleVerdict, thinAirVerdict } from "./verdict";
import type { ConsistencyVerdict } from "./verdict";

/**
 * "causal": each read can be explained by some order of its causes. "causal memory": each process
 * has one order that explains all its reads. "causal convergence": one order explains the reads of
 * all.
 */
export type CausalLevel = "causal" | "causal memory" | "causal convergence";

export interface CausalOptions {
  /** Default "causal". */
  readonly level?: CausalLevel;
  /** Named in errors; default "history". */
  readonly source?: string;
}

/**
 * Throws InputError for operations other than read and write, or a value written twice to a key.
 */
export function checkCausal(history: History, options: CausalOptions = {}): ConsistencyVerdict {
  const level = options.level ?? "causal";
  const accesses = accessesOf(history, options.source);
  if (accesses.thinAir !== undefined) return thinAirVerdict(level, accesses.thinAir);
  const causes = causesOf(accesses);
  const before = causes.ancestors();
  const cycle =
    before === undefined ? causes.shortestCycle() : find[level](accesses, causes, before);
  if (cycle !== undefined) return cycleVerdict(level, cycle);
  const operations = accesses.all.filter(({ operation }) => operation !== undefined).length;
  return { kind: "holds", level, operations };
}

type Find = (accesses: Accesses, causes: Relation, before: Uint32Array[]) => Edge[] | undefined;

const find: Readonly<Record<CausalLevel, Find>> = {
  causal: findOverwritten,
  "causal memory": findInMemory,
  "causal convergence": findDivergence,
};

/** Session order, the read after the write it saw, and initial values before all else. */
function causesOf({ all, sessions, writes }: Accesses): Relation {
  const causes = new Relation(all);
  for (const session of sessions.values()) {
    for (let i = 1; i < session.length; i++) {
      causes.add({ from: session[i - 1], to: session[i], reason: "session" });
    }
  }
  for (const read of all) {
    if (read.seen !== undefined) causes.add({ from: read.seen, to: read, reason: "reads from" });
  }
  for (const [first, ...others] of writes.values()) {
    for (const write of others) causes.add({ from: first, to: write, reason: "initial value" });
  }
  return causes;
}

/** WriteCORead and WriteCOInitRead: a read saw a write though it knew of a later one. */
function findOverwritten({ all, writes }: Accesses, causes: Relation, before: Uint32Array[]) {
  for (const read of all) {
    const { seen } = read;
    if (seen === undefined) continue;
    for (const write of writes.get(read.key) ?? []) {
      const isLater = isBefore(before, seen, write) && isBefore(before, write, read);
      if (isLater) return [...(causes.path(seen.id, write.id) ?? []), overwritten(write, read)];
    }
  }
  return undefined;
}

/** CyclicCF: the orders in which reads saw the writes of a key cannot be brought into one. */
function findDivergence(accesses: Accesses, causes: Relation, before: Uint32Array[]) {
  const order = causes.copy();
  for (const read of accesses.all) addOverwritten(order, { accesses, before, read });
  return order.shortestCycle();
}

/** WriteHBInitRead and CyclicHB, for each process on its own. */
function findInMemory(accesses: Accesses, causes: Relation): Edge[] | undefined {
  for (const process of accesses.sessions.keys()) {
    const cycle = findForProcess(accesses, causes, process);
    if (cycle !== undefined) return cycle;
  }
  return undefined;
}

function findForProcess(accesses: Accesses, causes: Relation, process: ProcessId) {
  const order = causes.copy();
  const reads = (accesses.sessions.get(process) ?? []).filter(({ kind }) => kind === "read");
  for (;;) {
    const before = order.ancestors();
    if (before === undefined) return order.shortestCycle();
    const added = reads.filter((read) => addOverwritten(order, { accesses, before, read }));
    if (added.length === 0) return undefined;
  }
}

/** Every write of the key that was before the read must be before the one it saw. */
function addOverwritten(
  order: Relation,
  facts: { accesses: Accesses; before: readonly Uint32Array[]; read: Access },
): boolean {
  const { accesses, before, read } = facts;
  let isNew = false;
  if (read.seen === undefined) return isNew;
  for (const write of accesses.writes.get(read.key) ?? []) {
    if (write === read.seen || !isBefore(before, write, read)) continue;
    if (order.add(overwritten(write, read))) isNew = true;
  }
  return isNew;
}

export function overwritten(write: Access, read: Access): Edge {
  return { from: write, to: read.seen as Access, reason: "overwritten", by: read };
}
