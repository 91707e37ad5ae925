import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { machineNamed } from "dabbawala/consensus";
import { booksFlaw, statementLines, totalPaise, transferLimitPaise } from "dabbawala/scenarios/upi";
import { upiMachine } from "dabbawala/scenarios/upi";
import type { UpiCommand, UpiState } from "dabbawala/scenarios/upi";

const open = (address: string) => ({ op: "openAccount", address }) as const;
const deposit = (to: string, paise: number, transferId: string) =>
  ({ op: "deposit", to, paise, transferId }) as const;
const withdraw = (from: string, paise: number, transferId: string) =>
  ({ op: "withdraw", from, paise, transferId }) as const;
const transfer = (from: string, to: string, paise: number, transferId: string) =>
  ({ op: "transfer", from, to, paise, transferId }) as const;

/** Asha at SBI has 500 rupees, Ravi at HDFC and Meena at SBI have nothing. */
function books() {
  const state = upiMachine.initial();
  const apply = (command: unknown): unknown => upiMachine.apply(state, command);
  const query = (asked: unknown): unknown => upiMachine.query(state, asked);
  for (const bank of ["sbi", "hdfc"]) apply({ op: "openBank", bank });
  for (const address of ["asha@sbi", "ravi@hdfc", "meena@sbi"]) apply(open(address));
  apply(deposit("asha@sbi", 500_00, "d1"));
  return { state, apply, query };
}

const balance = (address: string) => ({ op: "balance", address });

describe("transfers", () => {
  it("move money between banks, and the banks owe each other", () => {
    const { apply, query, state } = books();
    const answer = apply(transfer("asha@sbi", "ravi@hdfc", 199_00, "t1"));
    expect(answer).toEqual({ kind: "paid", balancePaise: 301_00 });
    expect(query(balance("ravi@hdfc"))).toEqual({ kind: "ok", paise: 199_00 });
    expect(query({ op: "positions" })).toEqual({
      kind: "ok",
      positions: { sbi: -199_00, hdfc: 199_00 },
    });
    expect(apply({ op: "settle" })).toMatchObject({ positions: { sbi: -199_00, hdfc: 199_00 } });
    expect(query({ op: "positions" })).toEqual({ kind: "ok", positions: { sbi: 0, hdfc: 0 } });
    expect(booksFlaw(state)).toBeUndefined();
  });

  it("do not spend the same money twice", () => {
    const { apply, query } = books();
    expect(apply(transfer("asha@sbi", "ravi@hdfc", 400_00, "t1"))).toMatchObject({ kind: "paid" });
    expect(apply(transfer("asha@sbi", "meena@sbi", 400_00, "t2"))).toEqual({
      kind: "insufficient",
      balancePaise: 100_00,
    });
    expect(query(balance("meena@sbi"))).toEqual({ kind: "ok", paise: 0 });
  });

  it("that are replayed move nothing, and say what the first was answered", () => {
    const { apply, query } = books();
    const first = apply(transfer("asha@sbi", "ravi@hdfc", 100_00, "t1"));
    const again = apply(transfer("asha@sbi", "ravi@hdfc", 100_00, "t1"));
    expect(again).toEqual({ kind: "replayed", first });
    expect(query(balance("ravi@hdfc"))).toEqual({ kind: "ok", paise: 100_00 });
  });

  it("that were refused stay refused under their id, though there is money now", () => {
    const { apply } = books();
    const refused = apply(transfer("ravi@hdfc", "asha@sbi", 1_00, "t1"));
    expect(refused).toEqual({ kind: "insufficient", balancePaise: 0 });
    apply(deposit("ravi@hdfc", 50_00, "d2"));
    const again = apply(transfer("ravi@hdfc", "asha@sbi", 1_00, "t1"));
    expect(again).toEqual({ kind: "replayed", first: refused });
  });

  it.each([
    ["another payee", transfer("asha@sbi", "meena@sbi", 100_00, "t1")],
    ["another amount", transfer("asha@sbi", "ravi@hdfc", 100_01, "t1")],
    ["another payer", transfer("meena@sbi", "ravi@hdfc", 100_00, "t1")],
    ["another kind", withdraw("asha@sbi", 100_00, "t1")],
  ])("under a used id for %s are refused", (_what, command) => {
    const { apply, state } = books();
    apply(transfer("asha@sbi", "ravi@hdfc", 100_00, "t1"));
    expect(apply(command)).toEqual({ kind: "idReused", transferId: "t1" });
    expect(state.accounts.get("ravi@hdfc")?.balancePaise).toBe(100_00);
  });

  it(`end at ${transferLimitPaise / 100} rupees`, () => {
    const { apply } = books();
    apply(deposit("asha@sbi", 2 * transferLimitPaise, "d2"));
    const over = transfer("asha@sbi", "ravi@hdfc", transferLimitPaise + 1, "t1");
    expect(apply(over)).toEqual({ kind: "overLimit", limitPaise: transferLimitPaise });
    const whole = transfer("asha@sbi", "ravi@hdfc", transferLimitPaise, "t2");
    expect(apply(whole)).toMatchObject({ kind: "paid" });
  });
});

