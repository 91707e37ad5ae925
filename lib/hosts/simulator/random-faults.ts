/**
 * A schedule of faults from a seed: each kind strikes again and again, for a while each time.
 *
 * Source: TigerBeetle's VOPR draws its faults so; leaving out kinds is swarm testing (A. Groce et
 * al., "Swarm Testing", ISSTA 2012): a storm of all faults at once hides what one alone would show.
 * Guarantees: all is healed, restarted and resumed by `untilMs`; a machine has one fault at a time.
 */
import { Random, inRange } from "../../basics";
import { at, crash, cut, heal, networkRates, partition, pause, restart, resume } from "./faults";
import { slow } from "./faults";
import type { Disk, Fault, ScheduledFault } from "./faults";

/** How often and how long; ms. */
export interface Episodes {
  /** Mean gap between the end of one and the start of the next. */
  readonly everyMs: number;
  /** The duration is drawn evenly between these two. */
  readonly minMs: number;
  readonly maxMs: number;
}

export interface RandomFaultOptions {
  readonly seed: number;
  /** Names of machines or nodes that may be struck. */
  readonly names: readonly string[];
  /** When the last fault has ended. */
  readonly untilMs: number;
  /** `disk`: what a crash leaves; "either" draws it. Default "kept". */
  readonly crash?: Episodes & { readonly disk?: Disk | "either" };
  readonly pause?: Episodes;
  /** Up to `maxFactor` times as slow; `names` of its own, default all. */
  readonly slow?: Episodes & { readonly maxFactor: number; readonly names?: readonly string[] };
  /** Halves, one machine alone, or one-way cuts. `names` of its own, default all. */
  readonly partition?: Episodes & { readonly names?: readonly string[] };
  /** Rates are drawn from 0 to these. */
  readonly network?: Episodes & {
    readonly maxLossRate: number;
    readonly maxDuplicateRate?: number;
    readonly maxReorderRate?: number;
    readonly maxLatencyFactor?: number;
  };
  /** The chance of each kind to be left out of this seed's storm, 0 to 1; default 0. */
  readonly omitRate?: number;
}

/** What strikes, what ends it, and what it holds: two faults never hold the same thing at once. */
interface Strike {
  readonly holds: string;
  readonly begin: Fault;
  readonly end: Fault;
}

interface Kind {
  readonly episodes: Episodes | undefined;
  readonly draw: (random: Random) => Strike;
}

/** The schedule, in the order of time. */
export function randomFaults(options: RandomFaultOptions): ScheduledFault[] {
  const omitRate = inRange("omitRate", options.omitRate ?? 0, { min: 0, max: 1 });
  if (options.names.length === 0) throw new RangeError("names must name at least one machine");
  const busyUntil = new Map<string, number>();
  const omissions = new Random(options.seed, 1_000);
  const faults = kindsOf(options).flatMap(({ episodes, draw }, kind) => {
    const isOmitted = omissions.chance(omitRate);
    if (episodes === undefined || isOmitted) return [];
    const random = new Random(options.seed, 1_001 + kind);
    return strikes(episodes, options.untilMs, { random, draw, busyUntil });
  });
  return faults.sort((left, right) => left.atMs - right.atMs);
}

function strikes(
  { everyMs, minMs, maxMs }: Episodes,
  untilMs: number,
  {
    random,
    draw,
    busyUntil,
  }: { random: Random; draw: Kind["draw"]; busyUntil: Map<string, number> },
): ScheduledFault[] {
  inRange("everyMs", everyMs, { min: 1, max: Number.MAX_SAFE_INTEGER });
  inRange("maxMs", maxMs, { min: minMs, max: Number.MAX_SAFE_INTEGER });
  const faults: ScheduledFault[] = [];
  for (
    let atMs = random.exponential(everyMs);
    atMs < untilMs;
    atMs += random.exponential(everyMs)
  ) {
    const { holds, begin, end } = draw(random);
    const endMs = Math.min(untilMs, atMs + random.between(minMs, maxMs));
    if ((busyUntil.get(holds) ?? 0) > atMs) continue;
    busyUntil.set(holds, endMs);
    faults.push(at(whole(atMs), begin), at(whole(endMs), end));
  }
  return faults;
}

/** Whole milliseconds read better in a schedule; the end never comes before the beginning. */
function whole(ms: number): number {
  return Math.ceil(ms);
}

function kindsOf(options: RandomFaultOptions): Kind[] {
  const { names, crash: crashes, pause: pauses, slow: slows, partition: cuts } = options;
  return [
    { episodes: crashes, draw: (random) => drawCrash(random, names, crashes?.disk ?? "kept") },
    {
      episodes: pauses,
      draw: (random) => {
        const name = random.pick(names);
        return { holds: name, begin: pause([name]), end: resume([name]) };
      },
    },
    {
      episodes: slows,
      draw: (random) => {
        const name = random.pick(slows?.names ?? names);
        const factor = random.between(1, slows?.maxFactor ?? 1);
        return { holds: `speed of ${name}`, begin: slow([name], factor), end: slow([name], 1) };
      },
    },
    {
      episodes: cuts,
      draw: (random) => {
        return { holds: "links", begin: drawPartition(random, cuts?.names ?? names), end: heal() };
      },
    },
    { episodes: options.network, draw: (random) => drawRates(random, options.network) },
  ];
}

function drawCrash(random: Random, names: readonly string[], disk: Disk | "either"): Strike {
  const name = random.pick(names);
  const left = random.pick(["kept", "lost"] as const);
  const begin = crash([name], disk === "either" ? left : disk);
  return { holds: name, begin, end: restart([name]) };
}

/** Two groups, one alone, or one that hears but is not heard, or speaks but does not hear. */
function drawPartition(random: Random, names: readonly string[]): Fault {
  const shuffled = random.shuffle(names);
  const isAlone = random.chance(0.5);
  const size = isAlone ? 1 : Math.ceil(names.length / 2);
  const [some, others] = [shuffled.slice(0, size), shuffled.slice(size)];
  const shape = random.pick(["both", "both", "out", "in"] as const);
  if (shape === "both") return partition(some, others);
  return shape === "out" ? cut(some, others) : cut(others, some);
}

function drawRates(random: Random, network: RandomFaultOptions["network"]): Strike {
  const upTo = (max: number | undefined): number => random.next() * (max ?? 0);
  const rates = {
    lossRate: upTo(network?.maxLossRate),
    duplicateRate: upTo(network?.maxDuplicateRate),
    reorderRate: upTo(network?.maxReorderRate),
    latencyFactor: 1 + upTo((network?.maxLatencyFactor ?? 1) - 1),
  };
  return { holds: "rates", begin: networkRates(rates), end: networkRates({}) };
}
