import { describe, expect, it } from "vitest";
import {
  always,
  checkConvergence,
  checkReplicas,
  checkTrace,
  historyOf,
  sometimes,
} from "dabbawala/checks";
import { parseJepsenLog } from "dabbawala/protocol";
import type { Trace, TraceStep } from "dabbawala/protocol";

describe("convergence", () => {
  it("compares replicas by what they hold, not by the order in which they came to it", () => {
    const states = {
      n1: new Map([
        ["a", 1],
        ["b", 2],
      ]),
      n2: new Map([
        ["b", 2],
        ["a", 1],
      ]),
    };
    expect(checkReplicas(states)).toEqual({ kind: "converged", compared: 2 });
    expect(checkReplicas({ n1: { x: 1 }, n2: { x: 1 }, n3: { x: 2 } })).toMatchObject({
      kind: "diverged",
      why: "n1 and n3 hold different states",
      between: ["n1", "n3"],
    });
  });

  const history = (...lines: string[]): ReturnType<typeof parseJepsenLog> =>
    parseJepsenLog(
      lines
        .map((line) => line.replace(/(\w+) (:\w+) (\w+)/, "$1 :invoke $2 $3\n$1 :ok $2 $3"))
        .join("\n"),
    );

  it("compares the reads after the last write", () => {
    const writes = ["0 :write 1", "1 :read nil", "1 :write 2"];
    expect(checkConvergence(history(...writes, "0 :read 2", "1 :read 2"))).toEqual({
      kind: "converged",
      compared: 2,
    });
    const verdict = checkConvergence(history(...writes, "0 :read 1", "1 :read 2"));
    expect(verdict).toMatchObject({ kind: "diverged", why: "process 0 last read 1, process 1 2" });
    if (verdict.kind === "diverged") expect(verdict.offending).toHaveLength(2);
    const settled = [...history(...writes, "0 :read 1", "0 :read 2", "1 :read 2")];
    expect(checkConvergence(settled, { settledAt: 8 }).kind).toBe("converged");
  });

  it("does not take agreement for being right", () => {
    const reads = (value: string): string[] => [`1 :read ${value}`, `2 :read ${value}`];
    expect(checkConvergence(history("0 :write 1", "0 :write 2", ...reads("1")))).toMatchObject({
      kind: "diverged",
      why: "all last reads answer 1, which had been overwritten",
    });
    expect(checkConvergence(history("0 :write 1", ...reads("7")))).toMatchObject({
      why: "all last reads answer 7, which nobody wrote",
    });
    expect(checkConvergence(history("0 :write 1", ...reads("nil"))).kind).toBe("diverged");
    expect(checkConvergence(history(...reads("nil"))).kind).toBe("converged");
  });
});

const step = (atMs: number, label: string, detail?: unknown): TraceStep => ({
  atMs,
  node: `c${atMs % 2}`,
  event: { kind: "timer", timer: "t" },
  effects: [{ kind: "note", label, detail }],
});

describe("properties of traces", () => {
  const trace: Trace = [step(1, "leader", 1), step(2, "leader", 2), step(3, "leader", 2)];
  const label = ({ effects: [effect] }: TraceStep): unknown =>
    effect?.kind === "note" ? effect.detail : undefined;

  const oneLeader = always("one leader a term", () => {
    const seen = new Set<unknown>();
    return (at) => {
      if (seen.has(label(at))) return `a second leader in term ${label(at)} at ${at.atMs} ms`;
      seen.add(label(at));
      return undefined;
    };
  });

  it("give the first bad step", () => {
    expect(checkTrace(trace, [oneLeader])).toEqual([
      {
        kind: "violated",
        name: "one leader a term",
        why: "a second leader in term 2 at 3 ms",
        index: 2,
        step: trace[2],
      },
    ]);
    // A property watches every trace afresh.
    expect(checkTrace(trace.slice(0, 2), [oneLeader])).toEqual([
      { kind: "holds", name: "one leader a term", steps: 2 },
    ]);
  });

  it("guard against runs in which nothing happened", () => {
    const reached = (term: number) => sometimes(`term ${term}`, () => (at) => label(at) === term);
    expect(checkTrace(trace, [reached(2), reached(3)])).toMatchObject([
      { kind: "holds", steps: 2 },
      { kind: "violated", why: "it never happened in 3 steps", index: undefined },
    ]);
  });
});

describe("the history in a trace's notes", () => {
  it("has the notes of clients as events", () => {
    const trace = [
      step(1, "invoke", { f: "write", key: "x", value: 4 }),
      step(2, "became leader"),
      step(3, "ok", { f: "write", key: "x", value: 4 }),
    ];
    expect(historyOf(trace)).toEqual([
      { process: "c1", type: "invoke", f: "write", key: "x", value: 4, time: 1 },
      { process: "c1", type: "ok", f: "write", key: "x", value: 4, time: 3 },
    ]);
  });

  it("needs the operation's name", () => {
    expect(() => historyOf([step(4, "ok")])).toThrow('c0 at 4 ms notes "ok" without the operation');
  });
});
