/** A dinner rush: dispatchers of several zones give the same partners and kitchens to orders. */
import { inRange, jainIndex, oneOf, quantileOf, Random, wholeInRange } from "../../basics";
import { at, clogLinks, pause, resume, Simulator, unclogLinks } from "../../hosts";
import type { ScheduledFault } from "../../hosts";
import { LockServer } from "../../locks";
import type { Message, NodeId, Protocol } from "../../protocol";
import { DispatchStore } from "./dispatch-store";
import { Dispatcher } from "./dispatcher";
import type { Locking } from "./dispatcher";

export interface ZomatoSimulation {
  /** Any whole number; decides the run. */
  readonly seed: number;
  readonly locking: Locking;
  /** Whether the store checks tokens. Default true; "none" has none. */
  readonly isFenced?: boolean;
  /** One a zone; default 8. */
  readonly dispatchers?: number;
  /** Of each zone; default 20. */
  readonly ordersEach?: number;
  /** Default 40, who take 200 ms an order. */
  readonly partners?: number;
  /** Default 1: everybody wants the same biryani. */
  readonly kitchens?: number;
  /** Orders that a kitchen cooks at a time; default 20. */
  readonly slots?: number;
  /** Of each dish; default 1,000. */
  readonly portions?: number;
  /** Dispatchers stand still for longer than their lease now and then. Default false. */
  readonly hasPauses?: boolean;
  /** Virtual time at which what is not done stays undone. Default 120,000 ms. */
  readonly untilMs?: number;
}

export interface ZomatoResult {
  readonly ordered: number;
  readonly done: number;
  /** Orders given to a partner who had one. */
  readonly partnersTwice: number;
  /** Orders for a kitchen without a free slot, or a dish that was sold out. */
  readonly overfull: number;
  /** Late assignments that the store turned away. */
  readonly refused: number;
  /** When the last order was given, in ms. */
  readonly lastMs: number;
  readonly p50WaitMs: number;
  readonly p99WaitMs: number;
  readonly maxWaitMs: number;
  /** Jain's index over zones of what each has had done when the first zone is through. */
  readonly jain: number;
  /** Jain's index over all orders of their waits. */
  readonly jainOfWaits: number;
}

type AnyProtocol = Protocol<Message, unknown, object>;
const servers = ["n1", "n2", "n3"];

/** Throws a RangeError that names the option that is wrong. */
export function simulateZomato(simulation: ZomatoSimulation): ZomatoResult {
  const { seed, dispatchers = 8, ordersEach = 20, untilMs = 120_000 } = simulation;
  wholeInRange("dispatchers", dispatchers, { min: 1, max: 100 });
  wholeInRange("ordersEach", ordersEach, { min: 1, max: 10_000 });
  inRange("untilMs", untilMs, { min: 1, max: 1e9 });
  oneOf("locking", simulation.locking, ["none", "retry", "fifo"]);
  const { partners = 40, kitchens = 1, slots = 20, portions = 1_000 } = simulation;
  for (const [name, count] of Object.entries({ partners, kitchens, slots, portions })) {
    wholeInRange(name, count, { min: 1, max: 1_000_000 });
  }
  const tally = new Tally(ordersEach);
  const simulator = new Simulator<Message, unknown>({
    seed,
    isTraced: false,
    network: { latency: { kind: "uniform", minMs: 0.5, maxMs: 3 } },
    onNote: ({ node, label, detail, atMs }) => {
      tally.hear({ node, label, detail, atMs });
      if (label === "ended" && tally.ended.add(node).size === dispatchers) simulator.stop();
    },
  });
  const zones = Array.from({ length: dispatchers }, (_, i) => `c${i + 1}`);
  place(simulator, simulation, zones);
  if (simulation.hasPauses === true) simulator.schedule(...pausesOf(seed, zones));
  simulator.run({ untilMs });
  return tally.result(zones);
}

function place(
  simulator: Simulator<Message, unknown>,
  simulation: ZomatoSimulation,
  zones: readonly NodeId[],
): void {
  const { locking, isFenced = true, ordersEach = 20, kitchens = 1, portions = 1_000 } = simulation;
  const { partners = 40, slots = 20 } = simulation;
  const add = (id: NodeId, protocol: unknown, placement: object): void =>
    simulator.add(id, protocol as AnyProtocol, placement);
  const store = { isFenced: isFenced && locking !== "none", portions, slots };
  add("s1", DispatchStore, { peers: [], options: store });
  for (const id of servers) {
    add(id, LockServer, { peers: servers.filter((other) => other !== id), options: {} });
  }
  const options = { locking, orders: ordersEach, partners, kitchens };
  for (const id of zones) add(id, Dispatcher, { peers: servers, options, startAtMs: 500 });
}

/** As a long garbage collection, with the last message still in the machine's buffers. */
function pausesOf(seed: number, zones: readonly NodeId[]): ScheduledFault[] {
  const random = new Random(seed, 40);
  return Array.from({ length: 40 }, () => {
    const zone = random.pick(zones);
    const atMs = Math.ceil(random.between(600, 15_000));
    const endMs = Math.ceil(atMs + random.between(1_200, 2_500));
    const held = [at(atMs, clogLinks([zone], ["s1"])), at(endMs, unclogLinks([zone], ["s1"]))];
    return [...held, at(atMs + 30, pause([zone])), at(endMs, resume([zone]))];
  }).flat();
}

interface Heard {
  readonly node: NodeId;
  readonly label: string;
  readonly detail: unknown;
  readonly atMs: number;
}

class Tally {
  /** A dispatcher that is through says so again after every lease that it loses. */
  readonly ended = new Set<NodeId>();
  private readonly waits: number[] = [];
  private readonly doneBy = new Map<NodeId, number>();
  private sharesAtFirstEnd: readonly number[] | undefined;
  private partnersTwice = 0;
  private overfull = 0;
  private refused = 0;
  private lastMs = 0;

  constructor(private readonly ordersEach: number) {}

  hear({ node, label, detail, atMs }: Heard): void {
    if (label === "refused") this.refused++;
    if (label === "given") this.lastMs = atMs;
    if (label === "over") {
      if ((detail as { name: string }).name.startsWith("partner")) this.partnersTwice++;
      else this.overfull++;
    }
    if (label !== "done") return;
    this.waits.push((detail as { waitedMs: number }).waitedMs);
    const done = (this.doneBy.get(node) ?? 0) + 1;
    this.doneBy.set(node, done);
    if (done === this.ordersEach) this.sharesAtFirstEnd ??= [...this.doneBy.values()];
  }

  result(zones: readonly NodeId[]): ZomatoResult {
    const shares = [...(this.sharesAtFirstEnd ?? this.doneBy.values())];
    while (shares.length < zones.length) shares.push(0);
    const { waits, partnersTwice, overfull, refused, lastMs } = this;
    return {
      ordered: zones.length * this.ordersEach,
      done: waits.length,
      ...{ partnersTwice, overfull, refused, lastMs },
      p50WaitMs: quantileOf(waits, 0.5),
      p99WaitMs: quantileOf(waits, 0.99),
      maxWaitMs: quantileOf(waits, 1),
      jain: jainIndex(shares),
      jainOfWaits: jainIndex(waits),
    };
  }
}
