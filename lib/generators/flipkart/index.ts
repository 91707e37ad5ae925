/** A synthetic catalogue of products for search: titles, descriptions, prices, stars, sales. */
import type { Spec } from "../data-set";
import { flipkartBlockCount, makeFlipkartBlock } from "./data-set";
import type { FlipkartRow, FlipkartTruth } from "./rows";

export { flipkartFaults, flipkartHeader } from "./rows";
export type { FlipkartRow, FlipkartTruth } from "./rows";

/** The products one by one. */
export function* flipkartRows(spec: Spec): Generator<FlipkartRow> {
  for (let block = 0; block < flipkartBlockCount(spec); block++) {
    for (const row of makeFlipkartBlock(spec, block).rows) yield row;
  }
}

/** The planted faults, in the order of rows: the ground truth. */
export function* flipkartTruth(spec: Spec): Generator<FlipkartTruth> {
  for (let block = 0; block < flipkartBlockCount(spec); block++) {
    for (const planted of makeFlipkartBlock(spec, block).truth) yield planted;
  }
}
