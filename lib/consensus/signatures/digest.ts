import { hash } from "crypto";

/** SHA-256 of a text, as 43 characters of base64url. */
export function textDigest(text: string): string {
  return hash("sha256", text, "base64url");
}

/** SHA-256 of a value's JSON text, in hexadecimal: fields count in their order. */
export function digestOf(value: unknown): string {
  return hash("sha256", JSON.stringify(value), "hex");
}
