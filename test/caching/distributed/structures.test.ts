/** XFetch against its formula, Space-Saving against a plain count, the server against an oracle. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { Random } from "dabbawala/basics";
import { isEarly, zipfTrace } from "dabbawala/caching";
import { countRequest, noHotKeys } from "dabbawala/dist/caching/distributed/hot-keys";
import { OneServer } from "./one-node";
import type { Permit } from "./one-node";

describe("Vattani et al. 2015: early expiration", () => {
  it.each([
    [100, 50, 1],
    [100, 50, 2],
    [30, 10, 1],
    [200, 50, 1],
  ])(
    "%d ms before the end, delta %d, beta %d: as often as exp(-gap / (beta delta))",
    (gap, delta, beta) => {
      const random = new Random(7);
      const draws = 200_000;
      const row = { endsAtMs: 1_000, tookMs: delta };
      let early = 0;
      for (let i = 0; i < draws; i++) {
        if (isEarly(row, { nowMs: 1_000 - gap, beta, random: random.next() })) early++;
      }
      const expected = Math.exp(-gap / (beta * delta));
      const band = 4 * Math.sqrt((expected * (1 - expected)) / draws);
      expect(Math.abs(early / draws - expected)).toBeLessThan(band);
    },
  );

  it("always when it has ended; never where a load takes no time", () => {
    const at = (nowMs: number, tookMs: number, random: number) =>
      isEarly({ endsAtMs: 100, tookMs }, { nowMs, beta: 1, random });
    expect(at(100, 10, 0)).toBe(true);
    expect(at(99, 0, 0.999)).toBe(false);
    expect(at(99, 10, 0)).toBe(false);
  });

  it("a server gives a permit with the hit, and the row stays", () => {
    const server = new OneServer({ earlyBeta: 1, ttlMs: 100 });
    server.fill("phone", 1, { tookMs: 50 });
    server.nowMs += 60;
    server.random = 0.5;
    expect(server.get("phone")).toMatchObject({ found: "hit", permit: null });
    server.random = 0.6;
    const early = server.get("phone");
    expect(early.found).toBe("hit");
    expect(early.permit).not.toBeNull();
    expect(server.get("phone").permit).toBeNull();
    server.set("phone", 2, early.permit, { version: 2 });
    server.nowMs += 99;
    server.random = 0;
    expect(server.get("phone").row?.value).toBe(2);
  });
});

describe("hot keys", () => {
  it("every key that is well over the share is found, none that is under it", () => {
    const options = { hotShare: 0.05, hotWindow: 20_000 };
    const keys = noHotKeys();
    const counts = new Map<string, number>();
    for (const number of zipfTrace({ keys: 2_000, requests: 20_000, exponent: 1.1, seed: 3 })) {
      const key = `k${number}`;
      counts.set(key, (counts.get(key) ?? 0) + 1);
      countRequest(keys, key, options);
    }
    const shareOf = (key: string): number => counts.get(key)! / 20_000;
    const over = [...counts.keys()].filter((key) => shareOf(key) > 0.05 + 1 / 64);
    expect(over.length).toBeGreaterThan(0);
    expect(over.filter((key) => !keys.hot.has(key))).toEqual([]);
    expect([...keys.hot].filter((key) => shareOf(key) < 0.03)).toEqual([]);
    expect(keys.counts.size).toBeLessThanOrEqual(64);
  });

  it("cools down in the next window", () => {
    const options = { hotShare: 0.3, hotWindow: 100 };
    const keys = noHotKeys();
    for (let i = 0; i < 100; i++) countRequest(keys, "deal", options);
    expect(keys.hot.has("deal")).toBe(true);
    for (let i = 0; i < 201; i++) countRequest(keys, `k${i}`, options);
    expect(keys.hot.has("deal")).toBe(false);
  });
});

type Command =
  | { kind: "get" | "delete"; key: string }
  /** With the permit of `holder`, counted from the last; for `other` in place of its own key. */
  | { kind: "set"; holder: number; other: string | null; value: string | null }
  | { kind: "sleep"; ms: number };

