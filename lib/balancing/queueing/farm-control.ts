/**
 * What a farm's balancer does besides picking: it ejects servers whose requests fail, and lets as
 * many of the servers work as a scaling rule wants. The others are not there, and cost nothing.
 *
 * Source: `OutlierDetection`, `Doors` and `ScalingRule` name theirs.
 */
import { inRange, onlyKnown, wholeInRange } from "../../basics";
import { Doors, OutlierDetection, ScalingRule } from "../health";
import type { OutlierOptions, ScalingRuleOptions } from "../health";
import type { Pool } from "../pool";

export interface FarmScaling {
  /** Its target: requests in flight that a server should have, in the mean. */
  readonly rule: Partial<ScalingRuleOptions> & Pick<ScalingRuleOptions, "target">;
  /** Servers at first: so many of the list's; default all. */
  readonly atFirst?: number;
  /** Between two decisions; default 15,000. */
  readonly everyMs?: number;
  /** From the decision until a new server takes requests, and is paid for; default 0. */
  readonly startMs?: number;
}

export interface FarmEjection extends Partial<OutlierOptions> {
  /** Default 0.5, as `Doors` has it. */
  readonly panicShare?: number;
}

/** How many servers were wanted from that time on. */
export interface FarmSize {
  readonly atMs: number;
  readonly servers: number;
}

export class FarmControl {
  ejections = 0;
  readonly sizes: FarmSize[] = [];
  private readonly doors: Doors;
  private readonly outliers: OutlierDetection | undefined;
  private readonly rule: ScalingRule | undefined;
  private readonly everyMs: number;
  private readonly startMs: number;
  private intervalMs = Infinity;
  private decisionMs = Infinity;
  /** Servers that were wanted and are on their way, in the order in which they come. */
  private coming: { readonly atMs: number; readonly server: number }[] = [];
  /** By server that is there: since when; and the ms of those that have left. */
  private readonly sinceMs = new Map<number, number>();
  private paidMs = 0;
  /** Requests in flight as arrivals have found them since the last decision. */
  private seen = 0;
  private arrivals = 0;

  /** Throws a RangeError for options that are wrong. */
  constructor(
    private readonly pool: Pool,
    { scaling, ejection }: { scaling?: FarmScaling; ejection?: FarmEjection },
  ) {
    const { panicShare = 0.5, ...outliers } = ejection ?? {};
    this.doors = new Doors(pool, { panicShare: ejection === undefined ? 0 : panicShare });
    if (ejection !== undefined) {
      this.outliers = new OutlierDetection(pool.size, outliers);
      this.intervalMs = this.outliers.options.intervalMs;
    }
    onlyKnown("scaling", scaling ?? {}, ["rule", "atFirst", "everyMs", "startMs"]);
    const { rule, atFirst = pool.size, everyMs = 15_000, startMs = 0 } = scaling ?? {};
    this.everyMs = inRange("everyMs", everyMs, { min: 1, max: 1e9 });
    this.startMs = inRange("startMs", startMs, { min: 0, max: 1e9 });
    wholeInRange("atFirst", atFirst, { min: 1, max: pool.size });
    for (let server = 0; server < pool.size; server++) {
      if (server < atFirst) this.sinceMs.set(server, 0);
      else pool.drain(server);
    }
    this.sizes.push({ atMs: 0, servers: atFirst });
    if (rule === undefined) return;
    const maxServers = Math.min(rule.maxServers ?? pool.size, pool.size);
    this.rule = new ScalingRule({ ...rule, maxServers });
    this.decisionMs = this.everyMs;
  }

  /** When it has something to do next; Infinity: never. */
  get nextMs(): number {
    return Math.min(this.intervalMs, this.decisionMs, this.coming[0]?.atMs ?? Infinity);
  }

  /** That time has come. */
  act(nowMs: number): void {
    if (nowMs >= this.intervalMs) this.judge(nowMs);
    if (nowMs >= this.decisionMs) this.decide(nowMs);
    while (this.coming.length > 0 && this.coming[0].atMs <= nowMs) {
      const { server } = this.coming.shift() as { server: number };
      this.sinceMs.set(server, nowMs);
      this.pool.keep(server);
      this.doors.update();
    }
  }

  arrived(): void {
    this.seen += this.pool.totalInFlight;
    this.arrivals++;
  }

  answered(server: number, kind: "ok" | "gateway", nowMs: number): void {
    if (this.outliers?.answered(server, kind, nowMs) !== undefined) this.eject(server);
    if (this.pool.isDrained(server)) this.leave(server, nowMs);
  }

  /** The balancer has noticed that a server is down, or up again. */
  notice(server: number, isUp: boolean): void {
    if (isUp) this.doors.reopen(server, "down");
    else this.doors.close(server, "down");
  }

  /** What is paid for: the ms that servers were there, summed. */
  serverMs(endMs: number): number {
    return [...this.sinceMs.values()].reduce((sum, since) => sum + endMs - since, this.paidMs);
  }

  private judge(nowMs: number): void {
    const { outliers } = this;
    if (outliers === undefined) return;
    this.intervalMs = nowMs + outliers.options.intervalMs;
    const { ejected, returned } = outliers.interval(nowMs);
    for (const server of returned) this.doors.reopen(server, "ejected");
    for (const { server } of ejected) this.eject(server);
  }

  private eject(server: number): void {
    this.ejections++;
    this.doors.close(server, "ejected");
  }

  private decide(nowMs: number): void {
    this.decisionMs = nowMs + this.everyMs;
    const { servers } = this.sizes[this.sizes.length - 1];
    const inFlight = this.arrivals === 0 ? this.pool.totalInFlight : this.seen / this.arrivals;
    [this.seen, this.arrivals] = [0, 0];
    const wanted = this.rule?.decide(servers, inFlight / servers, nowMs) ?? servers;
    if (wanted === servers) return;
    this.sizes.push({ atMs: nowMs, servers: wanted });
    for (let server = servers; server < wanted; server++) this.call(server, nowMs);
    for (let server = servers - 1; server >= wanted; server--) this.send(server, nowMs);
  }

  /** One that still drains stays at once; another has to start first. */
  private call(server: number, nowMs: number): void {
    if (!this.sinceMs.has(server)) this.coming.push({ atMs: nowMs + this.startMs, server });
    else this.pool.keep(server);
    this.doors.update();
  }

  private send(server: number, nowMs: number): void {
    const before = this.coming.length;
    this.coming = this.coming.filter((each) => each.server !== server);
    if (this.coming.length < before) return;
    this.pool.drain(server);
    this.doors.update();
    if (this.pool.isDrained(server)) this.leave(server, nowMs);
  }

  private leave(server: number, nowMs: number): void {
    const since = this.sinceMs.get(server);
    if (since === undefined) return;
    this.paidMs += nowMs - since;
    this.sinceMs.delete(server);
  }
}
