import { readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import {
  barsOf,
  casRegister,
  checkLinearizable,
  checkLinearizableAsync,
  describeVerdict,
  illegal,
  keyValue,
  lock,
  ownedLock,
  queue,
  register,
  verdictInOneLine,
} from "dabbawala/checks";
import type { LinearizabilityVerdict, Model, ModelCall, Violation } from "dabbawala/checks";
import { parseJepsenLog, readHistory } from "dabbawala/protocol";
import type { HistoryEvent } from "dabbawala/protocol";
import { randomHistory, shapes } from "./random-history";
import type { Shape } from "./random-history";

const etcd = join(__dirname, "data", "jepsen-etcd");

function violationOf(verdict: LinearizabilityVerdict): Violation {
  if (verdict.kind !== "not linearizable") throw new Error(`the verdict is ${verdict.kind}`);
  return verdict.violation;
}

/** Lines such as "0 :invoke :read nil", in order. */
function kindOf(model: Model, ...lines: string[]): string {
  return checkLinearizable(parseJepsenLog(lines.join("\n")), model).kind;
}

describe("Jepsen's histories of etcd", () => {
  const expected = JSON.parse(readFileSync(join(etcd, "expected.json"), "utf8")) as object;

  it("are 51, of which eleven are linearizable", () => {
    const files = readdirSync(etcd).filter((name) => name.endsWith(".log"));
    expect(Object.keys(expected)).toEqual(files);
    expect(files).toHaveLength(51);
  });

  it.each(Object.entries(expected))("%s: linearizable %s", (file, isLinearizable) => {
    const verdict = checkLinearizable(readHistory(join(etcd, file)), casRegister());
    expect(verdict.kind).toBe(isLinearizable ? "linearizable" : "not linearizable");
    // The search is guided: hundreds of configurations would mean that a rule of it was lost.
    expect(verdict.configurations).toBeLessThan(150);
    if (verdict.kind !== "not linearizable") return;
    expect(verdict.violation.isSmallest).toBe(true);
    expect(verdict.violation.offending.length).toBeLessThanOrEqual(4);
  });
});

describe("a violation", () => {
  const verdict = checkLinearizable(readHistory(join(etcd, "etcd_000.log")), casRegister());

  it("names the first answer that no order explains and an order of all before it", () => {
    const { firstBad, prefix, offending } = violationOf(verdict);
    expect(firstBad).toMatchObject({ process: 11, f: "read", output: 2, line: 85, returnLine: 86 });
    expect(prefix.at(-1)).toMatchObject({ description: "write 1", state: "1" });
    expect(offending.map(({ f, input, output }) => [f, input, output])).toEqual([
      ["write", 1, 1],
      ["read", null, 2],
    ]);
  });

  it("is told in words and drawn in text", () => {
    const text = describeVerdict(verdict);
    expect(text).toContain(
      "first answer that no order explains: read -> 2 (process 11, lines 85 to 86)",
    );
    expect(text).toContain("smallest offending part: 2 of 65 operations");
    expect(text).toMatch(/^process 0 .*\|a=\|$/m);
    expect(text).toMatch(/^process 11 .*\|b=\|$/m);
  });

  it("is told in one line, which lists few operations and cuts what is long", () => {
    expect(verdictInOneLine(verdict)).toBe(
      "read -> 2, which no order explains; " + "2 of 65 operations contradict each other: write 1",
    );
    const violation = violationOf(verdict);
    const [write] = violation.offending;
    const many = Array.from({ length: 300 }, (_, id) => ({ ...write!, id: 1_000 + id }));
    const offending = [...many, violation.firstBad];
    const describe = ({ id }: { id: number }): string => `${id} ${"x".repeat(5_000)}`;
    const long = { ...violation, offending, describe, key: "k1", isSmallest: false };
    const line = verdictInOneLine({ ...verdict, violation: long } as typeof verdict);
    expect(line).toMatch(
      /^k1: .*x{9}\.\.\., by which no order is left; 301 of 65 .*: 294 more; 1294 x/,
    );
    expect(line.match(/\b1\d{3} x/g)).toHaveLength(6);
    expect(line.length).toBeLessThan(1_000);
    expect(line).not.toContain("\n");
  });

  it("becomes bars, the offending ones marked and the unanswered ones cut", () => {
    const bars = barsOf(violationOf(verdict), { others: 6 });
    expect(bars).toHaveLength(8);
    expect(bars.filter(({ mark }) => mark === "offending").map(({ label }) => label)).toEqual([
      "write 1",
      "read -> 2",
    ]);
    const unknown = bars.filter(({ mark }) => mark === "unknown");
    expect(unknown.length).toBeGreaterThan(0);
    for (const { to } of unknown) expect(to).toBe(87);
  });
});

describe("unknown outcomes", () => {
  it("may take effect at any later time", () => {
    const lines = [
      "0 :invoke :write 1",
      "0 :info :write 1",
      "1 :invoke :read nil",
      "1 :ok :read nil",
    ];
    const later = [...lines, "1 :invoke :read nil", "1 :ok :read 1"];
    expect(kindOf(register(), ...later)).toBe("linearizable");
    expect(kindOf(register(), ...later, "1 :invoke :read nil", "1 :ok :read nil")).toBe(
      "not linearizable",
    );
  });

  it("may never take effect, and so may what has no end at all", () => {
    expect(kindOf(register(), "0 :invoke :write 1", "1 :invoke :read nil", "1 :ok :read nil")).toBe(
      "linearizable",
    );
    expect(kindOf(lock(), "0 :invoke :release nil", "0 :info :release nil")).toBe("linearizable");
  });

  it("are not failures: what failed did not happen", () => {
    const read = ["1 :invoke :read nil", "1 :ok :read 1"];
    expect(kindOf(register(), "0 :invoke :write 1", "0 :fail :write 1", ...read)).toBe(
      "not linearizable",
    );
    expect(kindOf(register(), "0 :invoke :write 1", "0 :info :write 1", ...read)).toBe(
      "linearizable",
    );
  });
});

describe("models", () => {
  it("cas-register: a successful cas proves what it found", () => {
    const cas = ["0 :invoke :cas [1 2]", "0 :ok :cas [1 2]"];
    expect(kindOf(casRegister(), ...cas)).toBe("not linearizable");
    expect(kindOf(casRegister(1), ...cas)).toBe("linearizable");
  });

  it("queue: first in, first out, and empty only when it is", () => {
    const two = [
      "0 :invoke :enqueue 1",
      "0 :ok :enqueue 1",
      "0 :invoke :enqueue 2",
      "0 :ok :enqueue 2",
    ];
    const dequeue = (value: string): string[] => [
      "1 :invoke :dequeue nil",
      `1 :ok :dequeue ${value}`,
    ];
    expect(kindOf(queue(), ...two, ...dequeue("1"), ...dequeue("2"), ...dequeue("nil"))).toBe(
      "linearizable",
    );
    expect(kindOf(queue(), ...two, ...dequeue("2"))).toBe("not linearizable");
    expect(kindOf(queue(), ...two, ...dequeue("nil"))).toBe("not linearizable");
  });

  it("lock: two holders at once; an owned one is released by its holder alone", () => {
    const acquire = (process: number): string[] => [
      `${process} :invoke :acquire nil`,
      `${process} :ok :acquire nil`,
    ];
    const release = ["1 :invoke :release nil", "1 :ok :release nil"];
    expect(kindOf(lock(), ...acquire(0), ...acquire(1))).toBe("not linearizable");
    expect(kindOf(lock(), ...acquire(0), ...release)).toBe("linearizable");
    expect(kindOf(ownedLock(), ...acquire(0), ...release)).toBe("not linearizable");
  });

  it("kv: keys are judged alone, missing reads as nothing, append joins", () => {
    const events = [
      ["put", "x", "a"],
      ["append", "x", "b"],
      ["get", "x", null, "ab"],
      ["get", "y", null, ""],
      ["delete", "x", null],
      ["get", "x", null, null],
    ].flatMap(([f, key, value, answer]) => {
      const event = { process: 0, f, key } as { process: number; f: string; key: string };
      return [
        { ...event, type: "invoke", value },
        { ...event, type: "ok", value: answer ?? value },
      ] as HistoryEvent[];
    });
    const verdict = checkLinearizable(events, keyValue());
    expect(verdict).toMatchObject({ kind: "linearizable", parts: 2, operations: 6 });
  });

  it("of the user: a bank whose transfers keep the sum", () => {
    type Accounts = Readonly<Record<string, number>>;
    const bank: Model<Accounts> = {
      name: "bank",
      initial: () => ({ asha: 100, ravi: 0 }),
      step(accounts, { f, input, output, isKnown }: ModelCall) {
        if (f === "transfer") {
          const { from, to, amount } = input as { from: string; to: string; amount: number };
          return { ...accounts, [from]: accounts[from]! - amount, [to]: accounts[to]! + amount };
        }
        const isSame = JSON.stringify(accounts) === JSON.stringify(output);
        return isSame || !isKnown ? accounts : illegal;
      },
    };
    const transfer = { process: 0, f: "transfer", value: { from: "asha", to: "ravi", amount: 5 } };
    const read = { process: 1, f: "read" };
    const history = (asha: number, ravi: number): HistoryEvent[] => [
      { ...transfer, type: "invoke" },
      { ...read, type: "invoke" },
      { ...read, type: "ok", value: { asha, ravi } },
      { ...transfer, type: "ok" },
    ];
    expect(checkLinearizable(history(100, 0), bank).kind).toBe("linearizable");
    expect(checkLinearizable(history(95, 5), bank).kind).toBe("linearizable");
    const torn = checkLinearizable(history(95, 0), bank);
    expect(violationOf(torn).offending.map(({ f }) => f)).toEqual(["read"]);
    expect(describeVerdict(torn)).toContain('read -> {"asha":95,"ravi":0}');
  });

  it("are told where they do not fit the history", () => {
    const cas = parseJepsenLog("0 :invoke :cas [1 2]\n0 :ok :cas [1 2]");
    expect(() => checkLinearizable(cas, register(), { source: "h.log" })).toThrow(
      'h.log:1: register has no "cas": it knows read, get, write, put, set',
    );
    const noPair = parseJepsenLog("0 :invoke :read nil\n0 :ok :read nil\n0 :invoke :cas 3");
    expect(() => checkLinearizable(noPair, casRegister())).toThrow(
      "history:3: cas takes [from, to], not 3",
    );
    const noKey = parseJepsenLog("0 :invoke :get nil");
    expect(() => checkLinearizable(noKey, keyValue())).toThrow("history:1: get has no key");
    const wrong: Model<number> = { ...counter, isReadOnly: () => true };
    expect(() => checkLinearizable(increments(2, 2), wrong)).toThrow("isReadOnly, but the state");
  });
});

const counter: Model<number> = {
  name: "counter",
  initial: () => 0,
  step: (count, { output, isKnown }) => (!isKnown || output === count + 1 ? count + 1 : illegal),
};

/** `width` concurrent increments that answer 1, 2, ..., but the last answers `last`. */
function increments(width: number, last: number): HistoryEvent[] {
  const processes = Array.from({ length: width }, (_, i) => i);
  const f = "increment";
  return [
    ...processes.map((process): HistoryEvent => ({ process, type: "invoke", f })),
    ...processes.map((process): HistoryEvent => {
      return { process, type: "ok", f, value: process === width - 1 ? last : process + 1 };
    }),
  ];
}

/** A race that only trying all subsets can decide: adders of 1, 2, 4... and a wrong sum. */
function hardHistory(width: number): { history: HistoryEvent[]; model: Model<number> } {
  const model: Model<number> = {
    name: "sum",
    initial: () => 0,
    step: (sum, { f, input, output }) =>
      f === "add" ? sum + Number(input) : output === sum ? sum : illegal,
  };
  const events: HistoryEvent[] = [];
  for (let process = 0; process < width; process++) {
    events.push({ process, type: "invoke", f: "add", value: 2 ** process });
  }
  events.push({ process: width, type: "invoke", f: "read" });
  events.push({ process: width, type: "ok", f: "read", value: 2 ** width + 1 });
  for (let process = 0; process < width; process++) events.push({ process, type: "ok", f: "add" });
  return { history: events, model };
}

describe("limits", () => {
  it("give unknown, never a pass", () => {
    const { history, model } = hardHistory(20);
    const verdict = checkLinearizable(history, model, { configurations: 1_000 });
    expect(verdict).toMatchObject({ kind: "unknown", why: "configurations", keys: [""] });
    expect(describeVerdict(verdict)).toContain("too many configurations before the object");
    const late = checkLinearizable(history, model, { timeoutMs: 1 });
    expect(late).toMatchObject({ kind: "unknown", why: "time" });
    expect(checkLinearizable(hardHistory(8).history, model).kind).toBe("not linearizable");
  });

  it("of a hard key do not hide the violation of another", () => {
    const { history, model } = hardHistory(20);
    const keyed: Model<number> = { ...model, partition: ({ key }) => String(key) };
    const bad: HistoryEvent[] = [
      { process: "p", type: "invoke", f: "read", key: "bad" },
      { process: "p", type: "ok", f: "read", key: "bad", value: 7 },
    ];
    const events = [...history.map((event) => ({ ...event, key: "hard" })), ...bad];
    const verdict = checkLinearizable(events, keyed, { configurations: 100_000 });
    expect(violationOf(verdict).key).toBe("bad");
  });

  it("must be sensible", () => {
    expect(() => checkLinearizable([], counter, { timeoutMs: 0 })).toThrow(
      "timeoutMs must be from 1",
    );
    expect(() => checkLinearizable([], counter, { configurations: 1.5 })).toThrow("whole number");
    expect(checkLinearizable([], counter).kind).toBe("linearizable");
  });

  it("stop by signal, with progress on the way", async () => {
    const { history, model } = hardHistory(22);
    const controller = new AbortController();
    const seen: number[][] = [];
    const onProgress = (done: number, total: number): void => {
      seen.push([done, total]);
      if (seen.length === 5) controller.abort(new Error("enough"));
    };
    const { signal } = controller;
    await expect(checkLinearizableAsync(history, model, { onProgress, signal })).rejects.toThrow(
      "enough",
    );
    expect(seen.length).toBe(5);
    expect(seen[0]![1]).toBe(23);
    const easy = await checkLinearizableAsync(increments(5, 5), counter);
    expect(easy.kind).toBe("linearizable");
  });
});

describe("large histories: 100 clients, 10,000 operations", () => {
  const large = (keys: number, change: Partial<Shape> = {}): HistoryEvent[] =>
    randomHistory(7, keyValue() as Model, {
      ...shapes["kv"]!,
      processes: 100,
      operations: 10_000,
      infoRate: 0.01,
      call: (random, index) => {
        const key = `k${random.below(keys)}`;
        return random.chance(0.5) ? { f: "get", key } : { f: "put", key, value: index };
      },
      ...change,
    });

  it.each([1, 10, 100])("on %i keys, every value once: without search", (keys) => {
    const verdict = checkLinearizable(large(keys), keyValue());
    expect(verdict).toMatchObject({ kind: "linearizable", parts: keys, configurations: 0 });
  });

  it.each([1, 10, 100])("on %i keys, values used again: with hardly a wrong turn", (keys) => {
    const repeated = large(keys, {
      call: (random, index) => {
        const key = `k${random.below(keys)}`;
        return random.chance(0.5) ? { f: "get", key } : { f: "put", key, value: index % 7 };
      },
    });
    const verdict = checkLinearizable(repeated, keyValue());
    expect(verdict).toMatchObject({ kind: "linearizable", parts: keys });
    expect(verdict.configurations).toBeLessThan(40_000);
  });

  it.each([1, 10])("on %i keys, texts appended to: guided by the answers", (keys) => {
    const appended = large(keys, {
      call: (random, index) => {
        const key = `k${random.below(keys)}`;
        const value = `x ${index} y`;
        const f = random.pick(["get", "get", "append", "append", "append", "put"]);
        return f === "get" ? { f, key } : { f, key, value };
      },
    });
    const verdict = checkLinearizable(appended, keyValue());
    expect(verdict).toMatchObject({ kind: "linearizable", parts: keys });
    expect(verdict.configurations).toBeLessThan(40_000);
  });

  it("with one wrong answer: found, and shrunk to a few", () => {
    const verdict = checkLinearizable(
      large(1, { lieRate: 0.0004, lies: [0, 1, 2, 3] }),
      keyValue(),
    );
    const { offending, isSmallest } = violationOf(verdict);
    expect(isSmallest).toBe(true);
    expect(offending.length).toBeLessThanOrEqual(4);
  });
});
