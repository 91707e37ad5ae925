/** What the algorithms of the Byzantine generals cost, by the paper. */
import { wholeInRange } from "../../basics";

/** Messages of OM(m) among n generals: (n-1) + (n-1)(n-2) + ... + (n-1)...(n-m-1). */
export function oralMessages(generals: number, traitors: number): number {
  wholeInRange("generals", generals, { min: 2, max: 1e6 });
  wholeInRange("traitors", traitors, { min: 0, max: generals - 2 });
  let product = 1;
  let sum = 0;
  for (let depth = 0; depth <= traitors; depth++) {
    product *= generals - 1 - depth;
    sum += product;
  }
  return sum;
}

/** Messages of SM(m), m > 0, when all n generals are loyal: (n-1)^2, whatever m is. */
export function signedMessages(generals: number): number {
  return (wholeInRange("generals", generals, { min: 2, max: 1e6 }) - 1) ** 2;
}

/** How many generals m traitors need to fail: 3m + 1 with oral messages, m + 2 with signed. */
export function generalsNeeded(traitors: number, messages: "oral" | "signed"): number {
  wholeInRange("traitors", traitors, { min: 1, max: 1e6 });
  return messages === "oral" ? 3 * traitors + 1 : traitors + 2;
}
