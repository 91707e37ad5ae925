import { InputError } from "../../basics";
import type { History, Operation, ProcessId } from "../../protocol";
import { operationsOf } from "../../protocol";
import { identityOf } from "../linearizability/identity";
import { placeOf } from "../linearizability/transitions";

/** A read or write of one key. A key's initial value is a write without an operation. */
export interface Access {
  /** Place among the accesses. */
  readonly id: number;
  readonly operation: Operation | undefined;
  readonly kind: "read" | "write";
  readonly key: string;
  /** Of a read: the write whose value it saw. */
  readonly seen: Access | undefined;
}

export interface Accesses {
  /** The initial writes, then reads and writes in order of their calls. */
  readonly all: readonly Access[];
  /** Those of each process, in its order. */
  readonly sessions: ReadonlyMap<ProcessId, readonly Access[]>;
  /** The writes of each key, the initial one first. */
  readonly writes: ReadonlyMap<string, readonly Access[]>;
  /** The first read of a value that nobody wrote, if any; it is not among the accesses. */
  readonly thinAir: Operation | undefined;
}

const readNames = ["read", "get"];
const writeNames = ["write", "put", "set"];

/**
 * The reads and writes of a history and which write each read saw, as the values tell: so no key
 * may be given a value twice, nor null, which it holds at first. Writes of unknown outcome count
 * when somebody saw them. Throws InputError with the place for other operations or a value written
 * twice.
 */
export function accessesOf(history: History, source = "history"): Accesses {
  return new Builder(operationsOf(history, source), source).build();
}

class Builder {
  private readonly all: Access[] = [];
  /** Writes by key and value. */
  private readonly slots = new Map<string, Access>();
  private thinAir: Operation | undefined;

  constructor(
    private readonly operations: readonly Operation[],
    private readonly source: string,
  ) {}

  build(): Accesses {
    const written = this.writtenSlots();
    const seen = new Set(this.operations.filter(isAnsweredRead).map(readSlot));
    for (const key of new Set(this.operations.map(keyOf))) {
      this.slots.set(slotOf(key, null), this.add({ kind: "write", key }));
    }
    // A read may be called before the write it sees, so all writes are known before any read is.
    const writes = new Map<Operation, Access>();
    for (const operation of this.operations) {
      const slot = slotOf(keyOf(operation), operation.input);
      if (written.get(slot) !== operation) continue;
      if (operation.outcome === "unknown" && !seen.has(slot)) continue;
      const access = { id: -1, kind: "write", key: keyOf(operation), operation } as const;
      const placed: Access = { ...access, seen: undefined };
      writes.set(operation, placed);
      this.slots.set(slot, placed);
    }
    for (const operation of this.operations) this.place(operation, writes.get(operation));
    return this.arranged();
  }

  private place(operation: Operation, write: Access | undefined): void {
    if (write !== undefined) {
      Object.assign(write, { id: this.all.length });
      this.all.push(write);
    } else if (isAnsweredRead(operation)) {
      const seen = this.slots.get(readSlot(operation));
      if (seen === undefined) this.thinAir ??= operation;
      else this.add({ kind: "read", key: keyOf(operation), operation, seen });
    }
  }

  private add(access: Pick<Access, "kind" | "key"> & Partial<Access>): Access {
    const added = { operation: undefined, seen: undefined, ...access, id: this.all.length };
    this.all.push(added);
    return added;
  }

  private writtenSlots(): Map<string, Operation> {
    const written = new Map<string, Operation>();
    for (const operation of this.operations) {
      if (readNames.includes(operation.f)) continue;
      if (!writeNames.includes(operation.f)) {
        this.refuse(operation, `"${operation.f}" is neither a read nor a write`);
      }
      const value = operation.input;
      const slot = slotOf(keyOf(operation), value);
      if (written.has(slot) || value === null || value === undefined) {
        const told = `${JSON.stringify(value) ?? "null"} is written a second time`;
        this.refuse(operation, `${told}, so that which write a read saw cannot be told`);
      }
      written.set(slot, operation);
    }
    return written;
  }

  private refuse(operation: Operation, problem: string): never {
    throw new InputError(`${placeOf(operation, this.source)}: ${problem}`);
  }

  private arranged(): Accesses {
    const sessions = new Map<ProcessId, Access[]>();
    const writes = new Map<string, Access[]>();
    for (const access of this.all) {
      const process = access.operation?.process;
      if (process !== undefined) append(sessions, process, access);
      if (access.kind === "write") append(writes, access.key, access);
    }
    return { all: this.all, sessions, writes, thinAir: this.thinAir };
  }
}

function append<K>(groups: Map<K, Access[]>, key: K, access: Access): void {
  const group = groups.get(key);
  if (group === undefined) groups.set(key, [access]);
  else group.push(access);
}

function isAnsweredRead({ f, outcome }: Operation): boolean {
  return readNames.includes(f) && outcome === "ok";
}

function keyOf({ key }: Operation): string {
  return key === undefined ? "" : String(key);
}

function readSlot(operation: Operation): string {
  return slotOf(keyOf(operation), operation.output);
}

function slotOf(key: string, value: unknown): string {
  return JSON.stringify([key, identityOf(value)]);
}
