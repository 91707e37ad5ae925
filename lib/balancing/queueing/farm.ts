/**
 * A simulation of servers behind a balancer: requests arrive, a policy sends each to a server, and
 * there it waits its turn. No message travels here and no real time passes: it is a queueing model.
 *
 * Source: event by event, as A. Law, "Simulation Modeling and Analysis", 2015, chapter 1; checked
 * against the formulas of `closed-forms.ts` within the confidence interval.
 * Assumes: a request's work is known when it starts, and a new speed of its server counts from the
 * next one on. A server that is down fails at once what it has and what it gets. The way to a
 * server lengthens a request's time, and does not delay the server.
 * Guarantees: the same seed gives the same arrivals and the same work to every policy.
 * Cost: O(log of those in service) a request, and the policy's own.
 */
import { inRange, onlyKnown, Random, wholeInRange } from "../../basics";
import type { BalancedRequest, Policy } from "../policy";
import { Pool } from "../pool";
import type { Server } from "../pool";
import { Backlog } from "./backlog";
import { Departures } from "./departures";
import type { Arrivals, Work } from "./distributions";
import { FarmControl } from "./farm-control";
import type { FarmEjection, FarmScaling, FarmSize } from "./farm-control";
import { Latencies } from "./latencies";
import { RecentTimes } from "./recent-times";
import { Requests } from "./requests";

export interface FarmServer extends Server {
  /** Requests that it does at a time; default 1. With c slots one server is an M/M/c. */
  readonly slots?: number;
  /** How fast it works; default 1. */
  readonly speed?: number;
}

/** From that time on a server has another speed; 0 is down. */
export interface SpeedChange {
  readonly atMs: number;
  /** Its id. */
  readonly server: string;
  readonly speed: number;
  /** Whether the balancer knows, and sends nothing to a server that is down; default true. */
  readonly isNoticed?: boolean;
}

export interface FarmOptions {
  readonly servers: readonly FarmServer[];
  readonly policy: (pool: Pool) => Policy;
  readonly arrivals: Arrivals;
  readonly work: Work;
  /** Requests that are measured. */
  readonly requests: number;
  /** Requests before them, until the queues are as long as they will be; default a tenth. */
  readonly warmUp?: number;
  readonly changes?: readonly SpeedChange[];
  /** Servers whose requests fail are ejected; default: none is. */
  readonly ejection?: FarmEjection;
  /** So many of the servers work as the load asks for; default: all of them, all the time. */
  readonly scaling?: FarmScaling;
  /** Key and region of a request that comes at that time; default none. */
  readonly describe?: (random: Random, nowMs: number) => BalancedRequest;
  /** The way from where a request is made to that server and back, in ms; default 0. */
  readonly travelMs?: (request: BalancedRequest, server: number) => number;
  /** Told of each measured request that was sent to a server. */
  readonly onEnd?: (end: FarmEnd) => void;
  /** Default 1. */
  readonly seed?: number;
  readonly onProgress?: (done: number, total: number) => void;
}

/** What became of a request. */
export interface FarmEnd {
  readonly request: BalancedRequest;
  readonly server: number;
  readonly arrivedMs: number;
  /** The way, waiting and service. */
  readonly ms: number;
  readonly isFailed: boolean;
}

export interface FarmResult {
  /** The way, waiting and service, in ms, of measured requests that were answered. */
  readonly times: Latencies;
  /** Measured requests that a server which was down has failed. */
  readonly failed: number;
  /** When no server was open. */
  readonly refused: number;
  /** By server, of all requests: how many it answered, and the ms that its slots have worked. */
  readonly answered: Float64Array;
  readonly busyMs: Float64Array;
  /** The most that waited at one server. */
  readonly longestQueue: number;
  /** Simulated time. */
  readonly endMs: number;
  /** The cost: the ms that servers were there, busy or not, summed over them. */
  readonly serverMs: number;
  /** How many servers there were, from when on. */
  readonly sizes: readonly FarmSize[];
  /** How often a server was ejected. */
  readonly ejections: number;
}

const names: readonly (keyof FarmOptions)[] = [
  ...(["servers", "policy", "arrivals", "work", "requests", "warmUp", "changes"] as const),
  ...(["ejection", "scaling", "describe", "travelMs", "onEnd", "seed", "onProgress"] as const),
];

