/** The back ends of a proxy by number, as its pool, its policy and their health know them. */
import { InputError } from "../../basics";
import { ServerHealth } from "../health";
import type { AnswerKind } from "../health";
import type { Policy } from "../policy";
import { Pool } from "../pool";
import { BackEnd } from "./back-end";
import { isWell } from "./check";
import type { Attempt, Outcome } from "./exchange";
import { valueOf } from "./http/fields";
import type { RequestHead } from "./http/request-head";
import { checkedPlace } from "./options";
import type { BackEndPlace, ProxyOptions } from "./options";
import { policyOf } from "./policy-names";
import { Tally } from "./tally";
import type { BackEndMetrics } from "./tally";

export interface Wanted {
  readonly head: RequestHead;
  readonly address: string;
  /** The servers that have failed it. */
  readonly tried: readonly number[];
}

interface Member {
  readonly backEnd: BackEnd;
  readonly tally: Tally;
  /** Called when nothing is in flight any more. */
  readonly onDrained: (() => void)[];
}

export class BackEnds {
  private readonly pool: Pool;
  private readonly policy: Policy;
  private readonly health: ServerHealth;
  private readonly members: Member[];
  private readonly keyHeader: string;
  /** When the next active checks and the next look at rates are due. */
  private checkMs = 0;
  private intervalMs: number;

  constructor(
    private readonly options: ProxyOptions,
    private readonly nowMs: () => number,
  ) {
    const places = options.backEnds.map(checkedPlace);
    this.pool = new Pool(places);
    this.policy = policyOf(options.policy, this.pool);
    // Without a ramp unless one is asked for: each of its steps makes policies work anew.
    this.health = new ServerHealth(this.pool, { slowStart: { windowMs: 0 }, ...options.health });
    this.intervalMs = nowMs() + this.health.outliers.options.intervalMs;
    this.members = places.map((place) => this.memberOf(place));
    this.keyHeader = options.key.replace(/^header:/, "").toLowerCase();
  }

  private memberOf(place: Required<BackEndPlace>): Member {
    const backEnd = new BackEnd(place, this.options, this.nowMs);
    return { backEnd, tally: new Tally(), onDrained: [] };
  }

  /** One more, or one that has left; open at once. Throws a RangeError for an id that is taken. */
  add(given: BackEndPlace): void {
    const place = checkedPlace(given);
    const server = this.pool.indexOf(place.id);
    if (server !== undefined && this.pool.isDraining(server)) return this.takeBack(server, place);
    this.health.add(place, performance.now());
    this.members.push(this.memberOf(place));
  }

  private takeBack(server: number, { id, host, port, weight }: Required<BackEndPlace>): void {
    const { backEnd } = this.members[server];
    if (backEnd.host !== `${host}:${port}`) {
      throw new InputError(`${id} was at ${backEnd.host}: at ${host}:${port} it needs a new id`);
    }
    backEnd.reopen();
    this.pool.setWeight(server, weight);
    this.health.keep(server);
  }

  /** It gets no new requests; resolves when the last one is answered. */
  async drain(id: string): Promise<void> {
    const server = this.pool.indexOf(id);
    if (server === undefined) throw new InputError(`no back end is called "${id}"`);
    const { backEnd, onDrained } = this.members[server];
    this.health.drain(server);
    backEnd.close();
    if (this.pool.inFlight[server] === 0) return;
    await new Promise<void>((drained) => onDrained.push(drained));
  }

  /** For one attempt, counted as sent; undefined when none is open. */
  choose({ head, address, tried }: Wanted): Attempt | undefined {
    const startMs = performance.now();
    const { region } = this.options;
    const request = { key: this.keyOf(head, address), region, nowMs: startMs };
    // Without a permit its circuit closes the door, and the next pick is another server.
    for (let rest = this.pool.open.length; rest > 0; rest--) {
      const picked = this.policy.pick(request);
      if (picked < 0) return undefined;
      const server = tried.includes(picked) ? this.otherThan(tried, picked) : picked;
      const permit = this.health.permit(server, startMs);
      if (permit === undefined) continue;
      this.pool.send(server);
      const { backEnd, tally } = this.members[server];
      tally.requests++;
      return { server, backEnd, permit, startMs, status: 0, latencyMs: 0 };
    }
    return undefined;
  }

  private keyOf({ target, fields }: RequestHead, address: string): string {
    const { key } = this.options;
    if (key === "client") return address;
    if (key !== "path") return valueOf(fields, this.keyHeader) ?? "";
    const query = target.indexOf("?");
    return query < 0 ? target : target.slice(0, query);
  }

  /** Of those that have not failed, the one with the fewest in flight; else what was picked. */
  private otherThan(tried: readonly number[], picked: number): number {
    const { open, inFlight } = this.pool;
    let best = picked;
    for (const server of open) {
      if (tried.includes(server)) continue;
      if (best === picked || inFlight[server] < inFlight[best]) best = server;
    }
    return best;
  }

  ended(attempt: Attempt, outcome: Outcome): void {
    const { server, status, permit, latencyMs } = attempt;
    const { tally, onDrained } = this.members[server];
    const nowMs = performance.now();
    this.pool.end(server);
    if (outcome === "answered") {
      this.policy.answered?.(server, latencyMs, nowMs);
      tally.answered(status, latencyMs);
    } else tally.failed(outcome);
    const kind = kindOf(outcome, status);
    if (kind === undefined) this.health.circuit(server).ended(permit, "cancelled", nowMs);
    else this.health.ended(server, { permit, kind, nowMs });
    if (onDrained.length === 0 || this.pool.inFlight[server] > 0) return;
    for (const drained of onDrained.splice(0)) drained();
  }

  sweep(nowMs: number): void {
    const { health, members, options } = this;
    for (const [server, { backEnd }] of members.entries()) {
      backEnd.sweep(nowMs);
      health.look(server, nowMs);
    }
    health.ramp(nowMs);
    if (nowMs >= this.intervalMs) {
      this.intervalMs = nowMs + health.outliers.options.intervalMs;
      health.interval(nowMs);
    }
    if (options.checkPath === "" || nowMs < this.checkMs) return;
    this.checkMs = nowMs + health.active.options.intervalMs;
    for (const server of members.keys()) void this.check(server);
  }

  private async check(server: number): Promise<void> {
    if (this.pool.isDrained(server)) return;
    const { host, port } = this.members[server].backEnd.place;
    const { timeoutMs } = this.health.active.options;
    const isUp = await isWell({ host, port, path: this.options.checkPath, timeoutMs });
    this.health.checked(server, isUp ? "ok" : "failed", performance.now());
  }

  close(): void {
    for (const { backEnd } of this.members) backEnd.close();
  }

  get metrics(): Record<string, BackEndMetrics> {
    const { pool, health } = this;
    const all = this.members.map(({ backEnd, tally }, server) => {
      const isOpen = pool.isOpen(server);
      const state = pool.isDraining(server) ? "draining" : isOpen ? "open" : "closed";
      const [weight, inFlight] = [pool.weights[server], pool.inFlight[server]];
      const closedBy = health.doors.closedBy(server);
      const now = { state, closedBy, weight, inFlight, connections: backEnd.connections };
      return [backEnd.id, { ...now, ...tally.metrics }];
    });
    return Object.fromEntries(all) as Record<string, BackEndMetrics>;
  }
}

/** What an attempt says of its server; undefined: nothing. */
function kindOf(outcome: Outcome, status: number): AnswerKind | undefined {
  if (outcome === "answered") return status < 500 ? "ok" : "error";
  return outcome === "abandoned" || outcome === "crowded" ? undefined : "gateway";
}
