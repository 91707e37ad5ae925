import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { step } from "dabbawala/protocol";
import {
  BookingGate,
  FairQueue,
  rushBySecond,
  rushPhase,
  simulateRush,
  simulateSearch,
} from "dabbawala/scenarios/irctc";

describe("the fair queue", () => {
  it("serves users in turns", () => {
    const queue = new FairQueue<string>();
    for (const item of ["a1", "a2", "a3", "b1", "c1", "b2"]) queue.push(item[0], item);
    const order = Array.from({ length: 7 }, () => queue.shift());
    expect(order).toEqual(["a1", "b1", "c1", "a2", "b2", "a3", undefined]);
    expect(queue.length).toBe(0);
  });

  it("has the same order as a list of turns, however pushes and shifts are mixed", () => {
    fc.assert(
      fc.property(fc.array(fc.option(fc.nat(3), { nil: null })), (steps) => {
        const queue = new FairQueue<number>();
        let turns: { user: string; items: number[] }[] = [];
        steps.forEach((user, item) => {
          if (user === null) {
            const [first, ...others] = turns;
            expect(queue.shift()).toBe(first?.items.shift());
            turns = first?.items.length ? [...others, first] : others;
          } else {
            queue.push(`u${user}`, item);
            const own = turns.find((turn) => turn.user === `u${user}`);
            if (own) own.items.push(item);
            else turns.push({ user: `u${user}`, items: [item] });
          }
          const waiting = turns.reduce((sum, { items }) => sum + items.length, 0);
          expect(queue.length).toBe(waiting);
        });
      }),
    );
  });

  /** CPU time of each item, in microseconds, while so many wait. */
  function costOf(waiting: number, userOf: (i: number) => string): number {
    const queue = new FairQueue<number>();
    for (let i = 0; i < waiting; i++) queue.push(userOf(i), i);
    const before = process.cpuUsage();
    for (let i = 0; i < 100_000; i++) {
      if (queue.shift() !== i) throw new Error(`${i} is out of turn`);
      queue.push(userOf(waiting + i), waiting + i);
    }
    return process.cpuUsage(before).user / 100_000;
  }

  it.each([
    ["one user", () => ""],
    ["as many users", (i: number) => `u${i}`],
  ] as const)("costs an item of %s about the same, few or many waiting", (_, userOf) => {
    const few = Math.min(costOf(1_000, userOf), costOf(1_000, userOf));
    expect(costOf(100_000, userOf)).toBeLessThan(10 * few + 5);
  });
});

describe("the gate", () => {
  const senses = { nowMs: 0, random: () => 0 };
  const ask = (gate: BookingGate, requestId: number, nowMs = 0) =>
    step(
      gate,
      {
        kind: "message",
        from: "c1",
        message: { type: "command", requestId, command: { op: "book", key: `u${requestId}/0` } },
      },
      { ...senses, nowMs },
    );

  it("asks the servers for as many as its window, and refuses beyond its queue at once", () => {
    const gate = new BookingGate("gate", ["n1", "n2"], { window: 1, maxQueue: 1 });
    expect(ask(gate, 1)).toMatchObject([{ kind: "send", to: "n1" }, { kind: "setTimer" }]);
    expect(ask(gate, 2)).toEqual([]);
    expect(ask(gate, 3)).toMatchObject([
      { kind: "send", to: "c1", message: { type: "answer", requestId: 3, kind: "busy" } },
    ]);
  });

  it("gives the answer to who asked, and asks for the next that is not too old", () => {
    const gate = new BookingGate("gate", ["n1"], { window: 1, queueMs: 100 });
    const [sent] = ask(gate, 1) as unknown as [{ message: { requestId: number } }];
    ask(gate, 2);
    ask(gate, 3, 50);
    const message = {
      type: "answer",
      requestId: sent.message.requestId,
      kind: "ok",
      result: 7,
    } as const;
    const effects = step(gate, { kind: "message", from: "n1", message }, { ...senses, nowMs: 120 });
    expect(effects.filter(({ kind }) => kind === "send")).toMatchObject([
      { to: "c1", message: { requestId: 1, kind: "ok", result: 7 } },
      { to: "c1", message: { requestId: 2, kind: "busy" } },
      { to: "n1", message: { type: "command" } },
    ]);
  });

  it("follows the servers to their leader", () => {
    const gate = new BookingGate("gate", ["n1", "n2"]);
    const [sent] = ask(gate, 1) as unknown as [{ message: { requestId: number } }];
    const { requestId } = sent.message;
    const message = { type: "answer", requestId, kind: "notLeader", leader: "n2" } as const;
    const effects = step(gate, { kind: "message", from: "n1", message }, senses);
    expect(effects[0]).toMatchObject({ kind: "send", to: "n2", message: { requestId } });
  });
});

