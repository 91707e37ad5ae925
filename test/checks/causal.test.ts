import { describe, expect, it } from "vitest";
import { Random } from "dabbawala/basics";
import { checkCausal, checkSessionGuarantees } from "dabbawala/checks";
import type { CausalLevel } from "dabbawala/checks";
import { operationsOf } from "dabbawala/protocol";
import type { HistoryEvent, Operation } from "dabbawala/protocol";
import { permutations } from "./brute-force";

/**
 * "a: x=1 y? " : processes' programs, run one after the other as listed. `x=1` writes, `x?1` reads.
 */
function history(...lines: string[]): HistoryEvent[] {
  return lines.flatMap((line) => {
    const [process, access] = line.split(": ") as [string, string];
    const [, key, sign, text] = /^(\w)([=?])(\w+)$/.exec(access) as unknown as string[];
    const value = text === "nil" ? null : Number(text);
    const f = sign === "=" ? "write" : "read";
    const event = { process, f, key };
    return [
      { ...event, type: "invoke" as const, value: sign === "=" ? value : null },
      { ...event, type: "ok" as const, value },
    ] as HistoryEvent[];
  });
}

const levels: CausalLevel[] = ["causal", "causal memory", "causal convergence"];
const verdicts = (events: HistoryEvent[]): string[] =>
  levels.map((level) => checkCausal(events, { level }).kind);

describe("causal consistency", () => {
  it("is violated by an answer seen before its question", () => {
    const events = history("a: x=1", "b: x?1", "b: y=2", "c: y?2", "c: x?nil");
    expect(verdicts(events)).toEqual(["violated", "violated", "violated"]);
    const verdict = checkCausal(events);
    if (verdict.kind !== "violated") throw new Error("not violated");
    expect(verdict.why).toBe(
      "each would have to come before the next, in a circle: " +
        "the initial value of x before process a's write x 1 (initial value); " +
        "process a's write x 1 before the initial value of x " +
        "(process c's read x -> null did not see it, though it had to)",
    );
  });

  // The four histories of Bouajjani et al., 2017, figure 3, that tell the levels apart.
  it("tells convergence from memory: two sites that keep their own order for ever", () => {
    const events = history("a: x=1", "b: x=2", "a: x?2", "b: x?1");
    expect(verdicts(events)).toEqual(["holds", "holds", "violated"]);
  });

  it("tells memory from convergence: a site that changes its mind", () => {
    const events = history("a: z=1", "a: x=1", "a: y=1", "b: x=2", "b: z?nil", "b: y?1", "b: x?2");
    expect(verdicts(events)).toEqual(["holds", "violated", "holds"]);
  });

  it("is violated by a value out of thin air", () => {
    const verdict = checkCausal(history("a: x=1", "b: x?7"));
    expect(verdict).toMatchObject({
      kind: "violated",
      why: expect.stringContaining("nobody wrote"),
    });
  });

  it("cannot tell which write was read when a value is written twice", () => {
    expect(() => checkCausal(history("a: x=1", "b: x=1"), { source: "h" })).toThrow(
      "h:operation 2: 1 is written a second time, so that which write a read saw cannot be told",
    );
    const cas = { process: 0, f: "cas", value: [1, 2] };
    expect(() => checkCausal([{ ...cas, type: "invoke" }])).toThrow(
      'history:operation 1: "cas" is neither a read nor a write',
    );
  });

  it("agrees with the definitions tried by brute force", () => {
    const seen = new Map<string, number>();
    for (let seed = 0; seed < 600; seed++) {
      const events = randomAccesses(seed);
      const expected = byDefinition(operationsOf(events));
      expect([seed, ...verdicts(events)]).toEqual([seed, ...expected]);
      seen.set(String(expected), (seen.get(String(expected)) ?? 0) + 1);
    }
    expect(seen.size).toBeGreaterThanOrEqual(3);
  });
});

