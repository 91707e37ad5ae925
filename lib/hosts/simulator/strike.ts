/** What each fault does, at the moment at which it strikes. */
import type { Message, NodeId } from "../../protocol";
import { Clock } from "./clock";
import type { Engine } from "./engine";
import { faultLabel } from "./fault-label";
import type { Fault } from "./faults";
import type { Machine } from "./machine";

type OfKind<K extends Fault["kind"]> = Extract<Fault, { readonly kind: K }>;
type OfNetwork = OfKind<"partition" | "majoritiesRing" | "cut" | "heal" | "networkRates">;
type OfClogs = OfKind<"clog" | "unclog" | "clogLinks" | "unclogLinks">;
type OfMachines = Exclude<Fault, OfNetwork | OfClogs | OfKind<"slow">>;

export function strike<M extends Message, T>(engine: Engine<M, T>, fault: Fault): void {
  engine.tell("", { kind: "fault", label: faultLabel(fault) });
  switch (fault.kind) {
    case "partition":
    case "majoritiesRing":
    case "cut":
    case "heal":
    case "networkRates":
      return strikeNetwork(engine, fault);
    case "clog":
    case "unclog":
    case "clogLinks":
    case "unclogLinks":
      return strikeClogs(engine, fault);
    case "slow":
      return fault.names
        .flatMap((name) => engine.resolve(name))
        .forEach((node) => node.setSlow(fault.factor));
    default:
      return engine.machinesOf(fault.names).forEach((machine) => {
        strikeMachine(engine, machine, fault);
      });
  }
}

function idsOf<M extends Message, T>(engine: Engine<M, T>, names: readonly string[]): NodeId[] {
  return names.flatMap((name) => engine.resolve(name).map(({ id }) => id));
}

function strikeNetwork<M extends Message, T>(engine: Engine<M, T>, fault: OfNetwork): void {
  const { network } = engine;
  switch (fault.kind) {
    case "partition":
      return fault.groups.forEach((from, i) =>
        fault.groups.forEach((to, j) => {
          if (i !== j) network.cut(idsOf(engine, from), idsOf(engine, to));
        }),
      );
    case "majoritiesRing":
      return fault.names.forEach((name, i) => {
        network.cut(idsOf(engine, [name]), idsOf(engine, strangersOf(fault.names, i)));
      });
    case "cut":
      return network.cut(idsOf(engine, fault.from), idsOf(engine, fault.to));
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

function strikeClogs<M extends Message, T>(engine: Engine<M, T>, fault: OfClogs): void {
  const { clogs } = engine.network;
  switch (fault.kind) {
    case "clog":
      return clogs.clogNodes(idsOf(engine, fault.names), fault.direction);
    case "clogLinks":
      return clogs.clogLinks(idsOf(engine, fault.from), idsOf(engine, fault.to));
    case "unclog":
      clogs.unclogNodes(idsOf(engine, fault.names));
      return engine.deliverHeld();
    case "unclogLinks":
      clogs.unclogLinks(idsOf(engine, fault.from), idsOf(engine, fault.to));
      return engine.deliverHeld();
  }
}

function strikeMachine<M extends Message, T>(
  engine: Engine<M, T>,
  machine: Machine<M, T>,
  fault: OfMachines,
): void {
  switch (fault.kind) {
    case "jumpClock":
      return clockOf(machine, engine.nowMs).jump(fault.byMs);
    case "drift":
      return setDrift(machine, fault.ppm, engine.nowMs);
    case "slowDisk":
      return machine.nodes.forEach(({ disk }) => disk.setWriteMs(fault.writeMs));
    case "corrupt":
      return machine.nodes.forEach(({ disk }) => (disk.isCorrupt = true));
    case "restart":
      return machine.nodes.forEach((node) => engine.start(node));
    case "crash":
      return machine.nodes.forEach((node) => engine.crash(node, fault.disk));
    case "pause":
      return machine.nodes.forEach((node) => engine.pause(node));
    case "resume":
      return machine.nodes.forEach((node) => engine.resume(node));
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