describe("reversals", () => {
  it("give a transfer back whole, once", () => {
    const { apply, query } = books();
    apply(transfer("asha@sbi", "ravi@hdfc", 199_00, "t1"));
    expect(apply({ op: "reverse", transferId: "t1" })).toEqual({ kind: "reversed", paise: 199_00 });
    expect(apply({ op: "reverse", transferId: "t1" })).toEqual({
      kind: "alreadyReversed",
      transferId: "t1",
    });
    expect(query(balance("asha@sbi"))).toEqual({ kind: "ok", paise: 500_00 });
    expect(query({ op: "positions" })).toEqual({ kind: "ok", positions: { sbi: 0, hdfc: 0 } });
  });

  it("cannot take what the payee has spent", () => {
    const { apply } = books();
    apply(transfer("asha@sbi", "ravi@hdfc", 199_00, "t1"));
    apply(withdraw("ravi@hdfc", 199_00, "w1"));
    expect(apply({ op: "reverse", transferId: "t1" })).toEqual({
      kind: "insufficient",
      balancePaise: 0,
    });
  });

  it("are of transfers that were made", () => {
    const { apply } = books();
    apply(transfer("ravi@hdfc", "asha@sbi", 1, "t1"));
    for (const transferId of ["d1", "t1", "nothing", undefined]) {
      expect(apply({ op: "reverse", transferId })).toEqual({ kind: "noTransfer", transferId });
    }
  });
});

