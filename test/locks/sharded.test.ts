/** Locks over three groups of servers: the client that hides them, by hand and in a run. */
import { describe, expect, it } from "vitest";
import { checkLinearizable, leasedLock } from "dabbawala/checks";
import { at, crash, restart } from "dabbawala/hosts";
import { LockCluster, lockGroupOf, shardedLockStorm, ShardedLeaseholder } from "dabbawala/locks";
import type { LeaseSignal, LockAnswer, LockMessage, LockTimer } from "dabbawala/locks";
import type { Event, Host } from "dabbawala/protocol";
import { Table } from "./table-driver";

const groups = [["n1", "n2"], ["n3"], ["n4"]];
/** Group 0 has the kitchen, 1 the table, 2 the partner. */
const [kitchen, table, partner] = ["kitchen", "table", "partner"];
const waiting = { mode: "exclusive", waitMs: null } as const;

type Sent = readonly [to: string, message: Extract<LockMessage, { type: "command" }>];

class ByHand {
  nowMs = 1_000;
  readonly sent: Sent[] = [];
  readonly timers = new Map<LockTimer, number>();
  readonly lease = new ShardedLeaseholder(groups, { ttlMs: 1_100 });
  readonly host: Host<LockMessage, LockTimer>;

  constructor() {
    const host = {
      ...{ random: () => 0.5, save: () => undefined, note: () => undefined },
      send: (to: string, message: LockMessage) => this.sent.push([to, message] as Sent),
      setTimer: (timer: LockTimer, afterMs: number) => this.timers.set(timer, afterMs),
      cancelTimer: (timer: LockTimer) => this.timers.delete(timer),
    };
    this.host = Object.defineProperty(host, "nowMs", { get: () => this.nowMs }) as never;
    this.lease.start({}, this.host);
    for (const server of ["n1", "n3", "n4"]) {
      this.answer(server, { kind: "opened", session: 7, ttlMs: 1_100 });
    }
  }

  react(event: Event<LockMessage, LockTimer>): LeaseSignal[] {
    return this.lease.react(event, this.host);
  }

  /** The last command to a server, answered by it. */
  answer(server: string, result: LockAnswer): LeaseSignal[] {
    const sent = this.sent.filter(([to]) => to === server);
    const { requestId } = sent[sent.length - 1][1];
    const answer = { type: "answer", requestId, kind: "ok", result } as const;
    return this.react({ kind: "message", from: server, message: answer });
  }

  /** What was asked last, and of whom. */
  get last(): unknown {
    const [to, { command }] = this.sent[this.sent.length - 1];
    const { op, names, waitMs } = command as { op: string; names?: string[]; waitMs?: number };
    return { to, op, ...(names && { names, waitMs }) };
  }

  acquire(names: readonly string[], waitMs: number | null = null): number {
    return this.lease.acquire(names, { ...waiting, waitMs }, this.host);
  }

  granted(server: string, tokens: Record<string, number>): LeaseSignal[] {
    return this.answer(server, { kind: "granted", tokens });
  }
}

describe("a session with several groups", () => {
  it("finds the group of a lock by its name", () => {
    expect([kitchen, table, partner].map((name) => lockGroupOf(name, 3))).toEqual([0, 1, 2]);
    expect([kitchen, table, partner].map((name) => lockGroupOf(name, 1))).toEqual([0, 0, 0]);
  });

  it("takes a batch group by group in one order, and says so once", () => {
    const one = new ByHand();
    const label = one.acquire([partner, kitchen, "stock", kitchen]);
    expect(one.last).toEqual({ to: "n1", op: "acquire", names: [kitchen, "stock"], waitMs: null });
    expect(one.granted("n1", { kitchen: 3, stock: 4 })).toEqual([]);
    expect(one.last).toEqual({ to: "n4", op: "acquire", names: [partner], waitMs: null });
    const tokens = { kitchen: 3, stock: 4, partner: 1 };
    expect(one.granted("n4", { partner: 1 })).toEqual([{ kind: "granted", label, tokens }]);
    expect([...one.lease.held.keys()]).toEqual([kitchen, "stock", partner]);
  });

  it("gives back what a batch has when the rest is denied, and waits no longer than asked", () => {
    const one = new ByHand();
    const label = one.acquire([kitchen, partner], 200);
    one.nowMs += 150;
    one.granted("n1", { kitchen: 3 });
    expect(one.last).toEqual({ to: "n4", op: "acquire", names: [partner], waitMs: 50 });
    const denied = one.answer("n4", { kind: "denied", why: "timedOut" });
    expect(denied).toEqual([{ kind: "denied", label, why: "timedOut" }]);
    expect(one.last).toEqual({ to: "n1", op: "release" });
    expect(one.lease.held.size).toBe(0);
  });

  it("only tries what is below a lock that it holds: so no circle spans groups", () => {
    const one = new ByHand();
    one.acquire([table]);
    one.granted("n3", { table: 1 });
    one.acquire([kitchen]);
    expect(one.last).toMatchObject({ to: "n1", waitMs: 0 });
    one.answer("n1", { kind: "denied", why: "taken" });
    one.acquire([partner]);
    expect(one.last).toMatchObject({ to: "n4", waitMs: null });
  });

  it("loses with a group that group's locks and no others", () => {
    const one = new ByHand();
    one.acquire([kitchen]);
    one.granted("n1", { kitchen: 3 });
    one.acquire([partner]);
    one.granted("n4", { partner: 1 });
    one.react({ kind: "timer", timer: "2/renew" });
    const lost = one.answer("n4", { kind: "noSession" });
    expect(lost).toEqual([{ kind: "lost", names: [partner], labels: [] }]);
    expect([...one.lease.held.keys()]).toEqual([kitchen]);
  });

  it("a batch that loses a part withdraws the rest, and only then asks for more", () => {
    const one = new ByHand();
    const label = one.acquire([kitchen, partner]);
    one.granted("n1", { kitchen: 3 });
    one.answer("n4", { kind: "queued", ahead: 1 });
    one.react({ kind: "timer", timer: "0/renew" });
    const lost = one.answer("n1", { kind: "noSession" });
    expect(lost).toEqual([{ kind: "lost", names: [kitchen], labels: [label] }]);
    expect(one.last).toEqual({ to: "n4", op: "withdraw" });
    one.acquire([table]);
    expect(one.last).toEqual({ to: "n4", op: "withdraw" });
    expect(one.answer("n4", { kind: "withdrawn" })).toEqual([]);
    expect(one.last).toEqual({ to: "n3", op: "acquire", names: [table], waitMs: null });
  });

  it("is closed when each is, and opened with the first", () => {
    const one = new ByHand();
    one.lease.close(one.host);
    expect(one.answer("n1", { kind: "closed" })).toEqual([]);
    expect(one.answer("n3", { kind: "closed" })).toEqual([]);
    expect(one.answer("n4", { kind: "closed" })).toEqual([{ kind: "closed" }]);
    expect(() => new ShardedLeaseholder([])).toThrow("a leaseholder needs a group of servers");
  });
});

