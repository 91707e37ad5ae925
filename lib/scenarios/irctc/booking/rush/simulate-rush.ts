/** The rush in virtual time: a crowd, and a gate and three servers a shard, and a gateway. */
import { wholeInRange } from "../../../../basics";
import type { RaftOptions } from "../../../../consensus/raft";
import { Simulator } from "../../../../hosts";
import { booksOf } from "../books";
import type { BookingBooks } from "../books";
import type { BookingRequestFor } from "../commands";
import { PaymentGateway } from "../gateway";
import type { BookingMessage } from "../messages";
import { BookingServer } from "../server";
import { shardOf } from "../shards";
import { trainPlan } from "../train-plan";
import type { TrainPlan } from "../train-plan";
import { Crowd } from "./crowd";
import type { CrowdOptions } from "./crowd";
import { BookingGate } from "./gate";
import type { BookingGateOptions } from "./gate";
import { gateOf, serversOf } from "./names";
import type { CrowdRecord } from "./phase";

export interface RushSimulation {
  readonly seed: number;
  readonly crowd: Partial<CrowdOptions> & Pick<CrowdOptions, "perSecond">;
  /** Of each shard. */
  readonly gate?: Partial<BookingGateOptions>;
  readonly raft?: Partial<RaftOptions>;
  /** Raft groups of three servers, 1 to 9; default 1. */
  readonly shards?: number;
  /** Trains on sale; default 20. */
  readonly trains?: number;
}

export interface RushResult extends CrowdRecord {
  readonly came: number;
  /** Had an answer in time. */
  readonly served: number;
  readonly gaveUp: number;
  /** Answers a second in time, over the seconds in which people came. */
  readonly goodput: number;
  readonly refused: number;
  /** The times of those served, without robots. */
  readonly peopleTimes: readonly number[];
  /** Once a second: all gates' queues, and the answers of that second. */
  readonly bySecond: readonly RushSecond[];
  /** Of each shard's first server, 20 s after the last passenger. */
  readonly books: readonly BookingBooks[];
  /** What the gateway has then, less what it has given back. */
  readonly bankPaise: number;
}

export interface RushSecond {
  readonly second: number;
  readonly queue: number;
  readonly served: number;
}

/** By then the trains are on sale. */
const openMs = 1_000;

export function rushRequests(trains: number): {
  plans: Record<string, TrainPlan>;
  requests: BookingRequestFor[];
} {
  const stations = ["MMCT", "ST", "BRC", "RTM", "KOTA", "SWM", "NDLS"];
  const names = Array.from({ length: trains }, (_, i) => `${12_901 + i}|2026-01-12|SL`);
  const quotas = { tatkal: 216, ladies: 40, senior: 40, defence: 20 };
  const plan = trainPlan({ stations, coaches: 10, quotas, waitingLimits: { tatkal: 200 } });
  const passengers = [{ age: 30, gender: "F" }] as const;
  const requests = names.flatMap((departure) =>
    [0, 1, 2, 3, 4, 5].flatMap((from) =>
      [1, 2, 3, 4, 5, 6].flatMap((to) =>
        from < to ? [{ departure, from, to, quota: "tatkal" as const, passengers }] : [],
      ),
    ),
  );
  return { plans: Object.fromEntries(names.map((name) => [name, plan])), requests };
}

/** Throws a RangeError for an option that is wrong. */
export function simulateRush(rush: RushSimulation): RushResult {
  const { seed, crowd, trains = 20, shards = 1 } = rush;
  wholeInRange("trains", trains, { min: 1, max: 1_000 });
  wholeInRange("shards", shards, { min: 1, max: 9 });
  wholeInRange("seconds of perSecond", crowd.perSecond.length, { min: 1, max: 86_400 });
  const simulator = new Simulator<BookingMessage, never>({ seed, isTraced: false });
  const { plans, requests } = rushRequests(trains);
  addNodes(simulator, { requests, ...crowd }, rush);
  for (let shard = 0; shard < shards; shard++) {
    simulator.inject("c1", leaderOf(shard), { type: "timeoutNow", term: 0 });
  }
  simulator.run({ untilMs: openMs / 2 });
  for (const [departure, plan] of Object.entries(plans)) {
    const shard = shardOf(departure, shards);
    const command = { op: "open", departure, plan, shard };
    simulator.inject("c1", leaderOf(shard), { type: "command", requestId: 0, command });
  }
  return new RushObserver(simulator, shards).measured(crowd.perSecond.length);
}

function leaderOf(shard: number): string {
  return serversOf(shard)[0] as string;
}

function addNodes(
  simulator: Simulator<BookingMessage, never>,
  crowd: Partial<CrowdOptions>,
  { shards = 1, gate = {}, raft = {} }: RushSimulation,
): void {
  const groups = Array.from({ length: shards }, (_, shard) => serversOf(shard));
  for (const ids of groups) {
    for (const id of ids) {
      const peers = ids.filter((other) => other !== id);
      simulator.add(id, BookingServer as never, { peers, options: raft });
    }
  }
  simulator.add("g1", PaymentGateway as never, { peers: [] });
  groups.forEach((peers, shard) => {
    simulator.add(gateOf(shard), BookingGate as never, { peers, options: gate });
  });
  const peers = groups.map((_, shard) => gateOf(shard));
  const options = { ...crowd, shards: peers.map((id) => [id]) };
  simulator.add("c1", Crowd as never, { peers, options, startAtMs: openMs });
}

class RushObserver {
  constructor(
    private readonly simulator: Simulator<BookingMessage, never>,
    private readonly shards: number,
  ) {}

  measured(seconds: number): RushResult {
    const bySecond: RushSecond[] = [];
    for (let second = 1, before = 0; second <= seconds; second++) {
      this.simulator.run({ untilMs: openMs + second * 1_000 });
      const served = this.crowd.times.length;
      bySecond.push({ second, queue: this.sum(({ waiting }) => waiting), served: served - before });
      before = served;
    }
    this.simulator.run({ untilMs: openMs + seconds * 1_000 + 20_000 });
    const { came, cameBySecond, cameAtMs, times, peopleTimes, gaveUp, servedInRush } = this.crowd;
    const refused = this.sum((gate) => gate.refused);
    const { keptPaise: bankPaise } = this.node<PaymentGateway>("g1");
    return {
      ...{ came, served: times.length, gaveUp, refused, goodput: servedInRush / seconds },
      ...{ cameBySecond, cameAtMs, times, peopleTimes, bySecond, books: this.books, bankPaise },
    };
  }

  private get crowd(): Crowd {
    return this.node("c1");
  }

  private get books(): BookingBooks[] {
    return Array.from({ length: this.shards }, (_, shard) =>
      booksOf(this.node<BookingServer>(leaderOf(shard)).booking),
    );
  }

  private sum(of: (gate: BookingGate) => number): number {
    let sum = 0;
    for (let shard = 0; shard < this.shards; shard++) sum += of(this.node(gateOf(shard)));
    return sum;
  }

  /** Nobody crashes in this simulation. */
  private node<N>(id: string): N {
    return this.simulator.nodeOf(id) as N;
  }
}
