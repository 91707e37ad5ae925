/**
 * All that a balancer knows of its servers' health, in one: active checks, ejection, a circuit for
 * each server, and a slow start for those that come back. It opens and closes the pool's doors, and
 * says what has changed, for whoever tells the story or sets timers.
 *
 * Source: each part names its own; which of them may overrule another is in `doors.ts`.
 * Assumes: the caller checks every `active.options.intervalMs`, calls `interval` every
 * `outliers.options.intervalMs`, `look` when a circuit's `openMs` are over, and `ramp` now and then
 * while it returns more than 0. Time is passed in and never runs back.
 * Guarantees: a server that somebody has closed is not open in the pool, but in panic.
 */
import { onlyKnown } from "../../basics";
import type { Pool, Server } from "../pool";
import { ActiveHealth } from "./active-health";
import type { ActiveHealthOptions } from "./active-health";
import { CircuitBreaker } from "./circuit-breaker";
import type { CircuitBreakerOptions, CircuitState } from "./circuit-breaker";
import { Doors } from "./doors";
import { OutlierDetection } from "./outlier-detection";
import type { AnswerKind, Ejection } from "./outlier-detection";
import type { OutlierOptions } from "./outlier-options";
import { SlowStart } from "./slow-start";
import type { SlowStartOptions } from "./slow-start";

export interface ServerHealthOptions {
  readonly active: Partial<ActiveHealthOptions>;
  readonly outliers: Partial<OutlierOptions>;
  readonly circuit: Partial<CircuitBreakerOptions>;
  readonly slowStart: Partial<SlowStartOptions>;
  /** See `Doors`; default 0.5. */
  readonly panicShare: number;
}

export type HealthNews =
  | { readonly kind: "down" | "up" | "returned"; readonly server: number }
  | ({ readonly kind: "ejected" } & Ejection)
  | { readonly kind: "circuit"; readonly server: number; readonly state: CircuitState }
  | { readonly kind: "panic" | "calm" };

const names = ["active", "outliers", "circuit", "slowStart", "panicShare"];

export class ServerHealth {
  readonly active: ActiveHealth;
  readonly outliers: OutlierDetection;
  readonly doors: Doors;
  readonly slowStart: SlowStart;
  private readonly circuits: CircuitBreaker[];
  /** As it was told last. */
  private readonly states: CircuitState[];
  private wasPanic = false;

  /** Throws a RangeError for options that are wrong. */
  constructor(
    readonly pool: Pool,
    private readonly options: Partial<ServerHealthOptions> = {},
  ) {
    onlyKnown("ServerHealth", options, names);
    this.active = new ActiveHealth(options.active);
    this.outliers = new OutlierDetection(pool.size, options.outliers);
    this.slowStart = new SlowStart(options.slowStart);
    this.doors = new Doors(pool, { panicShare: options.panicShare ?? 0.5 });
    this.circuits = pool.servers.map(() => new CircuitBreaker(options.circuit));
    this.states = pool.servers.map(() => "closed");
  }

  circuit(server: number): CircuitBreaker {
    return this.circuits[server];
  }

  /** One server more, open and on its ramp at once. Returns its index. */
  add(server: Server, nowMs: number): number {
    const index = this.pool.add(server);
    this.outliers.add();
    this.circuits.push(new CircuitBreaker(this.options.circuit));
    this.states.push("closed");
    this.slowStart.start(this.pool, index, nowMs);
    this.doors.update();
    return index;
  }

  drain(server: number): HealthNews[] {
    this.pool.drain(server);
    this.doors.update();
    return this.mood();
  }

  keep(server: number): HealthNews[] {
    this.pool.keep(server);
    this.doors.update();
    return this.mood();
  }

  /** The outcome of an active check. */
  checked(server: number, outcome: "ok" | "failed", nowMs: number): HealthNews[] {
    const kind = this.active.checked(server, outcome);
    if (kind === undefined) return [];
    if (kind === "down") this.doors.close(server, "down");
    else this.reopen(server, "down", nowMs);
    return [{ kind, server }, ...this.mood()];
  }

  /** The permit for a request to a server that was picked, for `ended`. */
  permit(server: number, nowMs: number): number | undefined {
    const permit = this.circuits[server].permit(nowMs);
    this.setTripped(server, nowMs);
    return permit;
  }

  /** How a request has ended. */
  ended(
    server: number,
    { permit, kind, nowMs }: { permit: number; kind: AnswerKind; nowMs: number },
  ): HealthNews[] {
    const circuit = this.circuits[server];
    circuit.ended(permit, kind === "ok" ? "ok" : "failed", nowMs);
    const ejection = this.outliers.answered(server, kind, nowMs);
    return [...this.look(server, nowMs), ...this.eject(ejection), ...this.mood()];
  }

  /** Sees whether a circuit that was open has become half-open. */
  look(server: number, nowMs: number): HealthNews[] {
    const state = this.circuits[server].stateAt(nowMs);
    this.setTripped(server, nowMs);
    if (state === this.states[server]) return [];
    this.states[server] = state;
    return [{ kind: "circuit", server, state }];
  }

  /** Ejects by the rates of an interval, and takes back those whose time is over. */
  interval(nowMs: number): HealthNews[] {
    const { ejected, returned } = this.outliers.interval(nowMs);
    for (const server of returned) this.reopen(server, "ejected", nowMs);
    const back = returned.map((server) => ({ kind: "returned", server }) as const);
    return [...back, ...ejected.flatMap((each) => this.eject(each)), ...this.mood()];
  }

  /** Weights as slow start has them now. Returns how many servers still have less than theirs. */
  ramp(nowMs: number): number {
    return this.slowStart.update(this.pool, nowMs);
  }

  private eject(ejection: Ejection | undefined): HealthNews[] {
    if (ejection === undefined) return [];
    this.doors.close(ejection.server, "ejected");
    return [{ kind: "ejected", ...ejection }];
  }

  private reopen(server: number, by: "down" | "ejected", nowMs: number): void {
    this.doors.reopen(server, by);
    if (this.doors.isHealthy(server)) this.slowStart.start(this.pool, server, nowMs);
  }

  private setTripped(server: number, nowMs: number): void {
    if (this.circuits[server].hasRoom(nowMs)) this.doors.reopen(server, "tripped");
    else if (!this.doors.closedBy(server).includes("tripped")) this.doors.close(server, "tripped");
  }

  /** Whether panic has begun or ended. */
  private mood(): HealthNews[] {
    const { isPanic } = this.doors;
    if (isPanic === this.wasPanic) return [];
    this.wasPanic = isPanic;
    return [{ kind: isPanic ? "panic" : "calm" }];
  }
}
