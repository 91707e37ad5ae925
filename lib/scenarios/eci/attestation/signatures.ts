/**
 * Who may sign what, and whether it is signed: everything that comes from outside goes through
 * here first. Nothing in it needs a node, so that observers check with the same functions.
 */
import { isSigned, signingKeysOf, signText } from "../../../basics";
import type { SigningKeys } from "../../../basics";
import type { NodeId } from "../../../protocol";
import type { Attestation, Certificate, Evidence, SealedTotal } from "./messages";

/** The public keys that everybody knows. */
export interface KeyBook {
  /** Of the 3f + 1 counting centres. */
  readonly centres: Readonly<Record<NodeId, string>>;
  /** Of the voting machines that are counted. */
  readonly machines: Readonly<Record<string, string>>;
}

/** Of centres: how many may lie, and how many have to agree. */
export interface Quorum {
  readonly faulty: number;
  readonly matching: number;
}

/**
 * Source: M. Castro, B. Liskov, "Practical Byzantine Fault Tolerance", OSDI 1999, section 3: any
 * two sets of 2f + 1 of 3f + 1 have f + 1 in common, one of whom is honest.
 */
export function quorumOf(book: KeyBook): Quorum {
  const centres = Object.keys(book.centres).length;
  const faulty = Math.floor((centres - 1) / 3);
  return { faulty, matching: Math.ceil((centres + faulty + 1) / 2) };
}

/** Keys made of a seed: for simulations, where nobody has to guess them. */
export function demonstrationKeys(
  names: { readonly centres: readonly NodeId[]; readonly machines: readonly string[] },
  seed: number,
): { readonly book: KeyBook; readonly secretKeys: Readonly<Record<string, string>> } {
  const secretKeys: Record<string, string> = {};
  const publish = (owner: string): [string, string] => {
    const keys: SigningKeys = signingKeysOf(`${seed} ${owner}`);
    secretKeys[owner] = keys.secretKey;
    return [owner, keys.publicKey];
  };
  const centres = Object.fromEntries(names.centres.map(publish));
  const machines = Object.fromEntries(names.machines.map(publish));
  return { book: { centres, machines }, secretKeys };
}

/** The first word keeps a signature of one kind from passing as one of the other. */
const sealed = ({ total }: { readonly total: string }): string => `machine total ${total}`;
const attested = ({ centre, machine, total, seal }: Omit<Attestation, "signature">): string =>
  `centre ${centre} attests ${machine} ${total} ${seal}`;

export function sealTotal(machine: string, total: string, secretKey: string): SealedTotal {
  return { machine, total, seal: signText(sealed({ total }), secretKey) };
}

/** What a centre signs; it is not asked whether it is true. */
export function attest(centre: NodeId, of: SealedTotal, secretKey: string): Attestation {
  const { machine, total, seal } = of;
  const unsigned = { centre, machine, total, seal };
  return { ...unsigned, signature: signText(attested(unsigned), secretKey) };
}

/** Whether the machine signed it. */
export function isSealed(book: KeyBook, of: SealedTotal): boolean {
  const key = Object.hasOwn(book.machines, of.machine) ? book.machines[of.machine] : undefined;
  return key !== undefined && isSigned(sealed(of), of.seal, key);
}

/** Whether the centre signed it, true or not, of a machine that there is. */
export function isAttested(book: KeyBook, of: Attestation): boolean {
  if (!Object.hasOwn(book.centres, of.centre)) return false;
  if (!Object.hasOwn(book.machines, of.machine)) return false;
  return isSigned(attested(of), of.signature, book.centres[of.centre] as string);
}

/** Whether 2f + 1 different centres attested this total, which the machine sealed. */
export function isCertificate(book: KeyBook, certificate: Certificate): boolean {
  const { machine, total, attestations } = certificate;
  const valid = attestations.filter((each) => {
    const isOfIt = each.machine === machine && each.total === total;
    return isOfIt && isAttested(book, each) && isSealed(book, each);
  });
  return new Set(valid.map(({ centre }) => centre)).size >= quorumOf(book).matching;
}

/** Whether the evidence proves that `liar` lied; needs nothing but the public keys. */
export function isProven(book: KeyBook, evidence: Evidence): boolean {
  if (evidence.kind === "falseTotal") {
    const { liar, attested: lie, sealed: truth } = evidence;
    const isOfOne = lie.centre === liar && lie.machine === truth.machine;
    return isOfOne && isAttested(book, lie) && !isSealed(book, lie) && isSealed(book, truth);
  }
  const { liar, first, second } = evidence;
  if (first.machine !== second.machine || first.total === second.total) return false;
  if (evidence.kind === "twoTotals") {
    return first.machine === liar && isSealed(book, first) && isSealed(book, second);
  }
  const signers = [evidence.first.centre, evidence.second.centre];
  if (signers.some((centre) => centre !== liar)) return false;
  return isAttested(book, evidence.first) && isAttested(book, evidence.second);
}
