/** What holds of every run of UPI's banks, whoever of them lies and whatever else goes wrong. */
import { describe, expect, it } from "vitest";
import { Random } from "dabbawala/basics";
import { behaviourNames } from "dabbawala/consensus";
import { randomFaults } from "dabbawala/hosts";
import { simulateUpi, upiBanks } from "dabbawala/scenarios/upi";
import type { UpiPhone, UpiRun } from "dabbawala/scenarios/upi";

const names = ["asha@sbi", "ravi@hdfc", "meena@icici"];
const depositPaise = 500_00;

/** One after the other opens banks, accounts and deposits; then all pay each other. */
const officer: UpiPhone = {
  name: "officer",
  asks: [
    ...upiBanks.map((bank) => ({ op: "openBank", bank }) as const),
    ...names.map((address) => ({ op: "openAccount", address }) as const),
    ...names.map((to) => ({ op: "deposit", to, paise: depositPaise, transferId: to }) as const),
  ],
};

function phonesOf(random: Random): UpiPhone[] {
  const paying = names.map((from, i): UpiPhone => {
    const asks = Array.from({ length: 4 }, (_, nth) => {
      const to = random.pick(names.filter((other) => other !== from));
      const paise = 1 + random.below(depositPaise);
      return { op: "transfer", from, to, paise, transferId: `${from} ${nth}` } as const;
    });
    return { name: `phone${i + 1}`, asks, startAtMs: 1_000 };
  });
  return [officer, ...paying];
}

/** One bank lies in one to three ways; links, machines and clocks fail for two seconds. */
function drawnRun(seed: number): UpiRun {
  const random = new Random(seed, 77);
  const lies = random.shuffle([...behaviourNames]);
  const faults = randomFaults({
    ...{ seed, names: upiBanks, untilMs: 2_000 },
    crash: { everyMs: 800, minMs: 20, maxMs: 300, disk: "kept" },
    partition: { everyMs: 900, minMs: 50, maxMs: 400 },
  });
  return {
    ...{ seed, phones: phonesOf(random), faults, untilMs: 15_000 },
    liars: { [random.pick(upiBanks)]: lies.slice(0, 1 + random.below(3)) },
    options: { requestTimeoutMs: 300, maxTimeoutMs: 1_200, heartbeatMs: 200, checkpointEvery: 5 },
  };
}

describe.each(Array.from({ length: 6 }, (_, i) => i + 1))("in run %i", (seed) => {
  const run = drawnRun(seed);
  const { receipts, books, convictions } = simulateUpi(run);

  it("every phone is answered, and no paisa is made or lost", () => {
    expect(receipts.filter(({ answer }) => answer === null)).toEqual([]);
    const totals = books.map(({ balances }) => Object.values(balances).reduce((a, b) => a + b, 0));
    expect(totals).toEqual(books.map(() => names.length * depositPaise));
    expect(books.map(({ flaw }) => flaw)).toEqual(books.map(() => undefined));
  });

  it("honest banks have the same books, and are never convicted", () => {
    expect(books).toHaveLength(upiBanks.length - 1);
    expect(new Set(books.map(({ executed }) => executed)).size).toBe(1);
    expect(new Set(books.map(({ balances }) => JSON.stringify(balances))).size).toBe(1);
    const honest = books.map(({ bank }) => bank);
    expect(convictions.filter(({ accused }) => honest.includes(accused))).toEqual([]);
  });

  it("what was paid is what the books say", () => {
    const due = new Map(names.map((name) => [name, depositPaise]));
    for (const { asked, answer } of receipts) {
      if (asked.op !== "transfer" || answer?.kind !== "paid") continue;
      due.set(asked.from, (due.get(asked.from) ?? 0) - asked.paise);
      due.set(asked.to, (due.get(asked.to) ?? 0) + asked.paise);
    }
    expect(books[0]?.balances).toEqual(Object.fromEntries(due));
  });
});

it("the same run is the same for ever", () => {
  for (const seed of [1, 2]) {
    expect(simulateUpi(drawnRun(seed))).toEqual(simulateUpi(drawnRun(seed)));
  }
});
