/**
 * Sessions with several groups of lock servers that look like one: each lock is in the group that
 * the hash of its name says, so that locks add up over leaders, and a group that has none stops
 * its own locks only.
 *
 * Source: ours; the order of E. Coffman and others, "System deadlocks", Computing Surveys 1971,
 * condition 4. Chubby has a cell for each data centre, and clients that know which.
 * Assumes: as `Leaseholder`, for each group; all clients have the same list of groups.
 * Guarantees: as one group for each lock; tokens rise from holder to holder of one lock. Nobody
 * waits for ever in a group below one of which it holds a lock, so that no circle spans groups:
 * such a claim is tried only. Circles within a group are seen by its table.
 * Cost: a session, and its renewals, with each group; a batch takes a round trip a group.
 */
import type { Event } from "../../protocol";
import { Leaseholder } from "../leaseholder";
import type { LeaseOptions } from "../leaseholder";
import type { Asking, Held, LeaseHost, Leases, LeaseSignal, LockGroups, Signals } from "../leases";
import type { LockMessage, LockTimer } from "../messages";
import type { Tokens } from "../table";
import { eventFor, groupOf, hostFor, partsOf, savedBy } from "./groups";
import type { Part } from "./groups";

/** An acquire or an upgrade; one is under way at a time. */
interface ShardedClaim {
  readonly label: number;
  readonly asking: Asking;
  readonly isUpgrade: boolean;
  readonly parts: readonly Part[];
  /** Parts before this one are taken. */
  next: number;
  tokens: Tokens;
  /** By the own clock, from when it was begun; null: it waits for ever. */
  endMs: number | null;
  /** Of the part that is asked for: the group's label; null: none is. */
  asked: number | null;
  /** Withdrawn after a loss: what comes of it is given back. */
  isOver: boolean;
}

type Lost = Extract<LeaseSignal, { kind: "lost" }>;

const numbersPerLife = 2 ** 20;

export class ShardedLeaseholder implements Leases {
  private readonly leases: readonly Leaseholder[];
  private number = 0;
  private claim: ShardedClaim | null = null;
  private readonly claims: ShardedClaim[] = [];
  /** What else was asked: our label by group and the group's. */
  private readonly labels = new Map<string, number>();
  private isOpened = false;
  /** Groups that were asked to close, and those that have. */
  private readonly closing = new Set<number>();
  private readonly closed = new Set<number>();

  /** At least one group of at least one server. Throws a RangeError for a wrong option. */
  constructor(
    private readonly groups: LockGroups,
    options: Partial<LeaseOptions> = {},
  ) {
    if (groups.length === 0) throw new RangeError("a leaseholder needs a group of servers");
    this.leases = groups.map((servers) => new Leaseholder(servers, options));
  }

  get held(): ReadonlyMap<string, Held> {
    return new Map(this.leases.flatMap(({ held }) => [...held]));
  }

  get session(): number | null {
    return this.leases.find(({ session }) => session !== null)?.session ?? null;
  }

  start(saved: Readonly<Record<string, unknown>>, host: LeaseHost): void {
    const life = ((saved["life"] as number | undefined) ?? 0) + 1;
    host.save("life", life);
    this.number = life * numbersPerLife;
    this.leases.forEach((lease, group) => {
      lease.start(savedBy(group, saved), hostFor(group, host));
    });
  }

  acquire(names: readonly string[], asking: Asking, host: LeaseHost): number {
    const parts = this.ordered([...new Set(names)]);
    return this.queue({ asking, parts, isUpgrade: false }, host);
  }

  upgrade(name: string, waitMs: number | null, host: LeaseHost): number {
    const asking = { mode: "exclusive", waitMs } as const;
    return this.queue({ asking, parts: this.ordered([name]), isUpgrade: true }, host);
  }

  downgrade(name: string, host: LeaseHost): number {
    return this.ask(name, (lease, own) => lease.downgrade(name, own), host);
  }

  release(name: string, host: LeaseHost): number {
    return this.ask(name, (lease, own) => lease.release(name, own), host);
  }

  watch(name: string, host: LeaseHost): number {
    return this.ask(name, (lease, own) => lease.watch(name, own), host);
  }

  close(host: LeaseHost): void {
    this.leases.forEach((lease, group) => {
      if (this.closing.has(group)) return;
      this.closing.add(group);
      lease.close(hostFor(group, host));
    });
  }

  /** Each group's session looks at its lease, and the one concerned at the event. */
  react(event: Event<LockMessage, LockTimer>, host: LeaseHost): Signals {
    return this.leases.flatMap((lease, group) => {
      const [own, around] = [eventFor(group, this.groups, event), hostFor(group, host)];
      const heard = own === undefined ? lease.expire(around) : lease.react(own, around);
      return heard.flatMap((signal) => this.follow(group, signal, host));
    });
  }

  /** Planted bugs have another order, or other groups. */
  protected ordered(names: readonly string[]): Part[] {
    return partsOf(names, this.groups.length);
  }

  private ask(
    name: string,
    how: (lease: Leaseholder, own: LeaseHost) => number,
    host: LeaseHost,
  ): number {
    const group = this.ordered([name])[0]?.group ?? groupOf(name, this.groups.length);
    const label = how(this.leases[group], hostFor(group, host));
    this.labels.set(`${group}/${label}`, ++this.number);
    return this.number;
  }