describe("the books", () => {
  it("say of an account what came and went, the last lines", () => {
    const { apply, query } = books();
    apply(transfer("asha@sbi", "ravi@hdfc", 199_00, "t1"));
    apply({ op: "reverse", transferId: "t1" });
    expect(query({ op: "statement", address: "asha@sbi" })).toEqual({
      kind: "ok",
      lines: [
        { number: 1, what: "deposit", transferId: "d1", paise: 500_00, balancePaise: 500_00 },
        { number: 2, what: "transfer", transferId: "t1", paise: -199_00, balancePaise: 301_00 },
        { number: 3, what: "reversal", transferId: "t1", paise: 199_00, balancePaise: 500_00 },
      ],
    });
    for (let i = 0; i < statementLines; i++) apply(deposit("asha@sbi", 1, `more ${i}`));
    const { lines } = query({ op: "statement", address: "asha@sbi" }) as { lines: { number: 1 }[] };
    expect(lines.map(({ number }) => number)).toEqual(
      Array.from({ length: statementLines }, (_, i) => i + 4),
    );
  });

  it.each([
    ["no command", null],
    ["text", "transfer"],
    ["another operation", { op: "print", paise: 1, transferId: "k" }],
    ["no amount", deposit("asha@sbi", NaN, "k")],
    [
      "an amount that cannot be written",
      { ...deposit("asha@sbi", 1, "k"), paise: { toString: 1 } },
    ],
    ["a part of a paisa", deposit("asha@sbi", 0.5, "k")],
    ["a negative amount", transfer("asha@sbi", "ravi@hdfc", -1, "k")],
    ["nothing", transfer("asha@sbi", "ravi@hdfc", 0, "k")],
    ["more than can be counted", deposit("asha@sbi", Number.MAX_SAFE_INTEGER, "k")],
    ["no id", deposit("asha@sbi", 1, "")],
    ["a transfer to oneself", transfer("asha@sbi", "asha@sbi", 1, "k")],
    ["a bank without a handle", { op: "openBank", bank: "State Bank" }],
    ["a bank that is no text", { op: "openBank", bank: { toString: 1 } }],
    ["an address without a bank", open("asha")],
    ["an address that is no text", { op: "openAccount", address: 7 }],
  ])("answer %s with a sentence, and nothing moves", (_what, command) => {
    const { apply, state } = books();
    expect(apply(command)).toMatchObject({ kind: "invalid" });
    expect(totalPaise(state)).toBe(500_00);
    expect(booksFlaw(state)).toBeUndefined();
  });

  it("know neither strangers nor their banks", () => {
    const { apply, query } = books();
    expect(apply(open("asha@axis"))).toEqual({ kind: "noBank", bank: "axis" });
    const noAccount = { kind: "noAccount", address: "nobody@sbi" };
    expect(apply(transfer("asha@sbi", "nobody@sbi", 1, "t1"))).toEqual(noAccount);
    expect(apply(withdraw("nobody@sbi", 1, "t2"))).toEqual(noAccount);
    expect(query(balance("nobody@sbi"))).toEqual(noAccount);
    expect(query({ op: "weather" })).toMatchObject({ kind: "invalid" });
    expect(query(null)).toMatchObject({ kind: "invalid" });
  });

  it("find each flaw that is put into them", () => {
    const spoilt = (spoil: (state: UpiState) => void): string | undefined => {
      const { apply, state } = books();
      apply(transfer("asha@sbi", "ravi@hdfc", 199_00, "t1"));
      spoil(state);
      return booksFlaw(state);
    };
    const asha = ({ accounts }: UpiState) => accounts.get("asha@sbi") as { balancePaise: number };
    const sbi = ({ banks }: UpiState) => banks.get("sbi") as { netPaise: number };
    expect(spoilt((state) => (asha(state).balancePaise = -1))).toContain("owes 1 paise");
    expect(spoilt((state) => (asha(state).balancePaise = 0.5))).toContain("no whole paise");
    expect(spoilt((state) => (asha(state).balancePaise += 1))).toContain("its statement says");
    expect(spoilt((state) => (sbi(state).netPaise += 1))).toContain("sbi holds 30100 paise, and");
    const forge = ({ accounts, banks }: UpiState): void => {
      accounts.delete("ravi@hdfc");
      banks.delete("hdfc");
    };
    expect(spoilt(forge)).toBe("banks got -19900 paise more than banks gave");
    expect(spoilt(({ accounts }) => accounts.get("ravi@hdfc")?.lines.pop())).toContain("statement");
  });
});

