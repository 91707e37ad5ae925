import { ActiveHealth, Doors, OutlierDetection, Pool, SlowStart } from "dabbawala/balancing";
import type { AnswerKind } from "dabbawala/balancing";
import fc from "fast-check";
import { describe, expect, it } from "vitest";

const named = (count: number) => Array.from({ length: count }, (_, at) => ({ id: `s${at}` }));

describe("active health", () => {
  const played = (answers: string, options = {}): string => {
    const health = new ActiveHealth({ rise: 2, fall: 3, ...options });
    const changes = [...answers].map((answer) => {
      const change = health.checked(0, answer === "+" ? "ok" : "failed");
      return change === undefined ? "." : change === "up" ? "U" : "D";
    });
    return changes.join("");
  };

  it("falls after three bad checks in a row and rises after two good ones", () => {
    expect(played("+--+---+-++")).toBe("......D...U");
  });

  it("believes the first check of a server at once", () => {
    expect(played("-+-++")).toBe("D...U");
    expect(played("+---", { fall: 1 })).toBe(".D..");
  });

  it("agrees with reading the last answers, whatever they are", () => {
    fc.assert(
      fc.property(fc.array(fc.boolean(), { maxLength: 60 }), (answers) => {
        const health = new ActiveHealth({ rise: 2, fall: 3 });
        let isUp = true;
        answers.forEach((isGood, at) => {
          health.checked(0, isGood ? "ok" : "failed");
          const last = (count: number) => answers.slice(Math.max(0, at + 1 - count), at + 1);
          if (at === 0) isUp = isGood;
          else if (isUp && at >= 3 && last(3).every((each) => !each)) isUp = false;
          else if (!isUp && at >= 2 && last(2).every(Boolean)) isUp = true;
          expect(health.isUp(0)).toBe(isUp);
        });
      }),
    );
  });

  it("says which option is wrong", () => {
    expect(() => new ActiveHealth({ rise: 0 })).toThrow("rise must be from 1 to 1000");
    expect(() => new ActiveHealth({ intervalMs: 10, timeoutMs: 20 })).toThrow("timeoutMs");
  });
});

describe("outlier detection", () => {
  const answer = (outliers: OutlierDetection, server: number, kinds: AnswerKind[], nowMs = 0) =>
    kinds.map((kind) => outliers.answered(server, kind, nowMs)).filter((each) => each);
  const times = (count: number, kind: AnswerKind): AnswerKind[] =>
    Array.from({ length: count }, () => kind);

  it("ejects after five failures in a row, not after four and a good answer", () => {
    const outliers = new OutlierDetection(3);
    expect(answer(outliers, 0, [...times(4, "error"), "ok", ...times(4, "gateway")])).toEqual([]);
    expect(answer(outliers, 0, ["error"])).toEqual([{ server: 0, why: "errors", untilMs: 30_000 }]);
  });

  it("counts failures of gateways on their own", () => {
    const outliers = new OutlierDetection(3, { consecutiveErrors: 0, consecutiveGateways: 2 });
    const kinds: AnswerKind[] = ["gateway", "error", "gateway", "gateway"];
    expect(answer(outliers, 2, kinds).map((each) => each?.why)).toEqual(["gateway errors"]);
    expect(answer(outliers, 1, times(50, "error"))).toEqual([]);
  });

  it("ejects for longer every time, up to the longest, and forgets as time passes", () => {
    const options = { baseEjectionMs: 1_000, maxEjectionMs: 2_500, intervalMs: 1_000 };
    const outliers = new OutlierDetection(3, options);
    const lengths = [0, 10_000, 20_000, 30_000].map((nowMs) => {
      const [ejection] = answer(outliers, 0, times(5, "error"), nowMs);
      expect(outliers.interval(nowMs + 500).returned).toEqual([]);
      expect(outliers.interval(nowMs + 3_000).returned).toEqual([0]);
      expect(outliers.isEjected(0)).toBe(false);
      return (ejection?.untilMs ?? 0) - nowMs;
    });
    expect(lengths).toEqual([1_000, 2_000, 2_500, 2_500]);
    for (let i = 0; i < 3; i++) outliers.interval(40_000 + i);
    expect(answer(outliers, 0, times(5, "error"), 50_000)[0]?.untilMs).toBe(51_000);
  });

  it("starts a server that returns afresh", () => {
    const outliers = new OutlierDetection(3, { baseEjectionMs: 1 });
    answer(outliers, 0, times(9, "error"));
    outliers.interval(10);
    expect(answer(outliers, 0, ["error"], 11)).toEqual([]);
  });

  it("ejects a success rate 1.9 standard deviations under the mean, of enough requests", () => {
    const outliers = new OutlierDetection(10, { consecutiveErrors: 0, maxEjectedShare: 0.5 });
    const ask = (server: number, bad: number, all = 100): void => {
      answer(outliers, server, [...times(bad, "error"), ...times(all - bad, "ok")]);
    };
    for (let server = 0; server < 8; server++) ask(server, server % 2);
    ask(8, 30);
    ask(9, 45, 50);
    // Mean 0.962 and deviation 0.093 of nine: under 0.786 is too bad; the tenth had too few.
    expect(outliers.interval(10_000).ejected).toEqual([
      { server: 8, why: "success rate", untilMs: 40_000 },
    ]);
    // Two of seven make the deviation too large: 1.58 of it under the mean.
    for (let server = 0; server < 7; server++) ask(server, server < 2 ? 90 : 0);
    expect(outliers.interval(20_000).ejected).toEqual([]);
  });

  it("ejects a share of failures, where that is asked for", () => {
    const options = { consecutiveErrors: 0, successRateFactor: 0, failureShare: 0.85 };
    const outliers = new OutlierDetection(5, options);
    for (const server of [0, 1, 2, 3]) answer(outliers, server, times(50, "ok"));
    answer(outliers, 4, [...times(8, "ok"), ...times(42, "error")]);
    expect(outliers.interval(1).ejected).toEqual([]);
    for (const server of [0, 1, 2, 3]) answer(outliers, server, times(50, "ok"));
    answer(outliers, 4, [...times(7, "ok"), ...times(43, "error")]);
    expect(outliers.interval(2).ejected.map(({ why }) => why)).toEqual(["failure share"]);
  });

  it("never ejects more than its share, whatever happens", () => {
    const step = fc.record({ server: fc.nat(11), kind: fc.constantFrom("ok", "error", "gateway") });
    const options = { consecutiveErrors: 2, baseEjectionMs: 5, maxEjectedShare: 0.3 };
    fc.assert(
      fc.property(fc.array(step, { maxLength: 200 }), fc.nat(12), (steps, extra) => {
        const outliers = new OutlierDetection(12, options);
        steps.forEach(({ server, kind }, at) => {
          outliers.answered(server, kind as AnswerKind, at);
          if (at % 13 === 0) outliers.interval(at);
          if (at === extra) outliers.add();
          expect(outliers.ejectedCount).toBeLessThanOrEqual(3);
        });
      }),
    );
    const none = new OutlierDetection(5, { isOneAllowed: false });
    expect(answer(none, 0, times(20, "error"))).toEqual([]);
  });

  it("says which option is wrong", () => {
    expect(() => new OutlierDetection(3, { maxEjectedShare: 2 })).toThrow("maxEjectedShare must");
    expect(() => new OutlierDetection(3, { consecutiveErrors: -1 })).toThrow("consecutiveErrors");
  });
});

