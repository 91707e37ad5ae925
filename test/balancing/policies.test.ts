import {
  BoundedAffinity,
  JoinIdleQueue,
  LeastConnections,
  MaglevAffinity,
  NearestRegion,
  PeakEwma,
  Pool,
  PowerOfChoices,
  Prequal,
  RandomChoice,
  RoundRobin,
  SmoothWeighted,
} from "dabbawala/balancing";
import type { Policy, Server } from "dabbawala/balancing";
import { Maglev } from "dabbawala/partitioning";
import fc from "fast-check";
import { describe, expect, it } from "vitest";

const named = (...ids: string[]): Server[] => ids.map((id) => ({ id }));
const weighted = (weights: Record<string, number>): Server[] =>
  Object.entries(weights).map(([id, weight]) => ({ id, weight }));

/** The names of the next picks. */
function picks(policy: Policy, count: number, request = {}): string {
  const { servers } = policy.pool;
  return Array.from({ length: count }, () => servers[policy.pick(request)].id).join(" ");
}

const makers: Record<string, (pool: Pool) => Policy> = {
  RoundRobin: (pool) => new RoundRobin(pool),
  SmoothWeighted: (pool) => new SmoothWeighted(pool),
  RandomChoice: (pool) => new RandomChoice(pool),
  LeastConnections: (pool) => new LeastConnections(pool),
  PowerOfChoices: (pool) => new PowerOfChoices(pool),
  "PowerOfChoices of 3": (pool) => new PowerOfChoices(pool, { choices: 3 }),
  PeakEwma: (pool) => new PeakEwma(pool),
  "PeakEwma among all": (pool) => new PeakEwma(pool, { among: "all" }),
  MaglevAffinity: (pool) => new MaglevAffinity(pool),
  BoundedAffinity: (pool) => new BoundedAffinity(pool),
  NearestRegion: (pool) => new NearestRegion(pool),
  JoinIdleQueue: (pool) => new JoinIdleQueue(pool),
  Prequal: (pool) => new Prequal(pool),
};

describe.each(Object.entries(makers))("%s", (_name, make) => {
  it("picks only servers that are open, and -1 when none is, whatever happens", () => {
    const step = fc.record({
      kind: fc.constantFrom("pick", "open", "close", "end", "add"),
      at: fc.nat(9),
    });
    fc.assert(
      fc.property(fc.array(step, { maxLength: 80 }), (steps) => {
        const pool = new Pool(named("a", "b", "c"));
        const policy = make(pool);
        let nowMs = 0;
        for (const { kind, at } of steps) {
          const server = at % pool.size;
          nowMs += at;
          if (kind === "add" && pool.size < 6) pool.add({ id: `more ${pool.size}` });
          if (kind === "open" || kind === "close") pool.setOpen(server, kind === "open");
          if (kind === "end" && pool.inFlight[server] > 0) {
            pool.end(server);
            policy.answered?.(server, at, nowMs);
          }
          if (kind !== "pick") continue;
          const picked = policy.pick({ key: `k${at}`, nowMs });
          if (pool.open.length === 0) expect(picked).toBe(-1);
          else expect(pool.isOpen(picked)).toBe(true);
          if (picked >= 0) pool.send(picked);
        }
      }),
    );
  });
});

describe("a pool", () => {
  it("says what is wrong with its servers", () => {
    expect(() => new Pool([])).toThrow("a pool needs at least one server");
    expect(() => new Pool(named("a", "a"))).toThrow("there are two servers of the name a");
    expect(() => new Pool(weighted({ a: 0 }))).toThrow("weight of a must be from 0.000001 to 1000");
  });

  it("counts what is in flight", () => {
    const pool = new Pool(named("a", "b"));
    pool.send(1);
    pool.send(1);
    pool.end(1);
    expect([...pool.inFlight, pool.totalInFlight]).toEqual([0, 1, 1]);
  });
});

