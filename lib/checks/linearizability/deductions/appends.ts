/**
 * What the answers of a key tell whose texts are appended to, when no text is written twice and
 * none begins another: every answer then spells out, in one way only, the writes that made it.
 *
 * Source: the list-append histories of K. Kingsbury, P. Alvaro, "Elle", VLDB 2020, section 3.1,
 * here for single operations: a read orders all the writes in it, and comes before the next one.
 * Cost: O(total length of the answers that do not continue one another).
 */
import type { Operation } from "../../../protocol";
import type { Deduction } from "../model";
import { conflictIn } from "./conflict";

type Pair = readonly [Operation, Operation];

/** A value that was read, by the last write in it. */
interface Version {
  readonly last: Operation | undefined;
  /** The write that the text begins with. */
  readonly first: Operation | undefined;
}

const missing: Version = { last: undefined, first: undefined };

/** Undefined when texts are not unique, or one begins another. */
export function deduceByAppends(
  operations: readonly Operation[],
  isGet: (f: string) => boolean,
): Deduction | undefined {
  const writes = new Map<string, Operation>();
  for (const operation of operations) {
    if (isGet(operation.f)) continue;
    const { input } = operation;
    if (typeof input !== "string" || input === "" || writes.has(input)) return undefined;
    writes.set(input, operation);
  }
  const lengths = prefixFreeLengths([...writes.keys()]);
  if (lengths === undefined) return undefined;
  const versions = new Versions(writes, lengths);
  const pairs: Pair[] = [];
  const phases = new Phases();
  for (const get of operations) {
    if (!isGet(get.f) || get.outcome === "unknown") continue;
    const version = versions.of(get.output);
    if (version === undefined) return { kind: "contradiction", operations: [get] };
    if (version.last !== undefined) pairs.push([version.last, get]);
    for (const next of versions.after(version)) pairs.push([get, next]);
    versions.noteRead(version, get);
    phases.add(version.first, get);
  }
  for (const write of writes.values())
    phases.add(versions.firstOf.has(write) ? versions.firstOf.get(write) : write, write);
  const all = [...pairs, ...versions.pairs];
  const conflict = conflictIn(all);
  if (conflict !== undefined)
    return { kind: "contradiction", operations: conflict, isWithin: true };
  return { kind: "guide", pairs: all, phases: phases.list() };
}

/** The lengths that occur, or undefined when one text begins another. */
function prefixFreeLengths(texts: readonly string[]): number[] | undefined {
  const sorted = [...texts].sort();
  for (let i = 1; i < sorted.length; i++) {
    if (sorted[i].startsWith(sorted[i - 1])) return undefined;
  }
  return [...new Set(texts.map(({ length }) => length))];
}

/**
 * The time of a put's value and of what is appended to it until the next put, with all reads of it;
 * and at the beginning the time of the missing value. A write that nobody saw is a time of its own,
 * since no read of the value before it can come after it.
 */
class Phases {
  private readonly members = new Map<Operation | undefined, Operation[]>([[undefined, []]]);

  add(first: Operation | undefined, member: Operation): void {
    const members = this.members.get(first);
    if (members === undefined) this.members.set(first, [member]);
    else members.push(member);
  }

  list(): Operation[][] {
    return [...this.members.values()];
  }
}

class Versions {
  /** Pairs of a write and the next in some answer, and of an earlier read and that next one. */
  readonly pairs: Pair[] = [];
  /** Of each write that some answer shows: the put that the text begins with, or undefined. */
  readonly firstOf = new Map<Operation, Operation | undefined>();
  private readonly known = new Map<string, Version>([["", missing]]);
  private readonly followers = new Map<Version, Map<Operation, Version>>();
  private readonly reads = new Map<Version, Operation[]>();
  private longest = "";

  constructor(
    private readonly writes: ReadonlyMap<string, Operation>,
    private readonly lengths: readonly number[],
  ) {}

  /** The version that an answer spells out; undefined when it cannot have been written. */
  of(answer: unknown): Version | undefined {
    if (answer === null || answer === undefined) return missing;
    if (typeof answer !== "string") return undefined;
    const found = this.known.get(answer);
    if (found !== undefined) return found;
    // Most answers continue the longest one so far, so that only what is new is spelt out.
    const start = answer.startsWith(this.longest) ? this.longest : "";
    let version = this.known.get(start);
    for (let at = start.length; at < answer.length && version !== undefined;) {
      const write = this.writeAt(answer, at);
      if (write === undefined || (at > 0 && write.f !== "append")) return undefined;
      version = this.follow(version, write);
      at += (write.input as string).length;
    }
    if (version === undefined) return undefined;
    this.known.set(answer, version);
    if (answer.length > this.longest.length || start === "") this.longest = answer;
    return version;
  }

  /** The writes that some answer shows right after the version. */
  after(version: Version): Operation[] {
    return [...(this.followers.get(version)?.keys() ?? [])].filter(({ f }) => f === "append");
  }

  noteRead(version: Version, get: Operation): void {
    const reads = this.reads.get(version);
    if (reads === undefined) this.reads.set(version, [get]);
    else reads.push(get);
  }

  private follow(version: Version, write: Operation): Version {
    const followers = this.followers.get(version) ?? new Map<Operation, Version>();
    this.followers.set(version, followers);
    const known = followers.get(write);
    if (known !== undefined) return known;
    const isStart = version === missing && write.f !== "append";
    const next = { last: write, first: isStart ? write : version.first };
    this.firstOf.set(write, next.first);
    followers.set(write, next);
    if (write.f === "append" && version.last !== undefined) {
      this.pairs.push([version.last, write]);
      for (const get of this.reads.get(version) ?? []) this.pairs.push([get, write]);
    }
    return next;
  }

  private writeAt(answer: string, at: number): Operation | undefined {
    for (const length of this.lengths) {
      const write = this.writes.get(answer.slice(at, at + length));
      if (write !== undefined) return write;
    }
    return undefined;
  }
}
