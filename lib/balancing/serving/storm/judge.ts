/**
 * What a balancer may not do, by a small model of its own: it counts checks, ejections and circuits
 * from the balancer's notes, and says which servers are known to be closed.
 */
import type { StormFailure } from "../../../hosts";
import type { PoolChange } from "../messages";
import type { BalancingPlan } from "./plan";

interface Sent {
  readonly server: string;
  readonly client: string;
  readonly request: number;
  /** Of the attempt, from 1. */
  readonly number: number;
}

/** What one balancer knows of one server. */
class Known {
  isDown = false;
  isEjected = false;
  isDraining = false;
  circuit = "closed";
  /** Requests since its circuit became half-open. */
  probes = 0;
  private readonly checks: boolean[] = [];

  /** Rise and fall, by the last checks; the first one counts at once. */
  checked(isGood: boolean, { rise, fall }: { rise: number; fall: number }): void {
    this.checks.push(isGood);
    const last = (count: number): boolean[] => this.checks.slice(-count);
    const isLong = (count: number): boolean => this.checks.length >= count;
    if (this.checks.length === 1) this.isDown = !isGood;
    else if (this.isDown) this.isDown = !(isLong(rise) && last(rise).every(Boolean));
    else this.isDown = isLong(fall) && last(fall).every((good) => !good);
    if (this.checks.length > 100) this.checks.splice(0, 50);
  }
}

/** One life of a balancer; who drains is known over its lives. */
export class BalancerJudge {
  private known = new Map<string, Known>();
  private requests: number[] = [];
  private retries: number[] = [];

  constructor(
    private readonly plan: BalancingPlan,
    private readonly name: string,
  ) {
    for (const server of plan.servers) this.known.set(server, new Known());
  }

  /** It was started again, and has forgotten all that it has not saved. */
  restart(): void {
    for (const [server, { isDraining }] of this.known) {
      this.known.set(server, Object.assign(new Known(), { isDraining }));
    }
    [this.requests, this.retries] = [[], []];
  }

  /** An operator's word has arrived. */
  change({ type, server }: PoolChange): void {
    if (type === "add") this.known.set(server, this.known.get(server) ?? new Known());
    const known = this.known.get(server);
    if (known !== undefined && type !== "add") known.isDraining = type === "drain";
  }

  hear(label: string, detail: unknown, nowMs: number): StormFailure | undefined {
    if (label === "sent") return this.sent(detail as Sent, nowMs);
    const { server, outcome, state } = (detail ?? {}) as Record<string, string>;
    const known = this.known.get(server ?? "");
    if (known === undefined) return undefined;
    if (label === "checked") {
      const { rise = 2, fall = 3 } = this.plan.balancer.health?.active ?? {};
      known.checked(outcome === "ok", { rise, fall });
    } else if (label === "circuit") {
      known.circuit = state as string;
      known.probes = 0;
    } else if (label === "returned") known.isEjected = false;
    else if (label === "ejected") {
      known.isEjected = true;
      return this.tooManyEjected();
    }
    return undefined;
  }

  private tooManyEjected(): StormFailure | undefined {
    const all = [...this.known.values()];
    const { maxEjectedShare = 0.1 } = this.plan.balancer.health?.outliers ?? {};
    const most = Math.max(1, Math.floor(maxEjectedShare * all.length + 1e-9));
    const count = all.filter(({ isEjected }) => isEjected).length;
    if (count <= most) return undefined;
    const detail = `${this.name} has ejected ${count} of ${all.length}, ${most} may be`;
    return { property: "tooManyEjected", detail };
  }

  private sent({ server, number }: Sent, nowMs: number): StormFailure | undefined {
    const known = this.known.get(server) as Known;
    const why = this.whyClosed(known);
    if (why !== undefined) {
      return { property: "sentToClosed", detail: `${this.name} sends to ${server}: ${why}` };
    }
    if (known.circuit === "half-open") known.probes++;
    const { probes = 3 } = this.plan.balancer.health?.circuit ?? {};
    if (known.probes > probes) {
      const detail = `${this.name} sends ${known.probes} to ${server}, half-open`;
      return { property: "tooManyProbes", detail };
    }
    return number === 1 ? void this.requests.push(nowMs) : this.retried(nowMs);
  }

  private whyClosed({ isDown, isEjected, isDraining, circuit }: Known): string | undefined {
    if (isDraining) return "it drains";
    if (circuit === "open") return "its circuit is open";
    if (this.isPanic) return undefined;
    return isDown ? "it is down" : isEjected ? "it is ejected" : undefined;
  }

  private get isPanic(): boolean {
    const staying = [...this.known.values()].filter(({ isDraining }) => !isDraining);
    const healthy = staying.filter(({ isDown, isEjected }) => !isDown && !isEjected);
    const { panicShare = 0.5 } = this.plan.balancer.health ?? {};
    return healthy.length < panicShare * staying.length;
  }

  private retried(nowMs: number): StormFailure | undefined {
    const { share = 0.2, minPerSecond = 10, ttlMs = 10_000 } = this.plan.balancer.budget ?? {};
    this.retries.push(nowMs);
    this.retries = this.retries.filter((ms) => ms > nowMs - 0.9 * ttlMs);
    this.requests = this.requests.filter((ms) => ms > nowMs - ttlMs);
    const most = share * this.requests.length + (minPerSecond * ttlMs) / 1_000;
    if (this.retries.length <= most + 1e-6) return undefined;
    const detail = `${this.name} retries ${this.retries.length} times of ${this.requests.length}`;
    return { property: "overBudget", detail };
  }
}