describe("the gate and servers that are silent", () => {
  const senses = { nowMs: 0, random: () => 0 };
  type Sent = { kind: "send"; to: string; message: { requestId: number } };
  const sendsOf = (effects: readonly object[]): Sent[] =>
    effects.filter((effect): effect is Sent => (effect as Sent).kind === "send");
  const command = { type: "command", requestId: 1, command: { op: "book", key: "u" } } as const;

  it("turns to the next server once, however many requests have heard nothing", () => {
    const gate = new BookingGate("gate", ["n1", "n2", "n3"]);
    const ids = [1, 2, 3].map((requestId) => {
      const message = { ...command, requestId };
      const event = { kind: "message", from: "c1", message } as const;
      return sendsOf(step(gate, event, senses))[0].message.requestId;
    });
    const again = ids.map((retry) => {
      return sendsOf(step(gate, { kind: "timer", timer: { retry } }, senses))[0].to;
    });
    expect(again).toEqual(["n2", "n2", "n2"]);
  });

  it("sends again all that went to a server that does not lead", () => {
    const gate = new BookingGate("gate", ["n1", "n2"]);
    const ids = [1, 2].map((requestId) => {
      const message = { ...command, requestId };
      const event = { kind: "message", from: "c1", message } as const;
      return sendsOf(step(gate, event, senses))[0].message.requestId;
    });
    const again = ids.map((requestId) => {
      const message = { type: "answer", requestId, kind: "notLeader", leader: "n2" } as const;
      return sendsOf(step(gate, { kind: "message", from: "n1", message }, senses))[0]?.to;
    });
    expect(again).toEqual(["n2", "n2"]);
  });
});

