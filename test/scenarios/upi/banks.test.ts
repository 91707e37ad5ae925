/** Four banks keep UPI's books together; one of them lies. Stories, with the view that follows. */
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { simulateUpi } from "dabbawala/scenarios/upi";
import type { UpiOutcome, UpiPhone, UpiRun } from "dabbawala/scenarios/upi";

const deposit = { op: "deposit", to: "asha@sbi", paise: 500_00, transferId: "d1" } as const;
const pay = (to: string, paise: number, transferId: string) =>
  ({ op: "transfer", from: "asha@sbi", to, paise, transferId }) as const;

/** A bank officer opens the accounts; from 1,000 ms on two phones spend the same 500 rupees. */
const officer: UpiPhone = {
  name: "officer",
  asks: [
    ...["sbi", "hdfc", "icici", "axis"].map((bank) => ({ op: "openBank", bank }) as const),
    ...["asha@sbi", "ravi@hdfc", "meena@icici"].map((address) => {
      return { op: "openAccount", address } as const;
    }),
    deposit,
  ],
};
const spending: readonly UpiPhone[] = [
  { name: "ravi", startAtMs: 1_970, asks: [{ op: "openAccount", address: "ravi@hdfc" }] },
  { name: "asha1", startAtMs: 1_985, asks: [pay("ravi@hdfc", 400_00, "t1")] },
  { name: "asha2", startAtMs: 1_985, asks: [pay("meena@icici", 400_00, "t2")] },
];

function spend(more: Partial<UpiRun> = {}): UpiOutcome {
  // While Ravi's request is under way both of Asha's come: the primary can choose.
  const options = { maxBatchRequests: 1, maxInFlight: 1 };
  const phones = [officer, ...spending];
  return simulateUpi({ phones, untilMs: 8_000, liesFromMs: 2_000, options, ...more });
}

/** What the two phones were told, in any order. */
function told({ receipts }: UpiOutcome): string[] {
  return receipts
    .slice(-2)
    .map(({ answer }) => answer?.kind ?? "nothing")
    .sort();
}

function story({ receipts, books, convictions }: UpiOutcome): string {
  const said = receipts.map(({ phone, asked, answer, atMs }) => {
    return `${atMs?.toFixed(0).padStart(5)} ms  ${phone} ${asked.op}: ${JSON.stringify(answer)}`;
  });
  const kept = books.map(({ bank, view, executed, balances }) => {
    return `${bank}, view ${view}, ${executed} executed: ${JSON.stringify(balances)}`;
  });
  return [...said, ...kept, ...convictions.map(({ sentence }) => sentence)].join("\n") + "\n";
}

const spentOnce = ["insufficient", "paid"];

describe("money that is spent twice", () => {
  it("is paid once, and all banks have the same books, when no bank lies", () => {
    const outcome = spend();
    expect(told(outcome)).toEqual(spentOnce);
    expect(outcome.convictions).toEqual([]);
    expect(new Set(outcome.books.map(({ balances }) => JSON.stringify(balances))).size).toBe(1);
    expect(outcome.books.map(({ view, flaw }) => [view, flaw])).toEqual(
      Array.from({ length: 4 }, () => [0, undefined]),
    );
  });

  it("is paid once though the primary shows each half of the banks another batch: its own signatures name it", async () => {
    const outcome = spend({ liars: { sbi: ["twoFaced"] } });
    expect(told(outcome)).toEqual(spentOnce);
    expect(outcome.books.map(({ flaw }) => flaw)).toEqual([undefined, undefined, undefined]);
    const balances = outcome.books.map((each) => JSON.stringify(each.balances));
    expect(new Set(balances).size).toBe(1);
    expect(new Set(outcome.convictions.map(({ accused }) => accused))).toEqual(new Set(["sbi"]));
    const file = join(__dirname, "stories", "two-faced-bank.story.txt");
    await expect(story(outcome)).toMatchFileSnapshot(file);
  });

  it("is paid twice when two of four banks lie: honest books differ, and both liars are named", async () => {
    const outcome = spend({ liars: { sbi: ["twoFaced"], hdfc: ["twoFaced"] } });
    const balances = outcome.books.map((each) => JSON.stringify(each.balances));
    expect(new Set(balances).size).toBe(2);
    const accused = new Set(outcome.convictions.map((each) => each.accused));
    expect(accused).toEqual(new Set(["sbi", "hdfc"]));
    const file = join(__dirname, "stories", "two-lying-banks.story.txt");
    await expect(story(outcome)).toMatchFileSnapshot(file);
  });
});

describe("a bank that lies alone", () => {
  it.each([
    ["silent", 1],
    ["forging", 1],
    ["wrongDigest", 1],
    ["lyingToClients", 0],
    ["conflictingVotes", 0],
    ["replaying", 0],
    ["corruptState", 0],
  ] as const)(
    "as a primary that is %s leaves the others in view %i, with right books",
    (lie, view) => {
      const outcome = spend({ liars: { sbi: [lie] } });
      expect(told(outcome)).toEqual(spentOnce);
      expect(outcome.books.map((each) => [each.view, each.flaw])).toEqual(
        Array.from({ length: 3 }, () => [view, undefined]),
      );
    },
  );
});

it("a transfer that is asked for again is paid once", () => {
  const again = pay("ravi@hdfc", 100_00, "t1");
  const phones = [officer, { name: "asha1", startAtMs: 2_000, asks: [again, again] }];
  const { receipts, books } = simulateUpi({ phones });
  expect(receipts.slice(-2).map(({ answer }) => answer?.kind)).toEqual(["paid", "replayed"]);
  expect(books[0]?.balances["asha@sbi"]).toBe(400_00);
});

it("a liar has to be a bank", () => {
  expect(() => simulateUpi({ phones: [], liars: { pnb: ["silent"] } })).toThrow(
    "pnb is none of the banks",
  );
});