/** Requests between two reports of progress. */
const reportEvery = 100_000;

/** Throws a RangeError for options that are wrong. */
export function simulateFarm(options: FarmOptions): FarmResult {
  onlyKnown("simulateFarm", options, names);
  const farm = new Farm(options);
  farm.run();
  return farm;
}

class Farm implements FarmResult {
  readonly times: Latencies;
  failed = 0;
  refused = 0;
  readonly answered: Float64Array;
  readonly busyMs: Float64Array;
  longestQueue = 0;
  endMs = 0;
  private readonly pool: Pool;
  private readonly policy: Policy;
  private readonly control: FarmControl;
  private readonly isControlled: boolean;
  private readonly requests = new Requests();
  private readonly departures = new Departures();
  private readonly backlogs: readonly Backlog[];
  private readonly recent: readonly RecentTimes[];
  private readonly free: Int32Array;
  private readonly speeds: Float64Array;
  private readonly changes: SpeedChange[];
  private readonly total: number;
  private readonly random: Record<"arrivals" | "work" | "describe", Random>;
  private measuredFromMs = Infinity;

  constructor(private readonly options: FarmOptions) {
    const { servers, requests, warmUp = Math.floor(requests / 10), changes = [] } = options;
    wholeInRange("requests", requests, { min: 1, max: 1e10 });
    wholeInRange("warmUp", warmUp, { min: 0, max: 1e10 });
    this.total = warmUp + requests;
    this.times = new Latencies(requests);
    this.pool = new Pool(servers);
    this.policy = options.policy(this.pool);
    this.control = new FarmControl(this.pool, options);
    this.isControlled = options.scaling !== undefined || options.ejection !== undefined;
    this.backlogs = servers.map(() => new Backlog());
    this.recent = servers.map(() => new RecentTimes());
    this.free = Int32Array.from(servers, ({ slots = 1, id }) =>
      wholeInRange(`slots of ${id}`, slots, { min: 1, max: 1e6 }),
    );
    this.speeds = Float64Array.from(servers, ({ speed = 1, id }) => speedOf(id, speed));
    this.answered = new Float64Array(servers.length);
    this.busyMs = new Float64Array(servers.length);
    this.changes = [...changes].sort((left, right) => left.atMs - right.atMs);
    const { seed = 1 } = options;
    this.random = {
      arrivals: new Random(seed, 1),
      work: new Random(seed, 2),
      describe: new Random(seed, 3),
    };
  }

  get serverMs(): number {
    return this.control.serverMs(this.endMs);
  }

  get sizes(): readonly FarmSize[] {
    return this.control.sizes;
  }

  get ejections(): number {
    return this.control.ejections;
  }

  run(): void {
    const { arrivals, requests, onProgress } = this.options;
    let nowMs = 0;
    for (let count = 0; count < this.total; count++) {
      nowMs += arrivals(this.random.arrivals, nowMs);
      this.advance(nowMs);
      if (this.isControlled) this.control.arrived();
      if (count === this.total - requests) this.measuredFromMs = nowMs;
      this.arrive(nowMs);
      if (count % reportEvery === 0) onProgress?.(count, this.total);
    }
    this.advance(Infinity);
    onProgress?.(this.total, this.total);
  }

  /** Whatever ends or changes before that time. */
  private advance(untilMs: number): void {
    for (;;) {
      const changeMs = this.changes[0]?.atMs ?? Infinity;
      // When all have left, nothing is left to control.
      const isOver = untilMs === Infinity && this.pool.totalInFlight === 0;
      const controlMs = !this.isControlled || isOver ? Infinity : this.control.nextMs;
      const ms = Math.min(changeMs, controlMs, this.departures.nextMs);
      if (ms > untilMs || ms === Infinity) return;
      this.endMs = ms;
      if (changeMs === ms) this.change(this.changes.shift() as SpeedChange);
      else if (controlMs === ms) this.control.act(ms);
      else this.depart(ms);
    }
  }

  private arrive(nowMs: number): void {
    const { describe, work } = this.options;
    const workMs = work(this.random.work);
    const request = { ...describe?.(this.random.describe, nowMs), nowMs };
    const server = this.policy.pick(request);
    if (this.policy.targets !== undefined) this.probe(this.policy.targets(), nowMs);
    if (server >= 0) this.send(this.note(request, server, workMs), nowMs);
    else if (nowMs >= this.measuredFromMs) this.refused++;
  }

