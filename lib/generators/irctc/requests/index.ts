/** A synthetic day of booking requests, for the allocation of seats. */
import type { Spec } from "../../data-set";
import { makeRequestBlock, requestBlockCount } from "./data-set";
import type { BookingRequest, RequestTruth } from "./rows";

export { requestHeader, requestQuotas } from "./rows";
export type { BookingRequest, RequestQuota, RequestTruth } from "./rows";

/** The requests one by one, in the order in which they came. */
export function* bookingRequests(spec: Spec): Generator<BookingRequest> {
  for (let block = 0; block < requestBlockCount(spec); block++) {
    for (const row of makeRequestBlock(spec, block).rows) yield row;
  }
}

/** The planted faults, in the order of rows: the ground truth. */
export function* requestTruth(spec: Spec): Generator<RequestTruth> {
  for (let block = 0; block < requestBlockCount(spec); block++) {
    for (const planted of makeRequestBlock(spec, block).truth) yield planted;
  }
}
