import { expect, it } from "vitest";
import { compareContention } from "dabbawala/scenarios/irctc";

it.each(["pessimistic", "optimistic", "single writer"] as const)(
  "threads sell no berth twice: %s",
  async (way) => {
    const row = await compareContention({ way, trains: 2, threads: 3, forMs: 300 });
    expect(row.bookedPerSecond).toBeGreaterThan(100);
    if (way !== "optimistic") expect(row.abortsPerBooking).toBe(0);
  },
  20_000,
);

it("names what is out of range", async () => {
  await expect(compareContention({ way: "optimistic", trains: 0 })).rejects.toThrow(/trains/);
});
