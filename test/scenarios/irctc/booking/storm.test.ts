import { describe, expect, it } from "vitest";
import { bookingStorm, bookingVariants } from "dabbawala/scenarios/irctc";
import { shrinkStorm } from "dabbawala/hosts";

describe("storms over the booking", () => {
  it("sell no berth twice, keep quotas and order, lose no money, and have seen it all", () => {
    const counts = new Set<string>();
    for (let seed = 1; seed <= 60; seed++) {
      const verdict = bookingStorm.build(seed).run();
      expect({ seed, failure: verdict.failure }).toEqual({ seed, failure: undefined });
      for (const label of verdict.counts.keys()) counts.add(label);
    }
    expect((bookingStorm.sometimes ?? []).filter((label) => !counts.has(label))).toEqual([]);
  }, 120_000);

  it("are the same when they are played again, and when their actions are given", () => {
    for (let seed = 1; seed <= 4; seed++) {
      const storm = bookingStorm.build(seed);
      const first = storm.run({ isTraced: true });
      const { trace, failure } = storm.run({ actions: first.actions, isTraced: true });
      expect(failure).toBeUndefined();
      expect(trace).toEqual(first.trace);
    }
  }, 60_000);

  const expected: Readonly<Record<string, readonly string[]>> = {
    "check-then-act-booking": ["soldTwice"],
    "a-berth-is-freed-on-the-whole-way": ["conservation", "soldTwice"],
    "every-quota-sells-every-berth": ["quota"],
    "key-not-persisted-before-the-reply": ["twoTickets"],
    "the-answer-before-the-commit": ["ticketLost", "notLinearizable"],
    "expiry-by-the-client-s-clock": ["hold"],
    "expiry-by-each-server-s-own-clock": ["replicasDiffer"],
    "promotion-out-of-order": ["passedOver"],
    "a-tatkal-ticket-on-a-seat-of-RAC": ["quota"],
    "tatkal-before-the-general-list-at-the-chart": ["passedOver"],
    "refund-twice": ["refundedTwice"],
    "charge-without-seat": ["chargedWithoutSeat"],
    "a-late-payment-of-a-ticket-that-has-ended": ["chargedWithoutSeat"],
  };

  it.each(bookingVariants.map(({ id }) => id))(
    "find the planted bug: %s",
    (id) => {
      for (let seed = 1; seed <= 200; seed++) {
        const { failure } = bookingStorm.build(seed, id).run();
        if (failure === undefined || failure.property === "progress") continue;
        expect(expected[id]).toContain(failure.property);
        return;
      }
      expect.fail("200 storms did not find it");
    },
    120_000,
  );

  it("are cut down to few actions when they fail", () => {
    const seeds = Array.from({ length: 50 }, (_, i) => i + 1);
    const id = "key-not-persisted-before-the-reply";
    const seed = seeds.find((each) => bookingStorm.build(each, id).run().failure) as number;
    const shrunk = shrinkStorm(bookingStorm.build(seed, id));
    expect(shrunk?.actions.length).toBeLessThan(8);
  }, 120_000);
});
