/** How long a message takes on its way, one way, in ms: a distribution with a name. */
import { inRange } from "../../basics";
import type { Random } from "../../basics";

export type Latency =
  | { readonly kind: "constant"; readonly ms: number }
  | { readonly kind: "uniform"; readonly minMs: number; readonly maxMs: number }
  /** `minMs` and then an exponential tail; the mean is `minMs + tailMs`. */
  | { readonly kind: "exponential"; readonly minMs: number; readonly tailMs: number }
  /** What measured networks look like; `sigma` is the deviation of the logarithm, 0.2 to 1. */
  | { readonly kind: "logNormal"; readonly medianMs: number; readonly sigma: number };

/** One data centre: 0.25 ms, one message in a hundred over 0.5 ms. */
export const lan: Latency = { kind: "logNormal", medianMs: 0.25, sigma: 0.3 };

/** Between distant cities: 25 ms, one message in a hundred over 35 ms. */
export const wan: Latency = { kind: "logNormal", medianMs: 25, sigma: 0.15 };

export function drawLatency(latency: Latency, random: Random): number {
  switch (latency.kind) {
    case "constant":
      return latency.ms;
    case "uniform":
      return random.between(latency.minMs, latency.maxMs);
    case "exponential":
      return latency.minMs + random.exponential(latency.tailMs);
    case "logNormal":
      return random.logNormal(latency.medianMs, latency.sigma);
  }
}

const dayMs = 86_400_000;
const kinds: readonly Latency["kind"][] = ["constant", "uniform", "exponential", "logNormal"];

/**
 * Throws a RangeError that names the part of `option` that is missing, negative, over a day or not
 * a number.
 */
export function checkLatency(latency: Latency, option = "latency"): void {
  if (!kinds.includes(latency.kind)) {
    throw new RangeError(`${option}.kind must be one of ${kinds.join(", ")}, not ${latency.kind}`);
  }
  for (const name of partsOf(latency)) {
    const value = (latency as unknown as Record<string, number>)[name];
    inRange(`${option}.${name}`, value, { min: 0, max: dayMs });
  }
  if (latency.kind === "uniform" && latency.maxMs < latency.minMs) {
    throw new RangeError(
      `${option}.maxMs ${latency.maxMs} is under ${option}.minMs ${latency.minMs}`,
    );
  }
}

function partsOf({ kind }: Latency): readonly string[] {
  if (kind === "constant") return ["ms"];
  if (kind === "logNormal") return ["medianMs", "sigma"];
  return kind === "uniform" ? ["minMs", "maxMs"] : ["minMs", "tailMs"];
}
