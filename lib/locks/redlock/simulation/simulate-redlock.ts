/**
 * Clients that share one lock and add one to what it guards, with Redlock or with the lock service
 * on Raft, under the same faults: what was written and is lost tells whether two held it at once.
 */
import { Random, oneOf, wholeInRange } from "../../../basics";
import { at, clogLinks, jumpClock, pause, randomFaults, resume, Simulator } from "../../../hosts";
import { restart, unclogLinks, crash } from "../../../hosts";
import type { ScheduledFault, SimulatedNote, StormRunOptions } from "../../../hosts";
import type { Message, NodeId, Protocol, Trace } from "../../../protocol";
import { FencedResource } from "../../fenced-resource";
import { LockClient } from "../../lock-client";
import { LockServer } from "../../lock-server";
import { RedlockClient } from "../redlock-client";
import { RedlockInstance } from "../redlock-instance";

/**
 * quiet: loss, delay, and instances that crash and keep what they promised; pause: clients stand
 * still for longer than the lease; clockJump: clocks of instances and servers are set; amnesia:
 * instances come back empty.
 */
export type RedlockFault = "quiet" | "pause" | "clockJump" | "amnesia";
export const redlockFaults: readonly RedlockFault[] = [
  ...(["quiet", "pause", "clockJump", "amnesia"] as const),
];

export interface RedlockSimulation {
  /** Any whole number; decides the run. */
  readonly seed: number;
  /** Default quiet. */
  readonly fault?: RedlockFault;
  /** Who gives the lock: Redlock, the lock service, or it with a resource that checks tokens. */
  readonly lock: "redlock" | "raft" | "raftFenced";
  /** Default 4. */
  readonly clients?: number;
  /** Of the lock by each client; default 20. */
  readonly uses?: number;
}

export interface RedlockResult {
  readonly wrote: number;
  /** Writes that were acknowledged and are not in the value. */
  readonly lost: number;
  /** Uses that the resource turned away. */
  readonly refused: number;
  readonly actions: readonly ({ readonly kind: "fault" } & ScheduledFault)[];
  readonly notes: readonly SimulatedNote[];
  readonly events: number;
  readonly nowMs: number;
  readonly trace: Trace;
}

type AnyProtocol = Protocol<Message, unknown, object>;
type Action = { readonly kind: "fault" } & ScheduledFault;

const servers = ["n1", "n2", "n3", "n4", "n5"];
const faultsMs = 6_000;
const ttlMs = 1_000;
const holdMs = 60;

/** Throws a RangeError for an option that is wrong. */
export function simulateRedlock(
  simulation: RedlockSimulation,
  options: StormRunOptions<Action> = {},
): RedlockResult {
  const notes: SimulatedNote[] = [];
  const ended = new Set<NodeId>();
  const { seed, clients: count = 4 } = simulation;
  wholeInRange("clients", count, { min: 1, max: 1_000 });
  oneOf("fault", simulation.fault ?? "quiet", redlockFaults);
  oneOf("lock", simulation.lock, ["redlock", "raft", "raftFenced"]);
  const simulator = new Simulator<Message, unknown>({
    seed,
    isTraced: options.isTraced ?? false,
    network: { latency: { kind: "uniform", minMs: 0.5, maxMs: 4 } },
    onNote: (note) => {
      if (!note.node.startsWith("n")) notes.push(note);
      if (note.label === "ended") ended.add(note.node);
    },
  });
  const clients = Array.from({ length: count }, (_, i) => `c${i + 1}`);
  place(simulator, simulation, clients);
  const untilMs = Math.min(options.untilMs ?? faultsMs, faultsMs);
  const drawn = (options.actions ?? draw(simulation, clients)).filter((one) => one.atMs <= untilMs);
  simulator.schedule(...drawn.map(({ atMs, fault }) => at(atMs, fault)));
  let { events } = simulator.run({ untilMs });
  const names = [...servers, ...clients];
  const calm = [resume(names), restart(names), unclogLinks(clients, ["r1"])];
  simulator.schedule(...calm.map((fault) => at(Math.ceil(simulator.nowMs), fault)));
  for (let i = 1; i <= 60 && ended.size < count; i++) {
    events += simulator.run({ untilMs: untilMs + 500 * i }).events;
  }
  const resource = simulator.nodeOf("r1") as unknown as FencedResource;
  const wrote = notes.filter(({ label }) => label === "wrote").length;
  return {
    wrote,
    lost: Math.max(0, wrote - (resource.guarded.get("lock")?.value ?? 0)),
    refused: notes.filter(({ label }) => label === "refused").length,
    actions: drawn,
    notes,
    events,
    nowMs: simulator.nowMs,
    trace: simulator.trace,
  };
}

function place(
  simulator: Simulator<Message, unknown>,
  { lock, fault, uses = 20 }: RedlockSimulation,
  clients: readonly NodeId[],
): void {
  const add = (id: NodeId, protocol: unknown, peers: readonly NodeId[], options: object): void =>
    simulator.add(id, protocol as AnyProtocol, { peers, options });
  add("r1", FencedResource, [], { isFenced: lock === "raftFenced" });
  const isPersistent = fault !== "amnesia";
  for (const id of servers) {
    const others = servers.filter((other) => other !== id);
    if (lock === "redlock") add(id, RedlockInstance, others, { isPersistent });
    else add(id, LockServer, others, {});
  }
  const errands = [{ names: ["lock"], holdMs }];
  const raft = { errands, rounds: uses, ttlMs, thinkMs: 50, resource: "r1" };
  for (const id of clients) {
    if (lock === "redlock") add(id, RedlockClient, servers, { ttlMs, uses, holdMs });
    else add(id, LockClient, servers, raft);
  }
}

function draw(
  { seed, fault = "quiet" }: RedlockSimulation,
  clients: readonly NodeId[],
): readonly Action[] {
  const random = new Random(seed, 50);
  const quiet = randomFaults({
    ...{ seed, names: servers, untilMs: faultsMs },
    network: { everyMs: 900, minMs: 100, maxMs: 900, maxLossRate: 0.2 },
    ...(fault !== "amnesia" && { crash: { everyMs: 1_500, minMs: 10, maxMs: 500 } }),
  });
  const more = Array.from({ length: 30 }, () => {
    const atMs = Math.ceil(random.between(400, faultsMs - 100));
    return extra(fault, atMs, random, clients);
  }).flat();
  const all = [...quiet, ...more].sort((left, right) => left.atMs - right.atMs);
  return all.map((scheduled) => ({ kind: "fault", ...scheduled }));
}

function extra(
  fault: RedlockFault,
  atMs: number,
  random: Random,
  clients: readonly NodeId[],
): ScheduledFault[] {
  const [client] = random.shuffle(clients);
  const some = random.shuffle(servers).slice(0, 1 + random.below(3));
  const endMs = Math.ceil(Math.min(faultsMs, atMs + random.between(300, 2_500)));
  switch (fault) {
    case "quiet":
      return [];
    case "pause": {
      // It stops after it has looked at the clock and before the write has left the machine.
      const held = [
        at(atMs, clogLinks([client], ["r1"])),
        at(endMs, unclogLinks([client], ["r1"])),
      ];
      return [...held, at(atMs + 100, pause([client])), at(endMs, resume([client]))];
    }
    case "clockJump":
      return some.map((server) => at(atMs, jumpClock([server], random.below(5_000))));
    case "amnesia":
      return [at(atMs, crash(some)), at(Math.ceil(atMs + random.between(5, 100)), restart(some))];
  }
}