describe("the rush", () => {
  const gated = { serviceMs: 20, maxQueue: 100, queueMs: 1_500 };
  const open = { serviceMs: 20, maxQueue: null, queueMs: null, isFair: false };
  const rush = (perSecond: number, gate: object, crowd: object = {}) =>
    simulateRush({ seed: 1, crowd: { perSecond: new Array(20).fill(perSecond), ...crowd }, gate });

  it("has on the notes' hour as many requests as they claim, most of them at once", () => {
    const perSecond = rushBySecond(720_000, { seconds: 3_600 });
    expect(perSecond.reduce((sum, count) => sum + count, 0)).toBeCloseTo(720_000, 3);
    expect(perSecond[0]).toBeGreaterThan(4 * 200);
  });

  it("past saturation: with a gate the shard serves what it can, without one far less", () => {
    expect(rush(25, gated).served).toBe(rush(25, gated).came);
    const { goodput, bySecond } = rush(150, gated);
    expect(goodput).toBeGreaterThan(49);
    expect(rush(150, open).goodput).toBeLessThan(35);
    expect(Math.max(...bySecond.map(({ queue }) => queue))).toBeLessThanOrEqual(100);
  });

  it("is the whole hour at any speed, in as many seconds less", () => {
    const [slow, fast] = [1, 12].map((speed) =>
      rushBySecond(720_000, { seconds: 3_600 / speed, speed }),
    );
    expect(fast).toHaveLength(300);
    expect(fast.reduce((sum, count) => sum + count, 0)).toBeCloseTo(720_000, 3);
    expect(fast[299]).toBeCloseTo(12 * slow[3_599], 6);
    expect(() => rushBySecond(1, { seconds: 1, speed: 7 })).toThrow("speed must divide 60");
    expect(() => rushBySecond(1, { seconds: 301, speed: 12 })).toThrow("seconds");
  });

  it("over two shards: each sells its trains, and every rupee at the bank is for a ticket", () => {
    const crowd = { perSecond: new Array<number>(10).fill(60) };
    const { books, bankPaise, came, served } = simulateRush({ seed: 1, shards: 2, crowd });
    expect(served).toBe(came);
    expect(books.map(({ departures }) => departures > 0)).toEqual([true, true]);
    expect(books.reduce((sum, { tickets }) => sum + tickets, 0)).toBe(came);
    expect(books.reduce((sum, { keptPaise }) => sum + keptPaise, 0)).toBe(bankPaise);
    expect(books.map(({ orders }) => orders)).toEqual([0, 0]);
  });

  it("tells of a phase those who came in it", () => {
    const crowd = {
      cameBySecond: [3, 1, 2],
      ...{ cameAtMs: [0, 999, 1_000, 2_500], times: [10, 30, 500, 70] },
    };
    expect(rushPhase(crowd, 0, 1)).toEqual({
      ...{ came: 3, served: 2, p50Ms: 10, p95Ms: 30, p99Ms: 30 },
    });
    expect(rushPhase(crowd, 1, 3)).toMatchObject({ came: 3, served: 2, p50Ms: 70, p95Ms: 500 });
    expect(() => rushPhase(crowd, 2, 2)).toThrow("the seconds of a phase");
    const result = simulateRush({ seed: 1, crowd: { perSecond: [50, 100] } });
    const phases = [rushPhase(result, 0, 1), rushPhase(result, 1, 2)];
    expect(phases[0].came + phases[1].came).toBe(result.came);
    expect(phases[0].served + phases[1].served).toBe(result.served);
  });

  it("with robots in it: in turns people wait a fraction of what they wait in line", () => {
    const robots = { robotEvery: 20, robotKeys: 60 };
    const middle = (isFair: boolean): number => {
      const gate = { ...gated, maxQueue: 400, queueMs: 2_500, isFair };
      const { peopleTimes: times } = rush(10, gate, robots);
      return [...times].sort((left, right) => left - right)[times.length >> 1];
    };
    expect(middle(true)).toBeLessThan(middle(false) / 2);
  });
});

describe("search", () => {
  it("states how old its answer is: a tick, or at a server cut off the whole cut", () => {
    const rows = simulateSearch({
      seed: 1,
      seconds: 8,
      perSecond: 40,
      cutMs: 3_000,
      healMs: 6_000,
    });
    const of = (server: string, from: number, to: number) =>
      rows.filter((row) => row.server === server && row.second > from && row.second <= to);
    const age = (list: typeof rows): number => Math.max(...list.map((row) => row.statedAgeMs));
    expect(age(of("n1", 1.5, 8))).toBeLessThan(200);
    expect(age(of("n2", 1.5, 8))).toBeLessThan(250);
    expect(age(of("n3", 5.5, 5.9))).toBeGreaterThan(2_400);
    expect(age(of("n3", 7, 8))).toBeLessThan(250);
    const stale = of("n3", 5.5, 5.9).some((row) => row.free !== row.freeAtLeader);
    expect(stale).toBe(true);
  });
});

it("gates, crowds and rushes say which option is wrong", () => {
  const gate =
    (options: object, peers = ["n1"]) =>
    () =>
      new BookingGate("gate", peers, options as never);
  expect(gate({}, [])).toThrow("a gate needs the names of servers");
  expect(gate({ maxQueue: -1 })).toThrow("maxQueue must be from 0");
  expect(gate({ queueMs: NaN })).toThrow("queueMs must be from 0");
  expect(gate({ window: 0 })).toThrow("window must be from 1");
  const rush =
    (crowd: object, changes = {}) =>
    () =>
      simulateRush({ seed: 1, crowd: { perSecond: [1], ...crowd }, ...changes });
  expect(rush({ perSecond: [] })).toThrow("seconds of perSecond must be from 1");
  expect(rush({ perSecond: [NaN] })).toThrow("perSecond must be from 0");
  expect(rush({ tries: 0 })).toThrow("tries must be from 1");
  expect(rush({}, { trains: 0 })).toThrow("trains must be from 1");
  expect(rush({}, { shards: 0 })).toThrow("shards must be from 1");
});
