/**
 * A client that has errands: each takes locks, uses what they guard, and gives them back. Renewal
 * is its leaseholder's work; when that says "lost", the errand ends there.
 *
 * Source: ours; the loop of the MIT 6.5840 lock service's clients, with a resource that is used.
 * Assumes: as `Leaseholder`. Its notes are the events of a history: invoke, ok, fail (not done),
 * info (not known), each { f, key, value }; key: the names, joined by "+".
 * Guarantees: it uses a resource only while it believes to hold the lock.
 * Cost: an acquire and a release a lock, and for each use a read and a write of the resource.
 */
import { inRange, oneOf, wholeInRange } from "../basics";
import type { Event, Host, Node, NodeId } from "../protocol";
import { Leaseholder } from "./leaseholder";
import type { LeaseOptions } from "./leaseholder";
import type { LockGroups, Leases, LeaseSignal } from "./leases";
import type { LockMessage, LockTimer, ResourceUsed } from "./messages";
import { ShardedLeaseholder } from "./sharded/sharded-leaseholder";
import type { LockMode } from "./table";

export interface LockErrand {
  readonly names: readonly string[];
  /** Default "exclusive". */
  readonly mode?: LockMode;
  /** 0: do not wait; null, the default: wait for ever. */
  readonly waitMs?: number | null;
  /** Between reading and writing what is guarded; without a resource, before the release. 0. */
  readonly holdMs?: number;
  /** Reads and writes under each of the locks; a shared holder reads twice. Default 1. */
  readonly uses?: number;
  /** Acquires the locks once more in between, and releases them twice. Default false. */
  readonly isTwice?: boolean;
  /** A shared lock is made exclusive before it is used; for errands of one name. Default false. */
  readonly isUpgraded?: boolean;
  /** An exclusive lock is made shared when it has been used, and read twice. Default false. */
  readonly isDowngraded?: boolean;
}

export interface LockClientOptions extends LeaseOptions {
  readonly errands: readonly LockErrand[];
  /** The errands are done so many times over; null: again and again. Default 1. */
  readonly rounds: number | null;
  /** Pause between errands. Default 0 ms. */
  readonly thinkMs: number;
  /** The node that is used under the locks; null: none. Default null. */
  readonly resource: NodeId | null;
  /** Servers by group, the same for all clients; null, the default: the peers are the only one. */
  readonly groups: LockGroups | null;
}

type Phase = "idle" | "acquire" | "again" | "upgrade" | "use" | "downgrade" | "release";
type ClientHost = Host<LockMessage, LockTimer>;

interface Call {
  readonly f: string;
  readonly key: string;
  readonly value: number;
}

const useRetryMs = 100;

export class LockClient implements Node<LockMessage, LockTimer> {
  readonly options: Omit<LockClientOptions, keyof LeaseOptions | "groups">;
  readonly lease: Leases;
  private position = 0;
  private phase: Phase = "idle";
  private errand: LockErrand = { names: [] };
  private label = 0;
  private call: Call | null = null;
  /** Locks of this errand that are still to be used, and to be released. */
  private toUse: string[] = [];
  private toRelease: string[] = [];
  private useNumber = 0;
  private request: Extract<LockMessage, { type: "use" }> | null = null;
  private isStarted = false;

  /** `peers`: the lock servers. Throws a RangeError for an option that is wrong. */
  constructor(
    readonly id: NodeId,
    peers: readonly NodeId[],
    options: Partial<LockClientOptions> = {},
  ) {
    const { errands = [], rounds = 1, thinkMs = 0, resource = null, groups = null } = options;
    if (rounds !== null) wholeInRange("rounds", rounds, { min: 0, max: Number.MAX_SAFE_INTEGER });
    inRange("thinkMs", thinkMs, { min: 0, max: 86_400_000 });
    for (const errand of errands) checkErrand(errand);
    this.options = { errands, rounds, thinkMs, resource };
    const isOne = groups === null;
    this.lease = isOne ? new Leaseholder(peers, options) : this.over(groups, options);
  }

  /** Planted bugs have another. */
  protected over(groups: LockGroups, options: Partial<LeaseOptions>): Leases {
    return new ShardedLeaseholder(groups, options);
  }

  handle(event: Event<LockMessage, LockTimer>, host: ClientHost): void {
    if (event.kind === "start") return this.start(event.saved, host);
    for (const signal of this.lease.react(event, host)) this.follow(signal, host);
    if (event.kind === "timer" && event.timer === "think") this.next(host);
    if (event.kind === "timer" && event.timer === "work") this.afterWork(host);
    if (event.kind === "timer" && event.timer === "use") this.sendUse(host);
    if (event.kind === "message" && event.message.type === "used") this.used(event.message, host);
  }

