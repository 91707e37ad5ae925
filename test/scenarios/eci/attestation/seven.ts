/** Keys and totals for hand-made events: centres n1 to n7, machines CU1 and CU2. */
import { attest, demonstrationKeys, inflate, sealTotal } from "dabbawala/scenarios/eci";
import type { Attestation, SealedTotal } from "dabbawala/scenarios/eci";

export const centres = ["n1", "n2", "n3", "n4", "n5", "n6", "n7"];
export const { book, secretKeys } = demonstrationKeys({ centres, machines: ["CU1", "CU2"] }, 1);

export const total = "CU1,650,648,3,312;288;45";
export const sealed: SealedTotal = sealTotal("CU1", total, secretKeys["CU1"] as string);
/** What a thief of the machine's key seals. */
export const second = sealTotal("CU1", inflate(total, 0.1), secretKeys["CU1"] as string);
/** The machine's seal, on a total that it does not fit. */
export const unsealed: SealedTotal = { ...sealed, total: inflate(total, 1 / 12) };

export function by(centre: string, of: SealedTotal = sealed): Attestation {
  return attest(centre, of, secretKeys[centre] as string);
}
