import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { Raft, isConserved, kvMachine, machineNamed, maxKeys } from "dabbawala/consensus";
import { paymentsMachine, registerMachine, totalPaise } from "dabbawala/consensus";
import type { Machine, PaymentCommand, PaymentsState } from "dabbawala/consensus";

describe("the kv machine", () => {
  it("puts, gets, appends, deletes, and compares before it sets", () => {
    const state = kvMachine.initial();
    const apply = (command: unknown): unknown => kvMachine.apply(state, command);
    expect(apply({ op: "put", key: "a", value: 1 })).toEqual({ kind: "ok", value: null });
    expect(apply({ op: "cas", key: "a", from: 2, to: 3 })).toEqual({ kind: "mismatch", value: 1 });
    expect(apply({ op: "cas", key: "a", from: 1, to: 3 })).toEqual({ kind: "ok", value: 1 });
    expect(apply({ op: "append", key: "b", value: "x" })).toEqual({ kind: "ok", value: null });
    expect(apply({ op: "append", key: "b", value: "y" })).toEqual({ kind: "ok", value: "x" });
    expect(apply({ op: "delete", key: "a" })).toEqual({ kind: "ok", value: 3 });
    expect(kvMachine.query(state, { op: "get", key: "a" })).toEqual({ kind: "ok", value: null });
    expect(kvMachine.query(state, { op: "get", key: "b" })).toEqual({ kind: "ok", value: "xy" });
  });

  it("takes any text for a key, also one that JavaScript knows", () => {
    const state = kvMachine.initial();
    for (const key of ["__proto__", "constructor", "", "1"]) {
      expect(kvMachine.query(state, { op: "get", key })).toEqual({ kind: "ok", value: null });
      kvMachine.apply(state, { op: "put", key, value: key });
      expect(kvMachine.query(state, { op: "get", key })).toEqual({ kind: "ok", value: key });
    }
  });
});

const open = (wallet: string) => ({ op: "openWallet", wallet }) as const;
const deposit = (wallet: string, paise: number, idempotencyKey: string) =>
  ({ op: "deposit", wallet, paise, idempotencyKey }) as const;
const transfer = (from: string, to: string, paise: number, idempotencyKey: string) =>
  ({ op: "transfer", from, to, paise, idempotencyKey }) as const;

function withMoney(): PaymentsState {
  const state = paymentsMachine.initial();
  for (const command of [open("asha"), open("ravi"), deposit("asha", 500_00, "d1")]) {
    paymentsMachine.apply(state, command);
  }
  return state;
}

