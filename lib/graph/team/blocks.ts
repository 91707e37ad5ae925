/** Vertices in blocks of about as many arcs, the same blocks for any number of workers. */

const arcsPerBlock = 1 << 15;

/**
 * Where each block begins, and after the last one the number of vertices. Sums by block, added in
 * the order of the blocks, are the same to the last bit whoever does which block.
 */
export function blocksOf(offsets: Uint32Array): Uint32Array {
  return blocksBetween(offsets, 0, offsets.length - 1);
}

/** The same for the vertices from `first` to `end - 1` alone. */
export function blocksBetween(offsets: Uint32Array, first: number, end: number): Uint32Array {
  const starts = [first];
  let work = 0;
  for (let i = first; i < end; i++) {
    // A vertex is work too, besides its arcs.
    work += offsets[i + 1] - offsets[i] + 1;
    if (work < arcsPerBlock) continue;
    starts.push(i + 1);
    work = 0;
  }
  if (starts[starts.length - 1] !== end) starts.push(end);
  return Uint32Array.from(starts);
}
