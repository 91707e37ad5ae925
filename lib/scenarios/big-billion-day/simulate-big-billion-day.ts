/**
 * A day with a sale in the simulator: the real scheduler, workers, clients and store of effects;
 * simulated are the network, the jobs' arrivals (`arrivals.ts`) and how long they take (`jobs.ts`).
 * The clock runs fast, jobs do not: a queue lasts in virtual seconds as long as it would.
 */
import { inRange, wholeInRange } from "../../basics";
import { at, crash, networkRates, restart, Simulator } from "../../hosts";
import type { Fault, ScheduledFault } from "../../hosts";
import type { NodeId, Protocol } from "../../protocol";
import { EffectStore, SchedulerServer, SchedulerWorker } from "../../scheduling";
import type { BoardSettings, SchedulerMessage, SchedulerTimer } from "../../scheduling";
import type { TaskSpec } from "../../scheduling";
import { arrivalsOf, openingHour } from "./arrivals";
import type { Arrival } from "./arrivals";
import type { BigBillionDay } from "./day";
import { DayTally } from "./day-tally";
import { bigBillionKinds, bigBillionTenants } from "./jobs";
import type { JobKind } from "./jobs";
import { KeylessStore } from "./keyless-store";
import { ShopClient } from "./shop-client";

/**
 * `firstCome`: whoever comes first. `strict`: the more urgent always, however long others wait.
 * `ageing`: the more urgent, less so the longer others wait.
 */
export type JobOrder = "firstCome" | "strict" | "ageing";

/**
 * `open`: all are let in. `backPressure`: when so many wait, all others wait at the door.
 * `shedding`: the less urgent are refused sooner, and what may be thrown away then is.
 */
export type Admission = "open" | "backPressure" | "shedding";

export interface BigBillionDayOptions {
  /** Any whole number; decides the run. */
  readonly seed: number;
  /** Default "ageing". */
  readonly order?: JobOrder;
  /** With ageing: a wait of so long is worth one level of priority. Default 250 ms. */
  readonly ageingMs?: number;
  /** Whether tenants have shares by their weights; else all are one. Default true. */
  readonly hasShares?: boolean;
  /** Default "open". */
  readonly admission?: Admission;
  /** Jobs that may wait in the scheduler, unless all are let in. Default 400. */
  readonly maxWaiting?: number;
  /** Machines for all jobs but images, and for all; two jobs at a time on each. Default 4 and 1. */
  readonly machines?: number;
  readonly gpuMachines?: number;
  /** In the mean of a usual day. Default 5 jobs a second. */
  readonly usualPerSecond?: number;
  /** The rate at the opening, in times of that; 1: no sale. Default 50. */
  readonly spike?: number;
  /** One hour of the clock in virtual time. Default 6,000 ms. */
  readonly hourMs?: number;
  /**
   * In the rush a machine dies, then the scheduler, and one message in a hundred is lost; after an
   * hour all is well again. Default false.
   */
  readonly hasFaults?: boolean;
  /** Whether the store of effects looks at keys. Default true. */
  readonly hasKeys?: boolean;
}

type Options = Required<BigBillionDayOptions>;
type AnyProtocol = Protocol<SchedulerMessage, SchedulerTimer, object>;

const defaults: Omit<Options, "seed"> = {
  ...{ order: "ageing", ageingMs: 250, hasShares: true, admission: "open", maxWaiting: 400 },
  ...{ machines: 4, gpuMachines: 1, usualPerSecond: 5, spike: 50, hourMs: 6_000 },
  ...{ hasFaults: false, hasKeys: true },
};
const [scheduler, store] = ["n1", "e1"];
const leaseMs = 2_000;
const slots = 2;
/** What has not ended so long after the day's beginning stays open. */
const longestHours = 72;
/** Tasks of these priorities are refused above these parts of `maxWaiting`. */
const shedding = [
  { priority: 9, above: 0.1 },
  { priority: 7, above: 0.2 },
  { priority: 4, above: 0.6 },
];