describe("the payments machine", () => {
  it("moves money once under one idempotency key, and answers the repeat alike", () => {
    const state = withMoney();
    const first = paymentsMachine.apply(state, transfer("asha", "ravi", 199_00, "t1"));
    expect(first).toEqual({ kind: "done", balances: { asha: 301_00, ravi: 199_00 } });
    paymentsMachine.apply(state, transfer("ravi", "asha", 50_00, "t2"));
    expect(paymentsMachine.apply(state, transfer("asha", "ravi", 199_00, "t1"))).toEqual(first);
    expect(paymentsMachine.query(state, { op: "balance", wallet: "ravi" })).toEqual({
      kind: "ok",
      paise: 149_00,
    });
  });

  it("refuses another payment under a used key", () => {
    const state = withMoney();
    paymentsMachine.apply(state, transfer("asha", "ravi", 1_00, "t1"));
    const reused = paymentsMachine.apply(state, transfer("asha", "ravi", 2_00, "t1"));
    expect(reused).toEqual({ kind: "keyReused", idempotencyKey: "t1" });
    expect(state.balances.get("ravi")).toBe(1_00);
  });

  it("lets nobody owe, and knows who has no wallet", () => {
    const state = withMoney();
    expect(paymentsMachine.apply(state, transfer("ravi", "asha", 1, "t1"))).toEqual({
      kind: "insufficient",
      paise: 0,
    });
    const noWallet = { kind: "noWallet", wallet: "nobody" };
    expect(paymentsMachine.apply(state, transfer("asha", "nobody", 1, "t2"))).toEqual(noWallet);
    expect(paymentsMachine.query(state, { op: "balance", wallet: "nobody" })).toEqual(noWallet);
    expect(state.balances.get("asha")).toBe(500_00);
  });

  it.each([
    ["no amount", deposit("asha", NaN, "k")],
    ["an amount that cannot be written", { ...deposit("asha", 1, "k"), paise: { toString: 1 } }],
    ["a part of a paisa", deposit("asha", 0.5, "k")],
    ["a negative amount", transfer("asha", "ravi", -1, "k")],
    ["nothing", transfer("asha", "ravi", 0, "k")],
    ["more than can be counted", deposit("asha", Number.MAX_SAFE_INTEGER, "k")],
    ["no key", deposit("asha", 1, "")],
    ["a transfer to oneself", transfer("asha", "asha", 1, "k")],
    ["another operation", { op: "print", paise: 1, idempotencyKey: "k" }],
    ["no command", null],
    ["a wallet without a name", open("")],
  ])("answers %s with a sentence and moves nothing", (_what, command) => {
    const state = withMoney();
    expect(paymentsMachine.apply(state, command)).toMatchObject({ kind: "invalid" });
    expect(totalPaise(state)).toBe(500_00);
  });

  it("makes and loses no money, whatever is asked of it", () => {
    const wallet = fc.constantFrom("a", "b", "c", "d");
    const paise = fc.integer({ min: -10, max: 1_000 });
    const idempotencyKey = fc.integer({ min: 0, max: 30 }).map((n) => `k${n}`);
    const command = fc.oneof(
      fc.record({ op: fc.constant("openWallet"), wallet }),
      fc.record({ op: fc.constant("deposit"), wallet, paise, idempotencyKey }),
      fc.record({ op: fc.constant("withdraw"), wallet, paise, idempotencyKey }),
      fc.record({ op: fc.constant("transfer"), from: wallet, to: wallet, paise, idempotencyKey }),
    ) as fc.Arbitrary<PaymentCommand>;
    fc.assert(
      fc.property(fc.array(command, { maxLength: 60 }), (commands) => {
        const state = paymentsMachine.initial();
        for (const each of commands) {
          paymentsMachine.apply(state, each);
          expect(isConserved(state)).toBe(true);
        }
        const again = paymentsMachine.fromJson(
          JSON.parse(JSON.stringify(paymentsMachine.toJson(state))),
        );
        expect(again).toEqual(state);
      }),
    );
  });

  it(`remembers the last ${maxKeys} keys`, () => {
    const state = withMoney();
    for (let i = 0; i < maxKeys + 5; i++) paymentsMachine.apply(state, deposit("asha", 1, `k${i}`));
    expect(state.outcomes.size).toBe(maxKeys);
    expect(isConserved(state)).toBe(true);
  });
});

describe("machines by name", () => {
  it("one of the user's own runs in Raft once it is registered", () => {
    const counter: Machine<{ count: number }> = {
      name: "counter",
      initial: () => ({ count: 0 }),
      apply: (state) => ++state.count,
      query: ({ count }) => count,
      toJson: (state) => state,
      fromJson: (json) => json as { count: number },
    };
    registerMachine(counter);
    expect(new Raft("n1", [], { machine: "counter" }).machineState).toEqual({ count: 0 });
  });

  it("an unknown one is refused with the names of those there are", () => {
    expect(() => machineNamed("chess")).toThrow(/no machine "chess": known are kv, payments/);
  });
});

describe("options of Raft", () => {
  it.each([
    [{ heartbeatMs: 150 }, "heartbeatMs must be under electionTimeoutMinMs"],
    [{ electionTimeoutMinMs: 400 }, "electionTimeoutMaxMs must be from 400"],
    [{ maxInFlight: 0 }, "maxInFlight must be from 1"],
    [{ maxBatchEntries: 1.5 }, "maxBatchEntries must be a whole number"],
    [{ clockDriftRate: 2 }, "clockDriftRate must be from 0 to 1"],
    [{ readMode: "dirty" as "local" }, "readMode must be one of readIndex, lease, log, local"],
    [{ readMode: "lease" as const, hasCheckQuorum: false }, "readMode lease needs hasCheckQuorum"],
    [{ heartbeatsMs: 10 } as object, 'Raft has no option "heartbeatsMs"'],
  ])("%j is refused: %s", (options, sentence) => {
    expect(() => new Raft("n1", [], options)).toThrow(sentence);
  });
});
