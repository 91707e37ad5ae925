/** The client's side of a session, and what a lock guards: events by hand, effects looked at. */
import { describe, expect, it } from "vitest";
import { FencedResource, Leaseholder } from "dabbawala/locks";
import type { LeaseSignal, LockAnswer, LockMessage, LockNews, LockTimer } from "dabbawala/locks";
import type { Event, Host } from "dabbawala/protocol";

/** A leaseholder with the time, and what it has sent. */
class ByHand {
  nowMs = 1_000;
  readonly sent: [string, LockMessage][] = [];
  readonly timers = new Map<unknown, number>();
  readonly lease = new Leaseholder(["n1", "n2"], { ttlMs: 1_100, driftRate: 0.1 });
  readonly host: Host<LockMessage, LockTimer>;

  constructor() {
    const outside = { random: () => 0.5, save: () => undefined, note: () => undefined };
    const host = {
      ...outside,
      send: (to: string, message: LockMessage) => this.sent.push([to, message]),
      setTimer: (timer: LockTimer, afterMs: number) => this.timers.set(timer, afterMs),
      cancelTimer: (timer: LockTimer) => this.timers.delete(timer),
    };
    this.host = Object.defineProperty(host, "nowMs", { get: () => this.nowMs }) as never;
    this.lease.start({}, this.host);
  }

  react(event: Event<LockMessage, LockTimer>): LeaseSignal[] {
    return this.lease.react(event, this.host);
  }

  /** The last command that was sent, answered by whom it was sent to. */
  answer(result: LockAnswer): LeaseSignal[] {
    const [to, message] = this.sent[this.sent.length - 1];
    const { requestId = 0 } = message as { readonly requestId?: number };
    const answer = { type: "answer", requestId, kind: "ok", result } as const;
    return this.react({ kind: "message", from: to, message: answer });
  }

  opened(): this {
    this.answer({ kind: "opened", session: 7, ttlMs: 1_100 });
    return this;
  }

  news(...news: LockNews[]): LeaseSignal[] {
    const message = { type: "lockNews", session: 7, news } as const;
    return this.react({ kind: "message", from: "n1", message });
  }
}

const exclusive = { mode: "exclusive", waitMs: null } as const;

