/** A delivery zone in the simulator: orders, and what happens to them when leaders change. */
import { inRange, wholeInRange } from "../../basics";
import type { Epoch } from "../../consensus/election";
import { Simulator } from "../../hosts";
import type { ScheduledFault } from "../../hosts";
import type { NodeId, Trace } from "../../protocol";
import { ZoneCustomer } from "./customer";
import { RiderDesk, ZoneRegistry } from "./desk";
import { ZoneDispatcher } from "./dispatcher";
import type { ElectedBy } from "./elector";
import type { ZoneMessage, ZoneTimer } from "./messages";

export interface SimulatedZone {
  readonly seed: number;
  /** Dispatch servers, n1 and so on; 1 to 20, default 3. */
  readonly servers?: number;
  /** Default 30. */
  readonly orders?: number;
  /** Each customer's time between two orders; default 100 ms. */
  readonly everyMs?: number;
  /** c1 and so on, each with so many orders; default 1. */
  readonly customers?: number;
  /** Each customer begins so much later than the one before; default 0 ms. */
  readonly joinMs?: number;
  readonly faults?: readonly ScheduledFault[];
  /** Default "bully". */
  readonly electedBy?: ElectedBy;
  /** Of that election; default: its own defaults. */
  readonly election?: object;
  /** Whether the desk refuses old epochs; default true. */
  readonly isFenced?: boolean;
  readonly untilMs: number;
  readonly isTraced?: boolean;
}

export interface ZoneRun {
  /** Of each order that was sent: until it was accepted; undefined: it was not. */
  readonly waits: readonly { readonly orderedMs: number; readonly waitMs: number | undefined }[];
  /** Orders that two riders have. */
  readonly cookedTwice: readonly string[];
  /** Riders who have two orders. */
  readonly overloaded: readonly string[];
  /** Commands that the desk has refused. */
  readonly refused: number;
  /** What the registry was told, in the order of time. */
  readonly registered: readonly (Epoch & { readonly atMs: number })[];
  readonly trace: Trace<ZoneMessage, ZoneTimer>;
}

/** Throws a RangeError for an option that is wrong. */
export function simulateZone(zone: SimulatedZone): ZoneRun {
  const servers = wholeInRange("servers", zone.servers ?? 3, { min: 1, max: 20 });
  const customers = wholeInRange("customers", zone.customers ?? 1, { min: 1, max: 50 });
  const { seed, everyMs = 100, isFenced = true, isTraced = false } = zone;
  const orders = wholeInRange("orders", zone.orders ?? 30, { min: 0, max: 10_000 });
  inRange("everyMs", everyMs, { min: 1, max: 86_400_000 });
  inRange("joinMs", zone.joinMs ?? 0, { min: 0, max: 86_400_000 });
  const story = new Story();
  const simulator = new Simulator<ZoneMessage, ZoneTimer>({
    ...{ seed, isTraced, network: { latency: { kind: "uniform", minMs: 2, maxMs: 8 } } },
    onNote: ({ label, atMs, detail }) => story.hear(label, atMs, detail),
  });
  const ids = Array.from({ length: servers }, (_, i) => `n${i + 1}`);
  const riders = Array.from({ length: orders * customers }, (_, i) => `rider ${i + 1}`);
  simulator.add("desk", RiderDesk, { peers: [], options: { isFenced } });
  simulator.add("registry", ZoneRegistry, { peers: [] });
  const { electedBy = "bully", election = {} } = zone;
  const options = { riders, electedBy, election };
  for (const id of ids) simulator.add(id, ZoneDispatcher, { peers: ids, options });
  for (let i = 1; i <= customers; i++) {
    simulator.add(`c${i}`, ZoneCustomer, {
      ...{ peers: ids, options: { orders, everyMs } },
      startAtMs: (i - 1) * (zone.joinMs ?? 0),
    });
  }
  simulator.schedule(...(zone.faults ?? []));
  simulator.run({ untilMs: zone.untilMs });
  const { done } = simulator.nodeOf("desk") as RiderDesk;
  return {
    ...story.told(),
    cookedTwice: repeated(done, "order", "rider"),
    overloaded: repeated(done, "rider", "order"),
    trace: simulator.trace,
  };
}

/** Values of one field that come with two of the other. */
function repeated(
  done: RiderDesk["done"],
  field: "order" | "rider",
  other: "order" | "rider",
): string[] {
  const seen = new Map<string, Set<string>>();
  for (const one of done) seen.set(one[field], (seen.get(one[field]) ?? new Set()).add(one[other]));
  return [...seen].flatMap(([value, others]) => (others.size > 1 ? [value] : []));
}

class Story {
  private readonly ordered = new Map<string, number>();
  private readonly accepted = new Map<string, number>();
  private readonly registered: (Epoch & { readonly atMs: number })[] = [];
  private refused = 0;

  hear(label: string, atMs: number, detail: unknown): void {
    const { order = "" } = (detail ?? {}) as { order?: NodeId };
    if (label === "ordered") this.ordered.set(order, atMs);
    else if (label === "accepted") this.accepted.set(order, atMs);
    else if (label === "refused") this.refused++;
    else if (label === "registered") this.registered.push({ ...(detail as Epoch), atMs });
  }

  told(): Pick<ZoneRun, "waits" | "refused" | "registered"> {
    const waits = [...this.ordered].map(([order, orderedMs]) => {
      const acceptedMs = this.accepted.get(order);
      const waitMs = acceptedMs === undefined ? undefined : acceptedMs - orderedMs;
      return { orderedMs, waitMs };
    });
    return { waits, refused: this.refused, registered: this.registered };
  }
}
