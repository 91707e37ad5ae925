/**
 * Who is this? One picture against a whole gallery, at all turns.
 *
 * Cost: seven comparisons a person; a million people take some 0.3 s on one core.
 */
import { setImmediate } from "timers/promises";
import { wholeInRange } from "../../../basics";
import { decisionThreshold, normalisedDistance } from "./decision";
import type { IrisGallery } from "./gallery";
import type { IrisMatch } from "./match-list";
import { commonOf, differingOf, makeMatcher } from "./matcher";
import type { IrisOptions } from "./parallel";
import { maxBatch, turnsUpTo } from "./picture";

export interface IdentifyOptions extends Omit<IrisOptions, "workers"> {
  /** Turns tried either way, in columns, 0 to 7; default 3. */
  readonly maxRotation?: number;
  /** Greatest normalised distance; default: `decisionThreshold` of the gallery. */
  readonly threshold?: number;
}

/** Pictures that match picture `row`, itself left out, the closest first. On this thread. */
export async function identify(
  gallery: IrisGallery,
  row: number,
  options: IdentifyOptions = {},
): Promise<IrisMatch[]> {
  wholeInRange("row", row, { min: 0, max: gallery.count - 1 });
  const { maxRotation = 3, kind = "simd", onProgress, signal } = options;
  const turns = turnsUpTo(wholeInRange("maxRotation", maxRotation, { min: 0, max: 7 }));
  const rotations = turns.length;
  const threshold = options.threshold ?? decisionThreshold(gallery.count, { rotations });
  const matcher = makeMatcher(gallery, { kind });
  matcher.probe(row);
  const best = new Map<number, IrisMatch>();
  for (let first = 0; first < gallery.count; first += maxBatch) {
    const count = Math.min(maxBatch, gallery.count - first);
    for (const rotation of turns) {
      matcher.turn(rotation);
      matcher.compare(first, count).forEach((counts, i) => {
        const distance = normalisedDistance(differingOf(counts), commonOf(counts));
        const of = first + i;
        if (distance > threshold || of === row) return;
        if (distance < (best.get(of)?.distance ?? 1)) best.set(of, { row, of, rotation, distance });
      });
    }
    onProgress?.(first + count, gallery.count);
    await setImmediate();
    signal?.throwIfAborted();
    matcher.probe(row); // somebody else may have used the scratch space in between
  }
  return [...best.values()].sort((a, b) => a.distance - b.distance);
}