describe("session guarantees", () => {
  const kinds = (events: HistoryEvent[], isRealTime = true): string[] =>
    checkSessionGuarantees(events, { isRealTime }).map(({ kind }) => kind);

  it("read your writes: a client must see what it wrote, or later", () => {
    expect(kinds(history("a: x=1", "a: x?nil"))).toEqual(["violated", "holds", "holds", "holds"]);
    expect(kinds(history("a: x=1", "b: x=2", "a: x?2"))[0]).toBe("holds");
    expect(kinds(history("a: x=1", "b: x=2", "b: x?1"))[0]).toBe("violated");
    expect(kinds(history("a: x=1", "b: x=2", "b: x?1"), false)[0]).toBe("holds");
  });

  it("monotonic reads: a client must not go back", () => {
    expect(kinds(history("a: x=1", "a: x=2", "b: x?2", "b: x?1"))[1]).toBe("violated");
    expect(kinds(history("a: x=1", "a: x=2", "b: x?1", "b: x?2"))[1]).toBe("holds");
    expect(kinds(history("a: x=1", "b: x?1", "b: x?nil"), false)[1]).toBe("violated");
  });

  it("monotonic writes: a client's writes are seen in its order", () => {
    expect(kinds(history("a: x=1", "a: x=2", "b: x?2", "b: x?1"), false)).toEqual([
      "holds",
      "holds",
      "violated",
      "holds",
    ]);
  });

  it("writes follow reads: an answer comes after what it answers", () => {
    expect(kinds(history("a: x=1", "b: x?1", "b: x=2", "c: x?2", "c: x?1"), false)).toEqual([
      "holds",
      "holds",
      "holds",
      "violated",
    ]);
  });

  it("agree with every order of the writes tried by brute force", () => {
    const seen = new Set<string>();
    for (let seed = 0; seed < 600; seed++) {
      const events = randomAccesses(seed);
      for (const isRealTime of [true, false]) {
        const expected = sessionsByDefinition(operationsOf(events), isRealTime);
        expect([seed, ...kinds(events, isRealTime)]).toEqual([seed, ...expected]);
        expected.forEach((kind, i) => seen.add(`${i} ${kind}`));
      }
    }
    expect(seen.size).toBe(8);
  });
});

/** Unique values; reads answer a value of their key written in the history, or null. */
function randomAccesses(seed: number): HistoryEvent[] {
  const random = new Random(seed);
  const written: Record<string, number[]> = { x: [], y: [] };
  const lines = Array.from({ length: 4 + (seed % 4) }, (_, i) => {
    const key = random.pick(["x", "y"]);
    const process = random.pick(["a", "b", "c"]);
    const isWrite = random.chance(0.5);
    if (isWrite) written[key]!.push(i);
    return { process, key, isWrite, value: i };
  });
  return history(
    ...lines.map(({ process, key, isWrite, value }) => {
      if (isWrite) return `${process}: ${key}=${value}`;
      const seen = random.chance(0.15) ? null : random.pick([...written[key]!, null]);
      return `${process}: ${key}?${seen ?? "nil"}`;
    }),
  );
}

type Order = readonly Operation[];
const isRead = ({ f }: Operation): boolean => f === "read";

/** What the register holds when the operations are done in this order; reads change nothing. */
function valueAt(order: Order, key: Operation["key"]): unknown {
  const last = order.filter((o) => !isRead(o) && o.key === key).at(-1);
  return last?.input ?? null;
}

function isBeforeIn(order: Order, left: Operation, right: Operation): boolean {
  return order.indexOf(left) < order.indexOf(right);
}

function causesAmong(operations: Order): (left: Operation, right: Operation) => boolean {
  const direct = (left: Operation, right: Operation): boolean => {
    const isSession = left.process === right.process && left.id < right.id;
    const isSeen =
      !isRead(left) && isRead(right) && left.key === right.key && left.input === right.output;
    return isSession || isSeen;
  };
  const reach = operations.map((left) => operations.map((right) => direct(left, right)));
  for (const k of operations.keys()) {
    for (const i of operations.keys()) {
      for (const j of operations.keys()) {
        reach[i]![j] ||= reach[i]![k]! && reach[k]![j]!;
      }
    }
  }
  return (left, right) => reach[left.id]![right.id]!;
}

