import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import {
  casRegister,
  checkLinearizable,
  describeVerdict,
  illegal,
  IncrementalChecker,
  keyValue,
  models,
  register,
} from "dabbawala/checks";
import type { Model, ModelCall } from "dabbawala/checks";
import { parseJepsenLog, readHistory } from "dabbawala/protocol";
import type { HistoryEvent } from "dabbawala/protocol";
import { randomHistory, shapes } from "./random-history";

const etcd = join(__dirname, "data", "jepsen-etcd");
const kinds: typeof shapes = { ...shapes, "owned-lock": shapes["lock"]! };

function modelOf(kind: string): Model {
  return models[kind.replace("unique ", "")]!();
}

function fed(events: readonly HistoryEvent[], model: Model): IncrementalChecker<unknown> {
  const checker = new IncrementalChecker(model);
  for (const event of events) checker.add(event);
  return checker;
}

describe("agrees with the check of the whole prefix, at every event", () => {
  it.each(Object.keys(kinds))("on random histories of %s", (kind) => {
    const seen = { linearizable: 0, "not linearizable": 0, unknown: 0 };
    for (let seed = 0; seed < 48; seed++) {
      const model = modelOf(kind);
      const history = randomHistory(seed, model, {
        ...kinds[kind]!,
        processes: 1 + (seed % 4),
        operations: 8 + (seed % 24),
        infoRate: seed % 2 === 0 ? 0.05 : 0,
        lieRate: seed % 3 === 0 ? 0 : 0.08,
      });
      const checker = new IncrementalChecker(model);
      history.forEach((event, i) => {
        checker.add(event);
        const whole = checkLinearizable(history.slice(0, i + 1), model);
        const { kind: verdict, operations, parts } = checker.verdict();
        expect([seed, i, verdict]).toEqual([seed, i, whole.kind]);
        expect([operations, parts]).toEqual([whole.operations, whole.parts]);
      });
      seen[checker.verdict().kind]++;
    }
    expect(seen.linearizable).toBeGreaterThan(2);
    if (kind !== "lock") expect(seen["not linearizable"]).toBeGreaterThan(2);
    expect(seen.unknown).toBe(0);
  });

  it.each(Object.keys(kinds))("when asked only at the end, on longer ones of %s", (kind) => {
    for (let seed = 0; seed < 16; seed++) {
      const model = modelOf(kind);
      const history = randomHistory(seed, model, {
        ...kinds[kind]!,
        processes: 2 + (seed % 2),
        // The order of equal items in a queue is told by nothing, and so is hard for any search.
        operations: kind === "queue" ? 40 : 400,
        infoRate: seed % 2 === 0 ? 0.004 : 0,
        lieRate: seed % 4 === 3 ? 0.004 : 0,
      });
      const expected = checkLinearizable(history, model).kind;
      expect([seed, fed(history, model).verdict().kind]).toEqual([seed, expected]);
    }
  });
});

describe("Jepsen's histories of etcd", () => {
  const expected = JSON.parse(readFileSync(join(etcd, "expected.json"), "utf8")) as object;

  it.each(Object.entries(expected))("%s: linearizable %s", (file, isLinearizable) => {
    const history = readHistory(join(etcd, file));
    const checker = new IncrementalChecker(casRegister());
    let firstBad = Infinity;
    history.forEach((event, i) => {
      checker.add(event);
      const { kind } = checker.verdict();
      if (kind !== "linearizable" && firstBad === Infinity) firstBad = i;
      expect(kind).toBe(firstBad <= i ? "not linearizable" : "linearizable");
    });
    expect(firstBad === Infinity).toBe(isLinearizable);
    const whole = checkLinearizable(history, casRegister());
    if (whole.kind === "not linearizable") expect(whole.violation.firstBad.return).toBe(firstBad);
  });
});

describe("memory", () => {
  it("goes with what is under way, not with the length: 60,000 operations on 30 keys", () => {
    const model = keyValue() as Model;
    const history = randomHistory(5, model, {
      ...shapes["kv"]!,
      processes: 12,
      operations: 60_000,
      call: (random, index) => {
        const key = `k${random.below(30)}`;
        return random.chance(0.5) ? { f: "get", key } : { f: "put", key, value: index % 9 };
      },
    });
    const checker = new IncrementalChecker(model);
    let most = 0;
    for (const event of history) {
      checker.add(event);
      most = Math.max(most, checker.held);
    }
    expect(checker.verdict()).toMatchObject({ kind: "linearizable", operations: 60_000 });
    expect(most).toBeLessThan(3_000);
  });

  it("keeps the unanswered calls that may still take effect, and no others", () => {
    const calm = [...Array(40).keys()].flatMap((i): HistoryEvent[] => [
      { process: 0, type: "invoke", f: "write", value: i },
      { process: 0, type: "ok", f: "write", value: i },
    ]);
    const crashed: HistoryEvent[] = [
      { process: 1, type: "invoke", f: "write", value: "late" },
      { process: 1, type: "info", f: "write" },
      { process: 2, type: "invoke", f: "read" },
      { process: 2, type: "info", f: "read" },
    ];
    const checker = fed([...crashed, ...calm], register() as Model);
    expect(checker.held).toBeLessThan(20);
    const reads = (...values: unknown[]): HistoryEvent[] =>
      values.flatMap((value): HistoryEvent[] => [
        { process: 3, type: "invoke", f: "read" },
        { process: 3, type: "ok", f: "read", value },
      ]);
    for (const event of reads(39, "late", "late")) checker.add(event);
    expect(checker.verdict().kind).toBe("linearizable");
    for (const event of reads(39)) checker.add(event);
    expect(checker.verdict().kind).toBe("not linearizable");
    expect(checker.held).toBe(0);
  });
});

