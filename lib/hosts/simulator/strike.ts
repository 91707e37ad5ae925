/** What each fault does, at the moment at which it strikes. */
import type { HostEvent, Message, NodeId } from "../../protocol";
import { Clock } from "./clock";
import { faultLabel } from "./fault-label";
import type { Disk, Fault } from "./faults";
import type { Network } from "./network";
import type { Machine, SimulatedNode } from "./simulated-node";

/** What faults strike. */
export interface Struck<M extends Message, T> {
  readonly nowMs: number;
  readonly network: Network;
  resolve(name: string): readonly SimulatedNode<M, T>[];
  machinesOf(names: readonly string[]): readonly Machine<M, T>[];
  start(node: SimulatedNode<M, T>): void;
  crash(node: SimulatedNode<M, T>, left: Disk): void;
  pause(node: SimulatedNode<M, T>): void;
  resume(node: SimulatedNode<M, T>): void;
  /** What was held and is so no longer arrives now. */
  deliverHeld(): void;
  tell(node: NodeId, event: HostEvent<M>): void;
}

type OfKind<K extends Fault["kind"]> = Extract<Fault, { readonly kind: K }>;
type OfNetwork = OfKind<"partition" | "majoritiesRing" | "cut" | "heal" | "networkRates">;
type OfClogs = OfKind<"clog" | "unclog" | "clogLinks" | "unclogLinks">;
type OfMachines = Exclude<Fault, OfNetwork | OfClogs | OfKind<"slow">>;

export function strike<M extends Message, T>(struck: Struck<M, T>, fault: Fault): void {
  struck.tell("", { kind: "fault", label: faultLabel(fault) });
  switch (fault.kind) {
    case "partition":
    case "majoritiesRing":
    case "cut":
    case "heal":
    case "networkRates":
      return strikeNetwork(struck, fault);
    case "clog":
    case "unclog":
    case "clogLinks":
    case "unclogLinks":
      return strikeClogs(struck, fault);
    case "slow":
      return fault.names
        .flatMap((name) => struck.resolve(name))
        .forEach((node) => node.setSlow(fault.factor));
    default:
      return struck.machinesOf(fault.names).forEach((machine) => {
        strikeMachine(struck, machine, fault);
      });
  }
}

function idsOf<M extends Message, T>(struck: Struck<M, T>, names: readonly string[]): NodeId[] {
  return names.flatMap((name) => struck.resolve(name).map(({ id }) => id));
}

function strikeNetwork<M extends Message, T>(struck: Struck<M, T>, fault: OfNetwork): void {
  const { network } = struck;
  switch (fault.kind) {
    case "partition":
      return fault.groups.forEach((from, i) =>
        fault.groups.forEach((to, j) => {
          if (i !== j) network.cut(idsOf(struck, from), idsOf(struck, to));
        }),
      );
    case "majoritiesRing":
      return fault.names.forEach((name, i) => {
        network.cut(idsOf(struck, [name]), idsOf(struck, strangersOf(fault.names, i)));
      });
    case "cut":
      return network.cut(idsOf(struck, fault.from), idsOf(struck, fault.to));
    case "heal":
      return network.heal();
    case "networkRates":
      return network.setRates(fault.rates);
  }
}

/** Those in the ring that are too far away from the place `i`: all but a majority around it. */
function strangersOf(ring: readonly string[], i: number): string[] {
  const reach = Math.ceil(Math.floor(ring.length / 2) / 2);
  return ring.filter((_, j) => {
    const apart = Math.abs(i - j);
    return Math.min(apart, ring.length - apart) > reach;
  });
}

function strikeClogs<M extends Message, T>(struck: Struck<M, T>, fault: OfClogs): void {
  const { clogs } = struck.network;
  switch (fault.kind) {
    case "clog":
      return clogs.clogNodes(idsOf(struck, fault.names), fault.direction);
    case "clogLinks":
      return clogs.clogLinks(idsOf(struck, fault.from), idsOf(struck, fault.to));
    case "unclog":
      clogs.unclogNodes(idsOf(struck, fault.names));
      return struck.deliverHeld();
    case "unclogLinks":
      clogs.unclogLinks(idsOf(struck, fault.from), idsOf(struck, fault.to));
      return struck.deliverHeld();
  }
}

function strikeMachine<M extends Message, T>(
  struck: Struck<M, T>,
  machine: Machine<M, T>,
  fault: OfMachines,
): void {
  switch (fault.kind) {
    case "jumpClock":
      return clockOf(machine, struck.nowMs).jump(fault.byMs);
    case "drift":
      return setDrift(machine, fault.ppm, struck.nowMs);
    case "slowDisk":
      return machine.nodes.forEach(({ disk }) => disk.setWriteMs(fault.writeMs));
    case "corrupt":
      return machine.nodes.forEach(({ disk }) => (disk.isCorrupt = true));
    case "restart":
      return machine.nodes.forEach((node) => struck.start(node));
    case "crash":
      return machine.nodes.forEach((node) => struck.crash(node, fault.disk));
    case "pause":
      return machine.nodes.forEach((node) => struck.pause(node));
    case "resume":
      return machine.nodes.forEach((node) => struck.resume(node));
  }
}

export function setDrift<M extends Message, T>(
  machine: Machine<M, T>,
  ppm: number,
  nowMs: number,
): void {
  const clock = clockOf(machine, nowMs);
  const before = clock.rate;
  clock.drift(ppm, nowMs);
  for (const node of machine.nodes) node.stretch(before / clock.rate);
}

export function clockOf<M extends Message, T>(machine: Machine<M, T>, nowMs: number): Clock {
  machine.clock ??= new Clock(nowMs);
  return machine.clock;
}