describe("a claim that is withdrawn", () => {
  it("leaves the line, and gives back what it had; one that has its answer does not wait", () => {
    const one = new Table("a", "b", "c");
    one.acquire("a", "y");
    one.acquire("b", ["x", "y"], { label: 5 });
    expect(one.acquire("c", "x").kind).toBe("queued");
    expect(one.withdraw("b", 5)).toEqual({ kind: "withdrawn" });
    expect([...one.state.locks.get("x")!.holders.values()]).toMatchObject([{ token: 3 }]);
    expect(one.withdraw("b", 5)).toEqual({ kind: "notWaiting" });
    expect(one.state.claims.size).toBe(0);
  });
});

it("a group without a majority stops its own locks, and nobody else's", () => {
  const cluster = new LockCluster({ seed: 1, groups: 3 });
  for (const [i, name] of [kitchen, table, partner].entries()) {
    cluster.addClient(
      `c${i + 1}`,
      { errands: [{ names: [name] }], rounds: null, thinkMs: 20 },
      500,
    );
  }
  const [first, second] = cluster.groups[0];
  cluster.schedule(at(2_000, crash([first, second])), at(5_000, restart([first, second])));
  cluster.run(8_000);
  const grants = (client: string, fromMs: number, toMs: number): number =>
    cluster.notes.filter(({ node, label, atMs, detail }) => {
      const isGrant = label === "ok" && (detail as { f: string }).f === "acquire";
      return isGrant && node === client && atMs >= fromMs && atMs < toMs;
    }).length;
  expect(grants("c1", 2_100, 5_000)).toBe(0);
  expect(grants("c1", 6_500, 8_000)).toBeGreaterThan(20);
  for (const client of ["c2", "c3"]) {
    const [before, within] = [grants(client, 1_000, 2_000), grants(client, 2_000, 5_000) / 3];
    expect(within / before).toBeGreaterThan(0.9);
  }
  const lost = cluster.notes.filter(({ label }) => label === "lost");
  expect(new Set(lost.map(({ node }) => node))).toEqual(new Set(["c1", "c2", "c3"]));
  expect(lost.every(({ node, detail }) => node === "c1" || (detail as []).length === 0)).toBe(true);
  expect(checkLinearizable(cluster.history(), leasedLock()).kind).toBe("linearizable");
});

const seeds = Number(process.env["LOCK_SEEDS"] ?? 12);

it(`${seeds} storms over three groups: one holder, rising tokens, everybody served`, () => {
  const seen = new Map<string, number>();
  const failures: string[] = [];
  for (let seed = 1; seed <= seeds; seed++) {
    const { failure, counts } = shardedLockStorm.build(seed).run();
    for (const [label, n] of counts) seen.set(label, (seen.get(label) ?? 0) + n);
    if (failure) failures.push(`seed ${seed}: ${failure.property}: ${failure.detail}`);
  }
  expect(failures).toEqual([]);
  for (const label of ["wrote", "lost", "info", "denied", "steppedDown", "snapshotInstalled"]) {
    expect([label, (seen.get(label) ?? 0) > 0]).toEqual([label, true]);
  }
}, 900_000);

it.each(shardedLockStorm.variants)("planted: %s is found", (variant) => {
  const numbers = Array.from({ length: 40 }, (_, i) => i + 1);
  const found = numbers.some((seed) => shardedLockStorm.build(seed, variant).run().failure);
  expect(found).toBe(true);
});
