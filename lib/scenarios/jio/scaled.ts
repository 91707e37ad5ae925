/**
 * A policy over a pool that grows and shrinks with the day: every so often a rule says how many
 * servers there should be, the last ones leave by draining, and who comes back starts slowly.
 *
 * Source: Kubernetes' rule, as `ScalingRule` has it; Envoy's slow start, as `SlowStart` has it.
 * Assumes: requests come all the time, and what is in flight when they do is its mean (R. Wolff,
 * "Poisson arrivals see time averages", Operations Research 30(2), 1982).
 * Cost: O(servers) a look.
 */
import { ScalingRule, SlowStart } from "../../balancing";
import type { BalancedRequest, Policy, Pool, ProbeAnswer } from "../../balancing";

export interface ScaledOptions {
  /** Requests in flight that a server should have, in the mean. */
  readonly target: number;
  /** Between two looks. */
  readonly everyMs: number;
  /** It shrinks to the most that was wanted within so long. */
  readonly shrinkWindowMs: number;
  /** How long the ramp of a server that comes back is; 0: none. */
  readonly slowStartMs: number;
}

export class Scaled implements Policy {
  /** How many servers there were from when on. */
  readonly sizes: { readonly atMs: number; readonly servers: number }[] = [];
  private readonly rule: ScalingRule;
  private readonly slowStart: SlowStart;
  /** The order in which servers come: a round over the regions, so that none is without. */
  private readonly order: readonly number[];
  private servers: number;
  private lookedMs = 0;
  private seen = { requests: 0, inFlight: 0 };

  constructor(
    private readonly inner: Policy,
    private readonly options: ScaledOptions,
  ) {
    const { target, shrinkWindowMs, slowStartMs } = options;
    const { servers } = inner.pool;
    this.order = roundOf(servers.map(({ region = "" }) => region));
    this.servers = servers.length;
    this.sizes.push({ atMs: 0, servers: servers.length });
    const minServers = new Set(servers.map(({ region }) => region)).size;
    this.rule = new ScalingRule({ target, shrinkWindowMs, minServers, maxServers: servers.length });
    this.slowStart = new SlowStart({ windowMs: slowStartMs });
  }

  get pool(): Pool {
    return this.inner.pool;
  }

  pick(request: BalancedRequest = {}): number {
    const { nowMs = 0 } = request;
    this.seen.requests++;
    this.seen.inFlight += this.pool.totalInFlight;
    if (nowMs - this.lookedMs >= this.options.everyMs) this.look(nowMs);
    return this.inner.pick(request);
  }

  answered(server: number, latencyMs: number, nowMs: number): void {
    this.inner.answered?.(server, latencyMs, nowMs);
  }

  targets(): readonly number[] {
    return this.inner.targets?.() ?? [];
  }

  learn(answer: ProbeAnswer, nowMs: number): void {
    this.inner.learn?.(answer, nowMs);
  }

  private look(nowMs: number): void {
    const { requests, inFlight } = this.seen;
    const wanted = this.rule.decide(this.servers, inFlight / requests / this.servers, nowMs);
    for (const server of this.order.slice(wanted, this.servers)) this.pool.drain(server);
    for (const server of this.order.slice(this.servers, wanted)) {
      this.pool.keep(server);
      if (this.options.slowStartMs > 0) this.slowStart.start(this.pool, server, nowMs);
    }
    this.slowStart.update(this.pool, nowMs);
    if (wanted !== this.servers) this.sizes.push({ atMs: nowMs, servers: wanted });
    this.servers = wanted;
    this.lookedMs = nowMs;
    this.seen = { requests: 0, inFlight: 0 };
  }
}

/** The first of each region, then the second of each, and so on. */
function roundOf(regions: readonly string[]): number[] {
  const ranks = regions.map(
    (region, at) => regions.slice(0, at).filter((r) => r === region).length,
  );
  return [...regions.keys()].sort((left, right) => ranks[left] - ranks[right] || left - right);
}
