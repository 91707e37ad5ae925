/** Messages and delays of one command, measured in the simulator, against the formulas. */
import { certificateBytes, countProofs, hotStuffBlockMessages } from "dabbawala/consensus";
import { hotStuffMessages, hotStuffViewChangeMessages } from "dabbawala/consensus";
import { delayRows, leaderChangeRow, leaderChangeSignatures } from "dabbawala/consensus";
import { measurePbft, measureProofs, messageRow } from "dabbawala/consensus";
import { measureAgreement, messageDelays, pbftMessages } from "dabbawala/consensus";
import { pbftViewChangeMessages, totalOf } from "dabbawala/consensus";
import { HotStuff, HotStuffClient } from "dabbawala/consensus";
import type { HotStuffMessage, HotStuffTimer } from "dabbawala/consensus";
import { Simulator } from "dabbawala/hosts";
import { describe, expect, test } from "vitest";

const sizes = [4, 7, 10, 13];

describe.each(sizes)("n = %i", (replicas) => {
  test("a request of PBFT takes exactly the messages of figure 1, and five delays", () => {
    const cost = measureAgreement({ protocol: "pbft", replicas });
    expect(cost.messages).toEqual(pbftMessages(replicas));
    expect(cost.total).toBe(totalOf(pbftMessages(replicas)));
    expect(cost.tookMs).toBe(10 * messageDelays.pbft);
  });

  test("a command of HotStuff takes 7(n - 1) messages between replicas, and nine delays", () => {
    const cost = measureAgreement({ protocol: "hotStuff", replicas });
    expect(cost.messages).toEqual(hotStuffMessages(replicas));
    expect(cost.total - 2 * replicas).toBe(7 * (replicas - 1));
    expect(cost.tookMs).toBe(10 * messageDelays.hotStuff);
  });

  test("a change of HotStuff's leader is linear too", () => {
    const cost = measureAgreement({ protocol: "hotStuff", replicas, deadLeaders: 1 });
    expect(cost.messages).toEqual(hotStuffViewChangeMessages(replicas));
  });

  test("a change of PBFT's primary is quadratic, and cubic in proofs", () => {
    const cost = measureAgreement({ protocol: "pbft", replicas, deadLeaders: 1 });
    expect(cost.messages).toMatchObject(pbftViewChangeMessages(replicas));
    expect(cost.proofs).toBeGreaterThan(replicas ** 3);
  });

  test("signatures: HotStuff's certificates hold n - f each", () => {
    const quorum = replicas - Math.floor((replicas - 1) / 3);
    const cost = measureAgreement({ protocol: "hotStuff", replicas });
    // Requests, a command in the first block, own signatures; four messages with a certificate.
    expect(cost.proofs).toBe(replicas + (replicas - 1) * (1 + 3 + 3 + 4 * quorum));
    expect(certificateBytes(replicas)).toEqual({ list: 64 * quorum, threshold: 48 });
  });
});

test.each([7, 10, 13])("n = %i: two dead leaders are linear no more: all tell all", (replicas) => {
  const hotStuff = measureAgreement({ protocol: "hotStuff", replicas, deadLeaders: 2 });
  expect(hotStuff.messages).toEqual(hotStuffViewChangeMessages(replicas, 2));
  const pbft = measureAgreement({ protocol: "pbft", replicas, deadLeaders: 2 });
  expect(pbft.messages).toMatchObject(pbftViewChangeMessages(replicas, 2));
});

test("29 messages at n = 4, and the same figure by formula", () => {
  expect(totalOf(pbftMessages(4))).toBe(29);
  expect(() => pbftMessages(3)).toThrow("replicas must be from 4 to 10000, but was 3");
  const two = { protocol: "pbft", replicas: 4, deadLeaders: 2 } as const;
  expect(() => measureAgreement(two)).toThrow("deadLeaders must be from 0 to 1, but was 2");
});

test("under load a block of HotStuff takes 2(n - 1) messages", () => {
  const sent: Record<string, number> = {};
  const simulator = new Simulator<HotStuffMessage, HotStuffTimer>({ seed: 1 });
  const ids = ["n1", "n2", "n3", "n4"];
  for (const id of ids) simulator.add(id, HotStuff);
  for (let client = 1; client <= 40; client++) {
    const operations = Array.from({ length: 1_000 }, (_, i) => {
      return { command: { op: "put", key: `k${client}`, value: i } };
    });
    simulator.add(`c${client}`, HotStuffClient, { peers: ids, options: { operations } });
  }
  simulator.run({ untilMs: 200 });
  for (const { effects } of simulator.trace) {
    for (const effect of effects) {
      if (effect.kind !== "send") continue;
      sent[effect.message.type] = (sent[effect.message.type] ?? 0) + 1;
    }
  }
  const { proposal, vote } = hotStuffBlockMessages(4);
  const blocks = Math.floor((sent["proposal"] ?? 0) / 3);
  expect(blocks).toBeGreaterThan(20);
  expect(sent["proposal"]).toBe(blocks * (proposal ?? 0));
  expect(Math.abs((sent["vote"] ?? 0) - blocks * (vote ?? 0))).toBeLessThanOrEqual(3);
  // Once: when the first block was decided, all clients waited for its replies.
  expect(sent["decide"]).toBe(3);
});

test("proofs are counted at any depth, alone or in a record", () => {
  const signatures = { n1: "a", n2: "b" };
  expect(countProofs({ proof: "x", inner: [{ signature: "y" }, { signatures }] })).toBe(4);
  expect(countProofs({ type: "vote", view: 3 })).toBe(0);
});

test("rows for tables say the same as formulas and measurements", () => {
  expect(messageRow(7)).toEqual({
    ...{ replicas: 7, PBFT: 92, "PBFT, formula": 92, HotStuff: 56, "HotStuff, formula": 56 },
  });
  const change = leaderChangeRow(7);
  expect(change.PBFT).toBe(change["PBFT, formula"]);
  expect(change.HotStuff).toBe(change["HotStuff, formula"]);
  const both = leaderChangeRow(7, { deadLeaders: 2 });
  expect([both.PBFT, both.HotStuff]).toEqual([66, 65]);
  const signatures = leaderChangeSignatures(7);
  expect(signatures.PBFT).toBeGreaterThan(signatures.HotStuff);
  expect(delayRows(4, 10).map((row) => row["one-way trips"])).toEqual([5, 9]);
});

test("the trace of a measurement begins with its question", () => {
  const { trace } = measureAgreement({ protocol: "hotStuff", replicas: 4, isTraced: true });
  expect(trace[0]).toMatchObject({ atMs: 0, node: "c1" });
  for (const [at, { cause }] of trace.entries()) {
    if (cause !== undefined) expect(trace[cause.step]?.effects[cause.effect]?.kind).toBe("send");
    expect(cause === undefined || cause.step < at).toBe(true);
  }
});

test(
  "real proofs take real time, and PBFT on threads is measured",
  { timeout: 60_000 },
  async () => {
    for (const time of Object.values(measureProofs())) expect(time).toBeGreaterThan(0);
    expect(await measurePbft("macs", 0.3)).toBeGreaterThan(0);
  },
);
