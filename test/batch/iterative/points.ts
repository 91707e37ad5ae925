/** Points around centres, from a seed, for tests and benchmarks of passes. */
import { createWriteStream } from "node:fs";
import { once } from "node:events";
import { Random } from "dabbawala/basics";

export interface Blobs {
  readonly rows: number;
  readonly dimensions: number;
  readonly clusters: number;
  readonly seed?: number;
}

export const columnsOf = (dimensions: number): string[] =>
  Array.from({ length: dimensions }, (_, i) => `x${i}`);

/** The points, each with the number of the blob that it was drawn around. */
export function* blobs({ rows, dimensions, clusters, seed = 1 }: Blobs): Generator<number[]> {
  const random = new Random(seed);
  const centres = Array.from({ length: clusters }, () =>
    Array.from({ length: dimensions }, () => 100 * random.next()),
  );
  for (let row = 0; row < rows; row++) {
    const blob = random.below(clusters);
    // A sum of four even draws is near enough to a bell.
    const noise = (): number =>
      10 * (random.next() + random.next() + random.next() + random.next() - 2);
    yield [...(centres[blob] ?? []).map((centre) => round(centre + noise())), blob];
  }
}

const round = (value: number): number => Math.round(value * 1_000) / 1_000;

/** A CSV file of them: x0, x1... and `label`, 1 for the blobs of odd numbers. */
export async function writeBlobs(file: string, spec: Blobs): Promise<void> {
  const stream = createWriteStream(file);
  stream.write(`${[...columnsOf(spec.dimensions), "label"].join(",")}\n`);
  let chunk = "";
  for (const point of blobs(spec)) {
    const blob = point.pop() ?? 0;
    chunk += `${point.join(",")},${blob % 2}\n`;
    if (chunk.length < 65_536) continue;
    if (!stream.write(chunk)) await once(stream, "drain");
    chunk = "";
  }
  stream.end(chunk);
  await once(stream, "finish");
}
