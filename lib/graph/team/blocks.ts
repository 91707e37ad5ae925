/** Vertices in blocks of about as many arcs, the same blocks for any number of workers. */
import { sharedUint32 } from "../structure/thread-arrays";
import { sumUp } from "../structure/transpose";

const arcsPerBlock = 1 << 15;

/**
 * Where each block begins, and after the last one the number of vertices. Sums by block, added in
 * the order of the blocks, are the same to the last bit whoever does which block.
 */
export function blocksOf(offsets: Uint32Array): Uint32Array {
  return cut(offsets.length - 1, (vertex) => offsets[vertex + 1] - offsets[vertex]);
}

/** Lengths from here on are one class: what a processor guesses wrong there is no longer much. */
const longest = 64;

/**
 * The vertices in the order of the lengths of their lists, and blocks of that order. A processor
 * guesses the end of a loop that is as long as the last one; in R-MAT's random order it guesses
 * wrong at nearly every vertex, which costs more than the sum itself. Within a class vertices keep
 * their order, so that memory is walked through forwards.
 */
export function orderedBlocks(offsets: Uint32Array): { order: Uint32Array; blocks: Uint32Array } {
  const vertices = offsets.length - 1;
  const classOf = (vertex: number): number => {
    return Math.min(longest, offsets[vertex + 1] - offsets[vertex]);
  };
  const starts = new Uint32Array(longest + 2);
  for (let vertex = 0; vertex < vertices; vertex++) starts[classOf(vertex) + 1]++;
  sumUp(starts);
  const order = sharedUint32(vertices);
  for (let vertex = 0; vertex < vertices; vertex++) order[starts[classOf(vertex)]++] = vertex;
  const lengthAt = (i: number): number => offsets[order[i] + 1] - offsets[order[i]];
  return { order, blocks: cut(vertices, lengthAt) };
}

function cut(count: number, lengthAt: (index: number) => number): Uint32Array {
  const starts = [0];
  let work = 0;
  for (let i = 0; i < count; i++) {
    // A vertex is work too, besides its arcs.
    work += lengthAt(i) + 1;
    if (work < arcsPerBlock) continue;
    starts.push(i + 1);
    work = 0;
  }
  if (starts[starts.length - 1] !== count) starts.push(count);
  return Uint32Array.from(starts);
}