describe("doors", () => {
  const set = (count: number, panicShare = 0.5) => {
    const pool = new Pool(named(count));
    return { pool, doors: new Doors(pool, { panicShare }) };
  };

  it("stay closed until all who closed them have opened them again", () => {
    const { pool, doors } = set(3);
    doors.close(1, "down");
    doors.close(1, "ejected");
    doors.reopen(1, "down");
    expect([pool.isOpen(1), doors.closedBy(1)]).toEqual([false, ["ejected"]]);
    doors.reopen(1, "ejected");
    expect([...pool.open]).toEqual([0, 1, 2]);
  });

  it("are all open in panic, but not those of open circuits or of servers that drain", () => {
    const { pool, doors } = set(5);
    doors.close(0, "tripped");
    pool.drain(1);
    for (const server of [2, 3]) doors.close(server, "down");
    expect([doors.isPanic, [...pool.open]]).toEqual([false, [4]]);
    doors.close(4, "ejected");
    expect([doors.isPanic, [...pool.open]]).toEqual([true, [2, 3, 4]]);
    doors.reopen(2, "down");
    expect([doors.isPanic, [...pool.open]]).toEqual([false, [2]]);
  });

  it("close a server that drains too, for the time when it is kept after all", () => {
    const { pool, doors } = set(3);
    pool.drain(0);
    doors.close(0, "down");
    pool.keep(0);
    expect([...pool.open]).toEqual([1, 2]);
  });

  it("know no panic when its share is 0", () => {
    const { pool, doors } = set(2, 0);
    doors.close(0, "down");
    doors.close(1, "down");
    expect([doors.isPanic, pool.open.length]).toEqual([false, 0]);
  });
});

describe("draining", () => {
  it("takes no new requests, opens for nobody, and is done when none is in flight", () => {
    const pool = new Pool(named(2));
    pool.send(0);
    pool.drain(0);
    pool.setOpen(0, true);
    expect([[...pool.open], pool.isOpen(0), pool.isDrained(0)]).toEqual([[1], false, false]);
    pool.end(0);
    expect([pool.isDrained(0), pool.isDrained(1)]).toEqual([true, false]);
    pool.keep(0);
    expect([[...pool.open], pool.isDraining(0)]).toEqual([[0, 1], false]);
  });
});

describe("slow start", () => {
  it("is Envoy's formula", () => {
    const straight = new SlowStart({ windowMs: 1_000 });
    expect([0, 50, 500, 999, 1_000, 5_000].map((ms) => straight.shareAfter(ms))).toEqual([
      0.1, 0.1, 0.5, 0.999, 1, 1,
    ]);
    expect(new SlowStart({ windowMs: 1_000, aggression: 2 }).shareAfter(250)).toBeCloseTo(0.5);
    expect(new SlowStart({ windowMs: 1_000, aggression: 0.5 }).shareAfter(500)).toBeCloseTo(0.25);
  });

  it("gives a server its weight back in the end, also when it begins twice", () => {
    const pool = new Pool([{ id: "a", weight: 4 }, { id: "b" }]);
    const slow = new SlowStart({ windowMs: 1_000 });
    slow.start(pool, 0, 0);
    expect(pool.weights[0]).toBeCloseTo(0.4);
    expect(slow.update(pool, 500)).toBe(1);
    expect(pool.weights[0]).toBeCloseTo(2);
    slow.start(pool, 0, 600);
    expect(pool.weights[0]).toBeCloseTo(0.4);
    expect([slow.update(pool, 1_600), pool.weights[0]]).toEqual([0, 4]);
    expect(pool.weights[1]).toBe(1);
  });
});
