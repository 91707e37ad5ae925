/**
 * A client that holds a lock while a majority of independent instances says so and the clock says
 * that time is left; it reads and writes a resource under it, again and again.
 *
 * Source: S. Sanfilippo, "Distributed Locks with Redis", redis.io, "The Redlock algorithm": take
 * the time, ask all instances, count, and subtract what it took and a drift of 1 % and 2 ms.
 * Assumes: pauses, delays and clock jumps are small against the lease. Nothing checks that.
 * Guarantees: under that, one holder at a time. There is no number that rises with every holder,
 * so that a resource could not tell an old holder from a new one: the value is random.
 * Cost: 2n messages to acquire, n to release. Notes: "acquired", "gaveUp", "wrote", "ended".
 */
import { inRange, wholeInRange } from "../../basics";
import type { Event, Host, Node, NodeId } from "../../protocol";
import type { RedlockMessage, RedlockTimer } from "./redlock-instance";

export interface RedlockClientOptions {
  readonly ttlMs: number;
  /** An attempt ends after so long, whoever has answered; far below the lease. Default 50 ms. */
  readonly askMs: number;
  /** The longest random pause before the next attempt. Default 100 ms. */
  readonly retryMs: number;
  /** Between reading the resource and writing it. Default 30 ms. */
  readonly holdMs: number;
  /** Of locks held and used; default 10. */
  readonly uses: number;
  readonly resource: NodeId;
}

const defaults: RedlockClientOptions = {
  ttlMs: 1_000,
  askMs: 50,
  retryMs: 100,
  holdMs: 30,
  uses: 10,
  resource: "r1",
};

type ClientHost = Host<RedlockMessage, RedlockTimer>;

export class RedlockClient implements Node<RedlockMessage, RedlockTimer> {
  readonly options: RedlockClientOptions;
  private attempt = 0;
  private done = 0;
  private startedMs = 0;
  private readonly granted = new Set<NodeId>();
  /** By the own clock: until then the lock counts as held. */
  private validUntilMs: number | null = null;
  private request: Extract<RedlockMessage, { type: "use" }> | null = null;
  private reading = 0;

  /** `peers`: the instances. Throws a RangeError for an option that is wrong. */
  constructor(
    readonly id: NodeId,
    private readonly peers: readonly NodeId[],
    options: Partial<RedlockClientOptions> = {},
  ) {
    if (peers.length === 0) throw new RangeError("a Redlock client needs instances");
    this.options = { ...defaults, ...options };
    inRange("holdMs", this.options.holdMs, { min: 0, max: 3_600_000 });
    wholeInRange("uses", this.options.uses, { min: 0, max: 1_000_000 });
    for (const name of ["ttlMs", "askMs", "retryMs"] as const) {
      inRange(name, this.options[name], { min: 1, max: 3_600_000 });
    }
  }

  handle(event: Event<RedlockMessage, RedlockTimer>, host: ClientHost): void {
    if (event.kind === "start") return this.again(host);
    if (event.kind === "timer") return this.ring(event.timer, host);
    const { message, from } = event;
    if (message.type === "set" && message.requestId === this.attempt && message.isSet) {
      this.granted.add(from);
      if (this.granted.size === this.peers.length) this.count(host);
    }
    if (message.type === "used" && message.requestId === this.request?.requestId) {
      this.used(message.outcome.kind === "accepted" ? message.outcome.value : null, host);
    }
  }

  private ring(timer: RedlockTimer, host: ClientHost): void {
    if (timer === "again") this.ask(host);
    if (timer === "giveUp") this.count(host);
    if (timer === "work") this.write(host);
    if (timer === "use") this.sendUse(host);
  }

  private again(host: ClientHost): void {
    host.setTimer("again", 1 + host.random() * this.options.retryMs);
  }

  private get value(): string {
    return `${this.id}/${this.attempt}`;
  }

  private ask(host: ClientHost): void {
    this.attempt++;
    this.startedMs = host.nowMs;
    this.granted.clear();
    host.setTimer("giveUp", this.options.askMs);
    const { ttlMs } = this.options;
    const body = { key: "lock", value: this.value, ttlMs, requestId: this.attempt };
    for (const instance of this.peers) host.send(instance, { type: "setIfAbsent", ...body });
  }

  /** Majority and time left, or nothing: then what was given goes back, and chance decides when. */
  private count(host: ClientHost): void {
    if (this.validUntilMs !== null) return;
    host.cancelTimer("giveUp");
    const { ttlMs } = this.options;
    const leftMs = ttlMs - (host.nowMs - this.startedMs) - (0.01 * ttlMs + 2);
    if (this.granted.size < Math.floor(this.peers.length / 2) + 1 || leftMs <= 0) {
      host.note("gaveUp");
      this.giveBack(host);
      return this.again(host);
    }
    this.validUntilMs = host.nowMs + leftMs;
    host.note("acquired", { value: this.value });
    this.use(null, host);
  }

  private use(write: number | null, host: ClientHost): void {
    const sequence = 2 * this.attempt + (write === null ? 0 : 1);
    const how = { lock: "lock", token: 0, mode: "exclusive", sequence, write } as const;
    this.request = { type: "use", requestId: sequence, ...how };
    this.sendUse(host);
  }

  /** Only while the lock is valid: nothing else can be checked. */
  private sendUse(host: ClientHost): void {
    if (this.request === null) return;
    if (host.nowMs >= (this.validUntilMs ?? 0)) return this.end(host);
    host.setTimer("use", this.options.askMs);
    host.send(this.options.resource, this.request);
  }

  private used(value: number | null, host: ClientHost): void {
    const isWrite = this.request?.write !== null;
    this.request = null;
    host.cancelTimer("use");
    if (value === null) return this.end(host);
    this.reading = value;
    if (!isWrite) return host.setTimer("work", this.options.holdMs);
    host.note("wrote", { lock: "lock", token: 0, value });
    this.done++;
    this.end(host);
  }

  private write(host: ClientHost): void {
    if (host.nowMs < (this.validUntilMs ?? 0)) this.use(this.reading + 1, host);
    else this.end(host);
  }

  private end(host: ClientHost): void {
    this.giveBack(host);
    this.validUntilMs = null;
    this.request = null;
    if (this.done < this.options.uses) this.again(host);
    else host.note("ended");
  }

  private giveBack(host: ClientHost): void {
    const { value } = this;
    for (const instance of this.peers)
      host.send(instance, { type: "deleteIfOwn", key: "lock", value });
  }
}