describe("turns", () => {
  it("go round", () => {
    expect(picks(new RoundRobin(new Pool(named("a", "b", "c"))), 5)).toBe("a b c a b");
  });

  it("are smooth by weight, in nginx's order", () => {
    const order = picks(new SmoothWeighted(new Pool(weighted({ a: 5, b: 1, c: 1 }))), 14);
    expect(order).toBe("a a b a c a a a a b a c a a");
  });

  it("are the same worked out beforehand and step by step", () => {
    const weights = { a: 400.5, b: 300, c: 1 };
    const long = new SmoothWeighted(new Pool(weighted(weights)));
    const credits: Record<string, number> = { a: 0, b: 0, c: 0 };
    const expected = Array.from({ length: 500 }, () => {
      for (const [id, weight] of Object.entries(weights)) credits[id] += weight;
      const richest = Object.keys(credits).reduce((a, b) => (credits[b] > credits[a] ? b : a));
      credits[richest] -= 701.5;
      return richest;
    });
    expect(picks(long, 500)).toBe(expected.join(" "));
  });

  it("hold a server's weight over every period", () => {
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 1, maxLength: 8 }),
        (weights) => {
          const servers = weights.map((weight, at) => ({ id: `${at}`, weight: weight * 2 }));
          const policy = new SmoothWeighted(new Pool(servers));
          const counts = weights.map(() => 0);
          const period = weights.reduce((sum, weight) => sum + weight, 0);
          for (let i = 0; i < period; i++) counts[policy.pick()]++;
          expect(counts).toEqual(weights);
        },
      ),
    );
  });
});

describe("chance", () => {
  it("follows the weights", () => {
    const pool = new Pool(weighted({ a: 1, b: 3 }));
    const policy = new RandomChoice(pool);
    let second = 0;
    for (let i = 0; i < 40_000; i++) second += policy.pick();
    expect(second / 40_000).toBeCloseTo(0.75, 2);
  });

  it("looks at two different servers, never at one twice", () => {
    const pool = new Pool(named("busy", "free"));
    for (let i = 0; i < 5; i++) pool.send(0);
    expect(picks(new PowerOfChoices(pool), 20)).toBe(Array(20).fill("free").join(" "));
  });
});

describe("least connections", () => {
  it("takes turns among equals, and respects weights", () => {
    const pool = new Pool(weighted({ a: 1, b: 2 }));
    const policy = new LeastConnections(pool);
    const taken = Array.from({ length: 6 }, () => {
      const server = policy.pick();
      pool.send(server);
      return pool.servers[server].id;
    });
    expect(taken.sort().join("")).toBe("aabbbb");
    expect(picks(new LeastConnections(new Pool(named("a", "b", "c"))), 4)).toBe("a b c a");
  });
});

describe("peak EWMA", () => {
  it("avoids a server at its first slow answer, and forgives it as time passes", () => {
    const pool = new Pool(named("a", "b"));
    const policy = new PeakEwma(pool, { decayMs: 1_000, among: "all" });
    policy.answered(0, 10, 0);
    policy.answered(1, 12, 0);
    expect(picks(policy, 2)).toBe("a a");
    policy.answered(0, 500, 10);
    expect(picks(policy, 2, { nowMs: 10 })).toBe("b b");
    policy.answered(1, 12, 6_000);
    expect(picks(policy, 2, { nowMs: 6_000 })).toBe("a a");
  });

  it("counts what is in flight, and tries a server that has never answered once", () => {
    const pool = new Pool(named("a", "new"));
    const policy = new PeakEwma(pool);
    policy.answered(0, 1, 0);
    expect(picks(policy, 1)).toBe("new");
    pool.send(1);
    expect(picks(policy, 3)).toBe("a a a");
  });
});

describe("keys", () => {
  const servers = named("a", "b", "c", "d", "e");

  it("go to Maglev's owner", () => {
    const maglev = new Maglev(servers);
    const policy = new MaglevAffinity(new Pool(servers));
    for (let i = 0; i < 200; i++) {
      expect(picks(policy, 1, { key: `key ${i}` })).toBe(maglev.owner(`key ${i}`));
    }
  });

  it("never load a server over its bound, although all are of one key", () => {
    const pool = new Pool(servers);
    const policy = new BoundedAffinity(pool, 1.5);
    for (let i = 0; i < 200; i++) {
      pool.send(policy.pick({ key: "sale" }));
      expect(Math.max(...pool.inFlight)).toBeLessThanOrEqual(Math.ceil((1.5 * (i + 1)) / 5));
    }
    expect(pool.totalInFlight).toBe(200);
  });

  it("stay where they were when there is room", () => {
    const policy = new BoundedAffinity(new Pool(servers));
    expect(new Set(picks(policy, 50, { key: "quiet" }).split(" ")).size).toBe(1);
  });
});

