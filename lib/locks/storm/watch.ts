/**
 * What must hold at every event: looked at in the servers' states, in what the resource lets in,
 * and in what clients note. The first breach is kept.
 */
import type { SimulatedNote } from "../../hosts";
import type { LockServer } from "../lock-server";
import type { LockState } from "../table";

export interface LockViolation {
  readonly property:
    | "mutualExclusion"
    | "tokenReused"
    | "tokenNotRising"
    | "leaseTooShort"
    | "lostUpdate"
    | "tornRead"
    | "miscounted"
    | "notServed"
    | "differentStates"
    | "linearizability"
    | "exception";
  readonly detail: string;
}

interface Use {
  readonly lock: string;
  readonly token: number;
  readonly sequence: number;
  readonly write: number | null;
  /** The value before. A write that a crash took before it was durable was never there. */
  readonly was: number;
}

/** Of a lease, by the true clock: drift, and leaps that a leader cannot tell from time, shorten. */
const leastShare = 0.6;

type Fail = (property: LockViolation["property"], detail: string) => void;

/** Of one group of servers: what its table says after each event. */
class GroupWatch {
  /** True times of proposals, by client and stamp. */
  private readonly proposedMs = new Map<string, number>();
  private readonly holdOf = new Map<number, string>();
  private readonly sessions = new Map<
    number,
    { client: string; ttlMs: number; deadlineMs: number }
  >();
  private highestApplied = 0;
  private lastToken = 0;

  constructor(private readonly fail: Fail) {}

  proposed(client: string, stamp: number, nowMs: number): void {
    this.proposedMs.set(`${client}/${stamp}`, nowMs);
  }

  /** After an event of a server. */
  observe({ id, state, raft }: LockServer, nowMs: number): void {
    this.holds(id, state);
    if (raft.lastApplied <= this.highestApplied) return;
    this.highestApplied = raft.lastApplied;
    const { lastToken } = state;
    if (lastToken < this.lastToken) {
      this.fail("tokenNotRising", `${id} counts from ${lastToken}, after ${this.lastToken}`);
    }
    this.lastToken = lastToken;
    this.leases(state, nowMs);
  }

  private holds(id: string, state: LockState): void {
    for (const [name, { holders }] of state.locks) {
      for (const [session, { token, mode }] of holders) {
        if (mode === "exclusive" && holders.size > 1) {
          const who = [...holders.keys()].map((one) => state.sessions.get(one)?.client).join(", ");
          this.fail("mutualExclusion", `at ${id} ${name} is held by ${who}`);
        }
        const hold = `${name} by session ${session}`;
        const known = this.holdOf.get(token);
        if (known === undefined) this.holdOf.set(token, hold);
        else if (known !== hold) this.fail("tokenReused", `token ${token}: ${known}, and ${hold}`);
      }
    }
  }

  private leases(state: LockState, nowMs: number): void {
    for (const [id, { client, ttlMs, deadlineMs }] of this.sessions) {
      if (state.sessions.has(id)) continue;
      this.sessions.delete(id);
      const renewedMs = this.proposedMs.get(`${client}/${deadlineMs - ttlMs}`);
      if (deadlineMs > state.nowMs || renewedMs === undefined) continue;
      const lastedMs = nowMs - renewedMs;
      if (lastedMs >= leastShare * ttlMs) continue;
      const detail = `the session of ${client} ended ${lastedMs.toFixed(0)} ms after its renewal`;
      this.fail("leaseTooShort", `${detail}, though its lease is ${ttlMs} ms`);
    }
    for (const { id, client, ttlMs, deadlineMs } of state.sessions.values()) {
      this.sessions.set(id, { client, ttlMs, deadlineMs });
    }
  }
}

export class LockWatch {
  violation: LockViolation | undefined;
  private readonly groups = new Map<number, GroupWatch>();
  /** Whose each lock is. */
  private readonly groupOfLock = new Map<string, number>();
  private readonly lastWrites = new Map<string, Use>();

  /** `group`: that of the server which stamps. */
  proposed(client: string, stamp: number, when: { nowMs: number; group: number }): void {
    this.of(when.group).proposed(client, stamp, when.nowMs);
  }

  /** After an event of a server. */
  observe(server: LockServer, nowMs: number, group: number): void {
    this.of(group).observe(server, nowMs);
    for (const [name, { holders }] of server.state.locks) {
      const known = this.groupOfLock.get(name) ?? group;
      this.groupOfLock.set(name, known);
      if (known === group || holders.size === 0) continue;
      this.fail("mutualExclusion", `${name} is given out by group ${known} and group ${group}`);
    }
  }

  private of(group: number): GroupWatch {
    const known = this.groups.get(group);
    if (known !== undefined) return known;
    const made = new GroupWatch((property, detail) => this.fail(property, detail));
    this.groups.set(group, made);
    return made;
  }

  hear({ node, label, detail }: SimulatedNote): void {
    if (label === "accepted") this.accepted(detail as Use);
    if (label === "torn") this.fail("tornRead", `${node}: ${JSON.stringify(detail)}`);
    if (label === "miscounted") this.fail("miscounted", `${node}: ${JSON.stringify(detail)}`);
  }

  /** Each write has to follow from what is there: else what was there is lost. */
  private accepted(use: Use): void {
    const { lock, token, sequence, write, was } = use;
    const last = this.lastWrites.get(lock);
    if (write === null) return;
    if (token === last?.token && sequence === last.sequence) return;
    this.lastWrites.set(lock, use);
    if (write === was + 1) return;
    const before = `${was} was there, last written by token ${last?.token}`;
    this.fail("lostUpdate", `${lock}: ${before}, then ${write} by token ${token}`);
  }

  fail(property: LockViolation["property"], detail: string): void {
    this.violation ??= { property, detail };
  }
}
