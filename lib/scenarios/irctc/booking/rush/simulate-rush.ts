/** The rush at one shard in virtual time: a crowd, a gate, three servers and a gateway. */
import { wholeInRange } from "../../../../basics";
import { Simulator } from "../../../../hosts";
import type { BookingRequestFor } from "../commands";
import { PaymentGateway } from "../gateway";
import type { BookingMessage } from "../messages";
import { BookingServer } from "../server";
import { trainPlan } from "../train-plan";
import type { TrainPlan } from "../train-plan";
import { Crowd } from "./crowd";
import type { CrowdOptions } from "./crowd";
import { BookingGate } from "./gate";
import type { BookingGateOptions } from "./gate";

export interface RushSimulation {
  readonly seed: number;
  readonly crowd: Partial<CrowdOptions> & Pick<CrowdOptions, "perSecond">;
  readonly gate?: Partial<BookingGateOptions>;
  /** Trains on sale; default 20. */
  readonly trains?: number;
}

export interface RushResult {
  readonly came: number;
  /** Had an answer in time. */
  readonly served: number;
  readonly gaveUp: number;
  /** Answers a second in time, over the seconds in which people came. */
  readonly goodput: number;
  /** From coming to the answer, in ms, unsorted. */
  readonly times: readonly number[];
  /** The same, without robots. */
  readonly peopleTimes: readonly number[];
  /** Once a second: the gate's queue, and the answers of that second. */
  readonly bySecond: readonly {
    readonly second: number;
    readonly queue: number;
    readonly served: number;
  }[];
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
export function simulateRush({ seed, crowd, gate = {}, trains = 20 }: RushSimulation): RushResult {
  wholeInRange("trains", trains, { min: 1, max: 1_000 });
  wholeInRange("seconds of perSecond", crowd.perSecond.length, { min: 1, max: 86_400 });
  const simulator = new Simulator<BookingMessage, never>({ seed, isTraced: false });
  const { plans, requests } = rushRequests(trains);
  const servers = ["n1", "n2", "n3"];
  for (const id of servers) {
    const peers = servers.filter((other) => other !== id);
    simulator.add(id, BookingServer as never, { peers });
  }
  simulator.add("g1", PaymentGateway as never, { peers: [] });
  simulator.add("gate", BookingGate as never, { peers: servers, options: gate });
  const options = { requests, ...crowd };
  simulator.add("c1", Crowd as never, { peers: ["gate"], options, startAtMs: openMs });
  simulator.inject("c1", "n1", { type: "timeoutNow", term: 0 });
  simulator.run({ untilMs: openMs / 2 });
  for (const [departure, plan] of Object.entries(plans)) {
    const command = { op: "open", departure, plan };
    simulator.inject("c1", "n1", { type: "command", requestId: 0, command });
  }
  return measured(simulator, crowd.perSecond.length);
}

function measured(simulator: Simulator<BookingMessage, never>, seconds: number): RushResult {
  const door = (): BookingGate => simulator.nodeOf("gate") as unknown as BookingGate;
  const crowd = (): Crowd => simulator.nodeOf("c1") as unknown as Crowd;
  const bySecond: { second: number; queue: number; served: number }[] = [];
  let before = 0;
  for (let second = 1; second <= seconds; second++) {
    simulator.run({ untilMs: openMs + second * 1_000 });
    const served = crowd().times.length;
    bySecond.push({ second, queue: door().waiting, served: served - before });
    before = served;
  }
  simulator.run({ untilMs: openMs + seconds * 1_000 + 20_000 });
  const { came, times, peopleTimes, gaveUp, servedInRush } = crowd();
  const goodput = servedInRush / seconds;
  return { came, served: times.length, gaveUp, goodput, times, peopleTimes, bySecond };
}
