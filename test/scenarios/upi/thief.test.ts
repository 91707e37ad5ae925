/** What Raft does under a thief, and PBFT under one liar and under two: by the banks' books. */
import { simulatePbft, simulateRaft } from "dabbawala/consensus";
import { booksOf, differentBooks, raftWithThief } from "dabbawala/scenarios/upi";
import type { UpiCommand } from "dabbawala/scenarios/upi";
import { expect, test } from "vitest";

const operations = (...commands: readonly UpiCommand[]) => commands.map((command) => ({ command }));
const account = (address: string): UpiCommand => ({ op: "openAccount", address });
const pay = (to: string, transferId: string): UpiCommand => {
  return { op: "transfer", from: "asha@sbi", to, paise: 50_000, transferId };
};
const opening = operations(
  ...(["sbi", "hdfc"].map((bank) => ({ op: "openBank", bank })) as UpiCommand[]),
  ...["asha@sbi", "kirana@hdfc", "ravi@sbi", "thief@hdfc"].map(account),
  { op: "deposit", to: "asha@sbi", paise: 50_000, transferId: "salary" },
);

test("under Raft a lying leader robs everybody, and no property is broken", () => {
  const run = simulateRaft({
    ...{ seed: 1, servers: 3, firstLeader: "n1", options: { machine: "upi" }, untilMs: 3_000 },
    server: raftWithThief("n1", "thief@hdfc"),
    clients: [{ operations: [...opening, ...operations(pay("kirana@hdfc", "chai"))] }],
  });
  expect(run.violation).toBeUndefined();
  const states = run.servers.map(({ id, machine, machineState }) => {
    return [id, machine.toJson(machineState)] as const;
  });
  expect(differentBooks(new Map(states))).toBe(1);
  for (const book of booksOf(new Map(states))) {
    expect(book).toMatchObject({ "thief@hdfc": 500, "kirana@hdfc": 0, flaw: "none" });
  }
});

test.each([
  [1, 1],
  [2, 2],
])("under PBFT, n = 4, %i liars leave %i different books", (liars, books) => {
  const two = [pay("kirana@hdfc", "one"), pay("ravi@sbi", "two")];
  const { states } = simulatePbft({
    ...{ seed: 1, untilMs: 1_200, network: { latency: { kind: "constant", ms: 10 } } },
    options: { machine: "upi", maxInFlight: 1, checkpointEvery: 9, watermarkWindow: 18 },
    liars: Object.fromEntries(["n1", "n2"].slice(0, liars).map((id) => [id, ["twoFaced"]])),
    clients: [
      { operations: opening },
      ...two.map((payment) => ({ operations: operations(payment) })),
      { operations: operations(account("chai@sbi")) },
    ],
    ...{ startsMs: [0, 506, 506, 500], liesFromMs: 532 },
  });
  expect(differentBooks(states)).toBe(books);
  expect(booksOf(states).every(({ flaw }) => flaw === "none")).toBe(true);
});