describe("a leaseholder (Chubby, section 2.8)", () => {
  it("counts its lease from when it asked, and shorter by the drift of clocks", () => {
    const one = new ByHand();
    one.nowMs += 300;
    expect(one.answer({ kind: "opened", session: 7, ttlMs: 1_100 })).toEqual([{ kind: "opened" }]);
    expect(one.lease.leaseEndMs).toBe(2_000);
    expect(one.timers.get("leaseEnd")).toBe(700);
    expect(one.timers.get("renew")).toBe(275);
  });

  it("a renewal that is answered lengthens it from when the renewal was sent", () => {
    const one = new ByHand().opened();
    one.nowMs = 1_500;
    one.react({ kind: "timer", timer: "renew" });
    one.nowMs = 1_600;
    one.answer({ kind: "alive", news: [] });
    expect(one.lease.leaseEndMs).toBe(2_500);
  });

  it("says lost when its time is over, whatever the event, and opens anew", () => {
    const one = new ByHand().opened();
    one.lease.acquire(["x"], exclusive, one.host);
    one.answer({ kind: "granted", tokens: { x: 3 } });
    expect(one.lease.held.get("x")).toEqual({ token: 3, count: 1 });
    one.nowMs = 2_000;
    expect(one.react({ kind: "timer", timer: "work" })).toEqual([
      { kind: "lost", names: ["x"], labels: [] },
    ]);
    expect(one.lease.held.size).toBe(0);
    expect(one.sent[one.sent.length - 1][1]).toMatchObject({ command: { op: "open" } });
  });

  it("says lost when the service knows the session no longer", () => {
    const one = new ByHand().opened();
    one.react({ kind: "timer", timer: "renew" });
    expect(one.answer({ kind: "noSession" })).toMatchObject([{ kind: "lost", names: [] }]);
  });

  it("sends one command at a time, again to the next server, with the same sequence", () => {
    const one = new ByHand().opened();
    const label = one.lease.acquire(["x"], exclusive, one.host);
    one.lease.watch("y", one.host);
    const [to, first] = one.sent[one.sent.length - 1];
    one.react({ kind: "timer", timer: "retry" });
    const [next, second] = one.sent[one.sent.length - 1];
    expect([to, next]).toEqual(["n1", "n2"]);
    expect(second).toEqual(first);
    expect(one.answer({ kind: "queued", ahead: 2 })).toEqual([{ kind: "queued", label, ahead: 2 }]);
    expect(one.sent[one.sent.length - 1][1]).toMatchObject({ command: { op: "watch" } });
  });

  it("follows the leader that a server names", () => {
    const one = new ByHand();
    const { requestId = 0 } = one.sent[0][1] as { readonly requestId?: number };
    const message = { type: "answer", requestId, kind: "notLeader", leader: "n2" } as const;
    one.react({ kind: "message", from: "n1", message });
    expect(one.sent[one.sent.length - 1][0]).toBe("n2");
  });

  it("hears news once, though they come at once and again with a renewal", () => {
    const one = new ByHand().opened();
    const granted = { kind: "granted", number: 5, label: 9, tokens: { x: 4 } } as const;
    const changed = { kind: "changed", number: 4, label: 0, name: "y" } as const;
    expect(one.news(granted)).toEqual([{ kind: "granted", label: 9, tokens: { x: 4 } }]);
    one.react({ kind: "timer", timer: "renew" });
    const renewed = one.answer({ kind: "alive", news: [changed, granted] });
    expect(renewed).toEqual([{ kind: "changed", name: "y" }]);
    expect(one.news(granted)).toEqual([]);
    expect(one.lease.held.get("x")).toEqual({ token: 4, count: 1 });
  });

  it("an upgrade has a new token and is still one acquire", () => {
    const one = new ByHand().opened();
    one.lease.acquire(["x"], { mode: "shared", waitMs: null }, one.host);
    one.answer({ kind: "granted", tokens: { x: 3 } });
    one.lease.upgrade("x", null, one.host);
    one.answer({ kind: "granted", tokens: { x: 8 } });
    expect(one.lease.held.get("x")).toEqual({ token: 8, count: 1 });
    one.lease.release("x", one.host);
    expect(one.sent[one.sent.length - 1][1]).toMatchObject({
      command: { op: "release", token: 8 },
    });
    expect(one.lease.held.size).toBe(0);
  });

  it("a downgrade keeps the token and is still one acquire", () => {
    const one = new ByHand().opened();
    one.lease.acquire(["x"], { mode: "exclusive", waitMs: null }, one.host);
    one.answer({ kind: "granted", tokens: { x: 3 } });
    const label = one.lease.downgrade("x", one.host);
    expect(one.sent[one.sent.length - 1][1]).toMatchObject({
      command: { op: "downgrade", name: "x", token: 3 },
    });
    const told = one.answer({ kind: "granted", tokens: { x: 3 } });
    expect(told).toEqual([{ kind: "granted", label, tokens: { x: 3 } }]);
    expect(one.lease.held.get("x")).toEqual({ token: 3, count: 1 });
  });

  it("refuses options that are wrong", () => {
    expect(() => new Leaseholder([])).toThrow("a leaseholder needs the names of servers");
    expect(() => new Leaseholder(["n1"], { ttlMs: 0 })).toThrow("ttlMs must be from 1");
  });
});

describe("a fenced resource", () => {
  const sent: unknown[] = [];
  const saved = new Map<string, unknown>();
  const host = {
    ...{ nowMs: 0, random: () => 0.5, setTimer: () => undefined, cancelTimer: () => undefined },
    save: (key: string, value: unknown) => saved.set(key, structuredClone(value)),
    send: (_to: string, message: unknown) => sent.push(message),
    note: () => undefined,
  };
  const use = (resource: FencedResource, token: number, write: number | null, sequence = 1) => {
    sent.length = 0;
    const how = { lock: "x", mode: "exclusive", token, write, sequence } as const;
    const message = { type: "use", requestId: 1, ...how } as const;
    resource.handle({ kind: "message", from: "c1", message }, host);
    return (sent[0] as { outcome?: unknown } | undefined)?.outcome;
  };

  it("lets in no token lower than one that it has seen, even after a crash", () => {
    const resource = new FencedResource("r1");
    expect(use(resource, 33, 1)).toEqual({ kind: "accepted", value: 1 });
    expect(use(resource, 34, null)).toEqual({ kind: "accepted", value: 1 });
    expect(use(resource, 33, 2)).toEqual({ kind: "stale", highestToken: 34 });
    const again = new FencedResource("r1");
    again.handle({ kind: "start", saved: Object.fromEntries(saved) }, host);
    expect(use(again, 33, 2)).toEqual({ kind: "stale", highestToken: 34 });
    expect(use(again, 34, 5)).toEqual({ kind: "accepted", value: 5 });
  });

  it("a late copy of an earlier write under the same token does nothing", () => {
    const resource = new FencedResource("r1");
    use(resource, 1, 1, 1);
    use(resource, 1, 2, 2);
    expect(use(resource, 1, 1, 1)).toBeUndefined();
    expect(use(resource, 1, 2, 2)).toEqual({ kind: "accepted", value: 2 });
  });
});