const key = fc.constantFrom("a", "b", "c");
const command: fc.Arbitrary<Command> = fc.oneof(
  fc.record({ kind: fc.constant("get" as const), key }),
  fc.record({ kind: fc.constant("delete" as const), key }),
  fc.record({
    kind: fc.constant("set" as const),
    holder: fc.nat(2),
    other: fc.option(key, { freq: 1 }),
    value: fc.option(fc.string({ maxLength: 3 }), { freq: 4 }),
  }),
  fc.record({ kind: fc.constant("sleep" as const), ms: fc.integer({ min: 1, max: 30 }) }),
);

const limits = { ttlMs: 100, negativeTtlMs: 40, leaseMs: 50, capacity: 2 };

/** The same in the plainest way: lists, searched from the start. */
class Oracle {
  nowMs = 1_000;
  private rows: { key: string; value: string | null; endsMs: number }[] = [];
  private leases: { key: string; permit: Permit }[] = [];

  get(key: string, permit: Permit | null): { found: string; value?: string | null } {
    const row = this.rows.find((one) => one.key === key);
    if (row !== undefined && this.nowMs < row.endsMs) {
      this.rows = [...this.rows.filter((one) => one !== row), row];
      return { found: "hit", value: row.value };
    }
    this.rows = this.rows.filter((one) => one !== row);
    const held = this.leases.find((one) => one.key === key);
    if (held !== undefined && this.nowMs - held.permit.atMs < limits.leaseMs) {
      return { found: "wait" };
    }
    this.leases = this.leases.filter((one) => one.key !== key);
    if (permit !== null) this.leases.push({ key, permit });
    if (this.leases.length > limits.capacity) this.leases.shift();
    return { found: "miss" };
  }

  set(key: string, value: string | null, permit: Permit): boolean {
    const held = this.leases.find((one) => one.key === key && one.permit.token === permit.token);
    if (held === undefined) return false;
    this.leases = this.leases.filter((one) => one !== held);
    const endsMs = permit.atMs + (value === null ? limits.negativeTtlMs : limits.ttlMs);
    if (endsMs <= this.nowMs) return false;
    this.rows = [...this.rows.filter((one) => one.key !== key), { key, value, endsMs }];
    if (this.rows.length > limits.capacity) this.rows.shift();
    return true;
  }

  delete(key: string): void {
    this.rows = this.rows.filter((one) => one.key !== key);
    this.leases = this.leases.filter((one) => one.key !== key);
  }
}

describe("a server with leases agrees with a simpler one", () => {
  it("in every answer, whatever is asked in whatever order", () => {
    let hits = 0;
    const property = fc.property(
      fc.array(command, { minLength: 20, maxLength: 60 }),
      (commands) => {
        const server = new OneServer(limits);
        const oracle = new Oracle();
        const permits: { key: string; permit: Permit }[] = [];
        for (const one of commands) {
          if (one.kind === "sleep") server.nowMs = oracle.nowMs += one.ms;
          else if (one.kind === "delete") {
            server.delete(one.key);
            oracle.delete(one.key);
          } else if (one.kind !== "set") {
            const { found, row, permit } = server.get(one.key);
            const expected = oracle.get(one.key, permit);
            expect({ found, value: row?.value }).toEqual({ value: undefined, ...expected });
            if (found === "hit") hits++;
            if (permit !== null) permits.unshift({ key: one.key, permit });
          } else {
            const held = permits[one.holder];
            if (held === undefined) continue;
            const name = one.other ?? held.key;
            const isKept = oracle.set(name, one.value, held.permit);
            expect(server.set(name, one.value, held.permit)).toBe(isKept);
          }
          expect(server.node.entries.size).toBeLessThanOrEqual(limits.capacity);
        }
      },
    );
    fc.assert(property, { numRuns: 1_000, seed: 1 });
    expect(hits).toBeGreaterThan(500);
  });
});
