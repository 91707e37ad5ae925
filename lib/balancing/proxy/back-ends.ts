/** The back ends of a proxy by number, as its pool and its policy know them. */
import { InputError } from "../../basics";
import type { Policy } from "../policy";
import { Pool } from "../pool";
import { BackEnd } from "./back-end";
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
  isDraining: boolean;
  /** Called when nothing is in flight any more. */
  onDrained: (() => void)[];
}

export class BackEnds {
  readonly pool: Pool;
  private readonly policy: Policy;
  private readonly members: Member[];
  private readonly keyHeader: string;

  constructor(
    private readonly options: ProxyOptions,
    private readonly nowMs: () => number,
  ) {
    const places = options.backEnds.map(checkedPlace);
    this.pool = new Pool(places);
    this.policy = policyOf(options.policy, this.pool);
    this.members = places.map((place) => this.memberOf(place));
    this.keyHeader = options.key.replace(/^header:/, "").toLowerCase();
  }

  private memberOf(place: Required<BackEndPlace>): Member {
    const backEnd = new BackEnd(place, this.options, this.nowMs);
    return { backEnd, tally: new Tally(), isDraining: false, onDrained: [] };
  }

  /** One more, open at once. Throws a RangeError for an id that is taken. */
  add(given: BackEndPlace): void {
    const place = checkedPlace(given);
    this.pool.add(place);
    this.members.push(this.memberOf(place));
  }

  /** It gets no new requests; resolves when the last one is answered. */
  async drain(id: string): Promise<void> {
    const server = this.serverOf(id);
    const member = this.members[server];
    member.isDraining = true;
    this.pool.setOpen(server, false);
    member.backEnd.close();
    if (this.pool.inFlight[server] === 0) return;
    await new Promise<void>((drained) => member.onDrained.push(drained));
  }

  /** It gets requests again. */
  restore(id: string): void {
    const server = this.serverOf(id);
    const member = this.members[server];
    member.isDraining = false;
    member.backEnd.reopen();
    this.pool.setOpen(server, true);
  }

  private serverOf(id: string): number {
    const server = this.pool.indexOf(id);
    if (server === undefined) throw new InputError(`no back end is called "${id}"`);
    return server;
  }

  /** For one attempt, counted as sent; undefined when none is open. */
  choose({ head, address, tried }: Wanted): Attempt | undefined {
    const startMs = performance.now();
    const picked = this.policy.pick({ key: this.keyOf(head, address), nowMs: startMs });
    if (picked < 0) return undefined;
    const server = tried.includes(picked) ? this.otherThan(tried, picked) : picked;
    this.pool.send(server);
    const { backEnd, tally } = this.members[server];
    tally.requests++;
    return { server, backEnd, startMs, status: 0, latencyMs: 0 };
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
    const { server, status, latencyMs } = attempt;
    const member = this.members[server];
    this.pool.end(server);
    if (outcome === "answered") {
      this.policy.answered?.(server, latencyMs, performance.now());
      member.tally.answered(status, latencyMs);
    } else member.tally.failed(outcome);
    if (member.onDrained.length === 0 || this.pool.inFlight[server] > 0) return;
    for (const drained of member.onDrained.splice(0)) drained();
  }

  sweep(nowMs: number): void {
    for (const { backEnd } of this.members) backEnd.sweep(nowMs);
  }

  close(): void {
    for (const { backEnd } of this.members) backEnd.close();
  }

  get metrics(): Record<string, BackEndMetrics> {
    const all = this.members.map(({ backEnd, tally, isDraining }, server) => {
      const state = isDraining ? "draining" : this.pool.isOpen(server) ? "open" : "closed";
      const { weights, inFlight } = this.pool;
      const now = { state, weight: weights[server], inFlight: inFlight[server] } as const;
      return [backEnd.id, { ...now, connections: backEnd.connections, ...tally.metrics }];
    });
    return Object.fromEntries(all) as Record<string, BackEndMetrics>;
  }
}
