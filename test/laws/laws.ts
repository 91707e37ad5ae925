/**
 * What every protocol has to keep, so that every host can run it: each law returns what breaks it,
 * in words, and nothing when it is kept.
 */
import { isDeepStrictEqual } from "node:util";
import { Simulator, crash, at, playTwice, randomFaults, restart } from "dabbawala/hosts";
import { step, traceText } from "dabbawala/protocol";
import type { Event, Message, Node, NodeId, Trace, TraceStep } from "dabbawala/protocol";
import type { AnyProtocol, AnySimulator, Scenario } from "./scenarios";

export type Law = (protocol: AnyProtocol, scenario: Scenario, seed: number) => string[];

const untilMs = 1_500;
const often = { everyMs: 250, minMs: 5, maxMs: 200 };
const options = (seed: number): { seed: number; network: { lossRate: number } } => {
  return { seed, network: { lossRate: 0.02 } };
};

/** The scenario with crashes, pauses and partitions; all machines crash and restart once. */
function setUp(simulator: AnySimulator, protocol: AnyProtocol, scenario: Scenario): void {
  scenario.add(simulator, protocol);
  const { names } = scenario;
  const kinds = { crash: often, pause: often, partition: often, slowDisk: slowWrites };
  const faults = randomFaults({ seed: simulator.seed, names, untilMs: 1_000, ...kinds });
  simulator.schedule(...faults, at(1_100, crash(names, "torn")), at(1_101, restart(names)));
}

const slowWrites = { ...often, maxWriteMs: 20 };

/** Several laws look at the same run, one after the other: it is kept for the next of them. */
const kept = {
  protocol: undefined as AnyProtocol | undefined,
  scenario: undefined as Scenario | undefined,
  bySeed: new Map<number, AnySimulator>(),
};

function played(protocol: AnyProtocol, scenario: Scenario, seed: number): AnySimulator {
  if (kept.protocol !== protocol || kept.scenario !== scenario) kept.bySeed.clear();
  Object.assign(kept, { protocol, scenario });
  const known = kept.bySeed.get(seed);
  if (known !== undefined) return known;
  const simulator = new Simulator<Message, unknown>(options(seed));
  setUp(simulator, protocol, scenario);
  simulator.run({ untilMs });
  kept.bySeed.set(seed, simulator);
  return simulator;
}

/** Once with frozen objects, once with messages through JSON. */
export const sameSeedSameTrace: Law = (protocol, scenario, seed) => {
  const comparison = playTwice<Message, unknown>(
    options(seed),
    (simulator) => setUp(simulator, protocol, scenario),
    { untilMs },
  );
  if (comparison.kind === "same") return [];
  const { step: index, first, second } = comparison;
  return [`step ${index} is ${JSON.stringify(first)}, then ${JSON.stringify(second)}`];
};

/** What is sent, saved and set as a timer is JSON. */
export const effectsSurviveJson: Law = (protocol, scenario, seed) => {
  const { trace } = played(protocol, scenario, seed);
  return trace
    .flatMap(({ effects }) => effects)
    .flatMap((effect): string[] => {
      const value =
        effect.kind === "send"
          ? effect.message
          : effect.kind === "save"
            ? effect.value
            : effect.kind === "note"
              ? undefined
              : effect.timer;
      if (value === undefined || isDeepStrictEqual(throughJson(value), defined(value))) return [];
      return [`${effect.kind} ${JSON.stringify(value)} is not JSON`];
    });
};

/**
 * What a node has that a new one has not is plain data: so hosts can explore and fork it. A node
 * may hold another one, or a part that is of a class: its fields are judged in the same way.
 */
export const fieldsSurviveStructuredClone: Law = (protocol, scenario, seed) => {
  const simulator = played(protocol, scenario, seed);
  const fresh = new Simulator<Message, unknown>(options(seed));
  scenario.add(fresh, protocol);
  fresh.run({ untilMs: 0 });
  return namesIn(simulator.trace).flatMap((id) => {
    const [node, other] = [simulator.nodeOf(id), fresh.nodeOf(id)];
    if (node === undefined || other === undefined) return [];
    return notPlain(node, other).map((name) => `${id}.${name} is not plain data`);
  });
};

/** Fields that differ from a new node's and cannot be cloned; of a node within, its own ones. */
function notPlain(node: Node, fresh: Node): string[] {
  return Object.entries(node).flatMap(([name, value]) => {
    const before = (fresh as unknown as Record<string, unknown>)[name];
    if ((isOfClass(value) && isOfClass(before)) || areParts(value, before)) {
      return notPlain(value as Node, before as Node).map((inner) => `${name}.${inner}`);
    }
    return isDeepStrictEqual(value, before) || isCloned(value) ? [] : [name];
  });
}

