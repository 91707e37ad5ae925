/** Whether what came is a message at all: a liar may send anything that is JSON. */
import type { Attestation, AttestationMessage, Certificate } from "./messages";
import type { Evidence, SealedTotal } from "./messages";

type Unknown<T> = { readonly [K in keyof T]?: unknown };

/** Longer texts are not totals. */
const longest = 1_000;

function isText(value: unknown): value is string {
  return typeof value === "string" && value.length <= longest;
}

function isObject(value: unknown): value is object {
  return typeof value === "object" && value !== null;
}

function isListOf<T>(value: unknown, is: (item: unknown) => item is T): value is readonly T[] {
  return Array.isArray(value) && value.every(is);
}

function isSealedTotal(value: unknown): value is SealedTotal {
  if (!isObject(value)) return false;
  const { machine, total, seal } = value as Unknown<SealedTotal>;
  return isText(machine) && isText(total) && isText(seal);
}

function isAttestation(value: unknown): value is Attestation {
  if (!isSealedTotal(value)) return false;
  const { centre, signature } = value as Unknown<Attestation>;
  return isText(centre) && isText(signature);
}

function isCertificate(value: unknown): value is Certificate {
  if (!isObject(value)) return false;
  const { machine, total, attestations } = value as Unknown<Certificate>;
  return isText(machine) && isText(total) && isListOf(attestations, isAttestation);
}

function isEvidence(value: unknown): value is Evidence {
  if (!isObject(value)) return false;
  const evidence = value as Record<string, unknown>;
  const { kind, liar, first, second } = evidence;
  if (!isText(liar)) return false;
  if (kind === "falseTotal") {
    return isAttestation(evidence["attested"]) && isSealedTotal(evidence["sealed"]);
  }
  if (kind === "equivocation") return isAttestation(first) && isAttestation(second);
  return kind === "twoTotals" && isSealedTotal(first) && isSealedTotal(second);
}

/** Whether the message has all that its type says. */
export function isWellFormed(message: AttestationMessage): boolean {
  if (!isObject(message)) return false;
  const { type, ...rest } = message;
  const fields = rest as Record<string, unknown>;
  if (type === "report") return isSealedTotal(fields["sealed"]);
  if (type === "attest") return isAttestation(fields["attestation"]);
  if (type === "accuse") return isEvidence(fields["evidence"]);
  if (type === "compare") {
    const { held, named } = fields;
    return isObject(held) && isListOf(Object.values(held), isText) && isListOf(named, isText);
  }
  if (type === "copies") {
    const { attestations, certificates, evidence } = fields;
    const isOfSigned = isListOf(attestations, isAttestation) && isListOf(evidence, isEvidence);
    return isOfSigned && isListOf(certificates, isCertificate);
  }
  const { machine, certificate } = fields;
  return type === "received" && isText(machine) && (!certificate || isCertificate(certificate));
}
