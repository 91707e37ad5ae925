/**
 * Aadhaar numbers that no real person can have: real ones start with 2 to 9 (UIDAI), these with 0
 * or 1. Otherwise they are as real ones: 12 digits that look random, the last a Verhoeff digit.
 */
import { Permutation } from "../permutation";
import { verhoeffDigitOf11 } from "./verhoeff";

/** Numbers of 11 digits that start with 0 or 1: so many people have a number of their own. */
const payloads = 20_000_000_000;

export class AadhaarNumbers {
  private readonly order: Permutation;

  constructor(seed: number) {
    this.order = new Permutation(payloads, seed);
  }

  /** The number of person `row`, 0 to 2 x 10^10 - 1; different people have different numbers. */
  of(row: number): number {
    const payload = this.order.at(row);
    return payload * 10 + verhoeffDigitOf11(payload);
  }
}

/** The number as its twelve digits. */
export function formatAadhaar(aadhaar: number): string {
  return String(aadhaar).padStart(12, "0");
}