/** Throws a RangeError that names the option that is wrong. */
export function simulateBigBillionDay(given: BigBillionDayOptions): BigBillionDay {
  const options = checked({ ...defaults, ...given });
  const { seed, hourMs } = options;
  const arrivals = arrivalsOf(options);
  const sliceMs = hourMs / 10;
  const tally = new DayTally(arrivals, sliceMs);
  const simulator = new Simulator<SchedulerMessage, SchedulerTimer>({
    ...{ seed, isTraced: false, network: { latency: { kind: "uniform", minMs: 0.3, maxMs: 2 } } },
    onNote: (note) => tally.hear(note),
  });
  place(simulator, options, arrivals);
  if (options.hasFaults) simulator.schedule(...faultsOf(hourMs));
  const server = (): SchedulerServer | undefined =>
    simulator.nodeOf(scheduler) as SchedulerServer | undefined;
  for (let slice = 1; slice <= 10 * longestHours && !tally.isOver; slice++) {
    simulator.run({ untilMs: slice * sliceMs });
    tally.look(server());
  }
  return tally.result(server());
}

function checked(options: Options): Options {
  wholeInRange("machines", options.machines, { min: 1, max: 1_000 });
  wholeInRange("gpuMachines", options.gpuMachines, { min: 1, max: 1_000 });
  wholeInRange("maxWaiting", options.maxWaiting, { min: 10, max: 1_000_000 });
  inRange("usualPerSecond", options.usualPerSecond, { min: 0.01, max: 10_000 });
  inRange("spike", options.spike, { min: 1, max: 1_000 });
  inRange("hourMs", options.hourMs, { min: 100, max: 3_600_000 });
  return options;
}

function place(
  simulator: Simulator<SchedulerMessage, SchedulerTimer>,
  options: Options,
  arrivals: readonly Arrival[],
): void {
  const add = (id: NodeId, protocol: unknown, own: object): void =>
    simulator.add(id, protocol as AnyProtocol, { peers: [scheduler], options: own });
  add(scheduler, SchedulerServer, { settings: settingsOf(options), snapshotEvery: 2_000 });
  add(store, options.hasKeys ? EffectStore : KeylessStore, {});
  const service = Object.fromEntries(
    bigBillionKinds.map(({ kind, serviceMs, failRate }) => [kind, { meanMs: serviceMs, failRate }]),
  );
  const worker = { slots, service, effects: store, heartbeatMs: 500, retryMs: 300 };
  for (let i = 1; i <= options.machines + options.gpuMachines; i++) {
    const capabilities = i > options.machines ? ["cpu", "gpu"] : ["cpu"];
    add(`w${i}`, SchedulerWorker, { ...worker, capabilities });
  }
  for (const { tenant } of bigBillionTenants) {
    for (const row of bigBillionKinds) {
      const own = arrivals.filter((one) => one.tenant === tenant && one.kind === row.kind);
      add(`c-${tenant}-${row.kind}`, ShopClient, {
        tasks: own.map((one) => taskOf(one, row, options)),
        arriveMs: own.map(({ atMs }) => atMs),
        isShedding: options.admission === "shedding" && row.isDroppable,
        ...{ batch: 20, window: 100_000, retryMs: 300 },
      });
    }
  }
}

function settingsOf({ order, ageingMs, admission, maxWaiting }: Options): Partial<BoardSettings> {
  return {
    ...{ leaseMs, maxAttempts: 3, backoff: { baseMs: 50, capMs: 2_000 } },
    ageingMs: order === "ageing" ? ageingMs : null,
    weights: Object.fromEntries(bigBillionTenants.map(({ tenant, weight }) => [tenant, weight])),
    ...(admission !== "open" && { maxWaiting }),
    ...(admission === "shedding" && { shedding }),
  };
}

function taskOf({ id, kind, tenant }: Arrival, row: JobKind, options: Options): TaskSpec {
  const { priority, deadlineMs, needs, serviceMs } = row;
  return {
    ...{ id, kind, needs, cost: serviceMs / 100 },
    ...(options.order !== "firstCome" && { priority, deadlineMs }),
    ...(options.hasShares && { tenant }),
  };
}

/** In the first hour of the sale; the machine is away for half of it, the scheduler for a tenth. */
function faultsOf(hourMs: number): ScheduledFault[] {
  const after = (hours: number, fault: Fault): ScheduledFault =>
    at((openingHour + hours) * hourMs, fault);
  return [
    ...[after(0, networkRates({ lossRate: 0.01 })), after(1, networkRates({ lossRate: 0 }))],
    ...[after(0.3, crash(["w1"])), after(0.8, restart(["w1"]))],
    ...[after(0.5, crash([scheduler])), after(0.6, restart([scheduler]))],
  ];
}
