import { describe, expect, it } from "vitest";
import { checkLinearizable, checkSequential, keyValue, models, register } from "dabbawala/checks";
import { operationsOf, parseJepsenLog } from "dabbawala/protocol";
import type { Operation } from "dabbawala/protocol";
import { callOf, hasOrder, programOrder } from "./brute-force";
import { randomHistory, shapes } from "./random-history";

const stale = parseJepsenLog(`0 :invoke :write 1
0 :ok :write 1
1 :invoke :read nil
1 :ok :read nil`);

describe("sequential consistency", () => {
  it("allows a stale read that linearizability does not", () => {
    expect(checkLinearizable(stale, register()).kind).toBe("not linearizable");
    const verdict = checkSequential(stale, register());
    expect(verdict.kind).toBe("sequentially consistent");
    if (verdict.kind !== "sequentially consistent") return;
    expect(verdict.order.map(({ f }) => f)).toEqual(["read", "write"]);
  });

  it("is violated by two processes that saw two writes in opposite orders", () => {
    const verdict = checkSequential(
      parseJepsenLog(
        [
          "0 :write 1",
          "1 :write 2",
          "2 :read 1",
          "2 :read 2",
          "3 :read 2",
          "3 :read 1",
          "4 :write 3",
        ]
          .map((line) => line.replace(/(\d) (:\w+) (\d)/, "$1 :invoke $2 $3\n$1 :ok $2 $3"))
          .join("\n"),
      ),
      register(),
    );
    expect(verdict).toMatchObject({ kind: "not sequentially consistent", isSmallest: true });
    if (verdict.kind !== "not sequentially consistent") return;
    // The four reads contradict each other; the writes are certain because they were read.
    expect(verdict.offending.map(({ process }) => process)).toEqual([2, 2, 3, 3]);
  });

  it("is not local: two queues, each fine alone, are not fine together", () => {
    // Herlihy and Wing, 1990, section 3.3: queues p and q.
    const lines = ["0 p enqueue 1", "0 q enqueue 1", "1 q enqueue 2", "1 p enqueue 2"];
    const answers = ["0 p dequeue 2", "1 q dequeue 1"];
    const events = [...lines, ...answers].flatMap((line) => {
      const [process, key, f, value] = line.split(" ") as [string, string, string, string];
      const base = { process: Number(process), key, f };
      const argument = f === "enqueue" ? Number(value) : null;
      return [
        { ...base, type: "invoke" as const, value: argument },
        { ...base, type: "ok" as const, value: Number(value) },
      ];
    });
    const queue = models["queue"]!();
    expect(checkSequential(events, queue).kind).toBe("not sequentially consistent");
    for (const key of ["p", "q"]) {
      const alone = events.filter((event) => event.key === key);
      expect(checkSequential(alone, queue).kind).toBe("sequentially consistent");
    }
  });

  it("says unknown at its limit", () => {
    const shape = { ...shapes["register"]!, processes: 8, operations: 60 };
    const history = randomHistory(1, register(), shape);
    expect(checkSequential(history, register(), { configurations: 3 })).toEqual({
      kind: "unknown",
      configurations: 3,
    });
    expect(() => checkSequential(history, register(), { configurations: 0 })).toThrow(
      "configurations must be from 1",
    );
  });

  it("agrees with every order tried by brute force", () => {
    const seen = { yes: 0, no: 0 };
    for (let seed = 0; seed < 1_000; seed++) {
      const kind = ["register", "cas-register", "kv", "queue", "lock"][seed % 5]!;
      const model = kind === "kv" ? keyValue() : models[kind]!();
      const history = randomHistory(seed, model, {
        ...shapes[kind]!,
        processes: 2 + (seed % 2),
        operations: 4 + (seed % 3),
        infoRate: 0.1,
        lieRate: 0.3,
      });
      const operations = operationsOf(history);
      const verdict = checkSequential(history, model);
      const expected = hasOrder(operations, model, programOrder);
      expect([seed, verdict.kind === "sequentially consistent"]).toEqual([seed, expected]);
      seen[expected ? "yes" : "no"]++;
      if (verdict.kind === "sequentially consistent") {
        expectLegal(verdict.order, operations, model);
      } else if (verdict.kind === "not sequentially consistent") {
        const kept = new Set(verdict.offending.map(({ id }) => id));
        const isPossible = (needed: ReadonlySet<number>): boolean =>
          subsets(operations).some((subset) => {
            const ids = new Set(subset.map(({ id }) => id));
            return [...needed].every((id) => ids.has(id)) && hasOrder(subset, model, programOrder);
          });
        expect(isPossible(kept)).toBe(false);
        for (const id of kept) {
          expect(isPossible(new Set([...kept].filter((other) => other !== id)))).toBe(true);
        }
      }
    }
    expect(Math.min(seen.yes, seen.no)).toBeGreaterThan(100);
  });
});

function subsets(operations: readonly Operation[]): Operation[][] {
  return Array.from({ length: 2 ** operations.length }, (_, mask) =>
    operations.filter((_, i) => ((mask >> i) & 1) === 1),
  );
}

function expectLegal(
  order: readonly Operation[],
  operations: readonly Operation[],
  model: ReturnType<(typeof models)[string]>,
): void {
  const placed = new Set(order.map(({ id }) => id));
  for (const operation of operations) {
    if (operation.outcome === "ok") expect(placed.has(operation.id)).toBe(true);
  }
  const states = new Map<string, unknown>();
  order.forEach((operation, i) => {
    for (const later of order.slice(i + 1)) expect(programOrder(later, operation)).toBe(false);
    const call = callOf(operation, model);
    const key = model.partition?.(call) ?? "";
    const next = model.step(states.has(key) ? states.get(key) : model.initial(), call);
    expect(typeof next).not.toBe("symbol");
    states.set(key, next);
  });
}