  private note(
    request: BalancedRequest & { nowMs: number },
    server: number,
    workMs: number,
  ): number {
    const { requests } = this;
    const { travelMs, onEnd } = this.options;
    const row = requests.take();
    requests.server[row] = server;
    requests.arrivedMs[row] = request.nowMs;
    requests.workMs[row] = workMs;
    requests.travelMs[row] = travelMs?.(request, server) ?? 0;
    requests.level[row] = this.pool.inFlight[server];
    if (onEnd !== undefined) requests.descriptions[row] = request;
    return row;
  }

  private send(request: number, nowMs: number): void {
    const server = this.requests.server[request];
    this.pool.send(server);
    if (this.speeds[server] === 0) return this.fail(request, nowMs);
    if (this.free[server] > 0) return this.start(request, nowMs);
    const backlog = this.backlogs[server];
    backlog.push(request);
    this.longestQueue = Math.max(this.longestQueue, backlog.size);
  }

  private start(request: number, nowMs: number): void {
    const server = this.requests.server[request];
    const ms = this.requests.workMs[request] / this.speeds[server];
    this.free[server]--;
    this.busyMs[server] += ms;
    this.departures.push(nowMs + ms, request);
  }

  private depart(nowMs: number): void {
    const { pool, requests, recent } = this;
    const request = this.departures.pop();
    const server = requests.server[request];
    const atServerMs = nowMs - requests.arrivedMs[request];
    const ms = atServerMs + requests.travelMs[request];
    this.free[server]++;
    pool.end(server);
    this.answered[server]++;
    if (this.isMeasured(request)) this.times.add(ms);
    this.tell(request, ms, false);
    if (this.isControlled) this.control.answered(server, "ok", nowMs);
    if (this.policy.learn !== undefined) recent[server].add(requests.level[request], atServerMs);
    this.policy.answered?.(server, ms, nowMs);
    requests.release(request);
    const backlog = this.backlogs[server];
    if (backlog.size > 0) this.start(backlog.shift(), nowMs);
  }

  /** Servers that are asked answer at once: what a probe itself takes is left out. */
  private probe(targets: readonly number[], nowMs: number): void {
    const { policy, pool } = this;
    for (const server of targets) {
      const inFlight = pool.inFlight[server];
      policy.learn?.({ server, inFlight, latencyMs: this.recent[server].median(inFlight) }, nowMs);
    }
  }

  private fail(request: number, nowMs: number): void {
    const { requests, pool, policy } = this;
    const server = requests.server[request];
    const ms = nowMs - requests.arrivedMs[request] + requests.travelMs[request];
    pool.end(server);
    if (this.isMeasured(request)) this.failed++;
    this.tell(request, ms, true);
    if (this.isControlled) this.control.answered(server, "gateway", nowMs);
    policy.answered?.(server, ms, nowMs);
    requests.release(request);
  }

  private isMeasured(request: number): boolean {
    return this.requests.arrivedMs[request] >= this.measuredFromMs;
  }

  private tell(row: number, ms: number, isFailed: boolean): void {
    const { onEnd } = this.options;
    if (onEnd === undefined || !this.isMeasured(row)) return;
    const { arrivedMs, server, descriptions } = this.requests;
    const request = descriptions[row] as BalancedRequest;
    onEnd({ request, server: server[row], arrivedMs: arrivedMs[row], ms, isFailed });
  }

  private change({ atMs, server: id, speed, isNoticed = true }: SpeedChange): void {
    const server = this.pool.indexOf(id);
    if (server === undefined) throw new RangeError(`a change names ${id}, which is no server here`);
    this.speeds[server] = speedOf(id, speed);
    if (isNoticed) this.control.notice(server, speed > 0);
    if (speed > 0) return;
    const cut = this.departures.remove((request) => this.requests.server[request] === server);
    this.free[server] += cut.length;
    const backlog = this.backlogs[server];
    while (backlog.size > 0) cut.push(backlog.shift());
    for (const request of cut) this.fail(request, atMs);
  }
}

function speedOf(id: string, speed: number): number {
  return inRange(`speed of ${id}`, speed, { min: 0, max: 1_000 });
}
