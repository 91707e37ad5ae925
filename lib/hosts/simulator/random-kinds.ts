/** What each kind of random fault draws when it strikes. */
import { inRange } from "../../basics";
import type { Random } from "../../basics";
import { at, clog, clogLinks, crash, cut, drift, heal, jumpClock, majoritiesRing } from "./faults";
import { networkRates, partition, pause, restart, resume, slow, slowDisk } from "./faults";
import { unclog, unclogLinks } from "./faults";
import type { Disk, Fault, ScheduledFault } from "./faults";
import type { Episodes, FaultKind, RandomFaultOptions } from "./random-fault-options";

/** One strike: two never hold the same thing at once. */
interface Strike {
  readonly holds: string;
  /** Its faults, from the first moment to the last. */
  readonly play: (fromMs: number, endMs: number) => ScheduledFault[];
}

export interface Kind {
  readonly episodes: Episodes;
  readonly draw: (random: Random) => Strike;
}

type Kinds = Readonly<Record<Exclude<FaultKind, "corrupt">, Kind>>;

/** Every kind; those that are not asked for are never to strike. */
export function kindsOf(options: RandomFaultOptions): Kinds {
  return { ...machineKinds(options), ...clockAndDiskKinds(options), ...networkKinds(options) };
}

const never: Episodes = { everyMs: Number.MAX_SAFE_INTEGER, minMs: 0, maxMs: 0 };

function strike(holds: string, begin: Fault, end: Fault): Strike {
  return { holds, play: (fromMs, endMs) => [at(fromMs, begin), at(endMs, end)] };
}

function machineKinds(options: RandomFaultOptions): Pick<Kinds, "crash" | "pause" | "slow"> {
  const { names, crash: crashes, pause: pauses, slow: slows } = options;
  const maxFactor = inRange("slow.maxFactor", slows?.maxFactor ?? 1, { min: 1, max: 1e6 });
  return {
    crash: {
      episodes: crashes ?? never,
      draw: (random) => drawCrash(random, names, crashes?.disk ?? "kept"),
    },
    pause: {
      episodes: pauses ?? never,
      draw: (random) => {
        const name = random.pick(names);
        return strike(name, pause([name]), resume([name]));
      },
    },
    slow: {
      episodes: slows ?? never,
      draw: (random) => {
        const name = random.pick(slows?.names ?? names);
        const factor = random.between(1, maxFactor);
        return strike(`speed of ${name}`, slow([name], factor), slow([name], 1));
      },
    },
  };
}

function drawCrash(
  random: Random,
  names: readonly string[],
  disk: Disk | "either" | "any",
): Strike {
  const name = random.pick(names);
  const left = random.pick(
    disk === "any" ? (["kept", "lost", "torn"] as const) : (["kept", "lost"] as const),
  );
  const isDrawn = disk === "either" || disk === "any";
  return strike(name, crash([name], isDrawn ? left : disk), restart([name]));
}

function clockAndDiskKinds(
  options: RandomFaultOptions,
): Pick<Kinds, "drift" | "jumpClock" | "slowDisk"> {
  const { names, drift: drifts, jumpClock: jumps, slowDisk: slowDisks } = options;
  const maxPpm = inRange("drift.maxPpm", drifts?.maxPpm ?? 0, { min: 0, max: 500_000 });
  const dayMs = 86_400_000;
  const maxJumpMs = inRange("jumpClock.maxJumpMs", jumps?.maxJumpMs ?? 0, { min: 0, max: dayMs });
  const maxWriteMs = inRange("slowDisk.maxWriteMs", slowDisks?.maxWriteMs ?? 0, {
    min: 0,
    max: dayMs,
  });
  return {
    drift: {
      episodes: drifts ?? never,
      draw: (random) => {
        const name = random.pick(drifts?.names ?? names);
        const ppm = Math.round(random.between(-maxPpm, maxPpm));
        return strike(`clock of ${name}`, drift([name], ppm), drift([name], 0));
      },
    },
    jumpClock: {
      episodes: jumps === undefined ? never : { everyMs: jumps.everyMs, minMs: 0, maxMs: 0 },
      draw: (random) => {
        const name = random.pick(jumps?.names ?? names);
        const byMs = Math.round(random.between(-maxJumpMs, maxJumpMs));
        return { holds: `jump of ${name}`, play: (atMs) => [at(atMs, jumpClock([name], byMs))] };
      },
    },
    slowDisk: {
      episodes: slowDisks ?? never,
      draw: (random) => {
        const name = random.pick(slowDisks?.names ?? names);
        const half = Math.round(random.between(0, maxWriteMs / 2) * 10) / 10;
        const writeMs = { kind: "exponential", minMs: half, tailMs: half } as const;
        return strike(`disk of ${name}`, slowDisk([name], writeMs), slowDisk([name]));
      },
    },
  };
}

