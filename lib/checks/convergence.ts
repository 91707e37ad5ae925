/**
 * Whether replicas have come to agree: their states are equal, or, as clients see it, all reads
 * after the last write answer alike, with a value that was written.
 *
 * Source: D. Terry et al., "Managing update conflicts in Bayou", SOSP 1995, section 2 (eventual
 * consistency). Equal is not right: that the value was written, and by no write that its own client
 * had since overwritten, is checked as well.
 * Assumes: the system was left alone long enough after its last write; the caller says when.
 * Guarantees: exact for states. Of reads: one that a write explains is taken as right.
 * Cost: O(states x size), or O(writes x reads after the last write).
 */
import type { History, Operation } from "../protocol";
import { operationsOf } from "../protocol";
import { identityOf } from "./linearizability/identity";

export type ConvergenceVerdict =
  | { readonly kind: "converged"; readonly compared: number }
  | {
      readonly kind: "diverged";
      /** What was found, in one sentence. */
      readonly why: string;
      /** The two that differ, or the one that is wrong. */
      readonly between: readonly string[];
      /** The reads of the evidence; empty where states were compared. */
      readonly offending: readonly Operation[];
    };

/** Compares the states of replicas, plain data (Map and Set allowed), by name. */
export function checkReplicas(states: Readonly<Record<string, unknown>>): ConvergenceVerdict {
  const [first, ...others] = Object.entries(states);
  for (const [name, state] of others) {
    if (identityOf(state) === identityOf(first[1])) continue;
    const between = [first[0], name];
    const why = `${first[0]} and ${name} hold different states`;
    return { kind: "diverged", why, between, offending: [] };
  }
  return { kind: "converged", compared: Object.keys(states).length };
}

export interface ConvergenceOptions {
  /** Only reads called at or after this time count; default: after the last write was answered. */
  readonly settledAt?: number;
  /** Names of operations that read; all others write. Default "read" and "get". */
  readonly reads?: readonly string[];
  /** Named in errors; default "history". */
  readonly source?: string;
}

/** Compares the last reads of each key: those called after all writes of it were answered. */
export function checkConvergence(
  history: History,
  options: ConvergenceOptions = {},
): ConvergenceVerdict {
  const names = options.reads ?? ["read", "get"];
  const byKey = new Map<string, Operation[]>();
  for (const operation of operationsOf(history, options.source)) {
    const key = operation.key === undefined ? "" : String(operation.key);
    const operations = byKey.get(key);
    if (operations === undefined) byKey.set(key, [operation]);
    else operations.push(operation);
  }
  let compared = 0;
  for (const operations of byKey.values()) {
    const writes = operations.filter(({ f }) => !names.includes(f));
    const lastReturn = writes.reduce((last, write) => Math.max(last, endOf(write)), -1);
    const finals = operations.filter((operation) => {
      const isSettled =
        operation.call > lastReturn && operation.calledAt >= (options.settledAt ?? -Infinity);
      return names.includes(operation.f) && operation.outcome === "ok" && isSettled;
    });
    const found = disagreement(finals) ?? wrongValue(finals[0], writes);
    if (found !== undefined) return found;
    compared += finals.length;
  }
  return { kind: "converged", compared };
}

/** A write without answer has no end; when it may still come, nobody can know. */
function endOf({ call, return: end }: Operation): number {
  return end === Infinity ? call : end;
}

function disagreement([first, ...others]: readonly Operation[]): ConvergenceVerdict | undefined {
  const other = others.find(({ output }) => identityOf(output) !== identityOf(first.output));
  if (other === undefined) return undefined;
  const between = [first, other].map(({ process }) => `process ${process}`);
  const values = [first, other].map(({ output }) => JSON.stringify(output));
  const why = `${between[0]} last read ${values[0]}, ${between[1]} ${values[1]}`;
  return { kind: "diverged", why, between, offending: [first, other] };
}

function wrongValue(
  read: Operation | undefined,
  writes: readonly Operation[],
): ConvergenceVerdict | undefined {
  const isPlain = writes.every(({ f }) => ["write", "put", "set"].includes(f));
  if (read === undefined || !isPlain) return undefined;
  const isAnswered = writes.some(({ outcome }) => outcome === "ok");
  const sources = writes.filter(({ input }) => identityOf(input) === identityOf(read.output));
  const isInitial = read.output === null || read.output === undefined;
  if (isInitial ? !isAnswered : sources.some((write) => !isOverwritten(write, writes))) {
    return undefined;
  }
  const value = JSON.stringify(read.output);
  const told = isInitial || sources.length > 0 ? "had been overwritten" : "nobody wrote";
  const between = [`process ${read.process}`];
  const why = `all last reads answer ${value}, which ${told}`;
  return { kind: "diverged", why, between, offending: [read] };
}

/** Whether the same client wrote again afterwards, and had an answer. */
function isOverwritten(write: Operation, writes: readonly Operation[]): boolean {
  return writes.some((other) => {
    const isLater = other.process === write.process && other.call > write.call;
    return isLater && other.outcome === "ok" && write.outcome === "ok";
  });
}
