/** A shard of three servers, a gateway and passengers in virtual time, ready for notebooks. */
import type { RaftTimer } from "../../../consensus/raft";
import { Simulator } from "../../../hosts";
import type { ScheduledFault, SimulatedNote } from "../../../hosts";
import type { Trace } from "../../../protocol";
import { BookingClient } from "./client";
import type { Wish } from "./client";
import { PaymentGateway } from "./gateway";
import type { Account, GatewayOptions } from "./gateway";
import type { BookingMessage } from "./messages";
import { BookingServer } from "./server";
import type { BookingState } from "./state";
import type { TrainPlan } from "./train-plan";

export interface BookingSimulation {
  readonly seed: number;
  /** On sale from the beginning, by their departures' names. */
  readonly trains: Readonly<Record<string, TrainPlan>>;
  /** Of each passenger, c1, c2..., from 1,000 ms on. */
  readonly wishes: readonly (readonly Wish[])[];
  readonly gateway?: Partial<GatewayOptions>;
  readonly faults?: readonly ScheduledFault[];
  readonly untilMs: number;
}

export interface BookingRun {
  readonly trace: Trace<BookingMessage, RaftTimer>;
  readonly notes: readonly SimulatedNote[];
  /** Of the server that leads at the end. */
  readonly state: BookingState;
  /** The gateway's, by PNR. */
  readonly accounts: ReadonlyMap<string, Account>;
}

/** n1 leads unless a fault prevents it. Throws a RangeError when nobody leads at the end. */
export function simulateBooking(options: BookingSimulation): BookingRun {
  const { seed, trains, wishes, gateway = {}, faults = [], untilMs } = options;
  const notes: SimulatedNote[] = [];
  const onNote = (note: SimulatedNote): void => void notes.push(note);
  const simulator = new Simulator<BookingMessage, RaftTimer>({ seed, onNote });
  const servers = ["n1", "n2", "n3"];
  for (const id of servers) {
    simulator.add(id, BookingServer, { peers: servers.filter((other) => other !== id) });
  }
  simulator.add("g1", PaymentGateway as never, { peers: [], options: gateway });
  wishes.forEach((own, i) => {
    const client = { peers: servers, options: { wishes: own }, startAtMs: 1_000 };
    simulator.add(`c${i + 1}`, BookingClient, client);
  });
  simulator.inject("c1", "n1", { type: "timeoutNow", term: 0 });
  simulator.run({ untilMs: 500 });
  for (const [departure, plan] of Object.entries(trains)) {
    const command = { op: "open", departure, plan };
    simulator.inject("c1", "n1", { type: "command", requestId: 0, command });
  }
  simulator.schedule(...faults);
  simulator.run({ untilMs });
  const living = servers.flatMap((id) => (simulator.nodeOf(id) as BookingServer | undefined) ?? []);
  const leader = living.find(({ role }) => role === "leader");
  if (leader === undefined) throw new RangeError(`nobody leads at ${untilMs} ms`);
  const { accounts } = simulator.nodeOf("g1") as unknown as PaymentGateway;
  return { trace: simulator.trace, notes, state: leader.booking, accounts };
}
