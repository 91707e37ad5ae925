import { InputError } from "../../basics";
import type { History, Operation, ProcessId } from "../../protocol";
import { operationsOf } from "../../protocol";
import { identityOf } from "../linearizability/identity";

/** A read or write of one key. The initial values are writes without an operation. */
export interface Access {
  /** Place among the accesses; the initial writes come after all others. */
  readonly id: number;
  readonly operation: Operation | undefined;
  readonly kind: "read" | "write";
  readonly key: string;
  readonly process: ProcessId | undefined;
  /** Of a read: the write whose value it saw. */
  readonly seen: Access | undefined;
}

export interface Accesses {
  /** Reads, and writes that were answered or seen, in order of their calls; then initial writes. */
  readonly all: readonly Access[];
  /** Those of each process, in its order. */
  readonly sessions: ReadonlyMap<ProcessId, readonly Access[]>;
  readonly writesOf: ReadonlyMap<string, readonly Access[]>;
  /** A read of a value that nobody wrote. */
  readonly thinAir: Operation | undefined;
}

const reads = ["read", "get"];
const writes = ["write", "put", "set"];

/**
 * The reads and writes of a history and which write each read saw, as the values tell: so no key may
 * be given a value twice, and not null, which is what it holds at first. Throws InputError with the
 * place otherwise, and for other operations.
 */
export function accessesOf(history: History, source = "history"): Accesses {
  const operations = operationsOf(history, source);
  const written = writtenValues(operations, source);
  const seenValues = new Set(
    operations.filter(isAnsweredRead).map(({ key, output }) => slot(key, output)),
  );
  const all: Access[] = [];
  const bySlot = new Map<string, Access>();
  const add = (access: Omit<Access, "id">): Access => {
    all.push({ id: all.length, ...access });
    return all[all.length - 1];
  };
  const pendingReads: Operation[] = [];
  for (const operation of operations) {
    const where = slot(operation.key, operation.input);
    if (isAnsweredRead(operation)) pendingReads.push(operation);
    else if (written.has(where) && (operation.outcome === "ok" || seenValues.has(where))) {
      const { process } = operation;
      bySlot.set(where, add({ operation, kind: "write", key: keyOf(operation), process, seen: undefined }));
    }
  }
  return finish(all, pendingReads, bySlot);
}

/** Adds the initial writes and the reads, and puts all in order. */
function finish(
  writeAccesses: readonly Access[],
  readOperations: readonly Operation[],
  bySlot: Map<string, Access>,
): Accesses {
  const keys = new Set([...writeAccesses.map(({ key }) => key), ...readOperations.map(keyOf)]);
  const initial = [...keys].map((key): Access => {
    const access = { id: -1, operation: undefined, kind: "write" as const, key };
    return { ...access, process: undefined, seen: undefined };
  });
  initial.forEach((access) => bySlot.set(slot(access.key, null), access));
  const thinAir = readOperations.find(({ key, output }) => !bySlot.has(slot(key ?? "", output)));
  const readAccesses = readOperations.map((operation): Access => {
    const seen = bySlot.get(slot(operation.key ?? "", operation.output));
    const key = keyOf(operation);
    return { id: -1, operation, kind: "read", key, process: operation.process, seen };
  });
  return arrange([...writeAccesses, ...readAccesses], initial, thinAir);
}
