import { createHash } from "crypto";

/** SHA-256 of a value's JSON text, in hexadecimal: fields count in their order. */
export function digestOf(value: unknown): string {
  return createHash("sha256").update(JSON.stringify(value)).digest("hex");
}
