/** Fields that hold a signature or a code, or a record of them by who made it or who checks it. */
const proofFields = new Set(["proof", "signature", "signatures", "timeouts"]);

/** How many signatures or codes a message carries, at any depth: the authenticators of papers. */
export function countProofs(message: unknown): number {
  if (typeof message !== "object" || message === null) return 0;
  let found = 0;
  for (const [name, value] of Object.entries(message)) {
    found += proofFields.has(name) ? signaturesIn(value) : countProofs(value);
  }
  return found;
}

function signaturesIn(value: unknown): number {
  if (typeof value === "string") return 1;
  return typeof value === "object" && value !== null ? Object.keys(value).length : 0;
}