  private queue(
    wish: Pick<ShardedClaim, "asking" | "parts" | "isUpgrade">,
    host: LeaseHost,
  ): number {
    const label = ++this.number;
    const fresh = { next: 0, tokens: {}, endMs: null, asked: null, isOver: false };
    this.claims.push({ ...wish, ...fresh, label });
    this.begin(host);
    return label;
  }

  private begin(host: LeaseHost): void {
    if (this.claim !== null) return;
    this.claim = this.claims.shift() ?? null;
    const { claim } = this;
    if (claim === null) return;
    const { waitMs } = claim.asking;
    claim.endMs = waitMs === null ? null : host.nowMs + waitMs;
    this.askPart(claim, host);
  }

  private askPart(claim: ShardedClaim, host: LeaseHost): void {
    const { group, names } = claim.parts[claim.next];
    const [lease, own] = [this.leases[group], hostFor(group, host)];
    const waitMs = this.waitOf(claim, group, host.nowMs);
    if (claim.isUpgrade) claim.asked = lease.upgrade(names[0], waitMs, own);
    else claim.asked = lease.acquire(names, { mode: claim.asking.mode, waitMs }, own);
  }

  /** Planted bugs wait where this one only tries. */
  protected waitOf({ asking, endMs }: ShardedClaim, group: number, nowMs: number): number | null {
    if (endMs !== null) return Math.max(0, Math.min(asking.waitMs ?? 0, endMs - nowMs));
    const isBelow = this.leases.some(({ held }, at) => at > group && held.size > 0);
    return isBelow ? 0 : null;
  }

  /** What a session's signal means for the whole. */
  private follow(group: number, signal: LeaseSignal, host: LeaseHost): Signals {
    if (signal.kind === "changed") return [signal];
    if (signal.kind === "lost") return this.lost(group, signal, host);
    if (signal.kind === "opened") return this.opened();
    if (signal.kind === "closed") return this.hasClosed(group);
    const { claim } = this;
    const isOfClaim = claim !== null && claim.parts[claim.next]?.group === group;
    if (isOfClaim && signal.label === claim.asked) return this.advance(claim, signal, host);
    if (isOfClaim && signal.kind === "withdrawn") return this.end(host);
    const key = `${group}/${signal.label}`;
    const label = this.labels.get(key);
    if (label === undefined) return [];
    if (signal.kind !== "queued") this.labels.delete(key);
    return [{ ...signal, label }];
  }

  private opened(): Signals {
    if (this.isOpened) return [];
    this.isOpened = true;
    return [{ kind: "opened" }];
  }

  private hasClosed(group: number): Signals {
    this.closed.add(group);
    return this.closed.size === this.leases.length ? [{ kind: "closed" }] : [];
  }

  /** The part that was asked for has an answer. */
  private advance(claim: ShardedClaim, signal: LeaseSignal, host: LeaseHost): Signals {
    const { label } = claim;
    if (signal.kind === "queued") return claim.isOver ? [] : [{ ...signal, label }];
    if (signal.kind !== "granted") {
      if (!claim.isOver) this.giveBack(claim, host);
      this.end(host);
      return claim.isOver || !("label" in signal) ? [] : [{ ...signal, label }];
    }
    claim.tokens = { ...claim.tokens, ...signal.tokens };
    claim.next++;
    claim.asked = null;
    if (claim.isOver) {
      this.giveBack({ ...claim, parts: claim.parts.slice(claim.next - 1), next: 1 }, host);
      return this.end(host);
    }
    if (claim.next < claim.parts.length) {
      this.askPart(claim, host);
      return [];
    }
    this.end(host);
    return [{ kind: "granted", label, tokens: claim.tokens }];
  }

  /** The claim under way is over: the next one. */
  private end(host: LeaseHost): [] {
    this.claim = null;
    this.begin(host);
    return [];
  }

  /** What a claim has taken that it cannot have as a whole. */
  protected giveBack({ parts, next, isUpgrade }: ShardedClaim, host: LeaseHost): void {
    if (isUpgrade) return;
    for (const name of parts.slice(0, next).flatMap(({ names }) => names)) {
      if (this.held.has(name)) this.release(name, host);
    }
  }

  private lost(group: number, { names, labels }: Lost, host: LeaseHost): Signals {
    this.closing.delete(group);
    const own = labels.flatMap((label) => this.labels.get(`${group}/${label}`) ?? []);
    for (const label of labels) this.labels.delete(`${group}/${label}`);
    return [{ kind: "lost", names, labels: [...own, ...this.lostClaim(group, labels, host)] }];
  }

  /** A claim that has, or waits for, a lock of the lost session is over as a whole. */
  private lostClaim(group: number, labels: readonly number[], host: LeaseHost): number[] {
    const { claim } = this;
    if (claim === null) return [];
    const { parts, next, asked, label, isOver } = claim;
    const isWaiting = parts[next]?.group === group && labels.includes(asked ?? 0);
    const isTaken = parts.slice(0, next).some((part) => part.group === group);
    if (!isWaiting && (!isTaken || isOver)) return [];
    if (!isOver) this.giveBack(claim, host);
    claim.isOver = true;
    if (isWaiting) this.end(host);
    else this.leases[parts[next].group].withdraw(asked ?? 0, hostFor(parts[next].group, host));
    return isOver ? [] : [label];
  }
}