  private start(saved: Readonly<Record<string, unknown>>, host: ClientHost): void {
    this.position = (saved["position"] as number | undefined) ?? 0;
    this.useNumber = this.position * 1_000;
    this.lease.start(saved, host);
  }

  private follow(signal: LeaseSignal, host: ClientHost): void {
    if (signal.kind === "opened") {
      host.note("opened", { session: this.lease.session });
      if (!this.isStarted) this.next(host);
      this.isStarted = true;
    } else if (signal.kind === "closed") host.note("ended");
    else if (signal.kind === "lost") this.lost(signal, host);
    else if (signal.kind === "changed" || signal.label !== this.label) return;
    else if (signal.kind === "granted") this.granted(signal.tokens, host);
    else if (signal.kind === "denied") this.denied(signal.why, host);
    else if (signal.kind === "released") this.released(signal.left, host);
    else if (this.phase === "downgrade") this.denied(signal.kind, host);
    else if (signal.kind === "notHeld") this.released(-1, host);
  }

  /** The next errand, if there is one. */
  private next(host: ClientHost): void {
    const { errands, rounds } = this.options;
    if (this.phase !== "idle" || errands.length === 0) return;
    if (rounds !== null && this.position >= rounds * errands.length) {
      this.lease.close(host);
      return;
    }
    if (this.lease.session === null) return host.setTimer("think", 20);
    this.errand = errands[this.position % errands.length];
    host.save("position", ++this.position);
    this.phase = "acquire";
    this.acquire(host);
  }

  private acquire(host: ClientHost): void {
    const { names, mode = "exclusive", waitMs = null } = this.errand;
    this.label = this.lease.acquire(names, { mode, waitMs }, host);
    this.begin({ f: "acquire", key: names.join("+"), value: this.label }, host);
  }

  private begin(call: Call, host: ClientHost): void {
    this.call = call;
    const { mode = "exclusive" } = this.errand;
    host.note("invoke", { ...call, mode });
  }

  private end(type: "ok" | "fail" | "info", value: unknown, host: ClientHost): void {
    if (this.call !== null) host.note(type, { ...this.call, value });
    this.call = null;
  }

  private granted(tokens: Readonly<Record<string, number>>, host: ClientHost): void {
    this.end("ok", tokens, host);
    if (this.phase === "downgrade") return this.share(host);
    const { isTwice = false, isUpgraded = false, names, uses = 1 } = this.errand;
    if (this.phase === "acquire") this.toRelease = [...names];
    if (this.phase === "again") this.toRelease.push(...names);
    if (this.phase === "acquire" && isTwice) {
      this.phase = "again";
      return this.acquire(host);
    }
    if (this.phase !== "upgrade" && isUpgraded && names.length === 1) {
      this.phase = "upgrade";
      this.label = this.lease.upgrade(names[0], this.errand.waitMs ?? null, host);
      return this.begin({ f: "upgrade", key: names[0], value: this.label }, host);
    }
    this.phase = "use";
    const isUsed = this.options.resource !== null;
    this.toUse = isUsed ? Array.from({ length: uses }, () => names).flat() : [];
    if (isUsed) this.use(host);
    else if ((this.errand.holdMs ?? 0) > 0) host.setTimer("work", this.errand.holdMs ?? 0);
    else this.release(host);
  }

  private denied(why: string, host: ClientHost): void {
    this.end("fail", why, host);
    host.note("denied", why);
    if (this.phase === "acquire") this.finish(host);
    else this.release(host);
  }

  /** What was exclusive is shared: the errand goes on as one that reads. */
  private share(host: ClientHost): void {
    this.errand = { ...this.errand, mode: "shared", isUpgraded: false, isDowngraded: false };
    this.phase = "use";
    this.toUse = this.options.resource === null ? [] : [...this.errand.names];
    this.use(host);
  }

  /** Reads the next value that is guarded. */
  private use(host: ClientHost): void {
    const [lock] = this.toUse;
    const [name] = this.errand.names;
    if (lock === undefined && this.errand.isDowngraded === true && name !== undefined) {
      this.phase = "downgrade";
      this.label = this.lease.downgrade(name, host);
      return this.begin({ f: "downgrade", key: name, value: this.label }, host);
    }
    if (lock === undefined) return this.release(host);
    this.askResource(lock, null, host);
  }