/** Lists of parts, one by one: the circuit of each server. */
function areParts(value: unknown, before: unknown): boolean {
  if (!Array.isArray(value) || !Array.isArray(before) || value.length === 0) return false;
  return value.every(isOfClass) && before.length === value.length && before.every(isOfClass);
}

function isOfClass(value: unknown): boolean {
  if (typeof value !== "object" || value === null) return false;
  const plain: unknown[] = [Object, Array, Map, Set];
  return !plain.includes((Object.getPrototypeOf(value) as { constructor?: unknown })?.constructor);
}

function isCloned(value: unknown): boolean {
  try {
    return isDeepStrictEqual(structuredClone(value), value);
  } catch {
    return false;
  }
}

/** A start depends on what was saved alone, through JSON too, and leaves it as it is. */
export const restartsFromSaves: Law = (protocol, scenario, seed) => {
  const simulator = played(protocol, scenario, seed);
  const builders = buildersOf(protocol, scenario);
  return simulator.trace.flatMap(({ node: id, event }): string[] => {
    if (event.kind !== "start") return [];
    const build = builders.get(id);
    if (build === undefined) return [`${id} cannot be built again`];
    const saved = throughJson(event.saved) as Record<string, unknown>;
    const starts = [event.saved, saved].map((record) => started(build(), record));
    const isSame = isDeepStrictEqual(starts[0], starts[1]);
    const isWhole = isDeepStrictEqual(saved, throughJson(event.saved));
    return isSame && isWhole ? [] : [`${id} starts in two ways from ${JSON.stringify(saved)}`];
  });
};

/** Fields and effects after the start. */
function started(node: Node, saved: Record<string, unknown>): unknown {
  const event: Event = { kind: "start", saved };
  const effects = step(node, event, { nowMs: 7, random: () => 0.5 });
  return { effects: throughJson(effects), fields: { ...node } };
}

/** Coming back to a moment and going on is the same as going on. */
export const rewindsToTheSameRun: Law = (protocol, scenario, seed) => {
  const simulator = new Simulator<Message, unknown>(options(seed));
  setUp(simulator, protocol, scenario);
  simulator.run({ untilMs: 700 });
  const past = simulator.snapshot();
  simulator.run({ untilMs });
  const text = traceText(simulator.trace);
  simulator.rewind(past);
  simulator.run({ untilMs });
  return traceText(simulator.trace) === text ? [] : ["the run after a rewind is another one"];
};

/** The classes of a scenario's nodes. */
export function classesIn(protocol: AnyProtocol, scenario: Scenario): AnyProtocol[] {
  return additionsOf(protocol, scenario).map(({ nodeClass }) => nodeClass);
}

/** New nodes, as the scenario builds them. */
function buildersOf(protocol: AnyProtocol, scenario: Scenario): ReadonlyMap<NodeId, () => Node> {
  const builders = additionsOf(protocol, scenario).map(({ id, nodeClass, placement }) => {
    const others = scenario.names.filter((name) => name !== id);
    const { peers = others, options: own } = placement;
    return [id, () => new nodeClass(id, peers, own)] as const;
  });
  return new Map(builders);
}

function additionsOf(protocol: AnyProtocol, scenario: Scenario): Addition[] {
  const additions: Addition[] = [];
  const simulator = new Simulator<Message, unknown>(options(1));
  const add = simulator.add.bind(simulator);
  simulator.add = (id, nodeClass, placement = {}) => {
    additions.push({ id, nodeClass: nodeClass as AnyProtocol, placement });
    add(id, nodeClass, placement);
  };
  scenario.add(simulator, protocol);
  return additions;
}

interface Addition {
  readonly id: NodeId;
  readonly nodeClass: AnyProtocol;
  readonly placement: { readonly peers?: readonly NodeId[]; readonly options?: object };
}

function namesIn(trace: Trace): NodeId[] {
  return [...new Set(trace.map(({ node }: TraceStep) => node))].filter((name) => name !== "");
}

function throughJson(value: unknown): unknown {
  return JSON.parse(JSON.stringify(value));
}

/** Without fields that are undefined, which JSON leaves out and no node can tell from missing. */
function defined(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(defined);
  if (typeof value !== "object" || value === null) return value;
  if (Object.getPrototypeOf(value) !== Object.prototype) return value;
  const entries = Object.entries(value).filter(([, item]) => item !== undefined);
  return Object.fromEntries(entries.map(([key, item]) => [key, defined(item)]));
}