describe("regions", () => {
  it("serve their own until they are full, then the nearest, then anyone", () => {
    const pool = new Pool([
      { id: "mumbai", region: "west" },
      { id: "pune", region: "west" },
      { id: "delhi", region: "north" },
      { id: "chennai", region: "south" },
    ]);
    const distances: Record<string, number> = { west: 0, south: 1_000, north: 1_400 };
    const policy = new NearestRegion(pool, { distance: (_, to) => distances[to], room: 2 });
    const taken = Array.from({ length: 9 }, () => {
      const server = policy.pick({ region: "west" });
      pool.send(server);
      return pool.servers[server].id;
    });
    expect(taken.slice(0, 4).sort()).toEqual(["mumbai", "mumbai", "pune", "pune"]);
    expect(taken.slice(4, 8)).toEqual(["chennai", "chennai", "delhi", "delhi"]);
    expect(["mumbai", "pune", "chennai", "delhi"]).toContain(taken[8]);
  });
});

describe("join idle queue", () => {
  it("sends to whoever has been idle longest, each once", () => {
    const pool = new Pool(named("a", "b", "c"));
    const policy = new JoinIdleQueue(pool);
    for (const expected of ["a", "b", "c"]) {
      const server = policy.pick();
      expect(pool.servers[server].id).toBe(expected);
      pool.send(server);
    }
    for (const server of [2, 0]) {
      pool.end(server);
      policy.answered(server);
    }
    expect(picks(policy, 2)).toBe("c a");
  });
});

describe("Prequal", () => {
  const answer = (server: number, inFlight: number, latencyMs: number) => ({
    server,
    inFlight,
    latencyMs,
  });

  it("takes the fastest of the cold, not the one with the fewest in flight", () => {
    const policy = new Prequal(new Pool(named("a", "b", "c")), { droppedPerRequest: 0 });
    policy.learn(answer(0, 1, 50), 0);
    policy.learn(answer(1, 3, 10), 0);
    policy.learn(answer(2, 2, 30), 0);
    expect(picks(policy, 1)).toBe("b");
  });

  it("takes the coolest when all are hot", () => {
    const policy = new Prequal(new Pool(named("a", "b", "c")), { hotQuantile: 0 });
    policy.learn(answer(0, 9, 1), 0);
    policy.learn(answer(1, 7, 90), 0);
    policy.learn(answer(2, 8, 5), 0);
    expect(picks(policy, 1)).toBe("b");
  });

  it("uses no probe that is too old, and any server by chance when it has fewer than two", () => {
    const policy = new Prequal(new Pool(named("a", "b", "c")), { longestAgeMs: 100 });
    for (const server of [0, 1]) policy.learn(answer(server, 0, 1), 0);
    expect(new Set(picks(policy, 60, { nowMs: 101 }).split(" ")).size).toBe(3);
    expect(policy.ready).toBe(0);
  });

  it("asks different servers, as many as it is told in the mean", () => {
    const policy = new Prequal(new Pool(named("a", "b", "c", "d", "e", "f")), {
      probesPerRequest: 2.5,
    });
    const asked = Array.from({ length: 2_000 }, () => policy.targets());
    expect(asked.every((targets) => new Set(targets).size === targets.length)).toBe(true);
    expect(asked.flat().length / 2_000).toBeCloseTo(2.5, 1);
  });

  it("keeps no more probes than its pool has room for, and drops one with every pick", () => {
    const policy = new Prequal(new Pool(named("a", "b", "c", "d")), {
      poolSize: 3,
      droppedPerRequest: 1,
    });
    for (let i = 0; i < 10; i++) policy.learn(answer(i % 4, i, 1), 0);
    expect(policy.ready).toBe(3);
    policy.pick();
    expect(policy.ready).toBeLessThanOrEqual(2);
  });
});