describe("a violation behind a settled point", () => {
  const write = (value: number, process = 0): HistoryEvent[] => [
    { process, type: "invoke", f: "write", value },
    { process, type: "ok", f: "write", value },
  ];
  const race: HistoryEvent[] = [
    { process: 1, type: "invoke", f: "write", value: 7 },
    { process: 2, type: "invoke", f: "write", value: 8 },
    { process: 1, type: "ok", f: "write", value: 7 },
    { process: 2, type: "ok", f: "write", value: 8 },
  ];
  const before = [...Array(40).keys()].flatMap((i) => write(i)).concat(race);
  const read = (value: number): HistoryEvent[] => [
    { process: 5, type: "invoke", f: "read" },
    { process: 5, type: "ok", f: "read", value },
  ];

  it("is told with the states that it began in", () => {
    const history = [...before, ...[...Array(40).keys()].flatMap(() => read(8)), ...read(7)];
    const verdict = fed(history, register() as Model).verdict();
    expect(verdict.kind).toBe("not linearizable");
    if (verdict.kind !== "not linearizable") return;
    expect(verdict.violation.startStates).toBeDefined();
    expect(verdict.violation.firstBad).toMatchObject({ f: "read", output: 7 });
    expect(describeVerdict(verdict)).toContain("beginning as: ");
  });

  it("takes every state that the race may have left", () => {
    for (const [first, second, kind] of [
      [7, 7, "linearizable"],
      [8, 8, "linearizable"],
      [7, 8, "not linearizable"],
      [3, 3, "not linearizable"],
    ] as const) {
      const pad = [...Array(40).keys()].flatMap(() => read(first));
      const history = [...before, ...pad, ...read(second)];
      expect(fed(history, register() as Model).verdict().kind).toBe(kind);
    }
  });
});

describe("what is told and refused", () => {
  it("a model of the user without deductions or words", () => {
    class Counter implements Model<number> {
      readonly name = "counter";
      initial(): number {
        return 0;
      }
      step(count: number, { output, isKnown }: ModelCall): number | typeof illegal {
        return !isKnown || output === count + 1 ? count + 1 : illegal;
      }
    }
    const checker = new IncrementalChecker(new Counter());
    const count = (value: number): void => {
      checker.add({ process: 0, type: "invoke", f: "increment" });
      checker.add({ process: 0, type: "ok", f: "increment", value });
    };
    for (let value = 1; value <= 100; value++) count(value);
    expect(checker.verdict()).toMatchObject({ kind: "linearizable", operations: 100 });
    count(100);
    const verdict = checker.verdict();
    expect(describeVerdict(verdict)).toMatch(/beginning as: \d+/);
  });

  it("a failure takes back what a read may have seen", () => {
    const lines = ["0 :invoke :write 1", "1 :invoke :read nil", "1 :ok :read 1"];
    const checker = fed(parseJepsenLog(lines.join("\n")), register() as Model);
    expect(checker.verdict().kind).toBe("linearizable");
    checker.add({ process: 0, type: "fail", f: "write", value: 1 });
    expect(checker.verdict()).toMatchObject({ kind: "not linearizable", operations: 1 });
  });

  it("limits give unknown, never a pass, and a violation is found all the same later", () => {
    const adders = [...Array(16).keys()];
    const sum: Model<number> = {
      name: "sum",
      initial: () => 0,
      step: (total, { f, input, output }) =>
        f === "add" ? total + Number(input) : output === total ? total : illegal,
    };
    const calls = adders.map((i): HistoryEvent => {
      return { process: i, type: "invoke", f: "add", value: 2 ** i };
    });
    const read = (value: number): HistoryEvent[] => [
      { process: "r", type: "invoke", f: "read" },
      { process: "r", type: "ok", f: "read", value },
    ];
    const checker = new IncrementalChecker(sum, { configurations: 1_000 });
    for (const event of [...calls, ...read(2 ** 16)]) checker.add(event);
    expect(checker.verdict()).toMatchObject({ kind: "unknown", why: "configurations" });
    const patient = new IncrementalChecker(sum, { configurations: 1_000_000 });
    for (const event of [...calls, ...read(2 ** 16)]) patient.add(event);
    expect(patient.verdict().kind).toBe("not linearizable");
    expect(() => new IncrementalChecker(casRegister(), { configurations: 0 })).toThrow(
      "configurations must be from 1",
    );
  });

  it("events out of place, and operations that the model does not know", () => {
    const events = parseJepsenLog("0 :invoke :cas [1 2]");
    expect(() => fed(events, register() as Model)).toThrow('history:1: register has no "cas"');
    const ok: HistoryEvent = { process: 4, type: "ok", f: "read", value: 1 };
    expect(() => fed([ok], register() as Model)).toThrow(
      "history:event 1: process 4 ends read, which it did not call",
    );
    const late: HistoryEvent[] = [
      { process: 1, type: "invoke", f: "read" },
      { process: 1, type: "ok", f: "read", key: "x", value: 1 },
    ];
    expect(() => fed(late, register() as Model)).toThrow("must be told with the call");
  });
});