function networkKinds(
  options: RandomFaultOptions,
): Pick<Kinds, "partition" | "network" | "clog" | "swizzle"> {
  const { names, partition: cuts, network, clog: clogs, swizzle } = options;
  const ringRate = inRange("partition.ringRate", cuts?.ringRate ?? 0, { min: 0, max: 1 });
  return {
    partition: {
      episodes: cuts ?? never,
      draw: (random) => {
        const begin = drawPartition(random, cuts?.names ?? names, ringRate);
        return strike("links", begin, heal());
      },
    },
    network: { episodes: network ?? never, draw: (random) => drawRates(random, network) },
    clog: {
      episodes: clogs ?? never,
      draw: (random) => drawClog(random, clogs?.names ?? names),
    },
    swizzle: {
      episodes: swizzle ?? never,
      draw: (random) => drawSwizzle(random, swizzle?.names ?? names),
    },
  };
}

/** Two groups, one alone, or one that hears but is not heard, or speaks but does not hear. */
function drawPartition(random: Random, names: readonly string[], ringRate: number): Fault {
  const shuffled = random.shuffle(names);
  if (ringRate > 0 && random.chance(ringRate) && names.length >= 4) return majoritiesRing(shuffled);
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
  const { minBytesPerSecond } = network ?? {};
  const isNarrow = minBytesPerSecond !== undefined && random.chance(0.5);
  const bytesPerSecond = isNarrow ? Math.round(minBytesPerSecond * 100 ** random.next()) : 0;
  const begin = networkRates(isNarrow ? { ...rates, bytesPerSecond } : rates);
  return strike("rates", begin, networkRates({}));
}

function drawClog(random: Random, names: readonly string[]): Strike {
  const shuffled = random.shuffle(names);
  const direction = random.pick(["in", "out", "both", "links"] as const);
  if (direction !== "links") {
    const name = shuffled.slice(0, 1);
    return strike("clogs", clog(name, direction), unclog(name));
  }
  const size = Math.ceil(names.length / 2);
  const [some, others] = [shuffled.slice(0, size), shuffled.slice(size)];
  return strike("clogs", clogLinks(some, others), unclogLinks(some, others));
}

/** Source: the swizzle-clogging of FoundationDB's simulator. */
function drawSwizzle(random: Random, names: readonly string[]): Strike {
  const some = random.shuffle(names).slice(0, 1 + random.below(names.length));
  const back = random.shuffle(some);
  const play = (fromMs: number, endMs: number): ScheduledFault[] => {
    // The first half of the time to clog, the second to unclog, in even steps.
    const stepMs = (endMs - fromMs) / (2 * some.length);
    const timeOf = (step: number): number => Math.min(endMs, Math.ceil(fromMs + step * stepMs));
    return [
      ...some.map((name, i) => at(timeOf(i), clog([name]))),
      ...back.map((name, i) => at(timeOf(some.length + i + 1), unclog([name]))),
    ];
  };
  return { holds: "clogs", play };
}