  private askResource(lock: string, write: number | null, host: ClientHost): void {
    const { mode = "exclusive", isUpgraded = false } = this.errand;
    const token = this.lease.held.get(lock)?.token ?? 0;
    const requestId = ++this.useNumber;
    const writes = mode === "exclusive" || isUpgraded;
    const how = { mode: writes ? "exclusive" : "shared", sequence: requestId } as const;
    this.request = { type: "use", requestId, lock, token, ...how, write };
    this.sendUse(host);
  }

  private sendUse(host: ClientHost): void {
    if (this.request === null || this.options.resource === null) return;
    host.setTimer("use", useRetryMs);
    host.send(this.options.resource, this.request);
  }

  private used({ requestId, outcome }: ResourceUsed, host: ClientHost): void {
    if (this.request === null || requestId !== this.request.requestId) return;
    const { lock, token, write, mode } = this.request;
    this.request = null;
    host.cancelTimer("use");
    if (outcome.kind === "stale") {
      host.note("fenced", { lock, token, highestToken: outcome.highestToken });
      return this.release(host);
    }
    host.note(write === null ? "read" : "wrote", { lock, token, mode, value: outcome.value });
    this.reading = outcome.value;
    const { holdMs = 0 } = this.errand;
    if (write !== null) this.afterUse(host);
    else if (holdMs > 0) host.setTimer("work", holdMs);
    else this.afterWork(host);
  }

  private reading = 0;
  /** A shared holder's first reading, which the second has to repeat. */
  private firstReading: number | null = null;

  private afterWork(host: ClientHost): void {
    if (this.phase !== "use") return;
    const [lock] = this.toUse;
    if (lock === undefined) return this.release(host);
    const { mode = "exclusive", isUpgraded = false } = this.errand;
    if (mode === "exclusive" || isUpgraded) return this.askResource(lock, this.reading + 1, host);
    if (this.firstReading === null) {
      this.firstReading = this.reading;
      return this.askResource(lock, null, host);
    }
    const isSame = this.firstReading === this.reading;
    host.note(isSame ? "steady" : "torn", { lock, first: this.firstReading, then: this.reading });
    this.afterUse(host);
  }

  private afterUse(host: ClientHost): void {
    this.firstReading = null;
    this.toUse.shift();
    this.use(host);
  }

  private release(host: ClientHost): void {
    this.phase = "release";
    this.firstReading = null;
    const name = this.toRelease.shift();
    if (name === undefined) return this.finish(host);
    this.label = this.lease.release(name, host);
    this.begin({ f: "release", key: name, value: this.label }, host);
  }

  /** `left`: how many times the service says that it is still held; -1: it is not at all. */
  private released(left: number, host: ClientHost): void {
    const name = this.call?.key ?? "";
    const expected = this.lease.held.get(name)?.count ?? 0;
    if (left !== expected) host.note("miscounted", { name, left, expected });
    this.end("ok", left, host);
    this.release(host);
  }

  /** An errand goes on when what is gone is none of its locks. */
  private lost({ names, labels }: Extract<LeaseSignal, { kind: "lost" }>, host: ClientHost): void {
    host.note("lost", names);
    if (this.phase === "idle") return host.setTimer("think", Math.max(1, this.options.thinkMs));
    const isHit = this.toRelease.some((name) => names.includes(name));
    if (!isHit && !labels.includes(this.label)) return;
    this.end("info", undefined, host);
    for (const timer of ["work", "use"] as const) host.cancelTimer(timer);
    [this.request, this.toUse, this.firstReading] = [null, [], null];
    this.toRelease = this.toRelease.filter((name) => this.lease.held.has(name));
    this.release(host);
  }

  private finish(host: ClientHost): void {
    this.phase = "idle";
    this.label = 0;
    const { thinkMs } = this.options;
    if (thinkMs > 0 || this.lease.session === null) host.setTimer("think", Math.max(1, thinkMs));
    else this.next(host);
  }
}

/** What the service would say of it, said before anything is asked. */
function checkErrand({ names, mode = "exclusive", waitMs = null, ...errand }: LockErrand): void {
  const isNamed = Array.isArray(names) && names.length > 0 && !names.includes("");
  if (!isNamed) throw new RangeError("an errand needs the names of locks");
  oneOf("mode", mode, ["exclusive", "shared"]);
  const { holdMs = 0, uses = 1, isUpgraded = false } = errand;
  if (waitMs !== null) inRange("waitMs", waitMs, { min: 0, max: Number.MAX_SAFE_INTEGER });
  inRange("holdMs", holdMs, { min: 0, max: 86_400_000 });
  wholeInRange("uses", uses, { min: 1, max: 1_000_000 });
  if (isUpgraded && names.length > 1) throw new RangeError("an upgrade is of one lock");
}