/** The definitions of Bouajjani et al., sections 3.2 to 3.4, word by word. */
function byDefinition(operations: Order): string[] {
  const causes = causesAmong(operations);
  const told = (holds: boolean): string => (holds ? "holds" : "violated");
  if (operations.some((o) => causes(o, o))) return ["violated", "violated", "violated"];
  const past = (o: Operation): Operation[] => operations.filter((p) => p === o || causes(p, o));
  const orders = (some: Order): Order[] =>
    [...permutations(some)].filter((order) =>
      order.every((left, i) => order.slice(i + 1).every((right) => !causes(right, left))),
    );
  const isExplained = (order: Order, read: Operation): boolean =>
    valueAt(order.slice(0, order.indexOf(read)), read.key) === (read.output ?? null);
  const reads = operations.filter(isRead);
  const isCausal = reads.every((read) => orders(past(read)).some((o) => isExplained(o, read)));
  const isMemory = operations.every((last) => {
    const own = past(last).filter((o) => isRead(o) && o.process === last.process);
    return orders(past(last)).some((order) => own.every((read) => isExplained(order, read)));
  });
  const isConvergent = orders(operations).some((order) =>
    reads.every((read) =>
      isExplained(
        order.filter((o) => past(read).includes(o)),
        read,
      ),
    ),
  );
  return [isCausal, isMemory, isConvergent].map(told);
}

function sessionsByDefinition(operations: Order, isRealTime: boolean): string[] {
  const reads = operations.filter(isRead);
  const writes = operations.filter((o) => !isRead(o));
  const isSession = (left: Operation, right: Operation): boolean =>
    left.process === right.process && left.id < right.id;
  const sees = (read: Operation): Operation | undefined =>
    writes.find((w) => w.key === read.key && w.input === read.output);
  if (reads.some((read) => read.output !== null && sees(read) === undefined)) {
    return ["violated", "violated", "violated", "violated"];
  }
  const inRealTime = (order: Order): boolean =>
    order.every((left, i) => {
      const later = order.slice(i + 1);
      return later.every((right) => right.key !== left.key || right.return > left.call);
    });
  /** Of what is visible to it, a read answers the last write. */
  const explains = (order: Order, visible: (read: Operation) => Operation[]): boolean =>
    reads.every((read) => {
      const seen = sees(read);
      const shown = [...visible(read), ...(seen ? [seen] : [])].filter((w) => w.key === read.key);
      return (
        valueAt(
          order.filter((w) => shown.includes(w)),
          read.key,
        ) === (read.output ?? null)
      );
    });
  const own = (read: Operation): Operation[] => writes.filter((w) => isSession(w, read));
  const seenBefore = (read: Operation): Operation[] =>
    reads.filter((r) => isSession(r, read)).flatMap((r) => sees(r) ?? []);
  const monotonic = (order: Order): boolean =>
    writes.every((l) => writes.every((r) => !isSession(l, r) || isBeforeIn(order, l, r)));
  const follows = (order: Order): boolean =>
    reads.every((read) =>
      writes.every((w) => {
        const seen = sees(read);
        return !isSession(read, w) || seen === undefined || isBeforeIn(order, seen, w);
      }),
    );
  const all = [...permutations(writes)];
  const timed = isRealTime ? all.filter(inRealTime) : all;
  return [
    timed.some((order) => explains(order, own)),
    timed.some((order) => explains(order, seenBefore)),
    all.some((order) => monotonic(order) && explains(order, seenBefore)),
    all.some((order) => follows(order) && explains(order, seenBefore)),
  ].map((holds) => (holds ? "holds" : "violated"));
}