describe("laws", () => {
  const address = fc.constantFrom("a@sbi", "b@sbi", "c@hdfc", "d@icici", "e@none");
  const paise = fc.integer({ min: -10, max: 1_000 });
  const transferId = fc.integer({ min: 0, max: 30 }).map((n) => `t${n}`);
  const command = fc.oneof(
    { weight: 1, arbitrary: fc.record({ op: fc.constant("openAccount"), address }) },
    {
      weight: 2,
      arbitrary: fc.record({ op: fc.constant("deposit"), to: address, paise, transferId }),
    },
    {
      weight: 1,
      arbitrary: fc.record({ op: fc.constant("withdraw"), from: address, paise, transferId }),
    },
    {
      weight: 6,
      arbitrary: fc.record({
        op: fc.constant("transfer"),
        from: address,
        to: address,
        paise,
        transferId,
      }),
    },
    { weight: 2, arbitrary: fc.record({ op: fc.constant("reverse"), transferId }) },
    { weight: 1, arbitrary: fc.record({ op: fc.constant("settle") }) },
  ) as fc.Arbitrary<UpiCommand>;

  function opened(): UpiState {
    const state = upiMachine.initial();
    for (const bank of ["sbi", "hdfc", "icici"]) upiMachine.apply(state, { op: "openBank", bank });
    for (const each of ["a@sbi", "b@sbi", "c@hdfc", "d@icici"]) upiMachine.apply(state, open(each));
    return state;
  }

  it("money is conserved, and the books survive JSON, whatever is asked", () => {
    fc.assert(
      fc.property(fc.array(command, { maxLength: 60 }), (commands) => {
        const state = opened();
        for (const each of commands) {
          upiMachine.apply(state, each);
          expect(booksFlaw(state)).toBeUndefined();
        }
        const json = JSON.stringify(upiMachine.toJson(state));
        expect(upiMachine.fromJson(JSON.parse(json))).toEqual(state);
      }),
    );
  });

  it("an id moves money at most once, and a reversal takes it back at most once", () => {
    fc.assert(
      fc.property(fc.array(command, { maxLength: 60 }), (commands) => {
        const state = opened();
        const moved = commands.flatMap((each) => {
          const { kind } = upiMachine.apply(state, each) as { kind: string };
          const isMoved = kind === "paid" || kind === "reversed";
          return isMoved ? [`${kind} ${(each as { transferId: string }).transferId}`] : [];
        });
        expect(new Set(moved).size).toBe(moved.length);
      }),
    );
  });

  it("who is refused leaves every balance as it was", () => {
    fc.assert(
      fc.property(fc.array(command, { maxLength: 60 }), (commands) => {
        const state = opened();
        const balances = () => [...state.accounts].map(([name, each]) => [name, each.balancePaise]);
        for (const each of commands) {
          const before = balances();
          const { kind } = upiMachine.apply(state, each) as { kind: string };
          if (!["opened", "paid", "reversed", "settled"].includes(kind)) {
            expect(balances()).toEqual(before);
          }
        }
      }),
    );
  });

  it("a transfer and its reversal leave the accounts as they were", () => {
    fc.assert(
      fc.property(
        fc.array(command, { maxLength: 30 }),
        fc.integer({ min: 1, max: 500 }),
        (all, sum) => {
          const state = opened();
          upiMachine.apply(state, deposit("a@sbi", 500, "first"));
          for (const each of all) upiMachine.apply(state, each);
          const held = () => [...state.accounts.values()].map(({ balancePaise }) => balancePaise);
          const before = held();
          upiMachine.apply(state, transfer("a@sbi", "c@hdfc", sum, "last"));
          upiMachine.apply(state, { op: "reverse", transferId: "last" });
          expect(held()).toEqual(before);
        },
      ),
    );
  });

  it("the same commands give the same answers and books everywhere", () => {
    fc.assert(
      fc.property(fc.array(command, { maxLength: 40 }), (commands) => {
        const [left, right] = [opened(), opened()];
        const answers = [left, right].map((state) =>
          commands.map((each) => upiMachine.apply(state, each)),
        );
        expect(answers[0]).toEqual(answers[1]);
        expect(JSON.stringify(upiMachine.toJson(left))).toBe(
          JSON.stringify(upiMachine.toJson(right)),
        );
      }),
    );
  });

  it("takes any JSON for a command without throwing", () => {
    fc.assert(
      fc.property(fc.jsonValue(), fc.constantFrom("openBank", "transfer", "reverse"), (any, op) => {
        const state = opened();
        upiMachine.apply(state, any);
        upiMachine.apply(state, { op, bank: any, from: any, to: any, paise: 1, transferId: any });
        upiMachine.apply(state, { ...deposit("a@sbi", 1, "x"), paise: any });
        upiMachine.query(state, any);
        expect(booksFlaw(state)).toBeUndefined();
      }),
    );
  });
});

it("Raft and PBFT find the machine by its name", () => {
  expect(machineNamed("upi")).toBe(upiMachine);
});
