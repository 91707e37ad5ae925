/** What a centre knows of one machine, as plain data; functions on it are pure but for `keep`. */
import { createHash } from "crypto";
import type { NodeId } from "../../../protocol";
import type { Attestation, SealedTotal } from "./messages";

/** Two different totals of one signer prove the lie: more need not be kept. */
const mostOfOne = 2;

export interface Held {
  readonly attestation: Attestation;
  /** Whether the machine's seal covers it: others are lies, and never count. */
  readonly isCovered: boolean;
}

export interface Holdings {
  /** What the machine sealed; two are one too many. */
  readonly sealed: SealedTotal[];
  /** By centre: what it attested. */
  readonly attested: Map<NodeId, Held[]>;
}

export function noHoldings(): Holdings {
  return { sealed: [], attested: new Map() };
}

/** Whether there is nothing new in it: known, or a third one of a liar. */
export function isKnown({ attested }: Holdings, { centre, total }: Attestation): boolean {
  const held = attested.get(centre) ?? [];
  return held.length >= mostOfOne || held.some(({ attestation }) => attestation.total === total);
}

export function keep({ attested }: Holdings, held: Held): void {
  const { centre } = held.attestation;
  attested.set(centre, [...(attested.get(centre) ?? []), held]);
}

/** False when it is known, or one too many. */
export function keepSealed({ sealed }: Holdings, of: SealedTotal): boolean {
  if (sealed.length >= mostOfOne || sealed.some(({ total }) => total === of.total)) return false;
  sealed.push({ machine: of.machine, total: of.total, seal: of.seal });
  return true;
}

/** One covered attestation of each centre for this total. */
export function matching({ attested }: Holdings, total: string): Attestation[] {
  return [...attested.values()].flatMap((held) => {
    const found = held.find((each) => each.isCovered && each.attestation.total === total);
    return found === undefined ? [] : [found.attestation];
  });
}

export function allAttestations({ attested }: Holdings): Attestation[] {
  return [...attested.values()].flat().map(({ attestation }) => attestation);
}

/**
 * The same for equal contents; nobody finds another content with the same 64 bits by chance. What
 * the `named` say is left out: of their many words every centre may hold two others.
 */
export function hashOf(
  holdings: Holdings,
  {
    named,
    standing,
  }: { readonly named: ReadonlyMap<string, unknown>; readonly standing: string | undefined },
): string {
  const texts = allAttestations(holdings)
    .filter(({ centre }) => !named.has(centre))
    .map(({ centre, total }) => `${centre} ${total}`);
  const text = [standing ?? "", ...texts.sort()].join("\n");
  return createHash("sha256").update(text).digest("hex").slice(0, 16);
}
