/**
 * The checks of proofs, which need nothing but the proof and the published roots: anybody can do
 * them at home. Whatever is wrong with a proof, the answer is false, never an error.
 *
 * Source: RFC 9162, 2021, sections 2.1.3.2 (inclusion) and 2.1.4.2 (consistency), for the hashes of
 * RFC 6962.
 * Cost: a hash an element of the path, two of a consistency proof's.
 */
import { leafHash, nodeHash, readHash } from "./hashing";
import type { ConsistencyProof, InclusionProof } from "./merkle-log";

/** Far more than the path of any tree that fits in a number. */
const longestPath = 64;

/** Whether `entry` is where the proof says, in the tree with this root. */
export function verifyInclusion(
  entry: string | Uint8Array,
  proof: InclusionProof,
  root: string,
): boolean {
  const { index, size } = proof;
  const path = readPath(proof.path);
  if (!isCount(index) || !isCount(size) || index >= size || path === undefined) return false;
  let [place, last] = [index, size - 1];
  let hash = leafHash(entry);
  for (const sibling of path) {
    if (last === 0) return false;
    if (isOdd(place) || place === last) {
      hash = nodeHash(sibling, hash);
      // A last node without a right sibling goes up as it is.
      while (!isOdd(place) && place !== 0) [place, last] = [half(place), half(last)];
    } else {
      hash = nodeHash(hash, sibling);
    }
    [place, last] = [half(place), half(last)];
  }
  return last === 0 && hash.toString("hex") === root;
}

/** Whether the tree with root `later` begins with that of root `earlier`. */
export function verifyConsistency(
  proof: ConsistencyProof,
  { earlier, later }: { readonly earlier: string; readonly later: string },
): boolean {
  const { from, to } = proof;
  const path = readPath(proof.path);
  if (!isCount(from) || !isCount(to) || from < 1 || from > to || path === undefined) return false;
  if (from === to) return path.length === 0 && earlier === later;
  const known = isPowerOfTwo(from) ? readPath([earlier]) : [];
  const [first, ...rest] = [...(known ?? []), ...path];
  if (known === undefined || first === undefined) return false;
  return rootsOf({ from, to }, first, rest)?.join() === [earlier, later].join();
}

/** Both roots as the path has them; undefined when it is too short or too long. */
function rootsOf(
  { from, to }: { readonly from: number; readonly to: number },
  first: Buffer,
  rest: readonly Buffer[],
): [string, string] | undefined {
  let [place, last] = [from - 1, to - 1];
  while (isOdd(place)) [place, last] = [half(place), half(last)];
  let [old, young] = [first, first];
  for (const sibling of rest) {
    if (last === 0) return undefined;
    if (isOdd(place) || place === last) {
      [old, young] = [nodeHash(sibling, old), nodeHash(sibling, young)];
      while (!isOdd(place) && place !== 0) [place, last] = [half(place), half(last)];
    } else {
      young = nodeHash(young, sibling);
    }
    [place, last] = [half(place), half(last)];
  }
  return last === 0 ? [old.toString("hex"), young.toString("hex")] : undefined;
}

function readPath(path: readonly string[]): Buffer[] | undefined {
  if (!Array.isArray(path) || path.length > longestPath) return undefined;
  const hashes = path.flatMap((text) => readHash(text) ?? []);
  return hashes.length === path.length ? hashes : undefined;
}

function isCount(value: number): boolean {
  return Number.isSafeInteger(value) && value >= 0;
}

function isOdd(value: number): boolean {
  return value % 2 === 1;
}

function half(value: number): number {
  return Math.floor(value / 2);
}

function isPowerOfTwo(value: number): boolean {
  return 2 ** Math.round(Math.log2(value)) === value;
}
