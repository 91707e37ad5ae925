/**
 * A storm of a seed's own character: which faults there are, how often, how long and how bad.
 *
 * Source: swarm testing (A. Groce et al., ISSTA 2012): each kind is there for every second seed.
 * The ranges of the network are those of TigerBeetle's VOPR: loss up to 0.3, duplicates up to 0.5.
 */
import { Random, inRange } from "../../basics";
import { faultKinds } from "./random-fault-options";
import type { Episodes, FaultKind, RandomFaultOptions } from "./random-fault-options";

export interface SwarmOptions {
  readonly seed: number;
  /** Names of machines or nodes that may be struck. */
  readonly names: readonly string[];
  /** The end of the run, faults and quiet time together. */
  readonly untilMs: number;
  /** At the end nothing strikes for so long; 0 to `untilMs`, default a quarter of it. */
  readonly quietMs?: number;
  /** Kinds that are never to strike; default: `corrupt`, which a machine does not survive. */
  readonly except?: readonly FaultKind[];
}

/** What the seed draws, for `randomFaults`: plain data, to be printed with a failure. */
export function swarm(options: SwarmOptions): RandomFaultOptions {
  const { seed, names, untilMs, except = ["corrupt"] } = options;
  inRange("untilMs", untilMs, { min: 10, max: Number.MAX_SAFE_INTEGER });
  const quietMs = inRange("quietMs", options.quietMs ?? untilMs / 4, { min: 0, max: untilMs });
  const unknown = except.find((kind) => !faultKinds.includes(kind));
  if (unknown !== undefined) {
    throw new RangeError(`there is no fault "${unknown}"; there are ${faultKinds.join(", ")}`);
  }
  const drawn = drawKinds(new Random(seed, 900), { names, lastsMs: untilMs - quietMs });
  const random = new Random(seed, 901);
  const chosen = faultKinds.filter((kind) => random.chance(0.5) && !except.includes(kind));
  const kinds = Object.fromEntries(chosen.map((kind) => [kind, drawn[kind]]));
  return { seed, names, untilMs: untilMs - quietMs, ...kinds };
}

/** Every kind, though only some are used, so that one's draws do not hang on another's. */
function drawKinds(
  random: Random,
  { names, lastsMs }: { names: readonly string[]; lastsMs: number },
): Required<Pick<RandomFaultOptions, FaultKind>> {
  const often = (): Episodes => {
    const everyMs = Math.ceil(logBetween(random, lastsMs / 100, lastsMs / 2));
    const maxMs = Math.ceil(logBetween(random, lastsMs / 500, lastsMs / 5));
    return { everyMs, minMs: 0, maxMs };
  };
  const disk = random.pick(["kept", "torn", "torn"] as const);
  return {
    crash: { ...often(), disk },
    pause: often(),
    slow: { ...often(), maxFactor: random.between(1, 10) },
    partition: { ...often(), ringRate: random.next() / 2 },
    network: {
      ...often(),
      maxLossRate: random.between(0, 0.3),
      maxDuplicateRate: random.between(0, 0.5),
      maxReorderRate: random.between(0, 0.3),
      maxLatencyFactor: logBetween(random, 1, 20),
      minBytesPerSecond: Math.ceil(logBetween(random, 1e4, 1e6)),
    },
    clog: often(),
    swizzle: often(),
    drift: { ...often(), maxPpm: Math.round(logBetween(random, 10, 100_000)) },
    jumpClock: { everyMs: often().everyMs, maxJumpMs: Math.ceil(logBetween(random, 1, lastsMs)) },
    slowDisk: { ...often(), maxWriteMs: Math.ceil(logBetween(random, 1, lastsMs / 50 + 1)) },
    corrupt: { maxMachines: Math.floor((names.length - 1) / 2) },
  };
}

/** Small values as likely as large ones: even in the logarithm. */
function logBetween(random: Random, min: number, max: number): number {
  return min * (max / min) ** random.next();
}
